"""Excel files as openpyxl and the format itself read them back."""

import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from sih_portal.tabular import Column, Columns
from sih_portal.workbook import LONGEST_CELL, Sheet, writable, write

TEXT: Columns = [Column("id", lambda _row: "row"), Column("text_en", itemgetter("text"))]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def book_of(*values: object, columns: Columns = TEXT) -> Any:
    with write(
        [Sheet("rows", columns)], [{"text": value} for value in values], lambda count: [("count", count)]
    ) as file:
        return load_workbook(file)


def cell_of(value: object) -> Any:
    return book_of(value)["rows"]["B2"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "#N/A", '"=1', "\t=1", "=", "true", "1"])
def test_text_stays_a_text_whatever_it_begins_with(text: str) -> None:
    cell = cell_of(text)

    assert (cell.value, cell.data_type) == (text, "s")


def test_text_like_a_formula_stays_one_when_its_cell_is_edited() -> None:
    assert (cell_of("=1+1").quotePrefix, cell_of("plain").quotePrefix) == (True, False)


@pytest.mark.parametrize("text", ["a\nb", "京都 𠮷", " blanks ", "a\tb", "<b>&amp;</b>"])
def test_text_comes_back_as_it_is(text: str) -> None:
    assert cell_of(text).value == text


def test_lines_end_as_excel_ends_them() -> None:
    assert cell_of("a\r\nb\rc").value == "a\nb\nc"


def test_characters_that_xml_cannot_hold_are_left_out_and_told() -> None:
    book = book_of("a\x00\x0b\x1fb\ufffe", "whole")

    assert [row[1] for row in book["rows"].iter_rows(values_only=True)] == ["text_en", "ab", "whole"]
    about = list(book["about"].iter_rows(values_only=True))
    assert about[-2][1].endswith("Number of cells: 1.")
    assert about[-1][1:] == ("rows: text_en", 2)


@pytest.mark.parametrize("text", ["a" * (LONGEST_CELL + 1), "𠮷" * LONGEST_CELL])
def test_text_too_long_for_a_cell_is_cut_and_told(text: str) -> None:
    book = book_of(text)

    value = book["rows"]["B2"].value
    assert len(value.encode("utf-16-le")) <= 2 * LONGEST_CELL
    assert (value[:100], value[-4:]) == (text[:100], " […]"[-4:])
    assert list(book["about"].values)[-1][1:] == ("rows: text_en", 2)


def test_text_of_the_longest_length_is_whole() -> None:
    book = book_of("a" * LONGEST_CELL)

    assert (len(book["rows"]["B2"].value), book["about"].max_row) == (LONGEST_CELL, 1)


def test_text_that_excel_would_decode_is_escaped() -> None:
    assert writable("_x0041_ x0041_") == ("_x005F_x0041_ x0041_", True)


@given(st.text(st.characters(exclude_categories=[])))
@settings(max_examples=50)
def test_any_text_can_be_read_back_or_is_told(text: str) -> None:
    written, is_whole = writable(text)

    assert re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", written) is None
    if is_whole and "\r" not in text:
        assert written.replace("_x005F_", "_") == text


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, None),
        (7, 7),
        (True, True),
        (Decimal("-1.10"), -1.1),
        (Decimal(438), 438),
        (date(2026, 4, 1), datetime(2026, 4, 1)),  # noqa: DTZ001  (as openpyxl gives days)
        (datetime(2026, 4, 1, 3, 0, tzinfo=UTC), "2026-04-01T12:00:00+09:00"),
    ],
)
def test_value_that_is_no_text(value: object, read: object) -> None:
    assert cell_of(value).value == read


def test_sheet_keeps_its_header_in_sight_and_can_be_filtered() -> None:
    sheet = book_of("a", "b")["rows"]

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:B3")
    assert (sheet["A1"].font.bold, sheet["A2"].font.bold) == (True, False)
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width


def test_files_of_the_same_day_hold_the_same() -> None:
    def parts() -> dict[str, bytes]:
        with write([Sheet("rows", TEXT)], [{"text": "a"}], lambda _count: []) as file, ZipFile(file) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert parts() == parts()


def test_a_fault_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    with pytest.raises(KeyError):
        write([Sheet("rows", TEXT)], [{"text": "a"}, {}], lambda _count: [])

    assert list(tmp_path.iterdir()) == []
