"""What was read: a book of sheets of rows of cells, what is wrong with it, and how much of it we take."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

# What people send: 234 institutions x 500 columns, or 5,000 recipients x 10. What we take costs less than 2 seconds
# and 150 MB, however it is arranged (tests/sih_portal/test_hostile_spreadsheets.py holds every file to that).
LARGEST_FILE: Final = 5 * 1024 * 1024  # bytes
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 500
MOST_CELLS: Final = 120_000  # with something in them
MOST_CHARACTERS: Final = 5_000_000  # of all cells; a text that many cells share counts for each of them
MOST_WRITTEN: Final = 8_000_000  # of what stands for cells in a workbook; an escape has 7 characters for one
MOST_ROW_TAGS: Final = 200_000  # of all sheets of a workbook; rows that are only formatted have one too
MOST_MERGED: Final = 100_000  # areas, and the rows they cover; people merge some hundreds
LONGEST_CELL: Final = 32_767  # the limit of Excel
MOST_UNREADABLE: Final = 1_000  # cells; nobody mends more one by one
MOST_SHEETS: Final = 100
LONGEST_SHEET_NAME: Final = 100  # Excel allows 31, other programs more

# What neither XML nor every database holds, and control characters nobody types. Tabs and line ends are text.
UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SHOWN: Final = 40  # characters of a hostile text in a message


class Refused(Exception):
    """The file can't be taken as a whole. The message, in the reader's language, says why and what to do.

    It is plain text, at most some 200 characters, and may hold letters of the file: templates escape it.
    """


class Cell(NamedTuple):
    """A cell that holds something. With a `reason` its content can't be taken, and `text` is empty."""

    text: str
    row: int  # from 1, as the spreadsheet shows it
    column: int  # from 1; `letters` gives what the spreadsheet shows
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its cells from left to right; empty cells and rows are left out."""

    number: int
    cells: list[Cell]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; `name` is empty in a CSV file. `hidden_columns` are numbers from 1."""

    name: str
    rows: list[Row]
    is_hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()

    def cells(self) -> Iterator[Cell]:
        for row in self.rows:
            yield from row.cells

    def problems(self) -> Iterator["Problem"]:
        """What stands in cells that can't be taken, also outside of a table."""
        for cell in self.cells():
            if cell.reason:
                yield Problem(cell.row, letters(cell.column), cell.reason, self.name)


@dataclass(frozen=True, slots=True)
class Book:
    """What a file holds. At least one cell of it holds something."""

    sheets: list[Sheet]

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name, written as spreadsheets compare names: large and small letters alike."""
        wanted = name.casefold()
        return next((sheet for sheet in self.sheets if sheet.name.casefold() == wanted), None)

    def problems(self) -> Iterator["Problem"]:
        for sheet in self.sheets:
            yield from sheet.problems()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell. `column` is its letter, empty where the whole row is meant."""

    row: int
    column: str
    reason: str
    sheet: str = ""


class Filling:
    """Counts what a book takes while it is read, so that no arrangement of a file gets beyond the limits."""

    def __init__(self) -> None:
        self.cells = 0
        self.characters = 0
        self.written = 0
        self.merged = 0
        self.rows = 0
        self.unreadable: list[Cell] = []

    def spend(self, characters: int) -> None:
        """This will count characters that are yet to become cells.

        :raises Refused: when they are too many.
        """
        self.written += characters
        if self.written > MOST_WRITTEN:
            raise _too_much()

    def merge(self, count: int = 1) -> None:
        """This will count merged areas, or rows that one covers.

        :raises Refused: when they are too many.
        """
        self.merged += count
        if self.merged > MOST_MERGED:
            raise _too_much()

    def row(self) -> None:
        """This will count a row of a workbook, with cells or without.

        :raises Refused: when it is one too many.
        """
        self.rows += 1
        if self.rows > MOST_ROW_TAGS:
            raise _too_much()

    def cell(self, text: str, row: int, column: int) -> Cell:
        """The cell of a text that is not empty.

        :raises Refused: when it stands too far out, is too long, or is one too many.
        """
        if row > MOST_ROWS or column > MOST_COLUMNS:
            raise too_far(row)
        self.cells += 1
        self.characters += len(text)
        if self.cells > MOST_CELLS or self.characters > MOST_CHARACTERS:
            raise _too_much()
        if len(text) > LONGEST_CELL:
            raise Refused(_too_long(row, column))
        if found := UNREADABLE.search(text):
            return self.without_text(row, column, _control_character(found[0]))
        return Cell(text, row, column)

    def without_text(self, row: int, column: int, reason: str) -> Cell:
        """The cell of something that can't be taken.

        :raises Refused: when it is one too many.
        """
        self.unreadable.append(Cell("", row, column, reason))
        if len(self.unreadable) > MOST_UNREADABLE:
            raise _too_many(self.unreadable[0])
        return self.unreadable[-1]


def letters(column: int) -> str:
    """The letters of a column as spreadsheets show it: A for 1, AA for 27."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def shown(text: str, longest: int = SHOWN) -> str:
    """A piece of hostile text for a message: cut, on one line, with nothing in it that hides or turns letters."""
    cut = text[: longest + 1].replace("\u3000", " ")
    piece = "".join(letter if letter.isprintable() else "\ufffd" for letter in cut)
    return piece if len(piece) <= longest else f"{piece[: longest - 1]}…"


def too_far(row: int) -> Refused:
    """The refusal of a row that is one too many, or else has too many columns."""
    if row > MOST_ROWS:
        return Refused(
            _("The table has more than %(count)s rows. Split it into smaller files.") % {"count": f"{MOST_ROWS:,}"}
        )
    message = _("Row %(row)s has more than %(count)s columns. Leave away the columns that are not asked for.")
    return Refused(message % {"row": row, "count": MOST_COLUMNS})


def _too_much() -> Refused:
    return Refused(_("The file holds too much. Leave away what is not asked for, or split it."))


def _too_long(row: int, column: int) -> str:
    message = _("Row %(row)s, column %(column)s: a cell holds at most %(count)s characters. Shorten the text.")
    return message % {"row": row, "column": letters(column), "count": f"{LONGEST_CELL:,}"}


def _too_many(first: Cell) -> Refused:
    message = _("Row %(row)s, column %(column)s and more than %(count)s others can't be read. %(reason)s")
    place = {"row": first.row, "column": letters(first.column), "count": f"{MOST_UNREADABLE:,}"}
    return Refused(message % {**place, "reason": first.reason})


def _control_character(letter: str) -> str:
    message = _("This cell holds a character that can't be stored (U+%(code)s). Type the text again without it.")
    return message % {"code": f"{ord(letter):04X}"}
