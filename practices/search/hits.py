"""The one question the pages and the API ask: which public cases fit these words, best first?"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from practices.models.edition import EditionQuerySet

from .engine import SearchEngine, search_engine
from .names import UsedConcept, widen
from .neighbours import NONE, Neighbours, neighbours_of
from .queries import Clause, Phrase, Query, Word, parse, phrase_of, pieces_of


@dataclass(frozen=True)
class Found:
    """`ids` are editions, best first. With `relaxed` each of them has only most of the words.

    `missing` are the words that no case has. `concepts` widened the query. `neighbours` are concepts to go on with,
    when there are no ids at all.
    """

    ids: list[int]
    relaxed: bool
    query: Query
    concepts: tuple[UsedConcept, ...] = ()
    neighbours: Neighbours = NONE
    missing: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """What to look for in a case that was found."""
        words = self.query.words
        pieces = [piece for word in words for piece in pieces_of(word.text)] if self.relaxed else []
        phrases = (phrase for word in words for phrase in word.phrases)
        return tuple(dict.fromkeys((*phrases, *map(phrase_of, pieces))))


def find(q: str, *, within: EditionQuerySet, expand: bool = True) -> Found:
    """The public cases of `within` that `q` asks for; `expand` lets the thesaurus widen it.

    With nothing but excluded words: all others, in the order of the themes. Eight queries when something is found,
    whatever the number of cases, one more where words are excluded, and a transaction on PostgreSQL.

    :raises QueryTooLong: over 200 characters or 20 words.
    :raises QueryUnreadable: with a NUL or a lone surrogate.
    """
    widened = widen(parse(q), expand=expand)
    query, concepts, engine = widened.query, widened.concepts, search_engine()
    unwanted = _unwanted(query, within, engine)
    if not query.clauses and query.excluded:
        every = within.public().in_theme_order().values_list("pk", flat=True)
        return Found(_without(unwanted, dict.fromkeys(every)), relaxed=False, query=query)
    if ids := _without(unwanted, engine.ranked(query, within)):
        return Found(ids, relaxed=False, query=query, concepts=concepts)
    ids, missing = _most_words(query, within, engine)
    if ids := _without(unwanted, ids):
        return Found(ids, relaxed=True, query=query, concepts=concepts, missing=missing)
    return Found([], relaxed=False, query=query, concepts=concepts, neighbours=neighbours_of(q))


def _unwanted(query: Query, within: EditionQuerySet, engine: SearchEngine) -> set[int]:
    """The cases that have an excluded word. No query where none is excluded."""
    clauses = tuple(Clause((word,)) for word in query.excluded)
    return set(engine.ranked(Query(clauses), within, every=False))


def _without(unwanted: set[int], ids: Iterable[int]) -> list[int]:
    return [pk for pk in ids if pk not in unwanted]


def _most_words(query: Query, within: EditionQuerySet, engine: SearchEngine) -> tuple[list[int], tuple[str, ...]]:
    """The cases that have at least half of the words, those with most first; and the words that no case has.

    A long Japanese word counts as had when more than half of its pieces are. One query for each word and piece.
    """
    units = [Clause((word,), clause.ids) for clause in query.clauses for word in clause.words]
    pieces = [[_clause(piece) for piece in pieces_of(unit.words[0].text)] for unit in units]
    cases = [
        {*engine.ranked(Query((unit,)), within), *_more_than_half(parts, within, engine)}
        for unit, parts in zip(units, pieces, strict=True)
    ]
    had = Counter(chain.from_iterable(cases))
    ranked = engine.ranked(Query((*units, *chain.from_iterable(pieces))), within, every=False)
    ids = sorted((pk for pk in ranked if had[pk] * 2 >= len(units)), key=lambda pk: -had[pk])
    return ids, tuple(unit.words[0].text for unit, having in zip(units, cases, strict=True) if not having)


def _more_than_half(pieces: list[Clause], within: EditionQuerySet, engine: SearchEngine) -> Iterator[int]:
    had = Counter(pk for piece in pieces for pk in engine.ranked(Query((piece,)), within))
    return (pk for pk, count in had.items() if count * 2 > len(pieces))


def _clause(text: str) -> Clause:
    return Clause((Word(text, phrase_of(text)),))
