"""The Excel file behind the search page's download, read back: headings, values, paper, the query in words."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.properties import PageSetupProperties
from pytest_django.asserts import assertContains

from practices import result_sheet
from tests.factories.practices import (
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    publish,
)

pytestmark = pytest.mark.django_db
NOT_IN_JAPANESE = "[日本語版は準備中です（英語で表示しています）]"


def read_book(client: Client, address: str) -> Workbook:
    response: Any = client.get(address)
    return load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def rows(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    head, *lines = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def said(book: Workbook, sheet: str) -> list[str]:
    return [" ".join(str(value) for value in row if value is not None) for row in book[sheet].values]


def a_case(**more: Any) -> None:
    theme = RecommendationFactory(theme=ThemeFactory(number=6, short_ja="職員")).theme
    fields = {
        "slug": "workshops",
        "theme": theme,
        "concepts": [ConceptFactory(pref_label_ja="研修"), ConceptFactory(pref_label_ja="職員")],
        "publication": PublicationFactory(month=2),
        "institution__slug": "kyoto",
        "institution__name_ja": "京都大学",
        "institution__kind": "national",
        "title_ja": "=1+1",
        "actions": [("Met.", "集まった。"), ("Met again.", "")],
        "effects": [("Learned.", "学んだ。")],
        "first_fiscal_year": 2005,
    }
    publish(**fields | more)


def test_cases_stand_in_the_words_of_a_japanese_office(client: Client) -> None:
    a_case()

    book = read_book(client, "/ja/practices/?format=xlsx")

    assert book.sheetnames == ["事例", "取組", "効果", "説明"]
    [row] = rows(book, "事例")
    assert list(row) == [
        *("題名", "大学等", "設置形態", "地域", "テーマ", "概要", "取組", "効果", "提言", "キーワード", "実施期間"),
        *("記載時点", "出典", "公開日", "URL"),
    ]
    assert row["題名"] == "=1+1"
    assert book["事例"]["A2"].data_type == "s"
    assert row["設置形態"] == "国立大学"
    assert row["取組"] == f"1. 集まった。\n2. Met again. {NOT_IN_JAPANESE}"
    assert row["キーワード"] == "研修、職員"
    assert row["公開日"] == "2026年4月1日（令和8年4月1日）"
    assert row["URL"].endswith("/ja/practices/workshops/")


def test_english_file_says_where_only_japanese_is_shown(client: Client) -> None:
    a_case(title_en="", needs_money_ja="年100万円")

    book = read_book(client, "/en/practices/?format=xlsx")

    [row] = rows(book, "Cases")
    assert book.sheetnames == ["Cases", "Actions", "Effects", "About this file"]
    assert row["Title"] == "=1+1 [Not translated yet (shown in Japanese)]"
    assert row["Money it takes"] == "年100万円 [Not translated yet (shown in Japanese)]"
    assert row["Published on"] == "1 April 2026"


def test_parts_have_a_row_each_with_their_address(client: Client) -> None:
    a_case()

    book = read_book(client, "/ja/practices/?format=xlsx")

    found = [(row["大学等"], row["番号"], row["取組"]) for row in rows(book, "取組")]
    assert found == [("京都大学", 1, "集まった。"), ("京都大学", 2, f"Met again. {NOT_IN_JAPANESE}")]
    assert [row["URL"].rpartition("/")[2] for row in rows(book, "効果")] == ["#effect-1"]


def test_file_holds_the_whole_result_in_its_order_and_nothing_else(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(result_sheet, "CHUNK", 2)
    for title in "cabd":
        publish(title_en=title, institution__kind="national")
    publish(title_en="e", institution__kind="private")
    PracticeFactory(title_en="f", institution__kind="national")

    book = read_book(client, "/en/practices/?kind=national&sort=title&page=2&page_size=1&format=xlsx")

    assert [row["Title"] for row in rows(book, "Cases")] == ["a", "b", "c", "d"]


def test_sheet_says_what_was_asked_and_what_was_ignored(client: Client) -> None:
    a_case()

    book = read_book(client, "/ja/practices/?q=京都&theme=6&kind=moon&format=xlsx")

    lines = said(book, "説明")
    assert lines[:4] == ["SIH ポータル 事例を探す", "検索語 京都", "検索条件 テーマ 6 職員", "並び順 関連度順"]
    assert any(line.startswith("無視した条件 kind=moon") for line in lines)
    assert "件数 1" in lines
    assert any(line.startswith("アドレス ") and line.endswith("&theme=6") for line in lines)


def test_every_sheet_of_rows_is_ready_to_print(client: Client) -> None:
    a_case()

    book = read_book(client, "/ja/practices/?format=xlsx")

    for name in ("事例", "取組", "効果"):
        sheet = book[name]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr == PageSetupProperties(fitToPage=True)
        assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$1", "B2")
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        assert sheet["A2"].alignment.wrap_text


def test_result_without_a_case_still_has_its_headings(client: Client) -> None:
    book = read_book(client, "/ja/practices/?q=nothing-of-the-kind&format=xlsx")

    assert book["事例"].max_row == 1
    assert book["事例"].max_column == len(result_sheet.ITEMS)
    assert "件数 0" in said(book, "説明")


def test_cost_of_a_chunk_does_not_grow_with_its_cases(client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read_book(client, "/ja/practices/?format=xlsx")
        return len(queries)

    a_case()
    few = cost()
    for _number in range(5):
        publish(concepts=[ConceptFactory()])

    assert cost() == few


def test_unknown_format_is_ignored_with_a_notice(client: Client) -> None:
    response = client.get("/ja/practices/?format=pdf")

    assertContains(response, "<code>format=pdf</code>")
    assert response["Content-Type"].startswith("text/html")


def test_words_that_cannot_be_searched_for_give_no_file(client: Client) -> None:
    assert client.get(f"/ja/practices/?format=xlsx&q={'a' * 201}").status_code == 400


def test_download_menu_leads_to_the_file_of_the_same_query(client: Client) -> None:
    a_case()

    response = client.get("/ja/practices/?theme=6&view=table")

    assertContains(response, 'href="?theme=6&amp;format=xlsx"')
    assertContains(response, "Excel（データ用）")
