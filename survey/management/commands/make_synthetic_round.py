"""`manage.py make_synthetic_round`: the twin of the survey of FY2008, to try the portal with; never in production."""

from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from survey import twin

CODE: Final = "synthetic-fy2008"


class Command(BaseCommand):
    help = "Makes a round of made-up answers that give the printed totals of FY2005 and FY2008. It is never public."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--code", default=CODE, help="code of the round (%(default)s)")

    def handle(self, *_arguments: Any, code: str, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Made-up answers are never written in production.")
        units = twin.make()
        try:
            twin.make_round(code, units, at=timezone.now())
        except twin.NotMade as reason:
            raise CommandError(str(reason)) from reason
        answered = sum(bool(unit.answers) for unit in units)
        self.stdout.write(f"Round {code}: {len(units)} institutions, {answered} of them answered.")
