"""What the attacker knows of sets of institutions: cells, told or not, and what they leave of each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import Final, NamedTuple

from .attacker import Unknown, guesses
from .public_attacker import FEWEST, Cell, Frame, Knowledge

DIVISIONS: Final = {
    "all": "all",
    **dict.fromkeys(("pilot", "other"), "participation"),
    **dict.fromkeys(("national", "public", "private", "inter_university"), "kind"),
}


class Known(NamedTuple):
    """What the answers of a set of institutions add up to. `cell` is it, or the first of those it is left of."""

    cell: Cell
    members: frozenset[Unknown]
    value: int

    @property
    def institutions(self) -> int:
        return len({institution for institution, *_more in self.members})

    @property
    def division(self) -> tuple[int, str]:
        return self.cell.release, DIVISIONS.get(self.cell.group, "region")


def known_sets(knowledge: Knowledge, frame: Frame) -> list[Known]:
    """The cells that are known, told or not, and what cells of one division leave of cells of another."""
    found: dict[tuple[object, ...], list[Known]] = defaultdict(list)
    for cell in frame.cells():
        members = frozenset(frame.members(cell))
        value = knowledge.value_of(dict.fromkeys(members, 1)) if members else None
        if value is not None:
            found[cell.rows, cell.columns].append(Known(cell, members, int(value)))
    return [one for cells in found.values() for one in (*cells, *_left(cells))]


def _left(cells: Sequence[Known]) -> Iterator[Known]:
    """Of some cells of a division together, when all cells of another that lie inside are taken off."""
    divisions = defaultdict(list)
    for one in cells:
        divisions[one.division].append(one)
    for whole, parts in permutations(divisions.values(), 2):
        for together in _together(whole):
            inside = [one for one in parts if one.members <= together.members]
            left = together.members.difference(*(one.members for one in inside))
            if inside and left:
                yield Known(together.cell, left, together.value - sum(one.value for one in inside))


def _together(cells: Sequence[Known]) -> Iterator[Known]:
    for count in range(1, len(cells) + 1):
        for some in combinations(cells, count):
            members = frozenset[Unknown]().union(*(one.members for one in some))
            yield Known(some[0].cell, members, sum(one.value for one in some))


def one_sided(known: Iterable[Known]) -> list[Known]:
    """Of one to four contributors, or with so few on a side of a share; and totals of nothing."""
    found = []
    for one in known:
        smallest = one.institutions if one.cell.year else min(one.value, one.institutions - one.value)
        if smallest < FEWEST or not one.value:
            found.append(one)
    return found


def guessed(known: Iterable[Known], truth: Mapping[Unknown, int]) -> list[Known]:
    """Totals in which some institution knows another's number to less than a tenth."""
    found = []
    for one in known:
        contributions: dict[int, int] = defaultdict(int)
        for unknown in one.members:
            contributions[unknown[0]] += truth[unknown]
        assert one.value == sum(contributions.values()), one.cell
        if one.cell.year and guesses(one.value, contributions):
            found.append(one)
    return found
