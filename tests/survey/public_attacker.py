"""The attacker of `attacker`, who has nothing but what `public_reading` read: figures as equations over respondents.

Knows who is in which group, who answered what, and when an answer was changed; knows what each figure adds up, as its
page says. Keeps what a release said after another took its place.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, groupby
from typing import Final, NamedTuple

from .attacker import Attacker, Combination, Equation, Unknown
from .public_reading import Statement

YEARS: Final = ("2005", "2008")
FEWEST: Final = 5
DISPATCHED, AGREED, RECEIVED = ("Q4.edu", "Q4.adm"), ("Q5.fac", "Q5.stu"), ("Q6.recv",)
CENTRES: Final = tuple(f"Q7.t{number}" for number in range(1, 6))
TYPES: Final = ("own", "joint", "counterpart", "commissioned", "other")
ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("t4", "g4"), DISPATCHED),
    "g5": AGREED,
    **dict.fromkeys(("t6", "g6"), RECEIVED),
    **dict.fromkeys(("d7", "c7"), CENTRES),
}
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "educators": ("Q4.edu",),
    "admin_staff": ("Q4.adm",),
    **{item: (row,) for item, row in zip(TYPES, CENTRES, strict=True)},
}
SHARES: Final = {
    ("q4", item): f"Q4.area{number}"
    for number, item in enumerate(("training-system", "use-of-experience", "funding", "external-personnel"), 1)
} | {
    ("q6", item): f"Q6.area{number}"
    for number, item in enumerate(("family", "entry", "japanese", "manuals", "daily-life"), 1)
}
ENDS: Final = ("minimum", "maximum")
# From how many institutions on they are told.
IN_ORDER: Final = {"median": 20, "quartile_1": 20, "quartile_3": 20, "decile_1": 50, "decile_9": 50}
NEEDED: Final = {**IN_ORDER, "share": 10}
COUNTED: Final = ("usable", "counted")


class Cell(NamedTuple):
    """A sum over a group in one release: of some parts, of those who answered all of `rows` in both years.

    Of a share `parts` is the column that it counts, and there is no year.
    """

    release: int
    group: str
    rows: tuple[str, ...]
    parts: tuple[str, ...]
    year: str

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"{part}.{self.year}" for part in self.parts) if self.year else self.parts

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(f"{row}.{year}" for row in self.rows for year in YEARS) if self.year else self.parts


@dataclass(frozen=True)
class Frame:
    """What is known of the institutions: the groups of each, and which columns each answered in each release.

    With a column stands the release since which its answer has been the same. Groups are those of the release, too.
    """

    groups: Mapping[int, Mapping[int, frozenset[str]]]
    answers: Mapping[int, Mapping[int, Mapping[str, int]]]

    def members(self, cell: Cell) -> dict[Unknown, int]:
        """The answers that a cell adds up, once each."""
        groups = self.groups[cell.release]
        return {
            (institution, column, since[column]): 1
            for institution, since in self.answers[cell.release].items()
            if cell.group in groups[institution] and all(code in since for code in cell.needed)
            for column in cell.columns
        }

    def cells(self) -> Iterator[Cell]:
        """Every sum that figures tell of, or could: of all groups, years and releases."""
        sums = [(rows, rows) for rows in dict.fromkeys(ROWS.values())]
        sums += [(rows, (part,)) for rows in (DISPATCHED, CENTRES) for part in rows]
        for release, among in self.groups.items():
            for group in sorted({group for own in among.values() for group in own}):
                yield from (Cell(release, group, rows, parts, year) for rows, parts in sums for year in YEARS)
                yield from (Cell(release, group, (), (column,), "") for column in SHARES.values())


@dataclass(frozen=True)
class Read:
    """What was read after the publication of a release."""

    release: int
    statements: Sequence[Statement]

    def equations(self, frame: Frame) -> Iterator[Equation]:
        for one in self.statements:
            for combination, number in self._told(one, frame):
                yield Equation(combination, number)

    def _told(self, one: Statement, frame: Frame) -> Iterator[tuple[Combination, int]]:
        """What a statement says: sums of answers, and what each of them is."""
        indicator, _group, measure, _period, item = one.place
        if (indicator, item) in SHARES:
            members = frame.members(self.cell(one, ""))
            assert len(members) == one.n_valid, one
            if one.numerator is not None:
                yield members, one.numerator
        elif indicator in ROWS and measure not in (*COUNTED, *IN_ORDER, *ENDS):
            first, last = (frame.members(self.cell(one, year)) for year in YEARS)
            assert len({institution for institution, *_more in first}) == one.n_valid, one
            if one.value is not None or one.numerator is not None:
                yield from _of_sums(one, first, last)

    def cell(self, one: Statement, year: str) -> Cell:
        indicator, group, measure, _period, item = one.place
        if (indicator, item) in SHARES:
            return Cell(self.release, group, (), (SHARES[indicator, item],), "")
        rows = ROWS[indicator]
        return Cell(self.release, group, rows, PARTS.get(item or measure, rows), year)

    def out_of_order(self) -> list[str]:
        """Numbers of a distribution told beside a total that is withheld, and smallest and largest numbers."""
        told = [one for one in self.statements if one.value is not None]
        totals = {(one.indicator, one.group, one.line[1]) for one in told if one.line[0] == "total"}
        ends = [one.id for one in told if one.line[0] in ENDS]
        alone = [one for one in told if (one.indicator, one.group, one.line[1]) not in totals]
        return ends + [one.id for one in alone if one.line[0] in IN_ORDER]

    def of_few(self) -> list[Statement]:
        """Percentages and numbers of a distribution whose base is too small for them."""
        told = [one for one in self.statements if one.value is not None and one.n_valid]
        return [one for one in told if (one.n_valid or 0) < NEEDED.get(one.line[0], 0)]


def _of_sums(one: Statement, first: Combination, last: Combination) -> Iterator[tuple[Combination, int]]:
    """Everything that is told with a quotient is told exactly: nobody has to guess what was rounded."""
    measure, period, _item = one.line
    if measure in {"ratio", "increase"}:
        assert one.numerator is not None, one
        assert one.denominator is not None, one
        yield last, one.numerator
        yield first, one.denominator
    elif measure == "added":
        assert one.numerator is not None, one
        yield {**last, **dict.fromkeys(first, -1)}, one.numerator
    else:
        exact = one.numerator if measure == "mean" else one.value
        assert exact is not None, one
        yield (first, last)[YEARS.index(period)], int(exact)


class Knowledge:
    """What follows from equations. Answers that all the same equations count alike are one unknown: an atom."""

    def __init__(self, equations: Iterable[Equation]) -> None:
        known = list(dict.fromkeys((frozenset(one.combination.items()), one.value) for one in equations))
        counted: dict[Unknown, list[tuple[int, int]]] = defaultdict(list)
        for number, (combination, _value) in enumerate(known):
            for unknown, times in combination:
                counted[unknown].append((number, times))
        alike = defaultdict(list)
        for unknown in sorted(counted):
            alike[tuple(counted[unknown])].append(unknown)
        self.atoms: dict[Unknown, list[Unknown]] = {}
        self._atom_of: dict[Unknown, Unknown] = {}
        self._of: list[dict[Unknown, int]] = [{} for _one in known]
        for place, (signature, members) in enumerate(alike.items()):
            name = (-len({institution for institution, *_more in members}), members[0][1], place)
            self.atoms[name] = members
            self._atom_of |= dict.fromkeys(members, name)
            for number, times in signature:
                self._of[number][name] = times
        self._attackers = [
            Attacker([Equation(self._of[number], known[number][1]) for number in numbers]) for numbers in self._apart()
        ]
        self._solver = {name: one for one in self._attackers for name in one.names}

    def _apart(self) -> list[list[int]]:
        """The numbers of equations that share unknowns, together."""
        place = list(range(len(self._of)))
        seen: dict[Unknown, int] = {}
        for number, combination in enumerate(self._of):
            for name in combination:
                before, now = (_head(place, each) for each in (seen.setdefault(name, number), number))
                place[now] = before
        heads = sorted(range(len(place)), key=lambda number: _head(place, number))
        return [list(numbers) for _head_of, numbers in groupby(heads, key=lambda number: _head(place, number))]

    def value_of(self, combination: Combination) -> Fraction | None:
        """What it must be, exactly; None where different values are possible."""
        in_atoms: dict[Unknown, int] = {}
        for unknown, times in combination.items():
            if unknown not in self._atom_of or in_atoms.setdefault(self._atom_of[unknown], times) != times:
                return None
        if any(unknown not in combination for name in in_atoms for unknown in self.atoms[name]):
            return None
        apart: dict[int, dict[Unknown, int]] = defaultdict(dict)
        for name, times in in_atoms.items():
            apart[self._attackers.index(self._solver[name])][name] = times
        values = [self._attackers[number].value_of(part) for number, part in apart.items()]
        return None if None in values else sum((value for value in values if value is not None), Fraction(0))

    def about_few(self) -> list[tuple[frozenset[int], dict[Unknown, int]]]:
        """Whatever is known of one to four institutions alone: whose answers, and how they are combined.

        Complete: no addition or subtraction of what was read says anything else about so few.
        """
        return [found for attacker in self._attackers for found in self._about_few(attacker)]

    def _about_few(self, attacker: Attacker) -> Iterator[tuple[frozenset[int], dict[Unknown, int]]]:
        """Atoms of many institutions are solved first, so that what is known of the others stands in the last rows."""
        rows = [row for row in attacker.combinations() if max(-name[0] for name in row) < FEWEST]
        names = sorted({name for row in rows for name in row})
        whose = {name: frozenset(unknown[0] for unknown in self.atoms[name]) for name in names}
        found: list[frozenset[int]] = []
        for institutions in _unions(set(whose.values())):
            inside = {name for name in names if whose[name] <= institutions}
            if any(one <= institutions for one in found):
                continue
            if combination := _within(rows, inside):
                found.append(institutions)
                yield institutions, combination


def _head(place: Sequence[int], number: int) -> int:
    while place[number] != number:
        number = place[number]
    return number


def _unions(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """All unions of these that have one to four members, small ones first."""
    found: set[frozenset[int]] = set()
    ordered = sorted(sets, key=sorted)
    for count in range(1, FEWEST):
        for some in combinations(ordered, count):
            if len(union := frozenset[int]().union(*some)) < FEWEST:
                found.add(union)
    return sorted(found, key=lambda union: (len(union), sorted(union)))


def _within(rows: Sequence[Combination], inside: set[Unknown]) -> dict[Unknown, int]:
    """A combination of rows that has nothing outside; empty where there is none."""
    solved: list[tuple[Unknown, dict[Unknown, int]]] = []
    for row in rows:
        left = dict(row)
        for lead, other in solved:
            if lead in left:
                times, by = left[lead], other[lead]
                left = {
                    name: entry
                    for name in {**left, **other}
                    if (entry := by * left.get(name, 0) - times * other.get(name, 0))
                }
        outside = [name for name in left if name not in inside]
        if not outside:
            return left
        solved.append((outside[0], left))
    return {}
