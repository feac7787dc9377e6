"""What the engine of the configured database finds. Every case here holds on SQLite and on PostgreSQL."""

import re
import unicodedata
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from practices.models import Edition
from practices.search import QueryError, search_engine
from practices.search.bits import bits_of, ids_in
from practices.search.documents import Document, document
from practices.search.queries import Clause, Query, Word, parse, phrase_of
from practices.search.ranking import COLUMNS, WEIGHTS, tie
from practices.search.sqlite import RANKED, WITHIN
from tests.factories.practices import ConceptFactory, ThemeFactory, publish
from tests.practices.search.asking import ask, slugs

pytestmark = pytest.mark.django_db

TEXTS = [
    "外国人留学生の受入れと海外留学の支援を、全学で進める。",
    "国際交流協定の締結校は、タイ、メキシコ、英国の３か国。",
    "ダブル・ディグリーのｸﾞﾛｰﾊﾞﾙな展開（ＵＲＡの配置）",
    "人々の交流、𠮷野さんのスタイル、新しいタイプのワークショップ",
    "か\u3099くせいの自主的な活動。㌔メートル ㈱学振",
    "職員研修会（SD）・教職員の海外研修。100%の達成_率、C:\\temp、It's",
]
WITHIN_EVERY_CASE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def cases() -> dict[str, str]:
    """The texts by slug, each the summary of a published case."""
    theme = ThemeFactory()
    empty: dict[str, Any] = {"title_ja": "", "summary_en": "", "actions": [("", "")], "effects": [("", "")]}
    by_slug = {f"case-{number}": text for number, text in enumerate(TEXTS)}
    for slug, text in by_slug.items():
        publish(slug=slug, theme=theme, title_en="It", summary_ja=text, **empty)
    return by_slug


def plain(text: str) -> str:
    """As a scan compares texts; タイ inside another word is no Thailand, also where the word is cut."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("ダブル・ディグリー", "ダブルディグリー")
    return re.sub("(?<=[ァ-ヺー])タイ|タイ(?=[ァ-ヺー])", "タ|イ", folded)


def hits(q: str) -> set[str]:
    found = ids_in(search_engine().matching(parse(q)))
    return set(Edition.objects.filter(pk__in=found).values_list("slug", flat=True))


RUNS = [
    run
    for text in TEXTS
    for run in re.findall(r"[々ぁ-ヿ一-龥𠮷]+", unicodedata.normalize("NFKC", text).replace("・", " "))
]


@WITHIN_EVERY_CASE
@given(run=st.sampled_from(RUNS), start=st.integers(0, 20), length=st.integers(1, 8))
def test_japanese_hits_are_those_of_a_scan(cases: dict[str, str], run: str, start: int, length: int) -> None:
    at = start % len(run)
    asked = run[at : at + length]

    assert hits(asked) == {slug for slug, text in cases.items() if plain(asked) in plain(text)}


@WITHIN_EVERY_CASE
@given(st.text("留学生国際交流協定職員研修タイ人々が", min_size=1, max_size=3))
def test_japanese_misses_are_those_of_a_scan(cases: dict[str, str], asked: str) -> None:
    assert hits(asked) == {slug for slug, text in cases.items() if plain(asked) in plain(text)}


@WITHIN_EVERY_CASE
@given(st.text(max_size=40))
def test_no_text_breaks_the_search(cases: dict[str, str], q: str) -> None:
    with suppress(QueryError):
        assert len(ask(q).ids) <= len(cases)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("ダブルディグリー", {"case-2"}),
        ("ダブル・ディグリー", {"case-2"}),
        ("グローバル", {"case-2"}),
        ("ura", {"case-2"}),
        ("タイ", {"case-1"}),
        ("タイプ", {"case-3"}),
        ("スタイル", {"case-3"}),
        ("めきしこ", {"case-1"}),
        ("ワークショッブ", set()),
        ("ワークショップー", {"case-3"}),
        ("メートルー", {"case-4"}),
        ("がくせい", {"case-4"}),
        ("職員 海外", {"case-5"}),
        ('"職員 海外"', set()),
        ("研修会SD", {"case-5"}),
        ("s", {"case-5"}),
        ("留学 協定", set()),
        ("%", set()),
        ("100", {"case-5"}),
        ("temp' \" \\ :*", {"case-5"}),
    ],
)
def test_hits(cases: dict[str, str], q: str, expected: set[str]) -> None:
    assert hits(q) == expected


def test_excluded_words_are_taken_off(cases: dict[str, str]) -> None:
    every = {*cases}

    assert set(slugs("留学")) == {"case-0"}
    assert set(slugs("職員 -会")) == set()
    assert set(slugs("交流 -スタイル")) == {"case-1"}
    assert set(slugs("交流 －スタイル")) == {"case-1"}
    assert set(slugs("-留学")) == every - {"case-0"}
    assert set(slugs("-すたいる")) == every - {"case-3"}
    assert set(slugs('交流 -"新しいタイプ"')) == {"case-1"}
    assert set(slugs("交流 - スタイル")) == {"case-3"}


def test_excluded_words_are_those_of_names_too_but_not_of_concepts() -> None:
    concept = ConceptFactory(pref_label_ja="海外拠点")
    kept, other = publish(concepts=[concept], summary_ja="拠点を置く。"), publish(summary_ja="海外拠点を置く。")

    assert set(slugs("拠点")) == {kept.slug, other.slug}
    assert slugs("拠点 -海外拠点") == [kept.slug]
    assert other.slug not in slugs(f"拠点 -{other.institution.name_ja}")


def test_old_and_new_forms_of_characters_are_one() -> None:
    publish(slug="old", summary_ja="廣島の學藝")
    publish(slug="new", summary_ja="広島の学芸")

    assert hits("廣島") == hits("広島") == hits("学芸") == hits("學藝") == {"old", "new"}


def test_letters_are_found_with_and_without_their_marks() -> None:
    publish(slug="marked", summary_en="A café with Universität Zürich.")
    publish(slug="plain", summary_en="Cafes with Universitat Zurich.")

    assert hits("café") == hits("cafe") == hits("zu\u0308rich") == hits('"Universität Zürich"') == {"marked", "plain"}


def test_words_are_found_with_all_their_endings_and_with_fewer() -> None:
    publish(slug="all", summary_ja="留学生の受け入れと手続き")
    publish(slug="fewer", summary_ja="留学生の受入れと手続")
    publish(slug="none", summary_ja="留学生の受入と手続")
    publish(slug="deed", summary_ja="連携に取り組んだ。")

    assert hits("受け入れ") == hits("受入れ") == hits("受入と手続") == {"all", "fewer", "none"}
    assert hits('"受け入れ"') == {"all"}
    assert hits("取り組み") == hits("取組") == {"deed"}
    assert hits('"取組"') == set()


def test_abbreviations_are_found_with_and_without_dots() -> None:
    publish(slug="dots", summary_en="Offices in the U.S. and Ph.D. students.")
    publish(slug="plain", summary_en="The US office and a PhD.")

    assert hits("US") == hits("u.s.") == hits("phd") == hits("Ph.D.") == {"dots", "plain"}


@pytest.mark.usefixtures("cases")
def test_phrases_do_not_cross_from_one_text_into_the_next() -> None:
    publish(slug="gap", title_ja="海外", summary_ja="拠点", actions=[("student", "学生"), ("exchange", "交流")])

    assert hits("海外拠点") == set()
    assert hits("学生交流") == set()
    assert hits('"student exchange"') == set()
    assert hits("海外 拠点 交流") == {"gap"}


def test_place_names_inside_others_are_not_hit() -> None:
    for slug, text in [
        ("a", "東京都と東京大学"),
        ("b", "京都大学（京大）"),
        ("c", "東北大学"),
        ("d", "北大と北京大学"),
    ]:
        publish(slug=slug, summary_ja=text)

    assert (hits("京都"), hits("京大"), hits("北大")) == ({"b"}, {"b"}, {"d"})
    publish(slug="e", summary_ja="タイ・インドネシア・インド")
    publish(slug="f", summary_ja="タイムリーなインドネシア語")
    assert (hits("タイ"), hits("インド"), hits("インドネシア")) == ({"e"}, {"e"}, {"e", "f"})
    assert (hits("東京都"), hits("東京大学"), hits("東北大学"), hits("北京大")) == ({"a"}, {"a"}, {"c"}, {"d"})


def test_title_counts_more_than_the_rest() -> None:
    theme = ThemeFactory()
    publish(slug="a", theme=theme, title_ja="海外派遣", lessons_ja="留学を支える。")
    publish(slug="b", theme=theme, title_ja="留学の支援", lessons_ja="派遣を支える。")

    assert slugs("留学") == ["b", "a"]


def test_equal_scores_come_by_theme_then_slug() -> None:
    late, early = ThemeFactory(number=8), ThemeFactory(number=7)
    for slug, theme in [("b", late), ("d", early), ("a", late), ("c", early)]:
        publish(slug=slug, theme=theme, title_en="Case", title_ja="事例", summary_ja="留学")

    assert slugs("留学") == ["c", "d", "a", "b"]


def test_equal_scores_come_by_how_complete_a_case_is() -> None:
    ids = [publish(slug=slug).pk for slug in "abc"]
    filled = zip(ids, (3, 20, 11), strict=True)
    columns = tuple(("留学",) if column.name == "summary" else () for column in COLUMNS)
    ties = {pk: tie(filled=count, theme_number=1, slug=str(pk)) for pk, count in filled}
    search_engine().index([Document(pk, columns, order) for pk, order in ties.items()])

    assert search_engine().ranked(parse("留学"), slice(0, 3)) == [ids[1], ids[2], ids[0]]


def test_more_filled_texts_make_a_case_more_complete() -> None:
    theme = ThemeFactory()
    editions = [publish(slug="a", theme=theme), publish(slug="b", theme=theme, lessons_ja="学んだこと。")]

    orders = [document(Edition.objects.with_parts().get(pk=edition.pk)).tie for edition in editions]

    assert sorted(orders) == [orders[1], orders[0]]


def test_ranking_is_of_some_cases_when_asked() -> None:
    theme = ThemeFactory()
    ids = [publish(slug=slug, theme=theme, title_ja="事例", title_en="It", summary_ja="留学").pk for slug in "abc"]
    query, engine = parse("留学"), search_engine()

    assert engine.ranked(query, slice(0, 10)) == ids
    assert engine.ranked(query, slice(1, 2)) == ids[1:2]
    assert engine.ranked(query, slice(0, 10), within=bits_of([ids[2], ids[0]])) == [ids[0], ids[2]]
    assert engine.ranked(query, slice(0, 10), within=0) == []


def test_stale_rows_of_the_index_stay_unseen() -> None:
    edition = publish(summary_ja="留学")
    Edition.objects.filter(pk=edition.pk).update(retired_at=edition.published_at)

    assert search_engine().indexed() == {edition.pk}
    assert ask("留学").total == 0


def test_hundreds_of_names_are_one_query() -> None:
    edition = publish(summary_ja="留学")
    ids = tuple(f"i_{number}" for number in range(10_000, 11_000))
    query = Query((Clause((Word("留学", phrase_of("留学"), ids),), ids),))

    with CaptureQueriesContext(connection) as queries:
        found = search_engine().matching(query)

    assert found == bits_of([edition.pk])
    assert sum("practices_search" in query["sql"] for query in queries.captured_queries) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan of SQLite")
def test_sqlite_reads_the_index_once_and_first() -> None:
    statement = RANKED.format(within=WITHIN, weights=WEIGHTS)

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + statement, ['"留学"', "[1]", 20, 0])
        steps = [row[3] for row in cursor.fetchall()]

    assert steps[0].startswith("SCAN practices_search VIRTUAL TABLE")
    assert [step for step in steps[1:] if step.startswith("SCAN") and "json_each" not in step] == []


def test_very_long_cases_are_indexed() -> None:
    edition = publish(summary_ja="留学" + "国際 " * 20_000, lessons_en=" ".join(f"w{n}" for n in range(20_000)))

    assert [*ask("留学国際").ids] == [edition.pk]
    assert ask("w19999", expand=False).total == 0


def test_concepts_may_be_many() -> None:
    concepts = ConceptFactory.create_batch(3)
    edition = publish(concepts=concepts)

    assert [*ask(concepts[2].pref_label_ja).ids] == [edition.pk]
