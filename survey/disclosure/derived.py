"""Sets of institutions that published cells tell apart: national universities less the regions inside them.

Sets are bits: bit n is the n-th atom, institutions that no known cell tells apart. A sum over a set is known where its
row of ones and zeros is a combination of the rows of known cells, whichever it is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

# Steps of the search after which it ends with what it has. Two releases of 1,000 institutions take some 3,000.
MOST: Final = 50_000


@lru_cache(maxsize=1024)
def smallest_sets(known: tuple[int, ...]) -> tuple[int, ...]:
    """The sets whose sum follows from those of the known sets and that contain no other such set.

    Every set that follows is put together from these, without overlap: what is left of it without one of them follows
    as well. So where each of them may be told, by rules that hold for two sets together when they hold for both, all
    others may.
    """
    return tuple(_Search(known).found)


class _Search:
    """Goes through the values, 0 or 1, of as many atoms as there are independent cells; the others follow.

    An atom is checked as soon as the last is known that it follows from.
    """

    def __init__(self, known: Sequence[int]) -> None:
        self.found: list[int] = []
        self._steps = 0
        solved = _solved(known)
        all_atoms = {atom for row in solved.values() for atom in row}
        follows = {
            atom: {pivot: row[atom] for pivot, row in solved.items() if atom in row} for atom in all_atoms - set(solved)
        }
        self._pivots = _ordered(list(solved), follows)
        self._values: dict[int, int] = {}
        self._checked: dict[int, list[tuple[int, dict[int, Fraction]]]] = {pivot: [] for pivot in self._pivots}
        for atom, terms in follows.items():
            self._checked[max(terms, key=self._pivots.index)].append((atom, terms))
        self._search(0, 0)

    def _search(self, place: int, ones: int) -> None:
        self._steps += 1
        if self._steps > MOST or any(one & ones == one for one in self.found):
            return
        if place == len(self._pivots):
            if ones:
                self.found = [one for one in self.found if one & ones != ones] + [ones]
            return
        pivot = self._pivots[place]
        for value in (0, 1):
            self._values[pivot] = value
            more = self._following(pivot)
            if more is not None:
                self._search(place + 1, ones | more | value << pivot)

    def _following(self, pivot: int) -> int | None:
        """The atoms that are in the set now that this pivot is known; None where one is neither in nor out."""
        ones = 0
        for atom, terms in self._checked[pivot]:
            value = sum(entry for at, entry in terms.items() if self._values[at])
            if value == 1:
                ones |= 1 << atom
            elif value:
                return None
        return ones


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
        row = {atom: Fraction(1) for atom in _atoms(one)}
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


def _atoms(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
