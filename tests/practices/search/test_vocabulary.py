"""The words of the public cases: which there are, and that their counts are exact after every step."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practices.models import Edition, VocabularyWord
from practices.search.vocabulary import KANJI, count_in, count_out, key_of, language_of, words_in, words_of
from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, archive, publish, staff

pytestmark = pytest.mark.django_db


def kept() -> dict[str, int]:
    return dict(VocabularyWord.objects.values_list("word", "cases"))


def recounted() -> dict[str, int]:
    return Counter(word for edition in Edition.objects.public() for word in words_of(edition))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Consortium's staff of 3 went to B2B fairs", ["consortium", "staff", "went", "fairs"]),
        ("inter-university ＵＲＡ", ["inter", "university", "ura"]),
        ("コンソーシアムを作る。ビザとｸﾞﾛｰﾊﾞﾙ化", ["コンソーシアム", "グローバル"]),
        ("ダブル・ディグリーの協定", ["ダブル・ディグリー", "ダブル", "ディグリー", "協定"]),
        ("外國人留學生及び受入れ、学、国際交流推進機構設置", ["外国人留学生", "受入"]),
        ("https://example.ac.jp/" + "a" * 41, ["https", "example"]),
        ("ーーー 100% 😀", []),
    ],
)
def test_words_are_those_people_write(text: str, words: list[str]) -> None:
    found = list(words_in(text))

    assert sorted(found) == sorted(words)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("コンソーシアム", "コンソシアム"),
        ("こんそーしあむ", "コンソシアム"),
        ("ダブル・ディグリー", "ダブルデイグリ"),
        ("イェール", "イエル"),
        ("ヴェトナム", "ベトナム"),
        ("consortium", "consortium"),
        ("留学生", "留学生"),
    ],
)
def test_keys_are_alike_where_spellings_are(word: str, key: str) -> None:
    assert key_of(word) == key


def test_language_is_that_of_the_script() -> None:
    assert [language_of(word) for word in ("staff", "グローバル", "留学", "école")] == ["en", "ja", "ja", "en"]
    assert (min(KANJI), max(KANJI)) == (2, 8)


def test_a_case_counts_once_for_each_of_its_words() -> None:
    publish(title_en="Staff and staff", summary_en="Staff.", title_ja="職員", summary_ja="", actions=[("Staff", "")])
    publish(title_en="Staff", summary_en="", title_ja="", summary_ja="", actions=[("Overseas", "")])

    assert {word: kept().get(word) for word in ("staff", "overseas", "職員", "and")} == {
        "staff": 2, "overseas": 1, "職員": 1, "and": None,
    }  # fmt: skip


def test_counts_are_exact_after_every_step() -> None:
    publisher = staff("curator", "publisher")
    PracticeFactory(title_en="Unpublished draft")
    first, second = publish(title_en="Mexico office"), publish(title_en="Mexico and Nairobi")
    states = [(kept(), recounted())]

    draft = take(Steps.REVISE, practice=first.draft, by=publisher, at=A_MOMENT)
    states.append((kept(), recounted()))
    draft.title_en = "Jakarta office"
    draft.save()
    publish(draft, at=A_MOMENT + timedelta(days=1))
    states.append((kept(), recounted()))
    archive(second)
    states.append((kept(), recounted()))

    assert [now for now, _counted in states] == [counted for _now, counted in states]
    assert [now.get("mexico") for now, _counted in states] == [2, 2, 1, None]
    assert [now.get("jakarta") for now, _counted in states] == [None, None, 1, 1]


def test_rebuilding_mends_the_counts() -> None:
    publish(title_en="Mexico office")
    VocabularyWord.objects.filter(word="mexico").update(cases=7)
    VocabularyWord.objects.filter(word="office").delete()

    call_command("rebuild_search_index", stdout=StringIO())

    assert kept() == recounted()


@pytest.mark.usefixtures("loaded_source")
def test_words_of_the_source_are_counted_exactly() -> None:
    assert kept() == recounted()
    assert {"consortium", "コンソーシアム", "研究者"} < set(kept())


def test_counting_costs_the_same_for_few_words_and_many() -> None:
    editions = [publish(summary_en=" ".join(f"w{letter * 3}" for letter in letters)) for letters in ("a", "bcdefghijk")]
    costs = []
    for edition in editions:
        count_out(edition.pk)
        with CaptureQueriesContext(connection) as queries:
            count_in(Edition.objects.with_parts().get(pk=edition.pk))
            count_out(edition.pk)
        costs.append(len(queries))

    assert costs[0] == costs[1]
