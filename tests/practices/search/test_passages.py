"""The passage shown, its marks, and which parts of a case have the words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from practices.models import Edition, GoodPractice
from practices.search import Hit, hit_in, marks, stored_of
from practices.search.documents import Place
from practices.search.passages import LENGTHS, Passage
from practices.search.queries import phrase_of
from tests.factories.practices import ConceptFactory, PracticeFactory, publish
from tests.practices.search.asking import ask

pytestmark = pytest.mark.django_db

FILLER_JA = "大学の組織は大きく、多くの部局がある。" * 20
FILLER_EN = "The organization has many parts and nobody knows all of them. " * 10


def hit(q: str, edition: Edition, language: str = "ja") -> Hit:
    return hit_in(stored_of(edition), ask(q), language)


def passage(q: str, edition: Edition, language: str = "ja") -> Passage:
    found = hit(q, edition, language).passage
    assert found is not None
    return found


def marked(found: Passage) -> list[str]:
    return [piece for piece, is_marked in found.segments if is_marked]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("職員研修", ["職員", "研修"], [(0, 2), (2, 4)]),
        ("国際交流協定", ["国際交流", "交流協定"], [(0, 6)]),
        ("ｸﾞﾛｰﾊﾞﾙなＵＲＡ", ["グローバル", "ura"], [(0, 7), (8, 11)]),
        ("ダブル・ディグリー", ["ダブルディグリー"], [(0, 9)]),
        ("留学生が学ぶ", ["学"], [(1, 2), (4, 5)]),
        ("東京都の京都", ["京都"], [(4, 6)]),
        ("Training of trainers", ["train"], [(0, 8)]),
        ("何もない", ["留学"], []),
    ],
)
def test_marks_of_a_text(text: str, words: list[str], expected: list[tuple[int, int]]) -> None:
    assert list(marks(text, [phrase_of(word) for word in words])) == expected


@given(st.text("留学生 ァｱﾞ・ab、", max_size=30), st.text("留学生ァab", min_size=1, max_size=3))
def test_segments_are_the_text_itself(text: str, word: str) -> None:
    found = Passage(Place("summary"), "ja", text, marks(text, [phrase_of(word)]))

    assert "".join(piece for piece, _is_marked in found.segments) == text


def test_places_come_in_the_order_of_the_page() -> None:
    edition = publish(
        title_ja="留学の実践",
        summary_ja="なし",
        actions=[("", "何か"), ("", "留学を支援")],
        effects=[("studied", "留学が増加")],
        lessons_ja="留学は大切",
    )

    assert [str(place) for place in hit("留学", edition).places] == ["title", "action 2", "effect 1", "lessons"]


def test_passage_is_in_the_language_of_the_page_with_most_words() -> None:
    edition = publish(summary_ja="GISの催し", summary_en="GIS", actions=[("GIS and URA", "GISとURA")])

    found = {language: passage("GIS URA", edition, language) for language in ("ja", "en")}

    assert (found["ja"].text, found["en"].text) == ("GISとURA", "GIS and URA")
    assert str(found["ja"].place) == "action 1"


def test_passage_falls_back_to_the_other_language() -> None:
    edition = publish(summary_en="A workshop in Mexico", summary_ja="催し")

    found = passage("mexico", edition, "ja")

    assert (found.lang, marked(found)) == ("en", ["Mexico"])


def test_title_alone_shows_the_beginning_of_the_summary() -> None:
    edition = publish(title_ja="留学の実践", summary_ja=FILLER_JA)

    found = passage("留学", edition)

    assert found.marks == ()
    assert found.text == FILLER_JA[: len(found.text) - 1] + "…"


@pytest.mark.parametrize(
    ("language", "text", "q"),
    [
        ("ja", f"{FILLER_JA}海外留学を支える。{FILLER_JA}", "留学"),
        ("en", f"{FILLER_EN}We study abroad. {FILLER_EN}", "study"),
    ],
)
def test_long_texts_are_cut_around_the_marks(language: str, text: str, q: str) -> None:
    texts: dict[str, Any] = {f"summary_{language}": text}
    edition = publish(**texts)

    found = passage(q, edition, language)

    assert marked(found) == [q]
    assert len(found.text) <= LENGTHS[language] + 2
    assert found.text[0] == found.text[-1] == "…"
    assert found.text.strip("…") in text
    assert found.text[1:].startswith(
        ("大学の", "多くの", "The ", "has ", "many ", "parts ", "and ", "nobody ", "organization ")
    )


def test_cut_shows_where_most_words_stand() -> None:
    edition = publish(summary_ja=f"留学の話。{FILLER_JA}協定による留学と派遣。{FILLER_JA}")

    assert marked(passage("留学 協定 派遣", edition)) == ["協定", "留学", "派遣"]


def test_concepts_tell_of_cases_without_the_words() -> None:
    concept = ConceptFactory(slug="overseas-base", pref_label_ja="海外拠点", synonyms=["海外事務所"])
    without = publish(concepts=[concept], summary_ja="メキシコ")
    with_words = publish(concepts=[concept], summary_ja="海外事務所を開設")

    assert [found.slug for found in hit("海外事務所", without).concepts] == ["overseas-base"]
    assert hit("海外事務所", without).places == ()
    assert hit("海外事務所", with_words).concepts == ()


def test_relaxed_answers_mark_the_pieces() -> None:
    edition = publish(summary_ja="国際的な交流の場")

    assert marked(passage("国際交流協定", edition)) == ["国際", "交流"]


def test_rows_of_the_desk_are_read_alike() -> None:
    practice = PracticeFactory(summary_ja="留学を支援")
    desk = GoodPractice.objects.with_parts().get(pk=practice.pk)

    found = hit_in(stored_of(desk), ask("留学"), "ja")  # type: ignore[arg-type]

    assert [str(place) for place in found.places] == ["summary"]


def test_loaded_cases_cost_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    edition = publish(concepts=[ConceptFactory(pref_label_ja="海外拠点")])
    found, loaded = ask("海外拠点"), Edition.objects.with_parts().get(pk=edition.pk)

    with django_assert_num_queries(0):
        assert len(hit_in(stored_of(loaded), found, "ja").concepts) == 1
