"""Texts by language, Japanese dates, and addresses that change one thing at a time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation

from sih_portal.templatetags import portal


@dataclass
class Row:
    name_en: str = ""
    name_ja: str = ""


@pytest.mark.parametrize(
    ("row", "language", "expected"),
    [
        (Row("Dean & Co", "学部長"), "en", "Dean &amp; Co"),
        (Row("Dean & Co", "学部長"), "ja", "学部長"),
        (Row("", "学部長"), "en", '<span lang="ja">学部長</span>'),
        (Row("<b>", ""), "ja", '<span lang="en">&lt;b&gt;</span>'),
        (Row("", ""), "ja", ""),
    ],
)
def test_name_marks_the_other_language_and_escapes(row: Row, language: str, expected: str) -> None:
    with translation.override(language):
        assert portal.name(row) == expected


def test_show_says_that_a_translation_is_missing() -> None:
    with translation.override("ja"):
        shown = portal.show(Row(name_en="A dean"), "name")

    notice = "日本語版は準備中です（英語で表示しています）"
    assert shown == f'<span lang="en">A dean</span> <small class="untranslated">{notice}</small>'


def test_show_says_nothing_where_nothing_is_missing() -> None:
    with translation.override("ja"):
        assert portal.show(Row("A dean", "学部長"), "name") == "学部長"


def test_paragraphs_keep_line_breaks_and_escape() -> None:
    with translation.override("en"):
        assert portal.paragraphs(Row("One <i>\n\nTwo"), "name") == "<p>One &lt;i&gt;</p>\n\n<p>Two</p>"


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2005, "2005年度（平成17年度）"),
        (2018, "2018年度（平成30年度）"),
        (2019, "2019年度（令和元年度）"),
        (1989, "1989年度（平成元年度）"),
    ],
)
def test_fiscal_year_carries_the_japanese_year(year: int, expected: str) -> None:
    with translation.override("ja"):
        assert portal.fiscal_year(year) == expected


def test_fiscal_year_in_english() -> None:
    with translation.override("en"):
        assert portal.fiscal_year(2005) == "FY2005"


@pytest.mark.parametrize(
    ("language", "month", "expected"),
    [
        ("ja", 2, "2010年2月（平成22年2月）"),
        ("ja", None, "2010年（平成22年）"),
        ("en", 2, "February 2010"),
        ("en", None, "2010"),
    ],
)
def test_month_with_and_without_a_month(language: str, month: int | None, expected: str) -> None:
    with translation.override(language):
        assert portal.month(2010, month) == expected


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("year", [0, 1, 9999, 20100, 10**14])
@pytest.mark.parametrize("month", [None, 0, 2, 13, 10**14])
def test_month_shows_whatever_is_stored(language: str, year: int, month: int | None) -> None:
    with translation.override(language):
        assert str(year) in portal.month(year, month)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2019, 4, 30), "2019年4月30日（平成31年4月30日）"),
        (date(2019, 5, 1), "2019年5月1日（令和元年5月1日）"),
        (datetime(2026, 3, 3, 16, 0, tzinfo=UTC), "2026年3月4日（令和8年3月4日）"),
    ],
)
def test_day_is_the_day_in_japan(value: date, expected: str) -> None:
    with translation.override("ja"):
        assert portal.day(value) == expected


def test_query_url_replaces_removes_and_goes_to_page_one() -> None:
    query = QueryDict("q=職員&theme=1&theme=2&page=3")

    assert portal.query_url(query, q=None, sort="title") == "?theme=1&theme=2&sort=title"
    assert portal.query_url(QueryDict("a=1"), page=2) == "?a=1&page=2"


def test_query_url_without_takes_one_value_away() -> None:
    query = QueryDict("theme=1&theme=2&page=3")

    assert portal.query_url_without(query, "theme", "1") == "?theme=2"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ja/practices/?q=%E8%81%B7&theme=6", "/en/practices/?q=%E8%81%B7&theme=6"),
        ("/en/", "/en/"),
        ("/jabber/", "/en/"),
        ("/admin/", "/en/"),
    ],
)
def test_language_url_keeps_page_and_query(path: str, expected: str) -> None:
    request = RequestFactory().get(path)

    assert portal.language_url({"request": request}, "en") == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/en/themes/", '<li><a href="/en/themes/" aria-current="page">T</a></li>'),
        ("/en/themes/1/", '<li><a href="/en/themes/" aria-current="true">T</a></li>'),
        ("/en/", '<li><a href="/en/themes/">T</a></li>'),
    ],
)
def test_nav_link_knows_where_the_reader_is(path: str, expected: str) -> None:
    request = RequestFactory().get(path)

    with translation.override("en"):
        assert portal.nav_link({"request": request}, "practices:theme-list", "T") == expected
