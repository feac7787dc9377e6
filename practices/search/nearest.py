"""The words of the cases, names and labels that are nearest to a word that no case has."""

import re
from collections.abc import Iterator
from functools import reduce
from operator import add, or_
from typing import Final, NamedTuple

from django.db.models import Case, Q, When

from practices.models.vocabulary import VocabularyWord
from sih_portal.kept import cached

from .labels import named
from .tokens import HAN, HIRAGANA, KATAKANA
from .vocabulary import key_of, thirds, words_in

MOST_ROWS: Final = 400
MOST_OFFERED: Final = 2
MOST_CORRECTED: Final = 5  # words of a query
# Stretches of one script; hiragana between them is no word.
RUN: Final = re.compile(f"[{KATAKANA}][{KATAKANA}・]*|[{HAN}]+|[^\\W\\d_{HAN}{HIRAGANA}{KATAKANA}]+")
KANJI: Final = re.compile(f"[{HAN}]+")
LATIN: Final = re.compile(f"[^{HAN}{HIRAGANA}{KATAKANA}]+")
# From these lengths on a word is compared at all, and with two mistakes in it.
SHORTEST: Final = {"kanji": 2, "katakana": 3, "latin": 4}
LONG: Final = 6
# From this length on one Chinese character may be another: 研究費 is no mistake for 研究者.
LONG_IN_KANJI: Final = 4


class Near(NamedTuple):
    """A word to offer: in this order the nearest come first, then those of the same beginning and of most cases."""

    distance: int
    begins_otherwise: bool
    minus_cases: int
    word: str


def nearest_to(text: str) -> list[str]:
    """The nearest words to one in small letters, all at the same distance, those of most cases first; at most two.

    One query, and what is kept of the names.
    """
    key = key_of(text)
    most = _most_mistakes(key)
    near = sorted(_near(key, {**_words_like(key, most), **_words_of_names(key, most)}, most)) if most else []
    return [one.word for one in near if one.distance == near[0].distance][:MOST_OFFERED]


def distance(one: str, other: str, most: int) -> int:
    """Letters other, missing, too many or exchanged with their neighbour (restricted Damerau-Levenshtein).

    `most` + 1 stands for whatever is more.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for to, wanted in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, earlier[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _most_mistakes(key: str) -> int:
    """How many mistakes are looked for; none in a word that is too short to be told from others."""
    script = "kanji" if KANJI.fullmatch(key) else "latin" if LATIN.fullmatch(key) else "katakana"
    if len(key) < SHORTEST[script]:
        return 0
    return 2 if len(key) >= LONG and script != "kanji" else 1


def _words_like(key: str, most: int) -> dict[str, int]:
    """Words of the cases that share a third with the key where it can stand after so many mistakes.

    Those that share two, as after a single mistake, are read first, then those of most cases.
    """
    columns = zip(("opening", "middle", "ending"), _thirds_of_others(key, most), strict=True)
    alike = [Q(**{f"{column}__in": values}) for column, values in columns]
    shared = reduce(add, (Case(When(one, then=1), default=0) for one in alike))
    rows = VocabularyWord.objects.filter(reduce(or_, alike)).order_by(shared.desc(), "-cases", "word")
    return dict(rows.values_list("word", "cases")[:MOST_ROWS])


def _thirds_of_others(key: str, most: int) -> tuple[list[str], list[str], list[str]]:
    """What the thirds of a word can be that differs by `most` mistakes, as `VocabularyWord` keeps them.

    One third of such a word has none of the mistakes, and stands in the key moved by no more than those before it.
    """
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    for length in range(max(2, len(key) - most), len(key) + most + 1):
        for values, (begin, end) in zip(found, thirds(length), strict=True):
            for move in range(-most, most + 1):
                is_possible = abs(move) + abs(len(key) - length - move) <= most
                if end > begin and is_possible and begin + move >= 0 and end + move <= len(key):
                    values.append(f"{length}{key[begin + move : end + move]}")
    return found


def _words_of_names(key: str, most: int) -> dict[str, int]:
    letters = set(key)
    names: dict[str, tuple[str, int]] = cached("words-of-names", words_of_names)
    return {
        word: cases
        for word, (other, cases) in names.items()
        if abs(len(other) - len(key)) <= most and len(letters.difference(other)) <= most
    }


def words_of_names() -> dict[str, tuple[str, int]]:
    """Words of the names of institutions, themes and concepts: their key and the number of public cases."""
    found: dict[str, tuple[str, int]] = {}
    for one in named():
        for word in (word for label in one.labels for word in words_in(label)):
            key, cases = found.get(word, (key_of(word), 0))
            found[word] = (key, max(cases, one.cases))
    return found


def _near(key: str, cases: dict[str, int], most: int) -> Iterator[Near]:
    for word, count in cases.items():
        other = key_of(word)
        mistakes = distance(key, other, most)
        if mistakes <= most and _is_plausible(key, other, mistakes):
            yield Near(mistakes, key[0] != other[0], -count, word)


def _is_plausible(key: str, other: str, mistakes: int) -> bool:
    """Whether the difference can be a slip and not another word."""
    if KANJI.fullmatch(key):
        is_slip = len(other) > len(key) or sorted(key) == sorted(other)
        return len(other) > 2 and (is_slip or len(key) >= LONG_IN_KANJI)
    begins_alike = key[0] == other[0] or key[:2] == other[1::-1]
    return mistakes == 0 or begins_alike or (mistakes == 1 and len(key) >= LONG)
