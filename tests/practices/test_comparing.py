"""Cases side by side: which ones an address asks for, what is left out and told, what the page shows."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django.asserts import assertContains, assertNotContains

from practices.comparing import comparison
from practices.fields import rows_of
from practices.models import Edition
from tests.factories.practices import PracticeFactory, archive, publish

pytestmark = pytest.mark.django_db


def make_cases(*slugs: str) -> list[Edition]:
    return [publish(slug=slug, title_en=f"Title of {slug}") for slug in slugs]


def told(query: str) -> list[tuple[str, str | None, str]]:
    with translation.override("en"):
        return [(refusal.name, refusal.value, refusal.message) for refusal in comparison(QueryDict(query)).refusals]


def test_cases_stand_in_the_order_asked_for() -> None:
    make_cases("a", "b", "c")

    assert comparison(QueryDict("p=c&p=a&p=b")).slugs == ["c", "a", "b"]


@pytest.mark.parametrize("query", ["", "p=", "p=a", "p=a&p=a", "p=a&p=nowhere"])
def test_fewer_than_two_cases_are_no_comparison(query: str) -> None:
    make_cases("a")

    assert comparison(QueryDict(query)).is_complete is False


def test_only_four_cases_are_shown_and_the_others_named() -> None:
    make_cases("a", "b", "c", "d", "e", "f")

    found = comparison(QueryDict("p=a&p=b&p=c&p=d&p=e&p=f"))

    assert (found.slugs, found.has_room) == (["a", "b", "c", "d"], False)
    assert [refusal.value for refusal in found.refusals] == ["e", "f"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("p=a&p=a", ("p", "a", "The practice “a” is named more than once.")),
        ("p=nowhere", ("p", "nowhere", "The practice “nowhere” named for comparison was not found.")),
        ("p=a-draft", ("p", "a-draft", "The practice “a-draft” named for comparison was not found.")),
        ("p=gone", ("p", "gone", "This practice is no longer public: “gone”.")),
        ("p=a&format=pdf", ("format", "pdf", "This value is not known.")),
        ("p=a&q=staff", ("q", None, "This name is not known.")),
    ],
)
def test_what_is_left_out_is_told(query: str, expected: tuple[str, str | None, str]) -> None:
    make_cases("a")
    PracticeFactory(slug="a-draft")
    archive(publish(slug="gone"))

    assert told(query) == [expected]


def test_case_that_is_not_there_is_told_in_a_sentence(client: Client) -> None:
    response = client.get("/ja/practices/compare/?p=nosuch")

    assertContains(response, "<li>比較に指定された事例「nosuch」は見つかりません。</li>")


def test_page_of_one_case_asks_for_another(client: Client) -> None:
    publish(slug="a", title_ja="題名", institution__name_ja="神戸大学")
    make_cases("b")

    page = client.get("/ja/practices/compare/?p=a").content.decode()

    assert "題名</a>（神戸大学）" in page
    assert page.index("あと1件以上選んでください。") < page.index('<select id="more"')


def test_columns_have_letters_that_each_cell_repeats(client: Client) -> None:
    make_cases("a", "b", "c")

    page = client.get("/en/practices/compare/?p=a&p=b&p=c").content.decode()

    assert re.findall(r'class="compare-letter">(\w)<', page) == ["A", "B", "C"]
    rows = [re.findall(r'aria-hidden="true">(\w) ', row) for row in page.split('scope="row"')[1:]]
    assert len(rows) > 3
    assert all(row == ["A", "B", "C"] for row in rows)


def test_heading_without_translation_says_so(client: Client) -> None:
    publish(slug="a", title_en="", title_ja="題名")
    make_cases("b")

    page = client.get("/en/practices/compare/?p=a&p=b").content.decode()

    assert '<span lang="ja">題名</span></a> <small class="untranslated">' in page


def test_nothing_of_an_archived_or_unpublished_case_shows(client: Client) -> None:
    archive(publish(slug="gone", title_en="Canary of the archive"))
    PracticeFactory(slug="a-draft", title_en="Canary of the desk")

    response = client.get("/en/practices/compare/?p=gone&p=a-draft")

    assertNotContains(response, "Canary")


def test_a_field_nobody_fills_has_no_row() -> None:
    cases = [publish(context_en="A context."), publish(lessons_ja="教訓。")]

    names = [row.field.name for row in rows_of(cases)]

    assert [name for name in names if name in {"context", "lessons", "hindering", "period"}] == ["context", "lessons"]


def test_page_puts_texts_side_by_side_with_their_parts(client: Client) -> None:
    make_cases("a", "b")

    response = client.get("/en/practices/compare/?p=a&p=b")

    assertContains(response, '<a class="line-label" href="/en/practices/b/#action-1">Action 1</a>')
    assertContains(response, '<a class="compare-remove no-print" href="?p=b">Remove')
    assertContains(response, "?p=a&amp;p=b&amp;format=docx")


def test_missing_translation_shows_the_other_language_and_says_so(client: Client) -> None:
    publish(slug="a", summary_en="", summary_ja="行ったこと。")
    make_cases("b")

    page = client.get("/en/practices/compare/?p=a&p=b").content.decode()

    assert re.search(r'<span lang="ja">行ったこと。</span> <small class="untranslated">', page)


def test_page_without_cases_says_how_to_choose_and_offers_them(client: Client) -> None:
    make_cases("a")

    response = client.get("/ja/practices/compare/")

    assertContains(response, "2件から4件の事例を、項目ごとに並べて比較できます。")
    assertContains(response, '<option value="a">')


def test_word_document_of_one_case_is_refused_on_the_page(client: Client) -> None:
    make_cases("a")

    assertContains(client.get("/en/practices/compare/?p=a&format=docx"), "Choose at least two practices first.")


def test_comparison_costs_the_same_for_two_and_four_cases() -> None:
    make_cases("a", "b", "c", "d", "e")
    costs = []
    for query in ("p=a&p=b", "p=a&p=b&p=c"):
        with CaptureQueriesContext(connection) as queries:
            Client().get(f"/ja/practices/compare/?{query}")
        costs.append(len(queries))

    assert costs[0] == costs[1]


@pytest.mark.parametrize(("cases", "expected"), [(1, ""), (3, "Compare these"), (5, "Compare the first four of these")])
def test_theme_offers_to_compare_its_cases(client: Client, cases: int, expected: str) -> None:
    theme = publish(slug="case-0").theme
    for number in range(1, cases):
        publish(slug=f"case-{number}", theme=theme)

    page = client.get(f"/en/themes/{theme.number}/").content.decode()

    links = re.findall(r'href="/en/practices/compare/\?([^"]*)">([\w ]*?)(?: practices)?<', page)
    assert [label for _query, label in links] == ([expected] if expected else [])
    assert all(query.count("p=") == min(cases, 4) for query, _label in links)


@pytest.mark.parametrize("view", ["cards", "table"])
def test_search_has_a_box_for_each_case_in_one_form(client: Client, view: str) -> None:
    make_cases("a", "b")

    page = client.get(f"/en/practices/?view={view}").content.decode()

    assert sorted(re.findall(r'<input type="checkbox" form="compare" name="p" value="(\w)">', page)) == ["a", "b"]
    assert '<form id="compare"' in page


def test_page_shows_markup_as_text(client: Client) -> None:
    for slug in ("a", "b"):
        publish(slug=slug, title_en="<script>alert(1)</script>", summary_en='"><img src=x onerror=alert(1)>')

    page = client.get("/en/practices/compare/?p=a&p=b&p=<script>").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "“&lt;script&gt;”" in page
