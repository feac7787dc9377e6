"""From the accepted answers of a round to its figures, one indicator after the other.

Of each response a query makes a few numbers, and adds them up for every group at once; only what has to be
sorted is read.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet

from survey.disclosure import Rules, Statistic, may_publish
from survey.ledger import Key
from survey.models import (
    Calculation,
    Indicator,
    Invitation,
    Measure,
    MissingPolicy,
    Outcome,
    Response,
    ResponseState,
    Round,
)
from survey.questionnaires import Form
from survey.rules import read

from .figures import Computed, divided, rounded
from .populations import ALL, GROUPING, Population, told_of
from .terms import PILOT, TOLD, Sql, Terms, added, all_of, any_of, flag, is_known, number, only_if

# Of whom the round asked, whatever they answered.
FRAME: Final = (Measure.ASKED, Measure.ANSWERED, Measure.RATE)
STATISTICS: Final = {
    Measure.MEDIAN: Statistic.MEDIAN,
    Measure.QUARTILE_1: Statistic.LOWER_QUARTILE,
    Measure.QUARTILE_3: Statistic.UPPER_QUARTILE,
    Measure.DECILE_1: Statistic.TENTH,
    Measure.DECILE_9: Statistic.NINETIETH,
}
PLACE: Final = {
    Measure.MEDIAN: Fraction(1, 2),
    Measure.QUARTILE_1: Fraction(1, 4),
    Measure.QUARTILE_3: Fraction(3, 4),
    Measure.DECILE_1: Fraction(1, 10),
    Measure.DECILE_9: Fraction(9, 10),
}
# What is told of the numbers of a group without adding them up.
IN_ORDER: Final = (*PLACE, Measure.MINIMUM, Measure.MAXIMUM)
# What puts an institution into groups, as a query of responses calls it.
COUNTED: Final = ("of_pilot", "of_kind", "of_prefecture")
# What is added up of the columns of such queries; constants alone, as they become SQL.
IN_BASE: Final = "SUM(CASE WHEN in_base = 1 THEN 1 ELSE 0 END)"
SHARES: Final = {"base": IN_BASE, "valid": "COUNT(holds)", "yes": "SUM(holds)"}
SUMS: Final = {
    "base": IN_BASE,
    "valid": "SUM(CASE WHEN first IS NULL AND last IS NULL THEN 0 ELSE 1 END)",
    **{
        f"{year}_{name}": f"{aggregate}({year})"
        for year in ("first", "last")
        for name, aggregate in (("n", "COUNT"), ("sum", "SUM"), ("min", "MIN"), ("max", "MAX"))
    },
}
ADDED_UP: Final = "SELECT {ways}, {wanted} FROM ({responses}) AS responses GROUP BY {ways}"
# Institutions that belong to the same groups, as one that stands for them, and what is added up of them.
Found = Sequence[tuple[Invitation, Mapping[str, Any]]]
ENDS: Final = {Measure.MINIMUM: Statistic.MINIMUM, Measure.MAXIMUM: Statistic.MAXIMUM}


@dataclass(frozen=True)
class Counted:
    """Of one group: how many institutions it is about, how many are usable, of how many and what the sum of each year.

    `ends` are the smallest and the largest number of each year.
    """

    n_base: int
    n_valid: int
    valid: tuple[int, int]
    sums: tuple[int, int]
    ends: tuple[tuple[int | None, int | None], tuple[int | None, int | None]]


@dataclass(frozen=True)
class Sums:
    """What is added up of whom; calculations that share it share its queries."""

    base: str
    rows: str
    parts: str
    policy: str


class Engine:
    """Computes a round: `groups` are those that its figures tell of, `form` what was asked."""

    def __init__(self, survey_round: Round, form: Form, groups: Sequence[Population]) -> None:
        self.round, self.form, self.groups = survey_round, form, groups
        self.years = (survey_round.first_year, survey_round.last_year)
        self._counted: dict[Sums, dict[str, Counted]] = {}
        self._in_order: dict[tuple[Sums, Population, str], array[int]] = {}

    def of(self, calculation: Calculation) -> Iterator[Computed]:
        """The figures of one calculation, a group after the other; none where the form lacks a cell that it needs."""
        measure = calculation.measure
        if measure in FRAME:
            yield from self._frame(calculation)
        elif not is_asked(calculation, self.form, self.years):
            return
        elif measure == Measure.SHARE:
            yield from self._shares(calculation)
        elif measure in PLACE:
            yield from self._order(calculation)
        else:
            yield from self._sums(calculation)

    # Who was asked and who answered

    def _frame(self, calculation: Calculation) -> Iterator[Computed]:
        for group in self.groups:
            key, asked, answered = _key(calculation, group.code), *self._asked_and_answered[group.code]
            if calculation.measure == Measure.RATE:
                value = divided(answered, asked, times=100, decimals=calculation.decimals)
                yield Computed(key, value, calculation.decimals, asked, asked, answered, asked)
            else:
                count = asked if calculation.measure == Measure.ASKED else answered
                yield Computed(key, Decimal(count), 0, n_base=count, n_valid=count)

    @cached_property
    def _asked_and_answered(self) -> Mapping[str, tuple[int, int]]:
        """By the codes of the groups. One query."""
        asked = Q(sent_at__isnull=False) & ~Q(outcome=Outcome.INELIGIBLE)
        counted = {"asked": asked, "answered": Q(response__state=ResponseState.ACCEPTED)}
        wanted = {
            f"{name}_{group.code}": Count("pk", filter=group.members(*GROUPING) & whose)
            for group in self.groups
            for name, whose in counted.items()
        }
        found = Invitation.objects.filter(round=self.round).aggregate(**wanted)
        return {one.code: (found[f"asked_{one.code}"], found[f"answered_{one.code}"]) for one in self.groups}

    # Shares

    def _shares(self, calculation: Calculation) -> Iterator[Computed]:
        terms = Terms(self.form)
        base = terms.rule(calculation.base) if calculation.base else None
        condition = terms.rule(calculation.condition)
        holds = flag(condition) if base is None else only_if(base, flag(condition))
        rows = self._responses(terms, in_base=number(1) if base is None else flag(base), holds=holds)
        found = _aggregated(rows, SHARES, ("in_base", "holds"))
        for group in self.groups:
            told = {name: sum(_known(found, group, name)) for name in SHARES}
            value = divided(told["yes"], told["valid"], times=100, decimals=calculation.decimals)
            key = _key(calculation, group.code)
            yield Computed(key, value, calculation.decimals, told["base"], told["valid"], told["yes"], told["valid"])

    # Sums

    def _sums(self, calculation: Calculation) -> Iterator[Computed]:
        for group in self.groups:
            counted = self._counts(self._what(calculation, group))[group.code]
            yield from _told(calculation, group.code, counted, self.years)

    def _what(self, calculation: Calculation, group: Population) -> Sums:
        policy = MissingPolicy.COMPLETE.value
        if self.round.is_synthetic:
            policy = calculation.policy_all if group.code == ALL else calculation.policy_groups
        return Sums(calculation.base, calculation.rows, calculation.parts or calculation.rows, policy)

    def _counts(self, what: Sums) -> dict[str, Counted]:
        """By the codes of the groups. One query."""
        if what not in self._counted:
            found = _aggregated(self._numbers(what), SUMS, ("in_base", "first", "last"))
            self._counted[what] = {group.code: _counted(group, found) for group in self.groups}
        return self._counted[what]

    def _numbers(self, what: Sums) -> QuerySet[Response]:
        """The accepted responses with their numbers of both years, NULL where they are not usable or not asked."""
        terms = Terms(self.form)
        base = terms.rule(what.base) if what.base else None
        known = [[is_known(terms.cell(f"{row}.{year}")) for row in what.rows.split()] for year in self.years]
        if what.policy == MissingPolicy.COMPLETE:
            usable = [all_of([*known[0], *known[1]])] * 2
        else:
            usable = [any_of(of_year) for of_year in known]
        if base is not None:
            usable = [all_of([base, each]) for each in usable]
        sums = [added([terms.cell(f"{part}.{year}") for part in what.parts.split()]) for year in self.years]
        first, last = (only_if(each, total) for each, total in zip(usable, sums, strict=True))
        return self._responses(terms, in_base=number(1) if base is None else flag(base), first=first, last=last)

    def _order(self, calculation: Calculation) -> Iterator[Computed]:
        """Order statistics of the groups that are large enough; where two are in the middle, their mean."""
        place, statistic = PLACE[Measure(calculation.measure)], STATISTICS[Measure(calculation.measure)]
        for group in self.groups:
            what = self._what(calculation, group)
            counted = self._counts(what)[group.code]
            for year, name, count in zip(self.years, ("first", "last"), counted.valid, strict=True):
                if not may_publish(statistic, count, Rules()):
                    continue
                values = self._sorted(what, group, name)[_places(place, count)]
                value = rounded(Fraction(sum(values), len(values)), calculation.decimals)
                key = _key(calculation, group.code, str(year))
                yield Computed(key, value, calculation.decimals, n_base=counted.n_base, n_valid=count)

    def _sorted(self, what: Sums, group: Population, year: str) -> "array[int]":
        """The numbers of a group in one year, for all order statistics: eight bytes each. One query."""
        if (what, group, year) not in self._in_order:
            rows = self._numbers(what).filter(group.members(*COUNTED), **{f"{year}__isnull": False})
            values = rows.order_by(year).values_list(year, flat=True)
            self._in_order[what, group, year] = array("q", values.iterator())
        return self._in_order[what, group, year]

    def _responses(self, terms: Terms, **numbers: Sql) -> QuerySet[Response]:
        """The accepted responses with these numbers, and whether each is a pilot's, of which kind and from where."""
        rows = Response.objects.filter(invitation__round=self.round, state=ResponseState.ACCEPTED).order_by()
        rows = rows.annotate(**{TOLD: terms.relation})
        own = {"of_kind": F("invitation__kind"), "of_prefecture": F("invitation__prefecture")}
        return rows.annotate(of_pilot=Max(PILOT), **own, **numbers)


def _told(calculation: Calculation, group: str, counted: Counted, years: tuple[int, int]) -> Iterator[Computed]:
    """What a calculation tells of a group: one figure, or one of each year."""
    measure, (first, last) = calculation.measure, counted.sums
    bases, decimals = (counted.n_base, counted.n_valid), calculation.decimals
    of_both = _key(calculation, group, f"{years[0]}-{years[1]}")
    if measure in {Measure.USABLE, Measure.COUNTED}:
        yield Computed(_key(calculation, group), Decimal(counted.n_valid), 0, *bases)
    elif measure == Measure.RATIO:
        yield Computed(of_both, divided(last, first, decimals=decimals), decimals, *bases, last, first)
    elif measure == Measure.INCREASE:
        value = divided(last, first, times=100, less=1, decimals=decimals)
        yield Computed(of_both, value, decimals, *bases, last, first)
    elif measure == Measure.ADDED:
        value = divided(last - first, counted.n_valid, decimals=decimals)
        yield Computed(of_both, value, decimals, *bases, last - first, counted.n_valid)
    else:
        for place, year in enumerate(years):
            yield from _of_year(calculation, _key(calculation, group, str(year)), counted, place)


def _of_year(calculation: Calculation, key: Key, counted: Counted, place: int) -> Iterator[Computed]:
    total, count, ends = counted.sums[place], counted.valid[place], counted.ends[place]
    measure, decimals = calculation.measure, calculation.decimals
    if measure == Measure.MEAN:
        value = divided(total, count, decimals=decimals)
        yield Computed(key, value, decimals, counted.n_base, count, total, count)
    elif measure in ENDS:
        if (end := dict(zip(ENDS, ends, strict=True))[Measure(measure)]) is not None:
            yield Computed(key, Decimal(end), decimals, counted.n_base, count)
    else:
        yield Computed(key, Decimal(total) if count else None, decimals, counted.n_base, count)


def _key(calculation: Calculation, group: str, period: str = "") -> Key:
    return Key(calculation.indicator.code, group, calculation.measure, period, calculation.item)


def _counted(group: Population, found: Found) -> Counted:
    def total(name: str) -> int:
        return sum(_known(found, group, name))

    def ends(year: str) -> tuple[int | None, int | None]:
        smallest, largest = (_known(found, group, f"{year}_{name}") for name in ("min", "max"))
        return min(smallest, default=None), max(largest, default=None)

    return Counted(
        total("base"),
        total("valid"),
        (total("first_n"), total("last_n")),
        (total("first_sum"), total("last_sum")),
        (ends("first"), ends("last")),
    )


def _known(found: Found, group: Population, name: str) -> list[int]:
    """What there is of this name, of those that belong to the group."""
    return [int(row[name]) for institution, row in found if group.has(institution) and row[name] is not None]


def _aggregated(rows: QuerySet[Response], wanted: Mapping[str, str], columns: Sequence[str]) -> Found:
    """The aggregates `wanted` over columns of a query of responses, for each way to belong to groups. One query.

    Django has no GROUP BY over the rows of another query; its conditional aggregates take it longer than the database
    needs for them, the more so the more groups there are.
    """
    inner, values = rows.values(*COUNTED, *columns).query.sql_with_params()
    query = ADDED_UP.format(ways=", ".join(COUNTED), wanted=", ".join(wanted.values()), responses=inner)
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [
            (Invitation(is_pilot=bool(pilot), kind=kind, prefecture=place), dict(zip(wanted, numbers, strict=True)))
            for pilot, kind, place, *numbers in cursor.fetchall()
        ]


def _places(place: Fraction, count: int) -> slice:
    """Which of the sorted numbers to take, from 0: the one past `place` of them, or the two around it."""
    at = place * count
    return slice(int(at) - 1, int(at) + 1) if at.denominator == 1 else slice(int(at), int(at) + 1)


def computed(
    survey_round: Round, form: Form, *, told: Callable[[Indicator], None] = lambda _done: None
) -> Iterator[Computed]:
    """Every figure of a round that its form allows, an indicator after the other; `told` hears when one is done.

    The number of queries depends on the indicators and groups, and never on how many answered.
    """
    engine = Engine(survey_round, form, told_of(survey_round))
    for indicator, own in groupby(calculations(survey_round), key=lambda calculation: calculation.indicator):
        for calculation in own:
            yield from engine.of(calculation)
        told(indicator)


def is_asked(calculation: Calculation, form: Form, years: tuple[int, int]) -> bool:
    """Whether the form has every cell that the calculation needs."""
    rows = [f"{row}.{year}" for row in calculation.rows.split() for year in years]
    named = [*rows, *(code for text in (calculation.base, calculation.condition) if text for code in read(text).cells)]
    return all(code in form.cells for code in named)


def calculations(survey_round: Round) -> list[Calculation]:
    """How the figures of a round are computed, in the order of the indicators. One query.

    The smallest and the largest number are one institution's own, whichever the group: rounds made up for tests alone
    have them.
    """
    order = ("indicator__position", "indicator__code", "position", "measure", "item")
    rows = Calculation.objects.select_related("indicator").order_by(*order)
    hidden = () if survey_round.is_synthetic else [end for end, one in ENDS.items() if not may_publish(one, 0, Rules())]
    return [row for row in rows if row.measure not in hidden]
