"""Two thousand queries, each the same on every machine: what readers type, what slips from a keyboard, what attacks.

Words are parts of the published texts and names, so an edited text changes the queries of its case and no others.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from operator import attrgetter
from pathlib import Path
from typing import Final

from practices.models import Concept, ConceptLabel, Edition, Theme
from practices.search.documents import texts
from universities.models import Headquarters, Institution, InstitutionAlias

COUNT: Final = 2_000
JAPANESE: Final = re.compile("[々〆ぁ-ゖァ-ヺー一-鿿・]{2,}")
ENGLISH: Final = re.compile("[A-Za-z][A-Za-z'-]+")
HOSTILE: Final = Path(__file__).parent / "hostile.txt"
KEYS: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Shelf:
    """What queries are made of, in an order that no database decides.

    Texts of each case by language, names, and the pieces of `hostile.txt`.
    """

    texts: Mapping[str, Sequence[Sequence[str]]]
    names: Sequence[str]
    hostile: Sequence[str]


def shelf() -> Shelf:
    editions = sorted(Edition.objects.public().with_parts(), key=attrgetter("slug"))
    cases = [list(texts(edition)) for edition in editions]
    names = [
        *Institution.objects.values_list("name_en", "name_ja", "name_kana"),
        *InstitutionAlias.objects.values_list("label"),
        *Headquarters.objects.values_list("name_en", "name_ja", "abbreviation"),
        *Theme.objects.values_list("title_en", "title_ja", "short_en", "short_ja"),
        *Concept.objects.values_list("pref_label_en", "pref_label_ja"),
        *ConceptLabel.objects.values_list("label"),
    ]
    by_language = {
        language: [[text.value for text in case if text.language == language] for case in cases]
        for language in ("ja", "en")
    }
    return Shelf(by_language, sorted(set(chain(*names)) - {""}), hostile())


def hostile() -> list[str]:
    lines = HOSTILE.read_text(encoding="utf-8").splitlines()
    return [
        re.sub(r"\\u{([0-9a-f]+)}", lambda found: chr(int(found[1], 16)), line) for line in lines if line[:2] != "# "
    ]


def queries(found: Shelf) -> list[str]:
    """Each once."""
    every: dict[str, None] = {}
    for number in count():
        if len(every) == COUNT:
            break
        every[Writer(found, random.Random(f"query {number}")).query()] = None
    return list(every)


class Writer:
    """One query."""

    def __init__(self, found: Shelf, chance: random.Random) -> None:
        self.shelf = found
        self.chance = chance

    def query(self) -> str:
        kinds: list[tuple[Callable[[], str], int]] = [
            (self.japanese, 14),
            (self.english, 10),
            (self.words, 16),
            (self.mixed, 8),
            (self.quoted, 8),
            (self.without, 8),
            (self.misspelt, 10),
            (self.name, 10),
            (self.hostile, 24),
            (self.garbage, 6),
            (self.long, 3),
        ]
        writers, weights = zip(*kinds, strict=True)
        written: str = self.chance.choices(writers, weights)[0]()
        return written

    def japanese(self) -> str:
        run = self.chance.choice(JAPANESE.findall(self._text("ja")) or ["留学"])
        start = self.chance.randrange(len(run))
        return run[start : start + self.chance.randint(1, 8)]

    def english(self) -> str:
        return self._cased(self.chance.choice(ENGLISH.findall(self._text("en")) or ["students"]))

    def words(self) -> str:
        blank = self.chance.choice([" ", " ", "　", "  "])
        return blank.join(self._word() for _ in range(self.chance.randint(2, 5)))

    def mixed(self) -> str:
        pieces = [self.japanese(), self.english()]
        self.chance.shuffle(pieces)
        return "".join([*pieces, self.chance.choice(["", str(self.chance.randrange(2_020)), self.japanese()])])

    def quoted(self) -> str:
        text = self._text(self.chance.choice(["ja", "en"]))
        start = self.chance.randrange(len(text))
        marks = self.chance.choice(['"{}"', '"{}"', "“{}”", '"{}', '{}"', '"{}" {}', '-"{}" {}'])
        return marks.format(text[start : start + self.chance.randint(2, 25)], self._word())

    def without(self) -> str:
        minus = self.chance.choice(["-", "-", "－", "−", "- ", "--"])
        return " ".join([self._word() for _ in range(self.chance.randint(0, 2))] + [minus + self._word()])

    def misspelt(self) -> str:
        word = self.chance.choice([self.english, self.japanese, self.name])()
        at = self.chance.randrange(len(word))
        other = self.chance.choice(KEYS) if word.isascii() else self.japanese()[0]
        spoilt = [word[:at] + word[at + 1 :], word[:at] + other + word[at:], word[:at] + other + word[at + 1 :]]
        return self.chance.choice([*spoilt, word[:at] + word[at : at + 2][::-1] + word[at + 2 :]])

    def name(self) -> str:
        name = self._cased(self.chance.choice(self.shelf.names))
        return self.chance.choice([name, name, f"{name} {self._word()}", f'"{name}"', name[: len(name) // 2 + 1]])

    def hostile(self) -> str:
        pieces = [self._piece() for _ in range(self.chance.randint(1, 3))]
        pieces += [self._word() for _ in range(self.chance.randint(0, 2))]
        self.chance.shuffle(pieces)
        return self.chance.choice(["", " ", " "]).join(pieces)

    def garbage(self) -> str:
        most = self.chance.choice([0x80, 0x250, 0x3200, 0xFFFF, 0x10FFFF])
        return "".join(chr(self.chance.randint(1, most)) for _ in range(self.chance.randint(1, 30)))

    def long(self) -> str:
        """About the most characters and the most words that are read."""
        if self.chance.random() < 0.5:
            return (" ".join(self._word() for _ in range(80)) * 2)[: self.chance.choice([199, 200, 201])]
        return " ".join(self.japanese() for _ in range(self.chance.choice([19, 20, 21])))

    def _word(self) -> str:
        return self.chance.choice([self.japanese, self.japanese, self.english, self._name_part])()

    def _name_part(self) -> str:
        return self.chance.choice(self.chance.choice(self.shelf.names).split())

    def _piece(self) -> str:
        return self.chance.choice(self.shelf.hostile)

    def _text(self, language: str) -> str:
        return self.chance.choice(self.chance.choice(self.shelf.texts[language]))

    def _cased(self, word: str) -> str:
        return self.chance.choice([word, word, word.lower(), word.upper(), word.title()])
