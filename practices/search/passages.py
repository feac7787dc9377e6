"""Why a case was found: the passage to show with the places to mark, and which of its texts have the words."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from typing import Final

from sih_portal.language import other_language

from .documents import CaseText, Place
from .hits import Found
from .matching import TEXTS_APART, places, spans
from .names import UsedConcept
from .queries import Clause, Phrase, Word
from .stored import Stored
from .tokens import fold

Span = tuple[int, int]

LENGTHS: Final = {"ja": 120, "en": 240}
BOUNDARY: Final = {"ja": re.compile(r"(?<=[。、\s])"), "en": re.compile(r"(?<=\s)")}
ELLIPSIS: Final = "…"


@dataclass(frozen=True)
class Passage:
    """A stretch of a text as it stands there; `lang` is the language it is really in, `marks` are places in it."""

    place: Place
    lang: str
    text: str
    marks: tuple[Span, ...] = ()

    @property
    def segments(self) -> list[tuple[str, bool]]:
        """The text cut at its marks: (piece, whether it is marked)."""
        pieces: list[tuple[str, bool]] = []
        at = 0
        for start, end in self.marks:
            pieces += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [(piece, is_marked) for piece, is_marked in [*pieces, (self.text[at:], False)] if piece]


@dataclass(frozen=True)
class Hit:
    """`places` are all texts with a word of the query, in the order of the page.

    `concepts` are those by which alone the case was found: it carries them, but has not the words.
    """

    passage: Passage | None
    places: tuple[Place, ...]
    concepts: tuple[UsedConcept, ...]


@dataclass(frozen=True)
class Read:
    """A text of a case in which phrases stand, with their places in it as it is folded."""

    text: CaseText
    places: Mapping[Phrase, Sequence[Span]]

    @property
    def marks(self) -> tuple[Span, ...]:
        folded = fold(self.text.value)
        return _merged(folded.span(start, end - 1) for start, end in chain.from_iterable(self.places.values()))


def hit_in(case: Stored, found: Found, language: str) -> Hit:
    """Why `case` is among the found ones."""
    read = list(_read(case, found.phrases))
    places = tuple(dict.fromkeys(reading.text.place for reading in read))
    return Hit(_best(read, language) or _opening(case, language), places, _by_id_only(case, read, found))


def marks(text: str, phrases: Iterable[Phrase]) -> tuple[Span, ...]:
    """Where phrases stand in a text, in order. Overlapping ones become one, neighbours stay two."""
    folded = fold(text)
    return _merged(span for phrase in phrases for span in spans(phrase, folded))


def _read(case: Stored, phrases: Iterable[Phrase]) -> Iterator[Read]:
    """The texts with any of the phrases, in their order: all are looked through together."""
    folded = case.folded
    together = TEXTS_APART.join(folded)
    starts = list(accumulate((len(text) + 1 for text in folded), initial=0))
    found: dict[int, dict[Phrase, list[Span]]] = {}
    for phrase in phrases:
        for start, end in places(phrase, together):
            at = bisect_right(starts, start) - 1
            own = found.setdefault(at, {}).setdefault(phrase, [])
            own.append((start - starts[at], end - starts[at]))
    return (Read(case.texts[at].text, found[at]) for at in sorted(found))


def _merged(places: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(set(places)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _best(read: Sequence[Read], language: str) -> Passage | None:
    """From the text in the page's language with most of the phrases. The title stands on the card anyway."""

    def worth(reading: Read) -> tuple[bool, int]:
        return reading.text.language == language, len(reading.places)

    candidates = [reading for reading in read if reading.text.place.kind != "title"]
    if not candidates:
        return None
    best = max(candidates, key=worth)
    return _cut(Passage(best.text.place, best.text.language, best.text.value, best.marks))


def _opening(case: Stored, language: str) -> Passage | None:
    spoken = (language, other_language(language))
    shown = next((name for name in spoken if case.value("summary", name)), None)
    return _cut(Passage(Place("summary"), shown, case.value("summary", shown))) if shown else None


def _cut(passage: Passage) -> Passage:
    """The stretch with most marks, from one boundary to another, with an ellipsis where the text goes on."""
    limit = LENGTHS[passage.lang]
    if len(passage.text) <= limit * 5 // 4:
        return passage
    first, last = _densest(passage.marks, limit * 3 // 4)
    begin = _begin(passage, max(0, min(first - limit // 4, len(passage.text) - limit)), first)
    stop = _stop(passage, max(begin + limit, last), last)
    before, after = ELLIPSIS if begin else "", ELLIPSIS if stop < len(passage.text) else ""
    shift = len(before) - begin
    inside = tuple((start + shift, end + shift) for start, end in passage.marks if begin <= start and end <= stop)
    return replace(passage, text=before + passage.text[begin:stop].rstrip() + after, marks=inside)


def _densest(spans: Sequence[Span], width: int) -> Span:
    """The start of the first and the end of the last mark of the stretch of `width` that holds most of them."""

    def held(first: Span) -> list[Span]:
        return [span for span in spans if first[0] <= span[0] and span[1] <= first[0] + width]

    stretches = (held(span) or [span] for span in spans)
    best = max(stretches, key=len, default=[(0, 0)])
    return best[0][0], best[-1][1]


def _begin(passage: Passage, earliest: int, mark: int) -> int:
    boundary = next(BOUNDARY[passage.lang].finditer(passage.text, earliest, mark + 1), None)
    return boundary.start() if earliest and boundary else earliest


def _stop(passage: Passage, latest: int, mark: int) -> int:
    if latest >= len(passage.text):
        return len(passage.text)
    boundaries = [found.start() for found in BOUNDARY[passage.lang].finditer(passage.text, mark, latest)]
    return boundaries[-1] if boundaries and boundaries[-1] > (mark + latest) // 2 else latest


def _by_id_only(case: Stored, read: Sequence[Read], found: Found) -> tuple[UsedConcept, ...]:
    if not found.concepts:
        return ()

    def is_in_words(clause: Clause) -> bool:
        return all(any(_has(reading, word) for reading in read) for word in clause.words)

    in_words = frozenset[str]().union(*(clause.all_ids for clause in found.query.clauses if is_in_words(clause)))
    return tuple(concept for concept in found.concepts if concept.id in case.ids - in_words)


def _has(reading: Read, word: Word) -> bool:
    return any(phrase in reading.places for phrase in word.phrases)
