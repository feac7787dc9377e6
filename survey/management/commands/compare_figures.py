"""`manage.py compare_figures`: what the engine computes from the twin's answers, beside what is printed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from survey.models import Round
from survey.twin import compared

from .make_synthetic_round import CODE


class Command(BaseCommand):
    help = "Computes the figures of the made-up round and prints each beside the printed one; fails where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--code", default=CODE, help="code of the round (%(default)s)")

    def handle(self, *_arguments: Any, code: str, **_options: Any) -> None:
        survey_round = Round.objects.filter(code=code, is_synthetic=True).first()
        if survey_round is None:
            raise CommandError(f"There is no made-up round {code}: make it with manage.py make_synthetic_round.")
        lines = list(compared(survey_round))
        for line in lines:
            mark = "=" if line.is_equal else "DIFFERS"
            self.stdout.write(f"{line.name:<40} printed {line.printed:>8}  computed {line.computed!s:>8}  {mark}")
        equal = sum(line.is_equal for line in lines)
        self.stdout.write(f"{equal} of {len(lines)} printed figures come out.")
        if equal != len(lines):
            raise CommandError("The engine or the made-up answers are wrong.")
