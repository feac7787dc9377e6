"""Keeps the words of the public cases with the number of cases that have each, in step with the index.

Who misspells a word is offered the nearest of these. What Japanese texts write in katakana (from three characters) and
in Chinese characters (two to eight) counts as a word, of Latin texts every word of three letters or more but those
that stand in any text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from django.db import connection
from django.db.models import F

from practices.models.edition import Edition
from practices.models.vocabulary import LONGEST_WORD, VocabularyWord

from .documents import texts
from .spellings import TO_KATAKANA, without_vu
from .tokens import HAN, HIRAGANA, KATAKANA, PIECE, fold

AT_ONCE: Final = 1_000  # words in a statement
SHORTEST: Final = 3
KANJI: Final = range(2, 9)
# 及び, 並びに, 又は: not the end of a word.
CONJUNCTIONS: Final = "及並又"
SCRIPT: Final = re.compile(f"(?P<katakana>[{KATAKANA}]+(?:・[{KATAKANA}]+)*)|(?P<kanji>[{HAN}]+)")
ALL_HIRAGANA: Final = re.compile(f"[{HIRAGANA}ー]+")
# One key for what is written now so, now so: small vowels or large ones, ヴ or バ, ヂ or ジ, a long vowel or not.
ALIKE: Final = str.maketrans("ァィゥェォャュョヮヵヶヂヅ", "アイウエオヤユヨワカケジズ", "・ー")
SMALL_WORDS: Final = (
    "about above across after again against all also although always among and another any are because been before "
    "being between both but can could did does doing during each either every few for from further had has have "
    "having her here hers him his how however into its itself just may might more most much must neither nor not now "
    "off often once one only other our ours out over own per same shall she should since some still such than that "
    "the their theirs them themselves then there therefore these they this those through thus too toward towards "
    "two under until upon was well were what when where whether which while who whom whose why will with within "
    "without would yet you your"
)
OF_ANY_TEXT: Final = frozenset(SMALL_WORDS.split())


def words_of(edition: Edition) -> set[str]:
    """The different words of all its texts. No query when the parts are loaded."""
    return {word for text in texts(edition) for word in words_in(text.value)}


def words_in(text: str) -> Iterator[str]:
    """Small letters, today's forms of characters; katakana with a middle dot as a whole and each part of it."""
    for piece in PIECE.finditer(fold(text).text):
        if piece.lastgroup == "run":
            yield from _japanese(piece[0])
        elif piece[0].isalpha() and SHORTEST <= len(piece[0]) <= LONGEST_WORD and piece[0] not in OF_ANY_TEXT:
            yield piece[0]


def language_of(word: str) -> str:
    return "ja" if SCRIPT.match(word) else "en"


def key_of(word: str) -> str:
    """The word as it is compared with others: コンソシアム for コンソーシアム and こんそーしあむ."""
    key = word.translate(TO_KATAKANA) if ALL_HIRAGANA.fullmatch(word) else word
    return without_vu(key).translate(ALIKE)


def thirds(length: int) -> list[tuple[int, int]]:
    """Where a key of this length is cut, as (begin, end)."""
    return [(0, length // 3), (length // 3, length * 2 // 3), (length * 2 // 3, length)]


def count_in(edition: Edition) -> None:
    """This will count the words of an edition that becomes public: once, with its entry in the index."""
    for words in _batches(words_of(edition)):
        rows = VocabularyWord.objects.filter(word__in=words)
        rows.update(cases=F("cases") + 1)
        known = set(rows.values_list("word", flat=True))
        VocabularyWord.objects.bulk_create(_row(word, 1) for word in words if word not in known)


def count_out(edition_id: int) -> None:
    """This will take an edition's words out of the count: once, when it stops being public. Its texts never change."""
    for words in _batches(words_of(Edition.objects.with_parts().get(pk=edition_id))):
        rows = VocabularyWord.objects.filter(word__in=words)
        rows.filter(cases=1).delete()
        rows.update(cases=F("cases") - 1)


class Recount:
    """All words counted anew, for the rebuilding of the index."""

    def __init__(self) -> None:
        self.cases: Counter[str] = Counter()

    def add(self, editions: Iterable[Edition]) -> None:
        for edition in editions:
            self.cases.update(words_of(edition))

    def save(self) -> None:
        _lock()
        VocabularyWord.objects.all().delete()
        rows = [_row(word, cases) for word, cases in sorted(self.cases.items())]
        VocabularyWord.objects.bulk_create(rows, batch_size=AT_ONCE)


def _japanese(run: str) -> Iterator[str]:
    for found in SCRIPT.finditer(run):
        if found.lastgroup == "kanji":
            word = found[0].rstrip(CONJUNCTIONS)
            yield from [word] if len(word) in KANJI else []
        else:
            for word in {found[0], *found[0].split("・")}:
                if len(word.replace("・", "")) >= SHORTEST and len(word) <= LONGEST_WORD and len(key_of(word)) > 1:
                    yield word


def _row(word: str, cases: int) -> VocabularyWord:
    key = key_of(word)
    opening, middle, ending = (f"{len(key)}{key[begin:end]}" for begin, end in thirds(len(key)))
    return VocabularyWord(
        word=word,
        language=language_of(word),
        cases=cases,
        key=key,
        head=key[:2],
        opening=opening,
        middle=middle,
        ending=ending,
    )


def _batches(words: set[str]) -> Iterator[list[str]]:
    """Sorted and locked: who publishes or archives meanwhile waits until the transaction ends; readers don't."""
    _lock()
    ordered = sorted(words)
    yield from (ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE))


def _lock() -> None:
    """SQLite has one writer at a time anyway. Row locks alone could be taken in opposite orders."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {VocabularyWord._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
