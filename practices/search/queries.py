"""What a reader typed, as phrases of tokens: the rules for words, quotes and lengths."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from .spellings import spellings_of
from .tokens import HAN, KATAKANA, RUN_CHARACTER, Kind, fold, tokens

LONGEST_QUERY: Final = 200
MOST_WORDS: Final = 20
QUOTES: Final = re.compile("[“”＂]")
# A quotation or a word, and whether a minus sign stands before it. A quotation mark without its partner is a blank.
PART: Final = re.compile(r'(?:(?<!\S)(?P<minus>[-－−]))?(?:"(?P<quoted>[^"]*)"|(?P<word>[^\s"]+))')
# Between two scripts a word is two: Mexico拠点. One letter stays (A大学), and so do digits.
LATIN: Final = "[A-Za-zＡ-Ｚａ-ｚ]{2}"
SCRIPTS: Final = re.compile(f"(?<={LATIN})(?={RUN_CHARACTER})|(?<={RUN_CHARACTER})(?={LATIN})")
# Where a long Japanese word is cut when nothing is found: katakana words and Latin words whole, hiragana and single
# characters left out.
CUT: Final = re.compile(f"[{HAN}]{{2,}}|[{KATAKANA}]+(?:・[{KATAKANA}]+)*|[a-z0-9]+")
UNREADABLE: Final = re.compile("[\x00\ud800-\udfff]")


class QueryError(ValueError):
    """The query can't be asked; the message, in the language of the request, says why."""


class QueryTooLong(QueryError):
    """More than `LONGEST_QUERY` characters or `MOST_WORDS` words."""


class QueryUnreadable(QueryError):
    """The query holds characters that no text holds: NUL, halves of surrogate pairs."""


@dataclass(frozen=True)
class Phrase:
    """Tokens that stand beside each other; with `is_prefix` the last one is only the beginning of a token."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class Word:
    """One typed word or quotation: its phrase, another way to write it, or one of the `ids` of things of that name."""

    text: str
    phrase: Phrase
    ids: tuple[str, ...] = ()
    spellings: tuple[Phrase, ...] = ()

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return (self.phrase, *self.spellings)


@dataclass(frozen=True)
class Clause:
    """Words that must all be there, or one of the `ids` of things that are called by all of them together."""

    words: tuple[Word, ...]
    ids: tuple[str, ...] = ()

    @property
    def all_ids(self) -> frozenset[str]:
        return frozenset(self.ids).union(*(word.ids for word in self.words))


@dataclass(frozen=True)
class Query:
    """What a case must have, every clause of it, and the words that it must not have."""

    clauses: tuple[Clause, ...]
    excluded: tuple[Word, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for clause in self.clauses for word in clause.words)


def parse(text: str) -> Query:
    """The words of a query, none widened yet; no clauses when nothing in the text can be searched for.

    :raises QueryTooLong: over 200 characters or 20 words.
    :raises QueryUnreadable: with a NUL or a lone surrogate.
    """
    _refuse(text)
    words: list[Word] = []
    excluded: list[Word] = []
    for part, is_excluded, is_quoted in _parts(text):
        spellings = () if is_quoted else tuple(map(phrase_of, spellings_of(part)))
        word = Word(part, phrase_of(part), spellings=spellings)
        if word.phrase.tokens:
            (excluded if is_excluded else words).append(word)
    _refuse_many(len(words) + len(excluded))
    return Query(tuple(Clause((word,)) for word in words), tuple(excluded))


@lru_cache(maxsize=10_000)
def phrase_of(text: str) -> Phrase:
    """The phrase that stands in a document wherever `text` does, also when the document's run goes on after it."""
    found = tokens(text)
    if found and found[-1].kind is Kind.LAST:
        found = found[:-1]
    return Phrase(tuple(token.text for token in found), bool(found) and found[-1].kind is Kind.LONE)


def pieces_of(text: str) -> list[str]:
    """The two-character words of a long Japanese word, two to twenty; nothing when it can't be cut so."""
    found: dict[str, None] = {}
    for part in CUT.findall(fold(text).text):
        if len(part) > 2 and re.match(f"[{HAN}]", part):
            pairs = [part[at : at + 2] for at in range(0, len(part) - 1, 2)]
            found |= dict.fromkeys([*pairs, part[-2:]])
        else:
            found[part] = None
    return list(found) if 1 < len(found) <= MOST_WORDS else []


def _parts(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Each word or quotation, whether it is excluded, and whether it is quoted: quotations stay whole."""
    for part in PART.finditer(QUOTES.sub('"', text)):
        is_excluded = part["minus"] is not None
        if part["quoted"] is not None:
            yield part["quoted"], is_excluded, True
        else:
            pieces = [part["word"]] if is_excluded else SCRIPTS.split(part["word"])
            yield from ((piece, is_excluded, False) for piece in pieces)


def _refuse(text: str) -> None:
    if UNREADABLE.search(text):
        raise QueryUnreadable(_("The search words hold characters that cannot be read."))
    if len(text) > LONGEST_QUERY:
        raise QueryTooLong(_("Please search with at most %(most)d characters.") % {"most": LONGEST_QUERY})
    _refuse_many(len(text.split()))


def _refuse_many(words: int) -> None:
    if words > MOST_WORDS:
        raise QueryTooLong(_("Please search with at most %(most)d words.") % {"most": MOST_WORDS})
