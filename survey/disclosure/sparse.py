"""Sums over a few institutions: all that follow from some rows, whether or not they stand in a row of their own."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain, combinations
from math import comb
from typing import Final

from .algebra import Vector, within

# Sets of profiles to look at: where there are more, every row is taken for a sum over a few.
MOST: Final = 50_000


def about_few(
    rows: Mapping[int, Vector], profiles_of: Mapping[int, Collection[int]], sizes: Mapping[int, int], fewest: int
) -> list[Vector]:
    """What the rows say of fewer than `fewest` institutions: all that they say of a set follows from what is returned.

    `rows` are of a reduced echelon form, by the part that none of the others has. `profiles_of` are the profiles of
    each part in them, `sizes` how many institutions a profile has.
    """
    if sum(comb(len(sizes), count) for count in range(1, fewest)) > MOST:
        return list(rows.values())
    found: dict[frozenset[tuple[int, int]], Vector] = {}
    for chosen in _sets(sizes, fewest):
        inside = {part for part, profiles in profiles_of.items() if chosen.issuperset(profiles)}
        for vector in within([row for part, row in rows.items() if part in inside], inside):
            found.setdefault(frozenset(vector.items()), vector)
    return list(found.values())


def _sets(sizes: Mapping[int, int], fewest: int) -> Iterator[frozenset[int]]:
    """The sets of profiles that have fewer institutions together."""
    some = chain.from_iterable(combinations(sorted(sizes), count) for count in range(1, fewest))
    return (frozenset(chosen) for chosen in some if sum(sizes[profile] for profile in chosen) < fewest)
