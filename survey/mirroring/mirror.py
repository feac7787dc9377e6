"""The mirror of one institution: each indicator of a public release, with its own value and those of its groups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import pgettext

from sih_portal.language import in_language
from survey.answering import Sheet
from survey.charts import Chart, Mark, Shape, line_of
from survey.engine import calculations, populations
from survey.engine.figures import divided
from survey.entering import sheet_of_snapshot
from survey.models import Calculation, Figure, Group, Grouped, Indicator, Measure, Release, Response, Round, Snapshot
from survey.questionnaires import Form
from survey.releasing import accepted_then
from survey.results import NO_VALUE, WITHHELD, Line, Result, period_label, results, tell

from .own import Own, own_of

# What an indicator is mirrored by: the first of these that it tells, and its ratio. Who was asked and who answered
# is nothing that anybody said.
MIRRORED: Final = (Measure.SHARE, Measure.MEAN, Measure.INCREASE, Measure.ADDED, Measure.TOTAL)
# Of the groups, in their order; whoever is in more of them finds the rest alike. None looks like the x of a withheld
# number.
SHAPES: Final = (Shape.CIRCLE, Shape.TRIANGLE, Shape.SQUARE, Shape.REVERSED)
AVERAGE_DECIMALS: Final = 1


@dataclass(frozen=True)
class Beside:
    """What the release tells of one group: `number` is None where it tells none, `n` how many institutions counted."""

    group: Group
    shape: Shape
    number: Decimal | None
    told: str
    n: int | None


@dataclass(frozen=True)
class Value:
    """One row: what it is, of which period, the own value, and those of the groups in their order."""

    label: str
    measure: str
    period: str
    own: Own
    groups: Sequence[Beside]
    chart: Chart | None

    @property
    def title(self) -> str:
        return " ".join(filter(None, (self.label, period_label(self.period))))


@dataclass(frozen=True)
class Part:
    """An indicator. Where it tells totals, its groups are told by their average, as one institution compares with."""

    indicator: Indicator
    is_averaged: bool
    values: Sequence[Value]


@dataclass(frozen=True)
class Mirror:
    """`accepted_at` is when the answers were accepted that the release counted; each group comes with its shape."""

    release: Release
    accepted_at: datetime
    groups: Sequence[tuple[Group, Shape]]
    parts: Sequence[Part]
    own_shape: Shape = Shape.OWN

    @property
    def has_withheld(self) -> bool:
        return any(one.told == WITHHELD for part in self.parts for value in part.values for one in value.groups)

    @property
    def has_incomplete(self) -> bool:
        return any(value.own.is_incomplete for part in self.parts for value in part.values)

    @property
    def has_averages(self) -> bool:
        return any(part.is_averaged for part in self.parts)


def public_release(survey_round: Round) -> Release | None:
    """The release that the world may read of a round. One query."""
    return Release.objects.public().filter(round=survey_round).select_related("round").first()


def mirror_of(response: Response, form: Form, release: Release) -> Mirror | None:
    """The mirror of whoever gave a response; None where it was not accepted when the release was computed.

    Eight queries, however many figures there are.
    """
    prefetch_related_objects([response], Prefetch("snapshots", Snapshot.objects.order_by("pk")))
    snapshot = accepted_then(response, release.computed_at)
    if snapshot is None:
        return None
    whose = release.memberships.filter(invitation=response.invitation_id).first() or response.invitation
    sheet = sheet_of_snapshot(snapshot, form, is_pilot=whose.is_pilot)
    found = results(release)
    reading = _Reading(release, sheet, _groups(found, whose))
    parts = [part for result in found if (part := reading.part(result)).values]
    return Mirror(release, snapshot.at, reading.groups, parts)


def _groups(found: Sequence[Result], institution: Grouped) -> list[tuple[Group, Shape]]:
    """Those of the figures that an institution belonged to when they were computed."""
    own = {population.code for population in populations() if population.has(institution)}
    told = {group for result in found for group in result.columns if group.code in own}
    ordered = sorted(told, key=lambda group: (group.position, group.code))
    return [(group, SHAPES[min(place, len(SHAPES) - 1)]) for place, group in enumerate(ordered)]


@dataclass(frozen=True)
class _Reading:
    """A release, read for the institution whose sheet it is."""

    release: Release
    sheet: Sheet
    groups: Sequence[tuple[Group, Shape]]

    @cached_property
    def calculations(self) -> Mapping[tuple[str, str, str], Calculation]:
        rows = calculations(self.release.round)
        return {(row.indicator.code, row.measure, row.item): row for row in rows}

    def part(self, result: Result) -> Part:
        table = result.table(None, result.columns, result.figures)
        told = {line.measure for line in table.lines}
        main = next((measure for measure in MIRRORED if measure in told), None)
        lines = [line for line in table.lines if line.measure in {main, Measure.RATIO}]
        return Part(result.indicator, main == Measure.TOTAL, list(self._values(result, lines)))

    def _values(self, result: Result, lines: Sequence[Line]) -> Iterator[Value]:
        for line in lines:
            calculation = self.calculations.get((result.indicator.code, line.measure, line.item))
            if calculation is not None:
                yield self._value(result, line, calculation)

    def _value(self, result: Result, line: Line, calculation: Calculation) -> Value:
        years = (self.release.round.first_year, self.release.round.last_year)
        own = own_of(calculation, self.sheet, years, line.period)
        figures = dict(zip((group.pk for group in result.columns), line.cells, strict=True))
        groups = [Beside(group, shape, *_told(figures.get(group.pk))) for group, shape in self.groups]
        item = result.items.get(line.item)
        label = in_language(item, "label").value if item else str(Measure(line.measure).label)
        title = " ".join([in_language(result.indicator, "title").value, label, period_label(line.period)]).strip()
        name = "-".join(filter(None, ("mirror", result.indicator.code, line.measure, line.period, line.item)))
        is_compared = any(one.number is not None for one in groups)
        marks = self._marks(own, groups) if is_compared else []
        chart = line_of(name, title, marks, is_share=line.measure == Measure.SHARE)
        return Value(label, line.measure, line.period, own, groups, chart)

    def _marks(self, own: Own, groups: Sequence[Beside]) -> list[Mark]:
        beside = [Mark(one.shape, in_language(one.group, "name").value, one.number, one.told) for one in groups]
        return [Mark(Shape.OWN, pgettext("mirror", "Your institution"), own.value, own.told), *beside]


def _told(figure: Figure | None) -> tuple[Decimal | None, str, int | None]:
    """Of a figure its number, that in words, and its N; of a total the average."""
    if figure is None:
        return None, NO_VALUE, None
    if figure.measure != Measure.TOTAL or figure.value is None:
        return figure.printed, tell(figure), figure.n_valid
    average = divided(int(figure.value), figure.n_valid or 0, decimals=AVERAGE_DECIMALS)
    return average, NO_VALUE if average is None else f"{average:,}", figure.n_valid
