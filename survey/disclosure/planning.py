"""What to withhold, and what would still be revealed: exact for what follows by adding and subtracting.

Bounds are not looked at: that a number lies between two others is not held against a release, unless a rule of its own
does (a total of 0, a share of 0 % or 100 %).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from .algebra import Echelon, Vector
from .cells import Cell, Standing, Sum
from .gathering import Gathered
from .rules import Mark, Reason, Rules
from .targets import Block, Concern, Target, blocks_of_release


@dataclass(frozen=True)
class Term:
    """A published cell in a subtraction, and how often it is taken."""

    cell: str
    coefficient: Fraction


@dataclass(frozen=True)
class Disclosure:
    """A sum that breaks a rule and follows from what is published: it is the sum of `terms`.

    `institutions` is how many it is about. `withheld` are the cells among the terms that a plan withholds, so that it
    does not follow; empty where nothing prevents it.
    """

    concern: Concern
    about: tuple[str, ...]
    terms: tuple[Term, ...]
    institutions: int
    reason: Reason
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What has to be withheld, by key and in the order of the cells, and why.

    `reasons` belong to the primary marks, `disclosures` explain the secondary ones. A release with anything `blocked`
    can't be published: no cell that may be withheld prevents those.
    """

    marks: Mapping[str, Mark]
    reasons: Mapping[str, Reason]
    disclosures: tuple[Disclosure, ...]
    blocked: tuple[Disclosure, ...]


def plan(
    gathered: Gathered, *, sums: Collection[Sum] = (), rules: Rules | None = None, keep: Collection[str] = ()
) -> Plan:
    """This will withhold cells until nothing follows that breaks a rule, small ones first, none without need.

    `keep` are cells that the publisher would rather block the release for than withhold to protect others.
    """
    plans = [_plan(block, keep) for block in blocks_of_release(gathered, sums, rules or Rules())]
    marks = {key: mark for one in plans for key, mark in one.marks.items()}
    return Plan(
        {key: marks[key] for key in gathered.cells if key in marks},
        {key: reason for one in plans for key, reason in one.reasons.items()},
        tuple(disclosure for one in plans for disclosure in one.disclosures),
        tuple(disclosure for one in plans for disclosure in one.blocked),
    )


def remaining(
    gathered: Gathered, withheld: Collection[str], *, sums: Collection[Sum] = (), rules: Rules | None = None
) -> list[Disclosure]:
    """What publishing everything but `withheld` would disclose. Only an empty list may be published."""
    blocks = blocks_of_release(gathered, sums, rules or Rules())
    return [disclosure for block in blocks for disclosure in _Search(block).disclosures(withheld)]


def _plan(block: Block, keep: Collection[str]) -> Plan:
    search = _Search(block)
    primary = search.failing
    secondary, seen, blocked = _withhold(search, keep)
    if not blocked:
        _restore(search, secondary)
    explained = [replace(one, withheld=_among(one, {*primary, *secondary})) for one in seen]
    return Plan(
        {**dict.fromkeys(secondary, Mark.SECONDARY), **dict.fromkeys(primary, Mark.PRIMARY)},
        {key: target.reason for key, target in primary.items()},
        tuple(one for one in explained if one.withheld),
        tuple(blocked),
    )


def _withhold(search: "_Search", keep: Collection[str]) -> tuple[list[str], list[Disclosure], list[Disclosure]]:
    """The cells that protect others, all disclosures met on the way, and those that no cell prevents."""
    secondary: list[str] = []
    seen: list[Disclosure] = []
    while True:
        found = list(search.disclosures({*search.failing, *secondary}))
        chosen: set[str] = set()
        for disclosure in found:
            if not _among(disclosure, chosen):
                chosen |= search.smallest(disclosure, keep)
        if not chosen:
            return secondary, seen, found
        seen += found
        secondary += sorted(chosen, key=search.size)


def _restore(search: "_Search", secondary: list[str]) -> None:
    """This will take back whatever is not needed now that the rest is withheld, large cells first."""
    for key in sorted(secondary, key=search.size, reverse=True):
        others = {*search.failing, *secondary} - {key}
        if next(search.disclosures(others), None) is None:
            secondary.remove(key)


def _among(disclosure: Disclosure, keys: Collection[str]) -> tuple[str, ...]:
    return tuple(term.cell for term in disclosure.terms if term.cell in keys)


class _Search:
    """Looks for disclosures in one block; keeps the targets that do not change while cells are withheld."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._numbers = {cell.key: number for number, cell in enumerate(block.cells)}
        self._keys = list(self._numbers)
        self.failing = block.failing()
        self._lasting = list(block.lasting())
        self._alike = list(block.alike())
        self._solved = frozenset[str](), Echelon((), block.gathered.rank)
        self._strays: dict[frozenset[frozenset[tuple[int, int]]], list[Target]] = {}
        self._together: dict[tuple[Sum, tuple[str, ...]], Target | None] = {}
        self._apart: dict[tuple[tuple[str, ...], int], list[Target]] = {}

    def disclosures(self, withheld: Collection[str]) -> Iterator[Disclosure]:
        """Everything that follows though it breaks a rule; each sum once, under the first of its names."""
        echelon = self._echelon(self._block.known(withheld))
        met = set()
        for target in self._targets(withheld, echelon):
            sign = 1 if target.vector[min(target.vector)] > 0 else -1
            name = frozenset((part, sign * entry) for part, entry in target.vector.items())
            if name not in met:
                met.add(name)
                terms = self._terms(target, withheld, echelon)
                if terms:
                    yield Disclosure(target.concern, target.about, terms, target.institutions, target.reason)

    def _echelon(self, known: Collection[str]) -> Echelon:
        """Solved anew, or by adding to what was: so that restoring cells, one at a time, solves nothing again."""
        before, echelon = self._solved
        more = [key for key in known if key not in before]
        if before and len(known) - len(more) == len(before):
            return echelon.extended(self._numbered(more))
        self._solved = frozenset(known), Echelon(self._numbered(known), self._block.gathered.rank)
        return self._solved[1]

    def _numbered(self, keys: Iterable[str]) -> Iterator[tuple[int, Vector]]:
        return ((self._numbers[key], self._block.vector(key)) for key in keys)

    def _targets(self, withheld: Collection[str], echelon: Echelon) -> Iterator[Target]:
        for key, target in self.failing.items():
            if key not in withheld or self._block.rules.complementary:
                yield target
        yield from self._lasting
        yield from self._hidden(withheld, echelon)
        yield from self._alike
        yield from self._few(echelon)
        yield from self._derived(withheld, echelon)

    def _derived(self, withheld: Collection[str], echelon: Echelon) -> Iterator[Target]:
        """Sums over sets of institutions that this release makes, alone or beside one of the earlier releases.

        Alone also those that count some institutions twice: with the others small they bound them from above.
        """
        for family in self._block.families:
            known = [cell for cell in family if self._is_known(cell, withheld, echelon)]
            own = tuple(cell.key for cell in known if cell.standing is Standing.CANDIDATE)
            yield from self._of_candidates(self._told_apart(own, top=2), echelon)
            for release in sorted({cell.release for cell in known if cell.standing is not Standing.CANDIDATE}):
                earlier = tuple(cell.key for cell in known if cell.release == release)
                yield from self._of_candidates(self._told_apart((*own, *earlier), top=1), echelon)

    def _is_known(self, cell: Cell, withheld: Collection[str], echelon: Echelon) -> bool:
        is_told = cell.standing is Standing.CANDIDATE and cell.key not in withheld
        return is_told or self._follows(cell.key, echelon)

    def _told_apart(self, known: tuple[str, ...], *, top: int) -> list[Target]:
        if (known, top) not in self._apart:
            self._apart[known, top] = self._block.apart(known, top)
        return self._apart[known, top]

    def _of_candidates(self, targets: Iterable[Target], echelon: Echelon) -> Iterator[Target]:
        """Those that this release makes: what earlier releases make without it is not new."""
        for target in targets:
            numbers = echelon.combination(target.vector) or {}
            if any(self._block.cells[number].standing is Standing.CANDIDATE for number in numbers):
                yield target

    def _few(self, echelon: Echelon) -> Iterator[Target]:
        rows = echelon.rows()
        name = frozenset(frozenset(vector.items()) for vector in rows.values())
        if name not in self._strays:
            self._strays[name] = self._block.few(rows)
        yield from self._of_candidates(self._strays[name], echelon)

    def _hidden(self, withheld: Collection[str], echelon: Echelon) -> Iterator[Target]:
        """What is unknown of each sum, together. A withheld part that follows from other tables protects nobody."""
        for one in self._block.sums if self._block.rules.complementary else ():
            gone = tuple(part for part in one.parts if part in withheld and not self._follows(part, echelon))
            if (one, gone) not in self._together:
                self._together[one, gone] = self._block.hidden(one, gone) if gone else None
            target = self._together[one, gone]
            if target:
                yield target

    def _follows(self, key: str, echelon: Echelon) -> bool:
        return echelon.combination(self._block.vector(key)) is not None

    def _terms(self, target: Target, withheld: Collection[str], echelon: Echelon) -> tuple[Term, ...]:
        """The combination of published cells that is the target; nothing where there is none."""
        if target.concern is Concern.CELL and self._is_published(target.about[0], withheld):
            return (Term(target.about[0], Fraction(1)),)
        combination = echelon.combination(target.vector) or {}
        return tuple(Term(self._keys[number], combination[number]) for number in sorted(combination))

    def _is_published(self, key: str, withheld: Collection[str]) -> bool:
        return key in self.failing and key not in withheld

    def smallest(self, disclosure: Disclosure, keep: Collection[str]) -> set[str]:
        """The cell of the terms that costs least to withhold; none where only others' or kept ones are left."""
        cells = self._block.gathered.cells
        terms = [term.cell for term in disclosure.terms]
        open_ones = [key for key in terms if cells[key].standing is Standing.CANDIDATE and key not in keep]
        return {min(open_ones, key=self.size)} if open_ones else set()

    def size(self, key: str) -> tuple[int, int, str]:
        """Institutions, then what they add up to."""
        tally = self._block.gathered.tally(self._block.vector(key))
        return tally.institutions, tally.total, key
