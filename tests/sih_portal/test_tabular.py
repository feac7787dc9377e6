"""CSV as a reader's program gets it back, and cells that stay text in a spreadsheet."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sih_portal.tabular import FORMULA, Column, Columns, csv_lines, listed, numbered, plain_columns, safe, text_columns

TEXT: Columns = [Column("text", itemgetter("text"))]
SHORT = st.text(st.sampled_from("=+-@＝＋－＠\t\r\n\"' 　,;a京𠮷"), max_size=8)


def read_back(columns: Columns, rows: list[Any]) -> list[list[str]]:
    text = b"".join(csv_lines(columns, rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def restored(cell: str) -> str:
    """What the API's documentation tells a reader to do."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def test_lines_begin_with_the_mark_that_excel_needs() -> None:
    assert b"".join(csv_lines(TEXT, [{"text": "京都"}])) == b"\xef\xbb\xbftext\r\n" + "京都\r\n".encode()


def test_lines_come_one_by_one() -> None:
    lines = csv_lines(TEXT, ({"text": str(number)} for number in range(3)))

    next(lines)

    assert next(lines) == b"0\r\n"


@pytest.mark.parametrize("start", [*"=+-@＝＋－＠\t\r", '"=', "'=", "\n=", " +", "　＝", '\n"＠'])
def test_text_that_a_spreadsheet_could_run_gets_an_apostrophe(start: str) -> None:
    assert safe(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "1 = 1", "京都大学", "'quoted'", '"A" and =B', "2005年度－2009年度"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@given(st.one_of(SHORT, st.text()))
def test_any_text_is_safe_and_comes_back(text: str) -> None:
    _header, [cell] = read_back(TEXT, [{"text": text}])

    assert cell[:1] not in set("=+-@＝＋－＠\t\r")
    assert restored(cell) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-5, "-5"),
        (Decimal("-1.10"), "-1.10"),
        (date(2026, 4, 1), "2026-04-01"),
        (datetime(2026, 4, 1, 3, 0, tzinfo=UTC), "2026-04-01T12:00:00+09:00"),
    ],
)
def test_value_that_is_no_text(value: object, cell: str) -> None:
    assert read_back([*TEXT, *TEXT], [{"text": value}])[1] == [cell, cell]


def test_text_columns_of_a_row_and_of_what_it_names() -> None:
    school = SimpleNamespace(name_en="Kyoto", name_ja="京都")
    columns = [*text_columns("name"), *text_columns("name", lambda row: row.twin, name="twin_name")]

    rows = read_back(
        columns, [SimpleNamespace(**vars(school), twin=None), SimpleNamespace(**vars(school), twin=school)]
    )

    assert rows == [
        ["name_en", "name_ja", "twin_name_en", "twin_name_ja"],
        ["Kyoto", "京都", "", ""],
        ["Kyoto", "京都", "Kyoto", "京都"],
    ]


def test_plain_columns_hold_their_attribute() -> None:
    assert read_back(plain_columns("slug", "year"), [SimpleNamespace(slug="kyoto", year=2005)]) == [
        ["slug", "year"],
        ["kyoto", "2005"],
    ]


def test_numbered_lines_leave_out_what_is_not_translated() -> None:
    assert numbered([(1, "first"), (3, ""), (4, "last")]) == "1. first\n4. last"


def test_list_of_codes_is_one_cell() -> None:
    assert listed([1, "two"]) == "1; two"
