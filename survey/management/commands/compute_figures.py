"""`manage.py compute_figures`: the figures of a round of any size, with lines that tell how far it is."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from survey import releasing
from survey.models import Release, Round


class Command(BaseCommand):
    help = "Computes the figures of a round that is too large for the desk. Nothing becomes public by it."

    def add_arguments(self, parser: CommandParser) -> None:
        add_who(parser)

    def handle(self, *_arguments: Any, code: str, by: str, **_options: Any) -> None:
        survey_round, account = found(code, by)
        release = taken(
            lambda: releasing.compute(survey_round, by=account, at=timezone.now(), progress=self.stdout.write)
        )
        note(release, account, gettext("The figures of release %(number)s are computed.") % {"number": release.number})
        count = len(release.plan["marks"])
        self.stdout.write(f"Release {release.number} is computed. Figures that have to be withheld: {count}.")
        self.stdout.write(f"Look at it before it is published: {desk_of(survey_round)}")


def add_who(parser: CommandParser) -> None:
    parser.add_argument("code", help="code of the round")
    parser.add_argument("--by", required=True, metavar="NAME", help="user name of the survey manager who does it")


def found(code: str, by: str) -> tuple[Round, User]:
    """:raises CommandError: when there is no such round or account."""
    survey_round, account = Round.objects.filter(code=code).first(), User.objects.filter(username=by).first()
    if survey_round is None:
        raise CommandError(f"There is no round {code}.")
    if account is None:
        raise CommandError(f"There is no account {by}.")
    return survey_round, account


def taken(step: Callable[[], Release]) -> Release:
    """What the step leaves.

    :raises CommandError: when it is refused; the message says why.
    """
    try:
        with translation.override("en"):
            return step()
    except releasing.NotReleasable as reason:
        raise CommandError(str(reason)) from reason
    except releasing.Changed as reason:
        raise CommandError("What is computed was changed meanwhile. Nothing was written: compute it again.") from reason


def note(release: Release, by: User, told: str) -> None:
    """This will write into the history of the round who did what, as its page does."""
    LogEntry.objects.log_actions(by.pk, [release.round], CHANGE, told, single_object=True)


def desk_of(survey_round: Round) -> str:
    return f"{settings.SITE_URL}{reverse('admin:survey_round_figures', args=[survey_round.pk])}"
