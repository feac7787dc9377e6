"""What of a round has to be protected: the totals and shares that its figures tell or hang on, and what they add up to.

The engine counts in SQL; here the same is said of one sheet of answers at a time, so that each checks the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from survey import rules
from survey.answering import Sheet
from survey.disclosure import Cell, Kind, Sum
from survey.engine import ALL, Population
from survey.models import Calculation, Measure, MissingPolicy, Sensitivity

OF_BOTH_YEARS = (Measure.RATIO, Measure.INCREASE, Measure.ADDED)
# Counts of institutions, and nothing of what they answered.
OPEN = (Measure.ASKED, Measure.ANSWERED, Measure.RATE, Measure.USABLE, Measure.COUNTED)


@dataclass(frozen=True)
class Number:
    """A sum over a group: of some rows in one year, or of those of whom a condition holds (a share's numerator).

    `policy` is whose answers a sum counts: those who said all of both years, but in rounds made up for tests.
    """

    base: str
    rows: tuple[str, ...]
    parts: tuple[str, ...]
    year: int
    condition: str
    group: str
    policy: str = MissingPolicy.COMPLETE.value

    @cached_property
    def key(self) -> str:
        said = (self.base, " ".join(self.rows), " ".join(self.parts), self.condition, str(self.year), self.group)
        return "|".join([*said, self.policy])

    @property
    def kind(self) -> Kind:
        return Kind.COUNT if self.condition else Kind.TOTAL

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """What it adds up; of whichever base, so that one share of two bases is compared with the other."""
        if self.condition:
            return (f"? {self.condition}",)
        return tuple(f"{part}.{self.year}" for part in self.parts)

    @property
    def of_all_parts(self) -> tuple[object, ...]:
        """The same for numbers of the same institutions in the same year, whichever rows they add up."""
        return self.base, self.rows, self.year, self.group, self.policy

    @property
    def of_any_policy(self) -> tuple[object, ...]:
        return self.base, self.rows, self.parts, self.year, self.condition, self.group


@dataclass(frozen=True)
class Numbers:
    """The numbers of a round's class-A figures. `years` are those it compares; `is_synthetic` as the round's."""

    calculations: Sequence[Calculation]
    groups: Sequence[Population]
    years: tuple[int, int]
    is_synthetic: bool

    @cached_property
    def all(self) -> list[Number]:
        found = {
            number: None
            for calculation in self.calculations
            for group in self.groups
            for year in self.years
            for number in self.of(calculation, group.code, str(year))
        }
        return list(found)

    def of(self, calculation: Calculation, group: str, period: str) -> list[Number]:
        """What a figure of this calculation tells or hangs on; nothing for those that are no secret."""
        if calculation.indicator.sensitivity != Sensitivity.AGGREGATE or calculation.measure in OPEN:
            return []
        if calculation.measure == Measure.SHARE:
            return [Number(calculation.base, (), (), 0, calculation.condition, group)]
        rows, parts = calculation.rows.split(), (calculation.parts or calculation.rows).split()
        years = self.years if calculation.measure in OF_BOTH_YEARS else (int(period),)
        policy = MissingPolicy.COMPLETE.value
        if self.is_synthetic:
            policy = calculation.policy_all if group == ALL else calculation.policy_groups
        return [Number(calculation.base, tuple(rows), tuple(parts), year, "", group, policy) for year in years]

    def cells(self) -> list[Cell]:
        return [Cell(number.key, number.kind, number.columns) for number in self.all]

    def sums(self) -> Iterator[Sum]:
        """All and the groups of each division; a total and its rows, where they are told apart."""
        divisions: dict[str, list[str]] = {}
        for group in self.groups:
            if group.code != ALL:
                divisions.setdefault(group.scheme, []).append(group.code)
        of_any_policy: dict[tuple[object, ...], list[Number]] = {}
        singles: dict[tuple[object, ...], dict[str, Number]] = {}
        for number in self.all:
            of_any_policy.setdefault(number.of_any_policy, []).append(number)
            if len(number.parts) == 1:
                singles.setdefault(number.of_all_parts, {})[number.parts[0]] = number
        for number in self.all:
            for codes in divisions.values() if number.group == ALL else ():
                found = [of_any_policy.get(replace(number, group=code).of_any_policy) for code in codes]
                yield Sum(number.key, tuple(_nearest(number, among).key for among in found if among))
            rows = singles.get(number.of_all_parts, {})
            if len(number.parts) > 1 and all(part in rows for part in number.parts):
                yield Sum(number.key, tuple(rows[part].key for part in number.parts))

    def values(self, sheet: Sheet, groups: Iterable[str]) -> dict[tuple[str, int], set[str]]:
        """Of one institution: each value of a column, and the keys of the numbers that count it."""
        found: dict[tuple[str, int], set[str]] = {}
        own, memory = set(groups), _Memory(sheet, self)
        for number in self.all:
            if number.group in own and memory.counts(number):
                for column, value in memory.told(number):
                    found.setdefault((column, value), set()).add(number.key)
        return found


class _Memory:
    """One sheet, asked the same for many groups."""

    def __init__(self, sheet: Sheet, numbers: Numbers) -> None:
        self.sheet, self.numbers = sheet, numbers
        self._known: dict[tuple[object, ...], bool] = {}

    def counts(self, number: Number) -> bool:
        asked = (number.base, number.rows, number.condition, number.year, number.policy)
        if asked not in self._known:
            self._known[asked] = self._is_in(number.base) and self._is_usable(number)
        return self._known[asked]

    def told(self, number: Number) -> Iterator[tuple[str, int]]:
        if number.condition:
            yield number.columns[0], int(bool(rules.read(number.condition).holds(self.sheet.facts)))
        else:
            for column in number.columns:
                if (value := self._value(column)) is not None:
                    yield column, value

    def _is_in(self, base: str) -> bool:
        return not base or rules.read(base).holds(self.sheet.facts) is True

    def _is_usable(self, number: Number) -> bool:
        if number.condition:
            return rules.read(number.condition).holds(self.sheet.facts) is not None
        if number.policy == MissingPolicy.AVAILABLE:
            return any(self._value(f"{row}.{number.year}") is not None for row in number.rows)
        return all(self._value(f"{row}.{year}") is not None for row in number.rows for year in self.numbers.years)

    def _value(self, code: str) -> int | None:
        """What a rule would read in the cell: nothing where it is not asked."""
        return self.sheet.facts.numbers.get(code)


def _nearest(number: Number, among: Sequence[Number]) -> Number:
    """The one that counts the same answers, or the first."""
    return next((one for one in among if one.policy == number.policy), among[0])
