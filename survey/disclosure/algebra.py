"""Exact elimination: what follows from published sums, and by which additions and subtractions.

A vector says how often a sum counts each part (`{part: coefficient}`, no zeros). Entries are integers throughout; rows
are kept short by their common divisor.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd

Vector = Mapping[int, int]


class Echelon:
    """The reduced row echelon form of the vectors of some cells.

    Pivots are taken in the order of `rank` (by part, the first first). What follows from the cells and concerns
    nothing but the last parts of that order therefore stands in rows of its own.
    """

    def __init__(self, vectors: Iterable[tuple[int, Vector]], rank: Sequence[int]) -> None:
        """`vectors` are numbered from 0; rows carry the combination of those numbers they are, at the key ~number."""
        self._rank = rank
        self._rows: dict[int, dict[int, int]] = {}
        self._beyond = 0
        self._add_all(vectors)

    def extended(self, vectors: Iterable[tuple[int, Vector]]) -> "Echelon":
        """The form with some more cells; this one stays as it is."""
        result = Echelon((), self._rank)
        result._rows = {pivot: dict(row) for pivot, row in self._rows.items()}
        result._beyond = self._beyond
        result._add_all(vectors)
        return result

    def _add_all(self, vectors: Iterable[tuple[int, Vector]]) -> None:
        for number, vector in vectors:
            self._add({**vector, ~number: 1})
            self._beyond = max(self._beyond, number + 1)

    def _add(self, row: dict[int, int]) -> None:
        self._reduce(row)
        support = [key for key in row if key >= 0]
        if not support:
            return
        pivot = min(support, key=self._rank.__getitem__)
        _shorten(row)
        for other in self._rows.values():
            if pivot in other:
                _eliminate(other, row, pivot)
                _shorten(other)
        self._rows[pivot] = row

    def _reduce(self, row: dict[int, int]) -> None:
        for pivot in [key for key in row if key in self._rows]:
            _eliminate(row, self._rows[pivot], pivot)

    def rows(self) -> dict[int, dict[int, int]]:
        """The vector of each row by its pivot, a part that no other row has."""
        return {pivot: {key: entry for key, entry in row.items() if key >= 0} for pivot, row in self._rows.items()}

    def combination(self, vector: Vector) -> dict[int, Fraction] | None:
        """The numbers of cells with coefficients whose sum is exactly `vector`; None where it does not follow."""
        own = ~self._beyond
        row = {**vector, own: 1}
        self._reduce(row)
        if any(key >= 0 for key in row):
            return None
        scale = row.pop(own)
        return {~key: Fraction(-entry, scale) for key, entry in row.items()}


def within(rows: Iterable[Vector], inside: Collection[int]) -> Iterator[dict[int, int]]:
    """What follows from the rows and has no other part than those inside: a basis of it, rows being independent."""
    solved: list[tuple[int, dict[int, int]]] = []
    for row in rows:
        left = dict(row)
        for pivot, other in solved:
            if pivot in left:
                _eliminate(left, other, pivot)
        _shorten(left)
        outside = [part for part in left if part not in inside]
        if outside:
            solved.append((outside[0], left))
        else:
            yield left


def _eliminate(row: dict[int, int], by: Mapping[int, int], pivot: int) -> None:
    """This will add the multiple of `by` to a multiple of `row` that leaves nothing at the pivot."""
    common = gcd(row[pivot], by[pivot])
    keep, take = by[pivot] // common, row[pivot] // common
    if keep != 1:
        for key in row:
            row[key] *= keep
    for key, entry in by.items():
        left = row.get(key, 0) - take * entry
        if left:
            row[key] = left
        else:
            del row[key]


def _shorten(row: dict[int, int]) -> None:
    common = gcd(*row.values())
    if common != 1:
        for key in row:
            row[key] //= common


def plus(*terms: tuple[int, Vector]) -> dict[int, int]:
    """The sum of vectors, each so many times."""
    result: dict[int, int] = {}
    for times, vector in terms:
        for part, entry in vector.items():
            result[part] = result.get(part, 0) + times * entry
    return {part: entry for part, entry in result.items() if entry}
