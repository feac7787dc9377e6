"""The index of words: every keyword, institution and theme that cases have, in the order of a register."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from sih_portal.language import Text, current_language, in_language

from .search.labels import Named, named
from .search.tokens import fold
from .search.vocabulary import key_of

# The first character of each row of the syllabary, and all characters of the row.
ROWS: Final = {
    "あ": "アイウエオヴ",
    "か": "カキクケコガギグゲゴ",
    "さ": "サシスセソザジズゼゾ",
    "た": "タチツテトダヂヅデドッ",
    "な": "ナニヌネノ",
    "は": "ハヒフヘホバビブベボパピプペポ",
    "ま": "マミムメモ",
    "や": "ヤユヨ",
    "ら": "ラリルレロ",
    "わ": "ワヲン",
}
LATIN: Final = "A–Z"


@dataclass(frozen=True)
class Entry:
    name: Text
    kind: str
    value: str
    cases: int


@dataclass(frozen=True)
class Group:
    """Entries of one initial; the last group holds those whose initial tells nothing of how they are read."""

    initial: str
    entries: list[Entry]


def concepts() -> list[Group]:
    return _grouped("concept")


def institutions() -> list[Group]:
    return _grouped("institution")


def themes() -> list[Entry]:
    """In the order of their numbers."""
    return sorted((_entry(one) for one in named() if one.kind == "theme"), key=lambda entry: int(entry.value))


def _grouped(kind: str) -> list[Group]:
    groups: dict[tuple[int, str], list[tuple[str, Entry]]] = defaultdict(list)
    for one in named():
        if one.kind == kind:
            entry = _entry(one)
            read_as = fold(one.reading if one.reading and entry.name.lang == "ja" else entry.name.value).text
            groups[_initial(read_as)].append((read_as, entry))
    return [
        Group(initial, [entry for _read_as, entry in sorted(rows, key=lambda row: row[0])])
        for (_place, initial), rows in sorted(groups.items())
    ]


def _entry(one: Named) -> Entry:
    return Entry(in_language(one, "name"), one.kind, one.value, one.cases)


def _initial(read_as: str) -> tuple[int, str]:
    """The heading it stands under, behind the place of that heading: letters before kana on an English page."""
    first = key_of(read_as[:1])
    is_english = current_language() == "en"
    if first.isascii() and first.isalpha():
        return (0, first.upper()) if is_english else (len(ROWS), LATIN)
    for place, (row, characters) in enumerate(ROWS.items()):
        if first and first in characters:
            return place + is_english, row
    return len(ROWS) + 2, _("Kanji and others")
