"""An indicator over the rounds of the survey: what each round tells of it, and where the series breaks.

Two rounds are comparable where the questions an indicator is computed from are the same, or where the later ones
continue the earlier ones and nobody marked a break on the way, and where both were computed alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from . import rules
from .models import Calculation, Cell, Figure, Group, Indicator, Measure, Question, Release, Round
from .results import MAIN, Line, Result, is_beside, is_told, results_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What of an indicator is set beside itself over the rounds, the first that it has.
COMPARED: Final = (*(measure for measure in MAIN if measure != Measure.ANSWERED), Measure.TOTAL, Measure.ANSWERED)
UNKNOWN: Final = "unknown"
CHANGED: Final = "changed"
RECOMPUTED: Final = "recomputed"
BREAKS: Final[Mapping[str, "StrOrPromise"]] = {
    UNKNOWN: _("The questionnaire of the earlier round is not on record: compare with care."),
    CHANGED: _("The questions were changed between the two rounds: the figures are not strictly comparable."),
    RECOMPUTED: _("The figures of the two rounds are computed in different ways: they are not strictly comparable."),
}


@dataclass(frozen=True)
class Equivalence:
    """Which questions indicators are computed from, and which question continues which.

    `rows` are the codes of cells without their year, by indicator; `questions` are keys by questionnaire and row.
    `ways` are how the figures of rounds were computed, by round and calculation.
    """

    rows: Mapping[int, frozenset[str]]
    questions: Mapping[tuple[int, str], int]
    before: Mapping[int, int | None]
    broken: frozenset[int]
    ways: Mapping[int, Mapping[str, Any]]

    def between(self, indicator: Indicator, earlier: Round, later: Round) -> str:
        """Why figures of the two rounds are not comparable; empty where they are."""
        if not earlier.questionnaire_id or not later.questionnaire_id:
            return UNKNOWN
        rows = self.rows.get(indicator.pk, frozenset())
        then, now = ({self.questions.get((form, row)) for row in rows} for form in _forms(earlier, later))
        continued = {self._continued(question, then) for question in now}
        if continued != then:
            return CHANGED
        return "" if self._is_computed_alike(indicator, earlier, later) else RECOMPUTED

    def _is_computed_alike(self, indicator: Indicator, *rounds: Round) -> bool:
        """Whether the calculations that both rounds have of it add up the same."""
        then, now = (self.ways.get(one.pk, {}) for one in rounds)
        return all(then[name] == now[name] for name in {*then} & {*now} if name.partition("/")[0] == indicator.code)

    def _continued(self, question: int | None, then: set[int | None]) -> int | None:
        """The question of then whose series it continues without a break; None for a question of its own."""
        while question is not None and question not in then:
            question = None if question in self.broken else self.before.get(question)
        return question


def _forms(*rounds: Round) -> list[int]:
    return [each.questionnaire_id for each in rounds if each.questionnaire_id]


def equivalence() -> Equivalence:
    """Four queries."""
    rows: dict[int, set[str]] = {}
    for calculation in Calculation.objects.order_by("pk"):
        rows.setdefault(calculation.indicator_id, set()).update(_rows_of(calculation))
    cells = Cell.objects.filter(is_total=False).order_by("pk")
    questions = {
        (form, _row(code, year)): question
        for form, code, year, question in cells.values_list(
            "question__section__questionnaire", "code", "fiscal_year", "question"
        )
    }
    links = list(Question.objects.order_by("pk").values_list("pk", "follows", "breaks_series"))
    return Equivalence(
        {key: frozenset(codes) for key, codes in rows.items()},
        questions,
        {key: before for key, before, _breaks in links},
        frozenset(key for key, _before, breaks in links if breaks),
        {key: ways for key, ways in Release.objects.public().values_list("round", "plan__how").order_by("pk") if ways},
    )


def _rows_of(calculation: Calculation) -> set[str]:
    """The rows that it reads, by their codes."""
    told = [text for text in (calculation.base, calculation.condition) if text]
    return {*calculation.rows.split(), *(code for text in told for code in rules.read(text).cells)}


def _row(code: str, year: int | None) -> str:
    return code if year is None else code.removesuffix(f".{year}")


@dataclass(frozen=True)
class Wave:
    """What one round tells of an indicator; `gap` says why it is not comparable with the wave before, if it isn't."""

    result: Result
    gap: "StrOrPromise"

    @cached_property
    def figures(self) -> list[Figure]:
        return compared(self.result)


@dataclass(frozen=True)
class Series:
    """The public rounds that tell of an indicator, the earliest first."""

    waves: Sequence[Wave]

    @cached_property
    def columns(self) -> list[Group]:
        groups = {figure.group for wave in self.waves for figure in wave.figures}
        return sorted(groups, key=lambda group: (group.position, group.code))

    @property
    def has_gaps(self) -> bool:
        return any(None in line.cells for _wave, lines in self.told for line in lines)

    @cached_property
    def told(self) -> list[tuple[Wave, Sequence[Line]]]:
        """The waves with the lines of their tables."""
        return [(wave, wave.result.table(None, self.columns, wave.figures).lines) for wave in self.waves]


def series_of(indicator: Indicator) -> Series | None:
    """None where fewer than two public rounds tell of it in numbers to compare. Six queries, two for None."""
    rows = Figure.objects.public().filter(indicator=indicator).with_labels().prefetch_related("indicator__items")
    found = results_of(rows.order_by("release__round__last_year", "-release__round__code", "position"))
    told = [result for result in found if compared(result)]
    if len(told) < 2:
        return None
    gaps = breaks_of(indicator, [result.release.round for result in told], equivalence())
    return Series([Wave(result, BREAKS.get(gap, "")) for result, gap in zip(told, gaps, strict=True)])


def compared(result: Result) -> list[Figure]:
    """Of pilots, others and all, the measure that the indicator is about; empty where no number is told of them."""
    found = [[row for row in result.of(measure) if is_beside(row) and is_told(row)] for measure in COMPARED]
    return next(filter(None, found), [])


def breaks_of(indicator: Indicator, rounds: Sequence[Round], known: Equivalence) -> list[str]:
    """For each round, the earliest first, whether the series breaks there: empty, `unknown` or `changed`."""
    return ["", *(known.between(indicator, earlier, later) for earlier, later in pairwise(rounds))][: len(rounds)]
