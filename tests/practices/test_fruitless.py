"""Searches without a result: what is counted and what is not, what the desk shows, and that no answer waits for it."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from practices import fruitless
from practices.fruitless import kept_text, note
from practices.models import FruitlessQuery
from sih_portal.models import DataVersion
from tests.factories.practices import FruitlessQueryFactory, publish, staff
from tests.factories.universities import InstitutionFactory

pytestmark = pytest.mark.django_db
A_DAY = date(2026, 4, 1)
READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
LIST = "/admin/practices/fruitlessquery/"


def counted() -> dict[tuple[str, str], int]:
    return {(row.text, row.language): row.asked for row in FruitlessQuery.objects.all()}


def visit(path: str, **headers: str) -> None:
    response: Any = Client(headers=READER | headers).get(path)
    assert response.status_code == 200
    if response.streaming:
        b"".join(response.streaming_content)


def test_searches_without_a_result_are_counted_by_words_and_language() -> None:
    for path in ("/en/practices/?q=Sushi++bar", "/en/practices/?q=sushi+bar", "/ja/practices/?q=sushi+bar"):
        visit(path)

    assert counted() == {("sushi bar", "en"): 2, ("sushi bar", "ja"): 1}
    row = FruitlessQuery.objects.get(language="en")
    assert row.first_asked_on == row.last_asked_on == timezone.localdate()


def test_a_row_holds_words_days_and_a_number_and_nothing_else() -> None:
    names = {field.name for field in FruitlessQuery._meta.get_fields()}

    assert names == {"id", "text", "language", "asked", "first_asked_on", "last_asked_on"}


@pytest.mark.parametrize(
    "path",
    [
        "/en/practices/?q=staff",
        "/en/practices/?q=staff+zebra",
        "/en/practices/?q=zebra&kind=private",
        "/en/practices/?q=zebra&page=2",
        "/en/practices/?q=zebra&sort=title",
        "/en/practices/?q=zebra&view=table",
        "/en/practices/?q=",
        "/en/practices/",
        "/en/practices/?q=%25",
        "/en/practices/?q=zebra&format=xlsx",
        "/en/practices/feed/?q=zebra",
        "/api/v1/practices/?q=zebra",
        "/en/words/suggestions/?q=zebra",
    ],
)
def test_what_found_something_or_asked_for_more_is_not_counted(path: str) -> None:
    publish(title_en="Staff", institution=InstitutionFactory(kind="private"))

    visit(path)

    assert counted() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "curl/8.5.0"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
    ],
)
def test_programs_and_pages_fetched_ahead_are_not_counted(headers: dict[str, str]) -> None:
    visit("/en/practices/?q=zebra", **headers)
    Client(headers=READER).head("/en/practices/?q=zebra")

    assert counted() == {}


@pytest.mark.parametrize(
    ("q", "kept"),
    [
        ("  Visa　申請 ", "visa 申請"),
        ("2005年度", "2005年度"),
        ("a" * 60, "a" * 60),
        ("a" * 61, ""),
        ("taro@example.ac.jp", ""),
        ("ｔａｒｏ＠example", ""),
        ("03-1234-5678", ""),
        ("０９０１２３４５６７８", ""),
        ("https://example.ac.jp/", ""),
        ("www.example.com", ""),
        ("-zebra", ""),
        ("😀", ""),
    ],
)
def test_words_that_may_be_personal_or_are_none_are_not_kept(q: str, kept: str) -> None:
    assert kept_text(q) == kept


def test_the_number_of_rows_is_bounded_and_the_least_asked_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fruitless, "MOST_KEPT", 3)
    for day, text in enumerate(("often", "often", "old", "young", "newest")):
        note(text, "en", today=A_DAY + timedelta(days=day))

    assert counted() == {("often", "en"): 2, ("young", "en"): 1, ("newest", "en"): 1}


def test_what_is_not_asked_again_goes_after_ninety_days() -> None:
    note("old", "en", today=A_DAY)
    note("kept", "en", today=A_DAY + timedelta(days=1))
    note("new", "en", today=A_DAY + timedelta(days=91))

    assert counted() == {("kept", "en"): 1, ("new", "en"): 1}


def test_counting_tells_no_cache() -> None:
    before = DataVersion.objects.current()

    visit("/en/practices/?q=zebra")

    assert (DataVersion.objects.current(), len(counted())) == (before, 1)


def test_a_failing_count_is_logged_without_the_words(caplog: pytest.LogCaptureFixture) -> None:
    def fail(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if "practices_fruitlessquery" in sql:
            return execute("SELECT no_such_column", None, many, context)
        return execute(sql, params, many, context)

    with caplog.at_level(logging.WARNING, "practices.fruitless"), connection.execute_wrapper(fail):
        visit("/en/practices/?q=zebra")

    told = [record.getMessage() for record in caplog.records if record.name == "practices.fruitless"]
    assert (len(told), "zebra" in caplog.text, counted()) == (1, False, {})


def test_nothing_waits_for_another_writer() -> None:
    with CaptureQueriesContext(connection) as queries:
        note("zebra", "en", today=A_DAY)

    statements = [query["sql"] for query in queries]
    give_up = "PRAGMA busy_timeout = 0" if connection.vendor == "sqlite" else "set_config('lock_timeout', '50', true)"
    first_write = next(at for at, sql in enumerate(statements) if "practices_fruitlessquery" in sql)
    assert any(give_up in sql for sql in statements[:first_write])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL forgets the setting with the transaction")
def test_later_statements_wait_as_before() -> None:
    def timeout() -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            return int(cursor.fetchone()[0])

    before = timeout()
    note("zebra", "en", today=A_DAY)

    assert timeout() == before > 0


def test_desk_lists_what_was_asked_again_most_asked_first(client: Client) -> None:
    FruitlessQueryFactory(text="often", asked=7)
    FruitlessQueryFactory(text="奨学金", language="ja", asked=9)
    FruitlessQueryFactory(text="taro yamada", asked=1)
    FruitlessQueryFactory(text="long ago", first_asked_on=timezone.localdate() - timedelta(days=91))
    client.force_login(staff("curator"))

    page = client.get(LIST)
    english = client.get(f"{LIST}?language__exact=en")
    index = client.get("/admin/")

    assert [row.text for row in page.context["cl"].result_list] == ["奨学金", "often"]
    assert [row.text for row in english.context["cl"].result_list] == ["often"]
    assertContains(page, 'href="/ja/practices/?q=%E5%A5%A8%E5%AD%A6%E9%87%91"')
    assertContains(index, "検索結果のなかった検索語")
    assertContains(index, "奨学金")
    assertNotContains(index, "taro yamada")


@pytest.mark.parametrize("role", ["publisher", "translator_en", "survey_manager"])
def test_first_page_shows_searches_to_those_who_curate_only(client: Client, role: str) -> None:
    FruitlessQueryFactory(text="zebra")
    client.force_login(staff(role))

    assertNotContains(client.get("/admin/"), "zebra")


def test_first_page_without_such_searches_says_nothing_of_them(client: Client) -> None:
    client.force_login(staff("curator"))

    assertNotContains(client.get("/admin/"), "desk-fruitless")


def test_curators_take_off_what_is_settled(client: Client) -> None:
    gone, kept = FruitlessQueryFactory(text="gone"), FruitlessQueryFactory(text="kept")
    client.force_login(staff("curator"))
    form = {"action": "delete_selected", "_selected_action": [gone.pk]}

    asked = client.post(LIST, form)
    client.post(LIST, form | {"post": "yes"})

    assertContains(client.get(LIST), "対応済み")
    assertContains(asked, "gone")
    assert list(FruitlessQuery.objects.all()) == [kept]
