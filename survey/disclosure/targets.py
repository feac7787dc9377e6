"""What must not follow from published cells: the sums that break a rule, and what each is about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from .algebra import Vector, plus
from .cells import Cell, Kind, Standing, Sum
from .derived import smallest_sums
from .gathering import Gathered, Profile
from .rules import Reason, Rules, breach
from .sparse import about_few


class Concern(Enum):
    """What a subtraction would reveal."""

    CELL = "a cell"
    RESIDUAL = "who is in the whole and in no group"
    HIDDEN = "the withheld cells of a sum together"
    DIFFERENCE = "what changed since an earlier release"
    STRAY = "institutions that cells tell apart"


@dataclass(frozen=True)
class Target:
    """A sum that breaks a rule. `about` are the keys of the cells it is made of, or that count who is in it."""

    concern: Concern
    about: tuple[str, ...]
    vector: Vector
    institutions: int
    reason: Reason


@dataclass(frozen=True)
class Block:
    """The cells and sums over columns that cells join; what holds in one block says nothing about another."""

    gathered: Gathered
    kind: Kind
    cells: Sequence[Cell]
    profiles: Sequence[Profile]
    sums: Sequence[Sum]
    rules: Rules

    def known(self, withheld: Collection[str]) -> list[str]:
        """The keys of what everybody knows once this release is out; what is out already comes first.

        So a combination has cells of this release only where it does not follow without them.
        """
        known = [cell for cell in self.cells if self._is_known(cell, withheld)]
        return [cell.key for cell in sorted(known, key=lambda cell: cell.standing is Standing.CANDIDATE)]

    def _is_known(self, cell: Cell, withheld: Collection[str]) -> bool:
        if cell.standing is Standing.CANDIDATE:
            return cell.key not in withheld
        return self.rules.differencing and cell.standing is Standing.OUT

    def failing(self) -> dict[str, Target]:
        """The candidates that break a rule by themselves."""
        targets = (self.target(Concern.CELL, (cell.key,), self.vector(cell.key)) for cell in self.candidates())
        return {target.about[0]: target for target in targets if target}

    def candidates(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.standing is Standing.CANDIDATE]

    def vector(self, key: str) -> Vector:
        return self.gathered.vectors[key]

    def target(self, concern: Concern, about: tuple[str, ...], vector: Vector) -> Target | None:
        """The target that this sum is; None where it may be known."""
        tally = self.gathered.tally(vector)
        reason = breach(self.kind, tally, self.rules)
        return reason and Target(concern, about, vector, tally.institutions, reason)

    def lasting(self) -> Iterator[Target]:
        """The targets that do not depend on what is withheld, but for the candidates themselves."""
        yield from self._kept()
        for one in self.sums if self.rules.residuals else ():
            yield from self._left_over(one)
            for before in self._earlier(one):
                yield from self._left_over(before)
                change = plus((1, self._residual(one)), (-1, self._residual(before)))
                yield from self._found(Concern.DIFFERENCE, (one.whole, *one.parts), change)
        for cell in self.candidates() if self.rules.differencing else ():
            for earlier in cell.earlier:
                change = plus((1, self.vector(cell.key)), (-1, self.vector(earlier)))
                yield from self._found(Concern.DIFFERENCE, (cell.key, earlier), change)

    def _left_over(self, one: Sum) -> Iterator[Target]:
        yield from self._found(Concern.RESIDUAL, (one.whole, *one.parts), self._residual(one))

    def _kept(self) -> Iterator[Target]:
        if self.rules.differencing and self.rules.complementary:
            for cell in self.cells:
                if cell.standing is Standing.KEPT:
                    yield from self._found(Concern.CELL, (cell.key,), self.vector(cell.key))

    def alike(self) -> Iterator[Target]:
        """What institutions that are alike contribute to a cell or its change, whether or not a cell shows them."""
        if self.rules.residuals:
            for profile in self.profiles:
                for direction in profile.sums:
                    vector = dict(direction)
                    yield from self._found(Concern.STRAY, self._counting(vector), vector)

    def _counting(self, vector: Vector) -> tuple[str, ...]:
        return tuple(sorted({key for part in vector for key in self.gathered.parts[part].cells}))

    def _found(self, concern: Concern, about: tuple[str, ...], vector: Vector) -> Iterator[Target]:
        target = self.target(concern, about, vector)
        if target:
            yield target

    def _residual(self, one: Sum) -> dict[int, int]:
        return plus((1, self.vector(one.whole)), *((-1, self.vector(part)) for part in one.parts))

    def _earlier(self, one: Sum) -> Iterator[Sum]:
        """The same sum in earlier releases that had all of its cells."""
        if self.rules.differencing:
            cells = self.gathered.cells
            before = [
                {cells[earlier].release: earlier for earlier in cells[key].earlier} for key in (one.whole, *one.parts)
            ]
            for release in sorted(set(before[0]).intersection(*before[1:])):
                whole, *parts = (keys[release] for keys in before)
                yield Sum(whole, tuple(parts))

    def hidden(self, one: Sum, gone: tuple[str, ...]) -> Target | None:
        """What is withheld of a sum, together: it must be safe as one cell, or one gives the other away."""
        vector = plus((1, self._residual(one)), *((1, self.vector(part)) for part in gone))
        return self.target(Concern.HIDDEN, gone, vector)

    def few(self, rows: Mapping[int, Vector]) -> list[Target]:
        """The targets that follow from rows of the echelon form: any sums over few institutions, alike or not."""
        fewest, sizes = self.rules.fewest, self.gathered.sizes
        if not self.rules.residuals or fewest is None:
            return []
        of_few = {part: row for part, row in rows.items() if all(sizes[one] < fewest for one in row)}
        profiles_of = {part: self.gathered.profiles_of[part] for row in of_few.values() for part in row}
        among = {one: self.gathered.profiles[one].institutions for found in profiles_of.values() for one in found}
        return [
            Target(Concern.STRAY, self._counting(vector), vector, self.gathered.institutions(vector), Reason.FEW)
            for vector in about_few(of_few, profiles_of, among, fewest)
            if len(vector) > 1
        ]

    @cached_property
    def families(self) -> list[list[Cell]]:
        """The cells that add up the same columns: what they count are sets of institutions, and nothing else."""
        found: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
        for cell in self.cells if self.rules.residuals else ():
            found[cell.columns].append(cell)
        return list(found.values())

    def apart(self, known: Collection[str], top: int) -> list[Target]:
        """The targets among the sums over institutions that known cells of one family make, cells left out.

        They count nobody more than `top` times.

        :raises TooMany: when that takes too long.
        """
        counting: dict[int, tuple[str, ...]] = {}
        for key in known:
            for part in self.vector(key):
                counting[part] = (*counting.get(part, ()), key)
        atoms: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for part, keys in counting.items():
            atoms[keys].append(part)
        parts = list(atoms.values())
        sums = smallest_sums(tuple(_bits(key in keys for keys in atoms) for key in known), top)
        vectors = [{part: count for atom, count in one.items() for part in parts[atom]} for one in sums]
        own = [self.vector(cell.key) for cell in self.cells]
        among = [vector for vector in vectors if vector not in own]
        found = (self.target(Concern.STRAY, self._counting(vector), vector) for vector in among)
        return [target for target in found if target]


def _bits(values: Iterable[bool]) -> int:
    return sum(1 << place for place, value in enumerate(values) if value)


def blocks_of_release(gathered: Gathered, sums: Collection[Sum], rules: Rules) -> list[Block]:
    """All blocks, in the order of their first cells."""
    cells, profiles, of_sums = defaultdict(list), defaultdict(list), defaultdict(list)
    for cell in gathered.cells.values():
        cells[gathered.blocks[cell.columns[0]]].append(cell)
    for profile in gathered.profiles:
        profiles[gathered.blocks[gathered.parts[profile.parts[0]].column]].append(profile)
    for one in sums:
        of_sums[gathered.blocks[gathered.cells[one.whole].columns[0]]].append(one)
    return [
        Block(gathered, found[0].kind, found, profiles[block], of_sums[block], rules) for block, found in cells.items()
    ]
