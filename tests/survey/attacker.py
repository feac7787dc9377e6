"""Somebody who reads what is public about a round and solves for what is not; knows nothing of `survey.disclosure`.

The attacker knows who is in which group, who answered what and when an answer was changed, but no value: the worst
case. What is published is a sum of unknowns (one for each respondent's value) that equals a number.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import gcd
from typing import NamedTuple

Unknown = tuple[int, str, int]
Combination = Mapping[Unknown, int]


class Equation(NamedTuple):
    """A published number, and how often it counts each unknown."""

    combination: Combination
    value: int


class Attacker:
    """Brings all equations into echelon form, dense and in whole numbers; then answers what follows from them."""

    def __init__(self, equations: Iterable[Equation]) -> None:
        known = list(equations)
        names = {name for one in known for name in one.combination}
        self._columns = {name: place for place, name in enumerate(sorted(names))}
        self._rows: list[tuple[int, list[int]]] = []
        for one in known:
            row = self._reduced([one.combination.get(name, 0) for name in self._columns] + [one.value])
            lead = next((place for place, entry in enumerate(row[:-1]) if entry), None)
            if lead is None:
                assert row[-1] == 0, "what is published contradicts itself"
            else:
                self._rows.append((lead, row))
                self._rows.sort()

    def _reduced(self, row: list[int]) -> list[int]:
        for lead, other in self._rows:
            if row[lead]:
                row = [other[lead] * mine - row[lead] * its for mine, its in zip(row, other, strict=True)]
                common = gcd(*row) or 1
                row = [entry // common for entry in row]
        return row

    @property
    def names(self) -> Iterable[Unknown]:
        return self._columns

    def combinations(self) -> Iterator[dict[Unknown, int]]:
        """What is known, solved: each begins with an unknown that the ones after it do without.

        What is known of the last unknowns alone follows from the last of these.
        """
        for _lead, row in self._rows:
            yield {name: row[place] for name, place in self._columns.items() if row[place]}

    def value_of(self, combination: Combination) -> Fraction | None:
        """What the combination of unknowns must be, exactly; None where different values are possible."""
        if not set(combination) <= set(self._columns):
            return None
        row = [combination.get(name, 0) for name in self._columns]
        scale_at = len(row)
        # Two more columns: what is known so far, and how often the combination itself is in the row.
        row += [0, 1]
        for lead, other in self._rows:
            if row[lead]:
                wide = [*other, 0]
                row = [other[lead] * mine - row[lead] * its for mine, its in zip(row, wide, strict=True)]
        return None if any(row[:scale_at]) else Fraction(-row[scale_at], row[-1])

    def sum_of(self, unknowns: Iterable[Unknown]) -> Fraction | None:
        return self.value_of(dict.fromkeys(unknowns, 1))


def guesses(total: int, contributions: Mapping[int, int]) -> list[int]:
    """Whose number somebody in the sum knows to less than 10 % by taking the own one off the published total."""
    found = []
    for insider, own in contributions.items():
        for other, truth in contributions.items():
            if other != insider and 10 * abs(total - own - truth) < truth:
                found.append(other)
    return found
