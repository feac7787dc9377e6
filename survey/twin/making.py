"""The twin's institutions and their answers, by the codes of the first questionnaire: the same for the same seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from universities.models import Prefecture

from . import recipe
from .recipe import YEARS, Range, Totals
from .spreading import dealt, grown, shared, spread

SEED: Final = 2008
PRESIDENT, VICE_PRESIDENT, OTHER_HEAD = ("1", "2", "3")
YES, NO = ("1", "2")
NOT_ASKED: Final = "a"
PLACES: Final = ("", *Prefecture.values)


@dataclass
class Unit:
    """An institution of the twin. `answers` holds the wide form's texts by code; one without any did not answer."""

    number: int
    kind: str
    is_pilot: bool
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def prefecture(self) -> str:
        """By its number, one prefecture after the other and then none."""
        return PLACES[self.number % len(PLACES)]

    @property
    def name_en(self) -> str:
        return f"Synthetic {self.number:03}"

    @property
    def name_ja(self) -> str:
        return f"模擬機関 {self.number:03}"


def make(seed: int = SEED) -> list[Unit]:
    """All institutions: the pilots, the others, then those that did not answer."""
    rng = Random(seed)  # noqa: S311  (no secret: the twin is to be the same again)
    pilots, others, silent = _frame()
    for place, group in enumerate((pilots, others)):
        _Group(place, group, rng).answer()
    return [*pilots, *others, *silent]


def _frame() -> list[list[Unit]]:
    numbers = iter(range(1, 1_000))
    groups = ((recipe.PILOTS, True), (recipe.OTHERS, False), (recipe.SILENT, False))
    return [
        [Unit(next(numbers), kind.value, is_pilot) for kind, count in kinds.items() for _ in range(count)]
        for kinds, is_pilot in groups
    ]


class _Group:
    """Pilots (0) or others (1) while they answer. Each question is about other institutions than the one before."""

    def __init__(self, place: int, units: Sequence[Unit], rng: Random) -> None:
        self.place, self.units, self.rng = place, units, rng

    def answer(self) -> None:
        for unit in self.units:
            unit.answers |= _persons(unit)
        for code, counts in recipe.YES.items():
            self._say_yes(code, self._some(counts[self.place]))
        self._goals()
        self._heads()
        self._dispatch()
        self._agreements()
        self._receive()
        self._centres()

    def _some(self, count: int, among: Sequence[Unit] | None = None) -> list[Unit]:
        return self.rng.sample(self.units if among is None else among, count)

    def _with(self, code: str, said: str = YES) -> list[Unit]:
        return [unit for unit in self.units if unit.answers[code] == said]

    def _say_yes(self, code: str, chosen: Sequence[Unit]) -> None:
        numbers = {unit.number for unit in chosen}
        for unit in self.units:
            unit.answers[code] = YES if unit.number in numbers else NO

    def _goals(self) -> None:
        """Goals mostly where there is a vision; evaluations are reflected in goals, and here and there without."""
        without = recipe.WITHOUT_VISION[self.place]
        count = recipe.GOALS[self.place] - without
        chosen = self._some(count, self._with("Q1.vision")) + self._some(without, self._with("Q1.vision", NO))
        self._say_yes("Q1.goals", chosen)
        reflected = chosen + self._some(recipe.REFLECTED[self.place] - len(chosen), self._with("Q1.goals", NO))
        self._say_yes("Q2.eval", reflected)
        for unit in self._with("Q2.eval", NO):
            unit.answers["Q2.eval"] = self.rng.choice("23")

    def _heads(self) -> None:
        asked = self._with("Q1.hq")
        headed = {unit.number for unit in self._some(recipe.HEADED[self.place], asked)}
        for unit in self.units:
            unit.answers["Q1.head"] = NOT_ASKED
        for unit in asked:
            is_headed = unit.number in headed
            unit.answers["Q1.head"] = self.rng.choice((PRESIDENT, VICE_PRESIDENT)) if is_headed else OTHER_HEAD
            unit.answers["Q1.head.note"] = "" if is_headed else "国際交流センター長"

    def _dispatch(self) -> None:
        units = self._without(recipe.NOT_DISPATCHED[self.place], tuple(recipe.DISPATCHED))
        if self.place == 1:
            units.pop().answers.update(recipe.HALF)
        for row, totals in recipe.DISPATCHED.items():
            self._fill(row, units, totals[self.place])

    def _agreements(self) -> None:
        for row, totals in recipe.AGREED.items():
            self._fill(row, self._some(len(self.units)), totals[self.place])

    def _receive(self) -> None:
        """One institution has the smallest number of both years, one the largest; the others lie between."""
        units = self._without(recipe.NOT_RECEIVED[self.place], ("Q6.recv",))
        first, last = recipe.RECEIVED[self.place]
        smallest, largest, *between = units
        before = spread(_rest(first), len(between), rng=self.rng, low=first.low + 1, high=first.high - 1)
        after = grown(before, _rest(last), rng=self.rng, low=last.low + 1, high=last.high - 1)
        for year, limits, numbers in zip(YEARS, (first, last), (before, after), strict=True):
            smallest.answers[f"Q6.recv.{year}"] = str(limits.low)
            largest.answers[f"Q6.recv.{year}"] = str(limits.high)
            _write(f"Q6.recv.{year}", between, numbers)

    def _centres(self) -> None:
        """No institution has fewer of a type than before, and each has at least one in the end."""
        units = self._with("Q7.has_center")
        for unit in self.units:
            unit.answers |= dict.fromkeys(_cells([f"Q7.t{number}" for number in range(1, 6)]), NOT_ASKED)
        weights = [self.rng.lognormvariate(0, 1) for _ in units]
        for number, totals in enumerate(recipe.CENTRES[self.place], 1):
            before = self._deal(totals.first, weights, is_most=number == self._most)
            more = dealt(totals.last - totals.first, weights, rng=self.rng)
            _write(f"Q7.t{number}.{YEARS[0]}", units, before)
            _write(f"Q7.t{number}.{YEARS[1]}", units, [one + two for one, two in zip(before, more, strict=True)])

    @property
    def _most(self) -> int:
        """The type of which there are enough for everybody in the first year."""
        firsts = [totals.first for totals in recipe.CENTRES[self.place]]
        return firsts.index(max(firsts)) + 1

    def _deal(self, total: int, weights: Sequence[float], *, is_most: bool) -> list[int]:
        return shared(total, weights, low=1) if is_most else dealt(total, weights, rng=self.rng)

    def _without(self, reasons: Sequence[str], rows: Sequence[str]) -> list[Unit]:
        """This will give some institutions reasons for no numbers in these rows; the others in any order."""
        units = self._some(len(self.units))
        for reason in reasons:
            units.pop().answers.update(dict.fromkeys(_cells(rows), reason))
        return units

    def _fill(self, row: str, units: Sequence[Unit], totals: Totals) -> None:
        before = spread(totals.first, len(units), rng=self.rng)
        _write(f"{row}.{YEARS[0]}", units, before)
        _write(f"{row}.{YEARS[1]}", units, grown(before, totals.last, rng=self.rng))


def _persons(unit: Unit) -> Mapping[str, str]:
    """Nobody: it is said so."""
    who = {"department": "国際課", "post": "係員", "name": f"模擬 {unit.number:03}"}
    contact = f"synthetic-{unit.number:03}@example.ac.jp"
    return {**{f"{code}.{name}": text for code in ("F3", "F4") for name, text in who.items()}, "F3.contact": contact}


def _cells(rows: Sequence[str]) -> Iterator[str]:
    return (f"{row}.{year}" for row in rows for year in YEARS)


def _rest(limits: Range) -> int:
    return limits.total - limits.low - limits.high


def _write(code: str, units: Sequence[Unit], numbers: Sequence[int]) -> None:
    for unit, number in zip(units, numbers, strict=True):
        unit.answers[code] = str(number)
