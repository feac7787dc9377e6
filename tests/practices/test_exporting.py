"""Every list as a file: CSV, JSON Lines and Excel, read back and compared."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from sih_portal.api import ENDPOINTS
from sih_portal.tabular import safe
from tests.desk_guard import refuse_desk_tables
from tests.factories.practices import ConceptFactory, ThemeFactory, publish

pytestmark = pytest.mark.django_db


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    """The CSV read back, its rows read under the guard that no desk table may be named."""
    response: Any = client.get(address)
    with connection.execute_wrapper(refuse_desk_tables):
        text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def a_case() -> None:
    publish(
        slug="kyoto-workshops",
        theme=ThemeFactory(number=6),
        themes=[ThemeFactory(number=9)],
        concepts=[ConceptFactory(pref_label_ja="研修")],
        title_en="Workshops",
        title_ja="=1+1",
        actions=[("Met.", "集まった。"), ("Met again.", "")],
        effects=[("Learned.", "学んだ。")],
        with_headquarters=True,
        institution__slug="kyoto",
    )


def test_csv_holds_one_row_per_case_with_parts_as_numbered_lines(client: Client) -> None:
    a_case()

    [row] = rows_of(client, "/api/v1/practices/?format=csv&theme=6")

    assert {name: value for name, value in row.items() if name.startswith(("actions", "effects", "title"))} == {
        "title_en": "Workshops",
        "title_ja": "'=1+1",
        "actions_en": "1. Met.\n2. Met again.",
        "actions_ja": "1. 集まった。",
        "effects_en": "1. Learned.",
        "effects_ja": "1. 学んだ。",
    }
    assert (row["theme"], row["themes"], row["concept_labels_ja"]) == ("6", "9", "研修")
    assert (row["headquarters"], row["published_at"]) == ("sih-kyoto", "2026-04-01T12:00:00+09:00")


def test_csv_holds_more_than_a_page_in_the_asked_order(client: Client) -> None:
    for number in range(25):
        publish(slug=f"case-{number}", title_en=f"{number:02}")

    rows = rows_of(client, "/api/v1/practices/?format=csv&sort=title&page_size=1")

    assert [row["title_en"] for row in rows] == [f"{number:02}" for number in range(25)]


def test_csv_of_parts_names_their_case(client: Client) -> None:
    a_case()

    assert [(row["id"], row["practice"], row["text_ja"]) for row in rows_of(client, "/api/v1/actions/?format=csv")] == [
        ("kyoto-workshops:action-1", "kyoto-workshops", "集まった。"),
        ("kyoto-workshops:action-2", "kyoto-workshops", ""),
    ]


def read_book(client: Client, address: str) -> Any:
    response: Any = client.get(address)
    with connection.execute_wrapper(refuse_desk_tables):
        return load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def read_lines(client: Client, address: str) -> list[dict[str, Any]]:
    response: Any = client.get(address)
    with connection.execute_wrapper(refuse_desk_tables):
        text = b"".join(response.streaming_content).decode()
    return [json.loads(line) for line in text.splitlines()]


def everything(client: Client, address: str) -> list[dict[str, Any]]:
    """The objects of all pages of a list."""
    body = client.get(f"{address}?page_size=100").json()
    rows: list[dict[str, Any]] = body["results"]
    while body["next"]:
        body = client.get(body["next"]).json()
        rows += body["results"]
    return rows


def cells(book: Any, sheet: str) -> list[dict[str, object]]:
    names, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def as_in_csv(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.date().isoformat()
        case _:
            return safe(str(value))


LISTS = [f"/api/v1/{name}/" for name in ENDPOINTS]


def test_lines_hold_the_objects_of_the_list(client: Client, loaded_source: None) -> None:
    for address in LISTS:
        assert read_lines(client, f"{address}?format=jsonl") == everything(client, address)


def test_workbook_holds_the_cells_of_the_csv(client: Client, loaded_source: None) -> None:
    for address in LISTS:
        book = read_book(client, f"{address}?format=xlsx")

        assert [
            {name: as_in_csv(value) for name, value in row.items()} for row in cells(book, book.sheetnames[0])
        ] == rows_of(client, f"{address}?format=csv")


def test_workbook_of_cases_has_their_parts_on_sheets_of_their_own(client: Client) -> None:
    a_case()
    publish()

    book = read_book(client, "/api/v1/practices/?format=xlsx&theme=6")

    assert book.sheetnames == ["practices", "actions", "effects", "about"]
    assert [(row["id"], row["text_en"]) for row in cells(book, "actions")] == [
        ("kyoto-workshops:action-1", "Met."),
        ("kyoto-workshops:action-2", "Met again."),
    ]
    assert [row["id"] for row in cells(book, "effects")] == ["kyoto-workshops:effect-1"]
    title = book["practices"].cell(2, list(cells(book, "practices")[0]).index("title_ja") + 1)
    assert (title.value, title.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("jsonl", "application/x-ndjson"),
    ],
)
def test_files_hold_more_than_a_page_in_the_asked_order(client: Client, form: str, content_type: str) -> None:
    for number in range(25):
        publish(slug=f"case-{number}", title_en=f"{number:02}")
    address = f"/api/v1/practices/?format={form}&sort=title&page_size=1"

    rows = cells(read_book(client, address), "practices") if form == "xlsx" else read_lines(client, address)

    assert [row["slug"] for row in rows] == [f"case-{number}" for number in range(25)]
    response: Any = client.get(address)
    list(response.streaming_content)
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="practices.{form}"'


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("application/x-ndjson", "jsonl"),
        ("application/jsonl", "jsonl"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        ("text/csv", "csv"),
    ],
)
def test_accept_chooses_the_file(client: Client, accept: str, form: str) -> None:
    response: Any = client.get("/api/v1/practices/", headers={"accept": accept})

    list(response.streaming_content)
    assert response.headers["Content-Disposition"].endswith(f'.{form}"')


def test_a_line_is_a_line_for_every_reader(client: Client) -> None:
    publish(title_en="one\u2028two\u2029three\x85four\nfive")

    response: Any = client.get("/api/v1/practices/?format=jsonl")
    text = b"".join(response.streaming_content).decode()

    assert len(text.splitlines()) == 1
    assert json.loads(text)["title"]["en"] == "one\u2028two\u2029three\x85four\nfive"


def test_sheet_about_says_what_the_file_holds(client: Client, settings: Any) -> None:
    a_case()
    settings.CONTENT_LICENCE = "CC BY 4.0"

    with time_machine.travel(datetime(2026, 4, 1, 16, tzinfo=UTC)):
        book = read_book(client, "/api/v1/practices/?format=xlsx&lang=ja&theme=6&theme=9&page=1")

    about = [(name, value) for name, value in book["about"].iter_rows(values_only=True) if name]
    assert about[1:8] == [
        ("検索条件", "theme: 6, 9"),
        ("アドレス", f"{settings.SITE_URL}/ja/practices/?theme=6&theme=9"),
        (
            "アドレス",
            f"{settings.SITE_URL}/api/v1/practices/?format=xlsx&lang=ja&theme=6&theme=9&page=1",
        ),
        ("作成日", datetime(2026, 4, 2)),  # noqa: DTZ001  (as openpyxl gives days)
        ("件数", 1),
        about[6],
        ("利用条件", "CC BY 4.0"),
    ]
    assert dict(about)["title_ja"] == "題名（日本語）"


@pytest.mark.parametrize("address", LISTS)
def test_every_column_is_explained_in_japanese(client: Client, address: str) -> None:
    book = read_book(client, f"{address}?format=xlsx&lang=ja")

    explained = dict(row[:2] for row in book["about"].iter_rows(values_only=True))
    names = [name for sheet in book.sheetnames[:-1] for name in next(book[sheet].iter_rows(values_only=True))]
    assert {name for name in names if str(explained[name] or "").isascii()} - {"ror"} == set()


def test_overview_is_one_sheet_of_marks_with_links(client: Client, settings: Any) -> None:
    a_case()

    book = read_book(client, "/ja/overview.xlsx")

    sheet = book.worksheets[0]
    assert sheet["A1"].value == "大学等"
    marks = {cell.value: cell.hyperlink.target for row in sheet.iter_rows(min_row=2) for cell in row if cell.hyperlink}
    address = f"{settings.SITE_URL}/ja/practices/kyoto-workshops/"
    assert marks == {"●": address, "○": address}
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert [row[0] for row in book["説明"].iter_rows(values_only=True)][1:3] == ["●", "○"]
