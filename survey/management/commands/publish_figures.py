"""`manage.py publish_figures`: makes a release public that is too large to be checked while a page waits."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from survey import releasing

from .compute_figures import add_who, desk_of, found, note, taken


class Command(BaseCommand):
    help = "Publishes computed figures, if they reveal nobody. Look through them at the desk first."

    def add_arguments(self, parser: CommandParser) -> None:
        add_who(parser)
        parser.add_argument(
            "--release", required=True, metavar="MARK", help="the mark of what was seen, as its page says"
        )

    def handle(self, *_arguments: Any, code: str, by: str, release: str, **_options: Any) -> None:
        survey_round, account = found(code, by)
        draft = releasing.draft_of(survey_round)
        if draft is None or releasing.mark_of(draft) != release:
            raise CommandError(f"The figures were computed again or published meanwhile: {desk_of(survey_round)}")
        try:
            public = taken(lambda: releasing.publish(draft, by=account, at=timezone.now(), progress=self.stdout.write))
        except releasing.Revealing as reason:
            raise CommandError(
                f"Nothing was published: {len(reason.disclosures)} subtractions would reveal answers of single "
                f"institutions. Withhold what is marked: {desk_of(survey_round)}"
            ) from reason
        note(public, account, gettext("Release %(number)s is public.") % {"number": public.number})
        self.stdout.write(f"Release {public.number} is public.")
