"""Loads the programme's source. Dry by default: shows the plan; `--apply` writes it in one transaction."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from practices import importing as practices
from sih_portal import loading
from sih_portal.models import DataVersion
from survey import importing as survey
from universities import importing as universities


class Command(BaseCommand):
    help = "Shows what loading the source would change; with --apply, changes it. Rows edited here are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="write the plan")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.verbosity = options["verbosity"]
        try:
            with translation.override("en"), transaction.atomic():
                self.load(write=options["apply"])
        except loading.SourceError as error:
            raise CommandError(str(error)) from error

    def load(self, *, write: bool) -> None:
        plans = [*universities.plans(), *practices.plans(), *survey.plans()]
        cases, figures = practices.plan_cases(), survey.plan_release()
        for plan in (*plans, cases):
            self.report(plan)
        self.stdout.write(f"figures of {figures.round}: {len(figures.figures)} to release" if figures.is_new else "")
        if not write:
            self.stdout.write("Nothing was written. Run again with --apply to write this plan.")
            return
        loading.apply(plans, progress=self.tell)
        for one in practices.apply_cases(cases, at=timezone.now(), progress=self.tell):
            self.report_kept(cases.shape, one)
        if figures.is_new:
            survey.apply_release(figures, at=timezone.now(), progress=self.tell)
        if figures.is_new or any(plan.added or plan.changed for plan in plans):  # cases bump it when they are published
            DataVersion.objects.bump()

    def report(self, plan: loading.Plan) -> None:
        self.stdout.write(
            f"{plan.shape.model._meta.verbose_name_plural}: {len(plan.added)} to add, {len(plan.changed)} to change, "
            f"{len(plan.unchanged)} unchanged"
        )
        for one in plan.kept:
            self.report_kept(plan.shape, one)
        for key in plan.missing:
            self.stdout.write(f"  no longer in the files, left as it is: {key}")

    def report_kept(self, shape: loading.Shape, one: loading.Record) -> None:
        self.stdout.write(f"  kept: edited here: {'/'.join(map(str, one.key(shape)))}")

    def tell(self, line: str) -> None:
        if self.verbosity > 1:
            self.stdout.write(f"  {line}")
