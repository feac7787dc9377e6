"""From a stream of units to parts and profiles: all that disclosure control has to know of 100,000 institutions.

A part is what no cell tells apart within a column. A profile is what no cell tells apart at all: institutions that are
in the same parts of a block, the columns that cells join. Parts are the unknowns of the algebra; profiles count
institutions and keep their two largest contributions over several columns. Memory grows with the number of profiles
(groups × patterns of missing answers × what changed between releases), not with that of institutions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import gcd
from operator import attrgetter
from typing import NamedTuple

from .algebra import Vector, plus
from .cells import Cell, Kind, Unit
from .rules import Tally

# What a sum takes of one institution: its parts of a profile with their coefficients, in order.
Direction = tuple[tuple[int, int], ...]


class Inconsistent(ValueError):
    """Cells and units do not fit together; the message names the cell or the institution."""


class Part(NamedTuple):
    """The values of a column that all the same cells count."""

    column: str
    cells: frozenset[str]


@dataclass
class Largest:
    """The sum of some contributions, and the two largest of them by size."""

    total: int = 0
    first: int = 0
    second: int = 0

    def add(self, contribution: int) -> None:
        self.total += contribution
        if abs(contribution) > abs(self.first):
            self.first, self.second = contribution, self.first
        elif abs(contribution) > abs(self.second):
            self.second = contribution


@dataclass
class Profile:
    """How many institutions are in the same parts, and what they contribute to each sum that was named before."""

    parts: tuple[int, ...]
    sums: dict[Direction, Largest]
    institutions: int = 0

    def add(self, values: Mapping[int, int]) -> None:
        """`values` are those of one institution, by part."""
        self.institutions += 1
        for direction, largest in self.sums.items():
            largest.add(sum(entry * values[part] for part, entry in direction))

    def largest(self, direction: Direction) -> tuple[tuple[int, int], bool]:
        """The two largest contributions, exactly; or two sizes that none exceeds."""
        times = gcd(*(entry for _part, entry in direction))
        for one in (times, -times) if times else ():
            known = self.sums.get(tuple([(part, entry // one) for part, entry in direction]))
            if known:
                return (one * known.first, one * known.second), True
        most = sum(abs(entry) * self.sums[((part, 1),)].first for part, entry in direction)
        return (most, most if self.institutions > 1 else 0), False

    def total(self, direction: Direction) -> int:
        return sum(entry * self.sums[((part, 1),)].total for part, entry in direction)


@dataclass(frozen=True)
class Gathered:
    """The cells by key, the block of each column, the parts that cells sum and the profiles of their institutions."""

    cells: Mapping[str, Cell]
    blocks: Mapping[str, str]
    parts: Sequence[Part]
    profiles: Sequence[Profile]

    @cached_property
    def vectors(self) -> dict[str, dict[int, int]]:
        """What each cell sums."""
        found: dict[str, dict[int, int]] = {key: {} for key in self.cells}
        for number, part in enumerate(self.parts):
            for key in part.cells:
                found[key][number] = 1
        return found

    @cached_property
    def profiles_of(self) -> Mapping[int, list[int]]:
        """The profiles that each part is of."""
        found = defaultdict(list)
        for number, profile in enumerate(self.profiles):
            for part in profile.parts:
                found[part].append(number)
        return found

    @cached_property
    def sizes(self) -> list[int]:
        """How many institutions each part is about."""
        return [sum(self.profiles[one].institutions for one in self.profiles_of[n]) for n in range(len(self.parts))]

    @cached_property
    def rank(self) -> list[int]:
        """The place of each part among all, those with most institutions first."""
        sizes, ranks = self.sizes, [0] * len(self.parts)
        for place, number in enumerate(sorted(range(len(sizes)), key=lambda number: (-sizes[number], number))):
            ranks[number] = place
        return ranks

    def institutions(self, vector: Vector) -> int:
        """How many institutions a sum is about."""
        return sum(self.profiles[number].institutions for number in self._among(vector))

    def tally(self, vector: Vector) -> Tally:
        """What the institutions contribute to a sum of parts. Costs its profiles, not its institutions."""
        institutions = total = least = most = 0
        leaders = Largest()
        is_exact = True
        for number in self._among(vector):
            profile = self.profiles[number]
            direction = tuple([(part, vector[part]) for part in profile.parts if part in vector])
            entries = [0, *(entry for _part, entry in direction)]
            contributions, is_exact_here = profile.largest(direction)
            for contribution in contributions:
                leaders.add(contribution)
            is_exact = is_exact and is_exact_here
            institutions += profile.institutions
            total += profile.total(direction)
            least += profile.institutions * min(entries)
            most += profile.institutions * max(entries)
        first, second = leaders.first, leaders.second
        if not is_exact:
            first, second = abs(first), abs(second)
        return Tally(institutions, total, first, second, least, most, is_exact)

    def _among(self, vector: Vector) -> set[int]:
        return {number for part in vector for number in self.profiles_of[part]}


def gather(cells: Iterable[Cell], units: Iterable[Unit]) -> Gathered:
    """This will read all units once, those of an institution one after the other, institutions rising.

    Units with the same column, institution and value are one: nobody can know that a value was merely repeated.

    :raises Inconsistent: when units are out of order, negative, counted twice, or not what the cells say.
    """
    gatherer = _Gatherer({cell.key: cell for cell in cells})
    before: int | None = None
    for institution, group in groupby(units, attrgetter("institution")):
        if before is not None and institution <= before:
            raise Inconsistent(f"institution {institution} comes after {before}")
        before = institution
        gatherer.take(institution, group)
    return Gathered(gatherer.cells, gatherer.blocks, list(gatherer.parts), list(gatherer.profiles.values()))


def blocks_of(cells: Iterable[Cell]) -> dict[str, str]:
    """The block of each column, named by one of its columns: what no cell joins has nothing to do with each other.

    :raises Inconsistent: when totals and counts are in one block.
    """
    joined: dict[str, str] = {}
    kinds: dict[str, Kind] = {}
    for cell in cells:
        heads = {_head(joined, joined.setdefault(column, column)) for column in cell.columns}
        block = min(heads)
        joined.update(dict.fromkeys(heads, block))
        if {kinds.setdefault(head, cell.kind) for head in heads} != {cell.kind}:
            raise Inconsistent(f"{cell.key} is of another kind than other cells of its columns")
    return {column: _head(joined, column) for column in joined}


def _head(joined: Mapping[str, str], column: str) -> str:
    while joined[column] != column:
        column = joined[column]
    return column


class _Gatherer:
    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self.cells = cells
        self.blocks = blocks_of(cells.values())
        self._counts = {column for cell in cells.values() if cell.kind is Kind.COUNT for column in cell.columns}
        self.parts: dict[Part, int] = {}
        self.profiles: dict[tuple[int, ...], Profile] = {}
        self._named: list[Part] = []

    def take(self, institution: int, units: Iterable[Unit]) -> None:
        of_blocks: dict[str, dict[int, int]] = defaultdict(dict)
        for (column, value), keys in _merged(units).items():
            number = self._number(Part(column, keys))
            if value < 0 or (value > 1 and column in self._counts):
                raise Inconsistent(f"institution {institution} has {value} in {column}")
            of_block = of_blocks[self.blocks[column]]
            if number in of_block:
                raise Inconsistent(f"institution {institution} has two values in {column} for the same cells")
            of_block[number] = value
        for of_block in of_blocks.values():
            self._profile(tuple(sorted(of_block))).add(of_block)

    def _number(self, part: Part) -> int:
        if part not in self.parts:
            for key in part.cells:
                if key not in self.cells or part.column not in self.cells[key].columns:
                    raise Inconsistent(f"{part.column} is no column of {key}")
            self.parts[part] = len(self._named)
            self._named.append(part)
        return self.parts[part]

    def _profile(self, numbers: tuple[int, ...]) -> Profile:
        if numbers not in self.profiles:
            alone: list[Direction] = [((number, 1),) for number in numbers]
            sums = {direction: Largest() for direction in (*alone, *self._directions(numbers)) if direction}
            self.profiles[numbers] = Profile(numbers, sums)
        return self.profiles[numbers]

    def _directions(self, numbers: Iterable[int]) -> Iterator[Direction]:
        """What cells of these parts, and their differences to earlier releases, take of an institution.

        :raises Inconsistent: when a cell counts two values of one column.
        """
        counted: dict[str, dict[int, int]] = defaultdict(dict)
        for number in numbers:
            for key in self._named[number].cells:
                counted[key][number] = 1
        for key, vector in counted.items():
            if len({self._named[number].column for number in vector}) < len(vector):
                raise Inconsistent(f"{key} counts two values of an institution in one column")
            yield tuple(vector.items())
            for earlier in self.cells[key].earlier:
                changed = plus((1, vector), (-1, counted.get(earlier, {})))
                yield tuple(sorted(changed.items()))


def _merged(units: Iterable[Unit]) -> dict[tuple[str, int], frozenset[str]]:
    """The cells that count each value of an institution, by column and value; values nobody counts are left out."""
    merged: dict[tuple[str, int], frozenset[str]] = {}
    for unit in units:
        if unit.cells:
            at = unit.column, unit.value
            merged[at] = merged[at] | unit.cells if at in merged else unit.cells
    return merged
