"""Texts by language, Japanese dates, and addresses that change one thing at a time."""

from dataclasses import dataclass

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
