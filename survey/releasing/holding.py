"""A round with its form, and what of it a release has to protect."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from survey import rules
from survey.disclosure import Cell, Standing
from survey.engine import GROUPING, calculations, is_asked, populations
from survey.models import (
    Calculation,
    Confidentiality,
    Figure,
    Release,
    ResponseState,
    Round,
    Sensitivity,
    Snapshot,
    SnapshotStep,
)
from survey.questionnaires import Form

from .numbers import Numbers

# A condition that one answer may decide: with it, N would tell what that answer was.
JOINED: Final = re.compile(r"\b(?:and|or)\b")
# What of a calculation decides what its figures are, and what they hang on.
HOW: Final = ("base", "condition", "rows", "parts", "policy_all", "policy_groups", "decimals")


@dataclass(frozen=True)
class Held:
    """A round with its form and what of it has to be protected."""

    round: Round
    form: Form

    @cached_property
    def calculations(self) -> dict[tuple[str, str, str], Calculation]:
        return {(row.indicator.code, row.measure, row.item): row for row in calculations(self.round)}

    @property
    def unfit(self) -> list[Calculation]:
        """Those that tell more than they may, be it by whom they count.

        Nothing tells internal answers. A public fact reads public ones alone; so does whatever decides who is counted,
        for every N is told: the base, the universes of the questions, and conditions that are known of some before all
        their answers are there.
        """
        return [row for row in self._asked if not self._is_fit(row)]

    def _is_fit(self, row: Calculation) -> bool:
        condition = rules.read(row.condition) if row.condition else None
        told = {
            *(condition.cells if condition else ()),
            *(f"{one}.{self.round.first_year}" for one in row.rows.split()),
        }
        counting = {*(rules.read(row.base).cells if row.base else ())}
        counting |= self._universe({*told, *counting})
        if condition and JOINED.search(condition.text):
            counting |= {*condition.cells}
        allowed = {Sensitivity.PUBLIC, row.indicator.sensitivity} - {Sensitivity.INTERNAL}
        return self._sensitivities(told) <= allowed and self._sensitivities(counting) <= {Sensitivity.PUBLIC}

    def _universe(self, cells: Iterable[str]) -> set[str]:
        """The cells that decide who is asked these, and who is asked those."""
        found, open_ones = set[str](), [*cells]
        while open_ones:
            universe = self.form.questions[open_ones.pop()].universe
            more = {*(universe.cells if universe else ())} - found
            found |= more
            open_ones += more
        return found

    def _sensitivities(self, cells: Iterable[str]) -> set[str]:
        return {self.form.questions[cell].row.sensitivity for cell in cells}

    @cached_property
    def _asked(self) -> list[Calculation]:
        years = (self.round.first_year, self.round.last_year)
        return [row for row in self.calculations.values() if is_asked(row, self.form, years)]

    @cached_property
    def numbers(self) -> Numbers:
        years = (self.round.first_year, self.round.last_year)
        return Numbers(self._asked, populations(), years, self.round.is_synthetic)

    @cached_property
    def earlier(self) -> list[Release]:
        """The releases of computed figures that were public once, in their order."""
        rows = self.round.releases.filter(published_at__isnull=False, computed_at__isnull=False)
        return list(rows.order_by("number"))

    @cached_property
    def basis(self) -> str:
        """A hash of what figures are made from: accepted submissions, whose they are, how figures are computed, and
        what was published before.

        The same as long as all of that is.
        """
        accepted = Snapshot.objects.filter(
            response__invitation__round=self.round,
            response__state=ResponseState.ACCEPTED,
            step=SnapshotStep.ACCEPTED,
        )
        whose = ("pk", "sha256", *(f"response__invitation__{name}" for name in GROUPING))
        years = (self.round.first_year, self.round.last_year)
        digest = hashlib.sha256(f"{years} {self.round.is_synthetic}\n".encode())
        for release in self.earlier:
            digest.update(f"release {release.pk}\n".encode())
        for row in self.calculations.values():
            told = (row.indicator.sensitivity, *(getattr(row, name) for name in HOW))
            digest.update(f"{row} {told}\n".encode())
        for one in accepted.order_by("pk").values_list(*whose).iterator():
            digest.update(f"{one}\n".encode())
        return digest.hexdigest()

    def keys_of(self, figure: Figure) -> list[str]:
        """The keys of the numbers that a figure tells or hangs on; its indicator and group are loaded."""
        calculation = self.calculations.get((figure.indicator.code, figure.measure, figure.item))
        if calculation is None:
            return []
        period = figure.period or str(self.round.first_year)
        return [number.key for number in self.numbers.of(calculation, figure.group.code, period)]

    def cells(self) -> Iterator[Cell]:
        """The numbers of earlier releases, then those of the one to come."""
        for release in self.earlier:
            out = self.told_by(release)
            for cell in self.numbers.cells():
                standing = Standing.OUT if cell.key in out else Standing.KEPT
                yield Cell(key_in(release, cell.key), cell.kind, cell.columns, standing, release.number)
        number = max((release.number for release in self.earlier), default=0) + 1
        for cell in self.numbers.cells():
            before = tuple(key_in(release, cell.key) for release in self.earlier)
            yield Cell(cell.key, cell.kind, cell.columns, Standing.CANDIDATE, number, before)

    def told_by(self, release: Release) -> set[str]:
        """The keys of the numbers that follow from a figure of the release that is not withheld."""
        figures = release.figures.filter(confidentiality=Confidentiality.FREE).select_related("indicator", "group")
        return {key for figure in figures.order_by("pk") for key in self.keys_of(figure)}


def key_in(release: Release | None, key: str) -> str:
    """The key of a number in an earlier release; the plain one in the release to come."""
    return f"{release.number}:{key}" if release else key
