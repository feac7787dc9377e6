"""The one question the pages and the API ask: which public cases fit these words, best first?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import chain
from operator import or_
from typing import overload

from practices.models.edition import Edition
from sih_portal.kept import held

from .bits import Bits, at_least, bits_in, in_order
from .engine import SearchEngine, search_engine
from .names import UsedConcept, widen
from .neighbours import NONE, Neighbours, neighbours_of
from .queries import Clause, Phrase, Query, Word, parse, phrase_of, pieces_of


@dataclass(frozen=True)
class Tier:
    """Cases that are ranked among themselves: `bits` of those that the query, asked alone, finds (`matched`)."""

    query: Query
    every: bool
    matched: Bits
    bits: Bits

    def ids(self, window: slice) -> list[int]:
        """A window of them, best first. One query."""
        if not self.query.clauses:
            return in_order(theme_order(), self.bits)[window]
        within = None if self.bits == self.matched else self.bits
        return search_engine().ranked(self.query, window, every=self.every, within=within)


class Ranked(Sequence[int]):
    """The cases of some tiers, one tier after the other; a slice asks the index for no more than it shows."""

    def __init__(self, tiers: Sequence[Tier]) -> None:
        self.tiers = tiers
        self.sizes = [tier.bits.bit_count() for tier in tiers]

    def __len__(self) -> int:
        return sum(self.sizes)

    def __iter__(self) -> Iterator[int]:
        return iter(self[:])

    @overload
    def __getitem__(self, key: int) -> int: ...
    @overload
    def __getitem__(self, key: slice) -> list[int]: ...
    def __getitem__(self, key: int | slice) -> int | list[int]:
        if isinstance(key, slice):
            start, stop, step = key.indices(len(self))
            return self._between(start, stop)[::step]
        place = range(len(self))[key]
        return self._between(place, place + 1)[0]

    def _between(self, start: int, stop: int) -> list[int]:
        found: list[int] = []
        for tier, size in zip(self.tiers, self.sizes, strict=True):
            first, last = max(start, 0), min(stop, size)
            if first < last:
                found += tier.ids(slice(first, last))
            start, stop = start - size, stop - size
        return found


@dataclass(frozen=True)
class Found:
    """What a query finds. With `relaxed` each case has only most of the words, and those of most come first.

    `missing` are the words that no case has. `concepts` widened the query. `neighbours` are concepts to go on with,
    when nothing was found.
    """

    tiers: tuple[Tier, ...]
    relaxed: bool
    query: Query
    concepts: tuple[UsedConcept, ...] = ()
    neighbours: Neighbours = NONE
    missing: tuple[str, ...] = ()

    @cached_property
    def bits(self) -> Bits:
        return reduce(or_, (tier.bits for tier in self.tiers), 0)

    @property
    def total(self) -> int:
        return self.bits.bit_count()

    @property
    def ids(self) -> Ranked:
        """Editions, best first."""
        return Ranked(self.tiers)

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """What to look for in a case that was found."""
        words = self.query.words
        pieces = [piece for word in words for piece in pieces_of(word.text)] if self.relaxed else []
        phrases = (phrase for word in words for phrase in word.phrases)
        return tuple(dict.fromkeys((*phrases, *map(phrase_of, pieces))))

    def within(self, bits: Bits) -> Ranked:
        """Those of its cases that are among `bits`."""
        return Ranked([replace(tier, bits=tier.bits & bits) for tier in self.tiers])


def find(q: str, *, expand: bool = True) -> Found:
    """The public cases that `q` asks for; `expand` lets the thesaurus widen it.

    With nothing but excluded words: all others, in the order of the themes. One query when something is found, one
    more where words are excluded, besides what is held while the public data stay the same.

    :raises QueryTooLong: over 200 characters or 20 words.
    :raises QueryUnreadable: with a NUL or a lone surrogate.
    """
    widened = widen(parse(q), expand=expand)
    query, concepts, engine = widened.query, widened.concepts, search_engine()
    shown = public() & ~_unwanted(query, engine)
    if not query.clauses and query.excluded:
        return Found((Tier(query, every=True, matched=0, bits=shown),), relaxed=False, query=query)
    matched = engine.matching(query)
    if bits := matched & shown:
        tier = Tier(query, every=True, matched=matched, bits=bits)
        return Found((tier,), relaxed=False, query=query, concepts=concepts)
    tiers, missing = _most_words(query, shown, engine)
    if tiers:
        return Found(tiers, relaxed=True, query=query, concepts=concepts, missing=missing)
    return Found((), relaxed=False, query=query, concepts=concepts, neighbours=neighbours_of(q))


def public() -> Bits:
    """The gate, asked again whatever the index holds."""
    return held("public editions", lambda: bits_in(Edition.objects.public()))


def theme_order() -> list[int]:
    return held(
        "editions by theme", lambda: list(Edition.objects.public().in_theme_order().values_list("pk", flat=True))
    )


def _unwanted(query: Query, engine: SearchEngine) -> Bits:
    """The cases that have an excluded word. No query where none is excluded."""
    return engine.matching(Query(tuple(Clause((word,)) for word in query.excluded)), every=False)


def _most_words(query: Query, shown: Bits, engine: SearchEngine) -> tuple[tuple[Tier, ...], tuple[str, ...]]:
    """The cases that have at least half of the words, those with most first; and the words that no case has.

    A long Japanese word counts as had when more than half of its pieces are. One query for each word and piece.
    """
    units = [Clause((word,), clause.ids) for clause in query.clauses for word in clause.words]
    pieces = [[_clause(piece) for piece in pieces_of(unit.words[0].text)] for unit in units]
    cases = [
        engine.matching(Query((unit,))) & shown | _more_than_half(parts, engine) & shown
        for unit, parts in zip(units, pieces, strict=True)
    ]
    levels = [*at_least(cases), 0]
    some = Query((*units, *chain.from_iterable(pieces)))
    matched = engine.matching(some, every=False)
    tiers = (
        Tier(some, every=False, matched=matched, bits=levels[had] & ~levels[had + 1])
        for had in range(len(units), (len(units) - 1) // 2, -1)
    )
    missing = tuple(unit.words[0].text for unit, having in zip(units, cases, strict=True) if not having)
    return tuple(tier for tier in tiers if tier.bits), missing


def _more_than_half(pieces: Sequence[Clause], engine: SearchEngine) -> Bits:
    if not pieces:
        return 0
    return at_least([engine.matching(Query((piece,))) for piece in pieces])[len(pieces) // 2 + 1]


def _clause(text: str) -> Clause:
    return Clause((Word(text, phrase_of(text)),))
