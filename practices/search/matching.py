"""Where a phrase stands in a text, read off the text itself: the places of its tokens, at a fraction of their cost."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from .queries import Phrase
from .tokens import (
    HAN,
    HIRAGANA,
    KATAKANA,
    OTHER_NAME,
    RUN_CHARACTER,
    VOICING,
    WITHIN_OTHER,
    Folded,
    marked,
    stem,
)

WORD: Final = f"[^\\W_{HAN}{HIRAGANA}{KATAKANA}{VOICING}]"
# Stands between texts that are looked through together: no phrase goes across it.
TEXTS_APART: Final = "\x00"
BETWEEN: Final = f"(?:(?!{RUN_CHARACTER}|{TEXTS_APART})[\\W_])*+"
RUN_ENDS: Final = f"(?!{RUN_CHARACTER})(?!(?<=[{KATAKANA}])・[{KATAKANA}])"
# A stem begins with the first two letters of its words, but for dying, lying and tying.
OTHER_SECOND_LETTER: Final = {"die", "lie", "tie"}
IS_KATAKANA: Final = re.compile(f"[{KATAKANA}]")
IS_RUN: Final = re.compile(RUN_CHARACTER)


@dataclass
class Matcher:
    """A pattern for the folded text, the words in it with their stems, and the pairs that can be another name."""

    pattern: str = ""
    groups: int = 0
    words: list[tuple[int, str]] = field(default_factory=list)
    pairs: list[tuple[int, str]] = field(default_factory=list)

    @cached_property
    def search(self) -> Callable[[str, int], re.Match[str] | None]:
        return re.compile(self.pattern).search

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        found = self.search(text, 0) if self.pattern else None
        while found:
            if self._fits(found):
                yield found.span()
            found = self.search(text, found.start() + 1)

    def _fits(self, found: re.Match[str]) -> bool:
        return all(stem(found[group]) == word for group, word in self.words) and all(
            marked(pair.removesuffix(OTHER_NAME), found.string, found.start(group), found.start(group + 1)) == pair
            for group, pair in self.pairs
        )

    def add_word(self, token: str) -> None:
        first = re.escape(token[:1] if token in OTHER_SECOND_LETTER else token[:2])
        self._add(f"({first}(?<!{WORD}{first}){WORD}*+)")
        self.words.append((self.groups, token))

    def add_pair(self, token: str, *, goes_on: bool) -> None:
        """With `goes_on` its first character stands there already, as the second one of the pair before."""
        pair = token.removesuffix(OTHER_NAME)
        if not goes_on:
            self.add_character(pair[0])
        self.pattern += "・?" if all(map(IS_KATAKANA.match, pair)) else ""
        self.add_character(pair[1])
        if pair in WITHIN_OTHER:
            self.pairs.append((self.groups - 1, token))

    def add_character(self, character: str) -> None:
        self._add(f"({re.escape(character)})")

    def _add(self, pattern: str) -> None:
        self.pattern += pattern
        self.groups += 1


def places(phrase: Phrase, text: str) -> Iterator[tuple[int, int]]:
    """Where the phrase stands in a text that is folded, or in several with `TEXTS_APART` between."""
    return _matcher(phrase).places(text)


def spans(phrase: Phrase, folded: Folded) -> Iterator[tuple[int, int]]:
    """Where the phrase stands in a text, as places in the original text."""
    return (folded.span(start, end - 1) for start, end in places(phrase, folded.text))


@lru_cache(maxsize=1_000)
def _matcher(phrase: Phrase) -> Matcher:
    matcher, run = Matcher(), ""
    for number, token in enumerate(phrase.tokens):
        if number and not run:
            matcher.pattern += BETWEEN
        if not IS_RUN.match(token):
            matcher.add_word(token)
        elif len(token) > 1:
            matcher.add_pair(token, goes_on=bool(run))
            run = token
            continue
        elif not run:
            matcher.add_character(token)
        if IS_RUN.match(token) and not (phrase.is_prefix and number == len(phrase.tokens) - 1):
            matcher.pattern += RUN_ENDS
        run = ""
    return matcher
