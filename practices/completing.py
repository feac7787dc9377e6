"""Suggestions while somebody types: what the cases can be asked for that begins with, or in Japanese has, the typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from sih_portal.kept import held
from sih_portal.language import current_language, in_language

from . import search
from .models.vocabulary import VocabularyWord
from .search.labels import Named, named
from .search.tokens import RUN_CHARACTER, fold
from .search.vocabulary import ALL_HIRAGANA, key_of

MOST: Final = 8
MOST_FREQUENT: Final = 40
# So many may be names; the other places are for words of the cases, unless there are too few.
MOST_NAMES: Final = 5
SHORTEST_LATIN: Final = 2
SHORTEST_WORD: Final = 2
JAPANESE: Final = re.compile(RUN_CHARACTER)
# The words before the last one, and the last one without what stands before it.
LAST: Final = re.compile(r'(?P<before>(?:.*\s)?[-－−]?)(?P<last>[^\s"]*)$', re.DOTALL)


@dataclass(frozen=True)
class Completion:
    """`text` is the whole query to ask. `kind` is that of a `Named`, or `word`.

    `cases` is None behind other words: how many cases have them all is not known.
    """

    text: str
    kind: str
    cases: int | None

    @property
    def lang(self) -> str:
        return "ja" if JAPANESE.search(self.text) else "en"


def completions(typed: str) -> list[Completion]:
    """At most eight, names before words; of several words typed the last is completed too. Two queries and the names.

    :raises search.QueryError: when `typed` is too long or not text.
    """
    search.parse(typed)
    found = _once(_completions(typed.strip()))
    parts = LAST.match(typed)
    if parts and parts["before"] and parts["last"]:
        behind = (replace(one, text=parts["before"] + one.text, cases=None) for one in _completions(parts["last"]))
        found = _once(iter([*found, *behind]))
    return found


def frequent() -> list[str]:
    """The keywords of most cases in the language of the page: for browsers that complete by themselves."""
    language = current_language()
    return held(f"frequent keywords, {language}", lambda: _frequent(language))


def _frequent(language: str) -> list[str]:
    concepts = (one for one in named() if one.kind == "concept")
    return [str(in_language(one, "name", language)) for one in islice(concepts, MOST_FREQUENT)]


def _once(completions_: Iterator[Completion]) -> list[Completion]:
    seen: dict[str, Completion] = {}
    for one in completions_:
        seen.setdefault(fold(one.text).text, one)
    return list(islice(seen.values(), MOST))


def _completions(typed: str) -> Iterator[Completion]:
    asked = fold(typed).text
    if len(asked) < (1 if JAPANESE.search(asked) else SHORTEST_LATIN):
        return
    matches = ((_matched(one, asked), one) for one in named())
    names = [Completion(text, one.kind, one.cases) for text, one in matches if text]
    names.sort(key=lambda one: (not fold(one.text).text.startswith(asked), -(one.cases or 0)))
    yield from names[:MOST_NAMES]
    if len(key_of(asked)) >= SHORTEST_WORD:
        words = VocabularyWord.objects.beginning_with(key_of(asked))[:MOST]
        yield from (Completion(row.word, "word", row.cases) for row in words)
    yield from names[MOST_NAMES:MOST]


def _matched(one: Named, asked: str) -> str:
    """The label to offer. Readings and short names of institutions lead to the name that the pages show."""
    if one.kind != "institution":
        return next((label for label in one.labels if _fits(label, asked)), "")
    if name := next((name for name in one.names if _fits(name, asked)), ""):
        return name
    return one.names[0] if one.reading.startswith(asked) or any(_fits(other, asked) for other in one.others) else ""


def _fits(label: str, asked: str) -> bool:
    text = fold(label).text
    if not JAPANESE.search(asked):
        return re.search(rf"(?<![^\W_]){re.escape(asked)}", text) is not None
    kana = key_of(asked) if ALL_HIRAGANA.fullmatch(asked) else ""
    return asked in text or bool(kana and kana in key_of(text))
