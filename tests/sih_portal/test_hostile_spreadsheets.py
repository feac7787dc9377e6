"""Uploaded files that harm: each is read or refused as its entry in `tests.hostile_files` says, and nothing else."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED

import pytest
from django.utils.safestring import SafeData
from hypothesis import given
from hypothesis import strategies as st

from sih_portal import spreadsheets
from sih_portal.spreadsheets.archive import LARGEST_MEMBER, MOST_MEMBERS
from sih_portal.spreadsheets.book import (
    LARGEST_FILE,
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    SHOWN,
    UNREADABLE,
)
from sih_portal.spreadsheets.markup import MOST_BYTES, MOST_ELEMENTS
from tests.hostile_files import HostileFile, hostile_files
from tests.hostile_files.building import SHEET, parts, workbook, zipped

FILES: Final = hostile_files()
LONGEST_MESSAGE: Final = 200
ROOT: Final = Path(__file__).parents[2]
# Twice of what the slowest file needed (1.7 s and 82 MB) would be too little on a busy machine, 4 s is not.
MEGABYTES: Final = 150
SECONDS: Final = 4
WHOLE: Final = workbook()
SHEET_PART: Final = parts()[SHEET]


def read(content: bytes, name: str = "table.xlsx") -> spreadsheets.Book | None:
    """The book, or None when the file is refused with a message that can be shown."""
    try:
        book = spreadsheets.read(io.BytesIO(content), name=name)
    except spreadsheets.Refused as refusal:
        check_message(str(refusal))
        return None
    for problem in book.problems():
        check_message(problem.reason)
    return book


def check_message(message: str) -> None:
    assert 0 < len(message) <= LONGEST_MESSAGE
    assert message.isprintable()
    assert not isinstance(message, SafeData)


def is_whole(book: spreadsheets.Book) -> bool:
    """Whether a book keeps to what is promised of every book."""
    cells = [cell for sheet in book.sheets for cell in sheet.cells()]
    return (
        0 < len(cells) <= MOST_CELLS
        and all(bool(cell.text) != bool(cell.reason) for cell in cells)
        and all(1 <= cell.row <= MOST_ROWS and 1 <= cell.column <= MOST_COLUMNS for cell in cells)
        and not any(len(cell.text) > LONGEST_CELL or UNREADABLE.search(cell.text) for cell in cells)
    )


@pytest.mark.parametrize("file", FILES, ids=str)
def test_hostile_file_ends_as_expected(file: HostileFile) -> None:
    book = read(file.content, file.name)

    assert ("read" if book else "refused") == file.expect
    if book:
        problem = next(book.problems(), None)
        assert (problem and (problem.row, problem.column)) == file.place
        assert is_whole(book)


def test_hostile_files_have_ids_of_their_own() -> None:
    assert len({file.id for file in FILES}) == len(FILES) >= 300


@pytest.mark.skipif(sys.platform != "linux", reason="limits a process as Linux does")
def test_no_hostile_file_needs_much_memory_or_time() -> None:
    command = [sys.executable, "-m", "tests.hostile_files", str(MEGABYTES), str(SECONDS)]

    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_limits_stop_a_file_that_needs_more() -> None:
    command = [sys.executable, "-m", "tests.hostile_files", "5", str(SECONDS)]

    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    assert "csv-most-cells: raised instead of read\n" in done.stdout


def test_limits_fit_each_other() -> None:
    assert 4 * MOST_CELLS + MOST_ROWS <= MOST_ELEMENTS
    assert LARGEST_FILE < LARGEST_MEMBER <= MOST_BYTES
    assert MOST_MEMBERS <= LARGEST_FILE


def test_message_shows_a_hostile_name_cut_and_harmless() -> None:
    assert spreadsheets.shown("a\u202e\x00\ud800\ue000\ud7fc\n<b>") == "a" + "\ufffd" * 6 + "<b>"
    assert spreadsheets.shown("機関名\u3000（日本語）") == "機関名 （日本語）"
    assert len(spreadsheets.shown("n" * 1_000_000)) == SHOWN


def test_file_is_not_read_beyond_the_limit() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def seek(self, *_place: int) -> int:
            return 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.given += size
            return b"a" * size

    file = Endless()
    with pytest.raises(spreadsheets.Refused, match="5"):
        spreadsheets.read(file, name="a.csv")

    assert file.given == LARGEST_FILE + 1


@given(st.data())
def test_workbook_with_changed_bytes_is_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(WHOLE)
    for _change in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(WHOLE) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.just(len(WHOLE)), st.integers(0, len(WHOLE))))

    book = read(bytes(changed[:end]))

    assert book is None or is_whole(book)


@given(st.sampled_from([*parts()]), st.data())
def test_workbook_with_changed_parts_is_read_or_refused(name: str, data: st.DataObject) -> None:
    part = parts()[name]
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(part)), st.integers(0, len(part)))))
    piece = data.draw(
        st.one_of(st.binary(max_size=8), st.text(max_size=8).map(lambda text: text.encode("utf-8", "ignore")))
    )

    book = read(zipped({**parts(), name: part[:start] + piece + part[end:]}, ZIP_STORED))

    assert book is None or is_whole(book)


@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["", "n", "s", "str", "inlineStr", "b", "d", "e", "x"]))
def test_cell_of_any_kind_with_any_text_is_read_or_refused(text: str, kind: str) -> None:
    inside = f"<v><![CDATA[{text}]]></v>".encode("utf-8", "ignore")
    changed = SHEET_PART.replace(b"<v>1</v>", inside).replace(b'"A1"', f'"A1" t="{kind}"'.encode())

    book = read(workbook({SHEET: changed}))

    assert book is None or is_whole(book)


@given(st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-16", "surrogatepass"))))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    book = read(content, "table.csv")

    assert book is None or is_whole(book)


@given(
    st.text(st.sampled_from("\",;\t\r\n'=a京ｶ\ufeff\x00\x0b")), st.sampled_from(["utf-8", "cp932", "utf-16", "euc_jp"])
)
def test_any_text_of_marks_is_read_or_refused(text: str, encoding: str) -> None:
    book = read(text.encode(encoding, "ignore"), "table.csv")

    assert book is None or is_whole(book)
