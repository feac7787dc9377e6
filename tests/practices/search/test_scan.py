"""Hits of Japanese words are those of a plain scan of the normalised texts: over the programme's cases and odd ones."""

import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

import pytest

from practices.models import Edition
from practices.search import search_engine
from practices.search.bits import ids_in
from practices.search.queries import parse
from practices.search.spellings import WITH_ENDINGS
from tests.practices.search.asking import slugs
from tests.practices.search.odd_cases import publish_odd_cases
from universities.models import InstitutionAlias, InstitutionName

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_source")]

OF_EACH_LENGTH: Final = range(1, 7)
ALL_PARTS_UP_TO: Final = 2  # characters; of longer parts of the texts there are thousands
LONGER_PARTS: Final = 400
STRANGERS: Final = 400
LEAST_MISSES: Final = 300
WHOLE_SEARCHES: Final = 400
KATAKANA: Final = "ァ-ヺー-ヾㇰ-ㇿｦ-ｯｰ-ﾟ"
JAPANESE: Final = f"々〆〇ぁ-ゖゝゞ{KATAKANA}\u3099\u309a㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U000323af"
RUN: Final = re.compile(f"(?:[{JAPANESE}]|(?<=[{KATAKANA}])[・･](?=[{KATAKANA}]))+")
KANA: Final = re.compile(f"[ぁ-ゖゝゞ]{{3,}}|[ぁ-ゖゝゞー]{{3,}}|[{KATAKANA}・]{{3,}}")
# The old forms in the odd cases; those of the programme have none.
OLD_FORMS: Final = str.maketrans("廣學藝應國邊濱齋臺經濟獨圖當髙﨑", "広学芸応国辺浜斎台経済独図当高崎")
# Names that hold another place's name: cut where they do, in texts and words alike.
OTHER_NAMES: Final = (
    ("(?<=東)京都", "京|都"),
    ("(?<=[東北南])京大", "京|大"),
    ("(?<=[東台])北大", "北|大"),
    ("ンド(?=ネ)", "ン|ド"),
    (f"(?<=[{KATAKANA}])タイ|タイ(?=[{KATAKANA}])", "タ|イ"),
)
# Words that offices write with fewer endings, too.
ENDINGS: Final = re.compile("|".join(re.sub("([ぁ-ん])", r"\1?", word) for word in WITH_ENDINGS.split()))
VOWELS: Final = str.maketrans("ァィゥェォャュョ", "アイウエオヤユヨ")


def plain(text: str) -> str:
    """As the scan compares texts."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(OLD_FORMS)
    for name, cut in OTHER_NAMES:
        folded = re.sub(name, cut, folded)
    return re.sub(f"(?<=[{KATAKANA}])・(?=[{KATAKANA}])", "", folded)


def loose(text: str) -> str:
    """Without what two spellings of a word may differ in."""
    folded = plain(text).replace("|", "").replace("・", "").replace("ー", "")
    folded = "".join(chr(ord(one) + 0x60) if "ぁ" <= one <= "ゖ" else one for one in folded).translate(VOWELS)
    for vu, row in {"ヴア": "バ", "ヴイ": "ビ", "ヴエ": "ベ", "ヴオ": "ボ", "ヴ": "ブ"}.items():
        folded = folded.replace(vu, row)
    return re.sub("(?<=[テデ])ユ", "ユ", folded)


def without_endings(text: str) -> str:
    return ENDINGS.sub(lambda found: re.sub("[ぁ-ん]", "", found[0]), plain(text))


class Scanned:
    """Cases by slug: their own texts, and the names of what they belong to, folded in each way."""

    def __init__(self) -> None:
        editions = list(Edition.objects.public().with_parts().order_by("slug"))
        self.slugs = {edition.pk: edition.slug for edition in editions}
        self.own = {edition.slug: list(own_texts(edition)) for edition in editions}
        self.plain = {slug: list(map(plain, texts)) for slug, texts in self.own.items()}
        self.loose = {slug: list(map(loose, texts)) for slug, texts in self.own.items()}
        self.bare = {slug: list(map(without_endings, texts)) for slug, texts in self.own.items()}
        self.names = {edition.slug: list(map(loose, names_of(edition))) for edition in editions}

    def having(self, word: str) -> set[str]:
        return having(plain(word), self.plain)

    def having_a_spelling(self, word: str) -> set[str]:
        if KANA.fullmatch(unicodedata.normalize("NFKC", word)):
            return having(loose(word), self.loose)
        return self.having(word) | having(without_endings(word), self.bare)

    def named(self, word: str) -> set[str]:
        return having(loose(word), self.names)

    def runs(self) -> list[str]:
        """The stretches of Japanese as they are typed, each once."""
        return list(dict.fromkeys(chain.from_iterable(RUN.findall(text) for text in chain(*self.own.values()))))

    def words(self) -> list[str]:
        """What is asked: parts of the texts and words that look like them."""
        runs = self.runs()
        return [*parts(runs), *strangers(runs)]

    def hits(self, q: str) -> set[str]:
        """What the engine finds, whatever institutions and concepts are called."""
        return {self.slugs[pk] for pk in ids_in(search_engine().matching(parse(q)))}


@pytest.fixture
def scanned() -> Scanned:
    publish_odd_cases()
    return Scanned()


def having(folded: str, cases: dict[str, list[str]]) -> set[str]:
    return {slug for slug, texts in cases.items() if any(folded in text for text in texts)}


def own_texts(edition: Any) -> Iterator[str]:
    parts = (edition.actions, edition.effects, edition.links, edition.attachments)
    for row in [edition, *chain.from_iterable(part.all() for part in parts)]:
        yield from bilingual(row)


def names_of(edition: Any) -> Iterator[str]:
    rows = [edition.institution, edition.headquarters, edition.theme, *edition.themes.all()]
    former = InstitutionName.objects.filter(institution=edition.institution)
    yield from chain.from_iterable(bilingual(row) for row in [*rows, *former] if row)
    yield edition.institution.name_kana
    yield from InstitutionAlias.objects.filter(institution=edition.institution).values_list("label", flat=True)


def bilingual(row: Any) -> Iterator[str]:
    names = sorted(field.name for field in row._meta.local_fields if field.name.endswith(("_ja", "_en")))
    return (text for name in names if (text := getattr(row, name)))


def parts(runs: Iterable[str]) -> list[str]:
    """All short parts of the runs and some longer ones, by a seed."""
    found: list[str] = []
    for length in OF_EACH_LENGTH:
        every = dict.fromkeys(run[at : at + length] for run in runs for at in range(len(run) - length + 1))
        asked = [part for part in every if part.strip("・･") == part]
        found += asked if length <= ALL_PARTS_UP_TO else random.Random(length).sample(asked, LONGER_PARTS)
    return found


def strangers(runs: list[str]) -> list[str]:
    """Words that look like those of the texts: two ends put together, a character exchanged, or any characters."""
    chance, every = random.Random("strangers"), "".join(runs)
    long = [run for run in runs if len(run) > 2]
    found: list[str] = []
    while len(found) < STRANGERS:
        one, other = chance.choice(long), chance.choice(long)
        at = chance.randrange(len(one) - 2)
        found += [
            one[-chance.randint(1, 3) :] + other[: chance.randint(1, 3)],
            one[at] + chance.choice(every) + one[at + 2],
            "".join(chance.choices(every, k=chance.randint(2, 4))),
        ]
    return [word for word in dict.fromkeys(found) if RUN.fullmatch(word)]


def test_hits_of_a_quoted_word_are_those_of_a_scan(scanned: Scanned) -> None:
    words = scanned.words()
    answers = {word: (scanned.hits(f'"{word}"'), scanned.having(word)) for word in words}

    assert {word: answer for word, answer in answers.items() if answer[0] != answer[1]} == {}
    assert sum(not hits for hits, _scan in answers.values()) >= LEAST_MISSES


def test_hits_of_a_word_differ_from_a_scan_by_its_spellings_only(scanned: Scanned) -> None:
    wrong = {}
    for word in scanned.words():
        hits, scan, most = scanned.hits(word), scanned.having(word), scanned.having_a_spelling(word)
        if not scan <= hits <= most:
            wrong[word] = (hits, scan, most)

    assert wrong == {}


def test_whole_search_without_the_thesaurus_adds_names_only(scanned: Scanned) -> None:
    asked = random.Random("whole").sample(scanned.words(), WHOLE_SEARCHES)
    wrong = {}
    for word in asked:
        found, scan = set(slugs(word, expand=False)), scanned.having(word)
        most = scanned.having_a_spelling(word) | scanned.named(word)
        if not scan <= found <= most:
            wrong[word] = (found, scan, most)

    assert wrong == {}
