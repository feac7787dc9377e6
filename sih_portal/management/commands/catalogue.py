"""`manage.py catalogue update|check|compile`: the Japanese message catalogue."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sih_portal import catalogue


class Command(BaseCommand):
    help = "Updates, checks or compiles the Japanese message catalogue."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", choices=["update", "check", "compile"])

    def handle(self, *_args: Any, job: str, **_options: Any) -> None:
        if job == "update":
            catalogue.update()
        elif job == "compile":
            catalogue.compile_catalogue()
        elif problems := catalogue.problems():
            raise CommandError("\n".join([*problems, "Run make fix, then translate what is empty."]))
