"""Sums over sets of institutions that published cells make: national universities less the regions inside them.

A sum says how often it counts each atom, institutions that no known cell tells apart. It is known where it is a
combination of the known cells, whichever. Counts up to `top` are written as bits, those of atoms that are counted at
all, then those of atoms counted twice: a sum is part of another where its bits are.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Final

# Steps of a search, at some 20 a millisecond. Two releases of 1,000 institutions take up to 50,000.
MOST: Final = 400_000


class TooMany(Exception):
    """Cells make more sums than can be looked at."""


@lru_cache(maxsize=1024)
def smallest_sums(known: tuple[int, ...], top: int) -> tuple[dict[int, int], ...]:
    """What follows from the known sets of atoms, counts no atom more than `top` times and has no such part.

    Every sum that follows is put together from these: what is left of it without one of them follows as well. So where
    each of them may be told, by rules that hold for two sums together when they hold for both, all others may.

    :param known: sets of atoms, bit n for atom n.
    :raises TooMany: when the search takes too long.
    """
    search = _Search(known, top)
    return tuple(search.counts(one) for one in search.found)


class _Search:
    """Tries the counts of as many atoms as there are independent cells; those of the others follow.

    An atom is checked as soon as the last is known that it follows from.
    """

    def __init__(self, known: Sequence[int], top: int) -> None:
        self.found: list[int] = []
        self._top, self._steps = top, 0
        solved = _solved(known)
        atoms = {atom for row in solved.values() for atom in row}
        self._width = max(atoms, default=0) + 1
        follows = {
            atom: {pivot: row[atom] for pivot, row in solved.items() if atom in row} for atom in atoms - {*solved}
        }
        self._pivots = _ordered(list(solved), follows)
        self._counts: dict[int, int] = {}
        self._checked: dict[int, list[tuple[int, int, list[tuple[int, int]]]]] = {pivot: [] for pivot in self._pivots}
        for atom, terms in follows.items():
            scale = lcm(*(entry.denominator for entry in terms.values()))
            whole = [(pivot, int(entry * scale)) for pivot, entry in terms.items()]
            self._checked[max(terms, key=self._pivots.index)].append((atom, scale, whole))
        self._search(0, 0)

    def counts(self, one: int) -> dict[int, int]:
        """How often a sum counts each atom in it."""
        found = dict.fromkeys(_bits(one & (1 << self._width) - 1), 1)
        return found | dict.fromkeys(_bits(one >> self._width), 2)

    def _search(self, place: int, sum_: int) -> None:
        self._steps += 1
        if self._steps > MOST:
            raise TooMany
        if any(one & sum_ == one for one in self.found):
            return
        if place == len(self._pivots):
            if sum_:
                self.found = [one for one in self.found if one & sum_ != sum_] + [sum_]
            return
        pivot = self._pivots[place]
        for count in range(self._top + 1):
            self._counts[pivot] = count
            more = self._following(pivot)
            if more is not None:
                self._search(place + 1, sum_ | more | self._bits_of(pivot, count))

    def _following(self, pivot: int) -> int | None:
        """What atoms add whose count is known now that this pivot's is; None where one can't be counted so."""
        bits = 0
        for atom, scale, terms in self._checked[pivot]:
            count, left = divmod(sum([entry * self._counts[at] for at, entry in terms]), scale)
            if left or not 0 <= count <= self._top:
                return None
            bits |= self._bits_of(atom, count)
        return bits

    def _bits_of(self, atom: int, count: int) -> int:
        return (count > 0) << atom | (count > 1) << atom + self._width


def _ordered(pivots: Sequence[int], follows: Mapping[int, Collection[int]]) -> list[int]:
    """So that others follow early: next those that the fewest are missing for."""
    order: list[int] = []
    missing = {atom: set(terms) for atom, terms in follows.items()}
    while missing:
        nearest = min(missing, key=lambda atom: len(missing[atom]))
        order += sorted(missing[nearest])
        missing = {atom: left for atom, terms in missing.items() if (left := terms.difference(order))}
    return order + [pivot for pivot in pivots if pivot not in order]


def _solved(known: Sequence[int]) -> dict[int, dict[int, Fraction]]:
    """The reduced echelon form of the sets, by pivot."""
    rows: dict[int, dict[int, Fraction]] = {}
    for one in dict.fromkeys(known):
        row = {atom: Fraction(1) for atom in _bits(one)}
        for pivot in [atom for atom in row if atom in rows]:
            _take(row, rows[pivot], pivot)
        if row:
            pivot = min(row)
            scale = row[pivot]
            row = {atom: entry / scale for atom, entry in row.items()}
            for other in rows.values():
                if pivot in other:
                    _take(other, row, pivot)
            rows[pivot] = row
    return rows


def _take(row: dict[int, Fraction], by: dict[int, Fraction], pivot: int) -> None:
    times = row[pivot]
    for atom, entry in by.items():
        left = row.get(atom, Fraction(0)) - times * entry
        if left:
            row[atom] = left
        else:
            row.pop(atom, None)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
