"""A sheet of a workbook, read as a stream: its cells as texts, what is hidden in it, what merged cells cover."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from sih_portal.spreadsheets.archive import damaged, suspicious
from sih_portal.spreadsheets.book import LONGEST_CELL, MOST_COLUMNS, Cell, Filling, Row, shown
from sih_portal.spreadsheets.delimited import unguarded
from sih_portal.spreadsheets.markup import Attributes, Reader
from sih_portal.spreadsheets.numbers import Kind, iso_moment, moment, number
from sih_portal.spreadsheets.parts import PLAIN, TRUE, Styles, unescaped

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
AREA: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?", re.ASCII)
# An escape has 7 characters for one.
LONGEST_WRITTEN: Final = 7 * LONGEST_CELL
COLUMN: Final = attrgetter("column")
WRITTEN_TEXTS: Final = ("str", "inlineStr")


class Area(NamedTuple):
    """Merged cells: the first row and column hold the value."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Context:
    """What the cells of all sheets of a workbook share."""

    filling: Filling
    strings: list[str]
    styles: Styles
    is_1904: bool


class SheetReader(Reader):
    """Takes the rows, hidden columns and merged areas out of a sheet's markup."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.rows: list[Row] = []
        self._hidden_columns = 0  # bit by bit: a set would cost with each of many overlapping ranges
        self.merged: list[Area] = []
        self.opened = {
            "sheetData": self._start_data,
            "row": self._start_row,
            "c": self._start_cell,
            "v": self._start_value,
            "t": self._start_text,
            "f": self._start_formula,
            "rPh": self._start_reading,
            "col": self._add_column,
            "mergeCell": self._add_merged,
        }
        self.closed = {
            "sheetData": self._finish_data,
            "row": self._finish_row,
            "c": self._finish_cell,
            "v": self._finish_text,
            "t": self._finish_text,
            "rPh": self._finish_reading,
        }
        self._columns = _ColumnNumbers()
        self._is_in_data = False
        self._row = 0
        self._row_digits = ""
        self._is_row_hidden = False
        self._cells: list[Cell] = []
        self._column = 0
        self._open_cell: Attributes | None = None
        self._forget_content()

    def hidden_columns(self) -> frozenset[int]:
        return frozenset(column for column in range(1, MOST_COLUMNS + 1) if self._hidden_columns >> column & 1)

    def text(self, data: str) -> None:
        if self._is_text:
            self._pieces.append(data)
            self._length += len(data)
            self.context.filling.spend(len(data))
            if self._length > LONGEST_WRITTEN:
                raise suspicious()

    def _start_data(self, _attributes: Attributes) -> None:
        self._is_in_data = True

    def _finish_data(self) -> None:
        self._is_in_data = False

    def _add_column(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in TRUE:
            first, last = (_count(attributes.get(key, ""), LAST_COLUMN) for key in ("min", "max"))
            self._hidden_columns |= (1 << (min(last, MOST_COLUMNS) + 1)) - (1 << min(first, MOST_COLUMNS + 1))

    def _add_merged(self, attributes: Attributes) -> None:
        if not (found := AREA.fullmatch(attributes.get("ref", ""))):
            raise damaged()
        left, top, right, bottom = found.groups()
        self.merged.append(Area(int(top), self._columns[left], int(bottom or top), self._columns[right or left]))
        self.context.filling.merge()

    def _start_row(self, attributes: Attributes) -> None:
        if not self._is_in_data:
            return
        self.context.filling.row()
        before = self._row
        self._row = _count(attributes["r"], LAST_ROW) if "r" in attributes else before + 1
        if self._row <= before:
            raise damaged()
        self._row_digits = str(self._row)
        self._is_row_hidden = attributes.get("hidden") in TRUE
        self._cells, self._column = [], 0

    def _finish_row(self) -> None:
        if self._cells:
            self.rows.append(Row(self._row, self._cells, self._is_row_hidden))
        self._cells, self._row_digits = [], ""

    def _start_cell(self, attributes: Attributes) -> None:
        if not self._is_in_data:
            return
        if not (digits := self._row_digits):
            raise damaged()
        before = self._column
        if place := attributes.get("r"):
            self._column = self._columns[place[: -len(digits)]]
            if self._column <= before or not place.endswith(digits):
                raise damaged()
        else:
            self._column = before + 1
        self._open_cell = attributes

    def _finish_cell(self) -> None:
        if self._open_cell is not None and (self._pieces or self._has_formula or self._has_value):
            if cell := self._cell(self._open_cell, "".join(self._pieces)):
                self._cells.append(cell)
            self._forget_content()
        self._open_cell = None

    def _start_value(self, _attributes: Attributes) -> None:
        self._is_text = self._has_value = self._open_cell is not None

    def _start_text(self, _attributes: Attributes) -> None:
        self._is_text = self._open_cell is not None and not self._readings

    def _finish_text(self) -> None:
        self._is_text = False

    def _start_formula(self, _attributes: Attributes) -> None:
        self._has_formula = self._open_cell is not None

    def _start_reading(self, _attributes: Attributes) -> None:
        self._readings += 1

    def _finish_reading(self) -> None:
        self._readings -= 1

    def _forget_content(self) -> None:
        self._pieces: list[str] = []
        self._length = self._readings = 0
        self._is_text = self._has_formula = self._has_value = False

    def _cell(self, attributes: Attributes, written: str) -> Cell | None:
        kind = attributes.get("t", "n")
        style = self.context.styles.style(attributes["s"]) if "s" in attributes else PLAIN
        if not written and not (self._has_value and kind == "str"):
            return self._without_text(_no_result()) if self._has_formula else None
        if kind == "s" or kind in WRITTEN_TEXTS:
            text = self._shared(written) if kind == "s" else unescaped(written)
            return self._with_text(text if style.has_quote_prefix else unguarded(text))
        value = self._value(kind, written, style.kind)
        return self._without_text(_unreadable(kind, written)) if value is None else self._with_text(value)

    def _value(self, kind: str, written: str, style: Kind) -> str | None:
        """What is no text as a text; None where it can't be read."""
        match kind:
            case "n" if style is Kind.NUMBER:
                return number(written)
            case "n":
                return moment(written, style, is_1904=self.context.is_1904)
            case "b":
                return {"1": "true", "0": "false"}.get(written)
            case "d":
                return iso_moment(written)
            case _:
                return None

    def _shared(self, index: str) -> str:
        number = int(index) if index.isdecimal() and len(index) <= 9 else -1
        if not 0 <= number < len(self.context.strings):
            raise damaged()
        return self.context.strings[number]

    def _with_text(self, text: str) -> Cell | None:
        return self.context.filling.cell(text, self._row, self._column) if text else None

    def _without_text(self, reason: str) -> Cell:
        filling = self.context.filling
        filling.cell("?", self._row, self._column)
        return filling.without_text(self._row, self._column, reason)


class _ColumnNumbers(dict[str, int]):
    """The numbers of column letters, each reckoned once."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters[:4]:
            if not "A" <= letter <= "Z":
                raise damaged()
            number = 26 * number + ord(letter) - 64
        if not 1 <= number <= LAST_COLUMN:
            raise damaged()
        self[letters] = number
        return number


def uncovered(rows: list[Row], merged: list[Area], filling: Filling) -> list[Row]:
    """The rows without what merged cells cover, which nobody sees in a spreadsheet.

    :raises Refused: when the areas together have more rows than people merge.
    """
    numbers = [row.number for row in rows]
    for area in merged:
        within = rows[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]
        filling.merge(len(within))
        for row in within:
            _uncover(row, area)
    return [row for row in rows if row.cells]


def _uncover(row: Row, area: Area) -> None:
    first = area.left + (row.number == area.top)
    del row.cells[bisect_left(row.cells, first, key=COLUMN) : bisect_right(row.cells, area.right, key=COLUMN)]


def _count(text: str, most: int) -> int:
    if text.isdecimal() and len(text) <= 7 and 1 <= int(text) <= most:
        return int(text)
    raise damaged()


def _no_result() -> str:
    return _("This cell holds a formula without a result. Open the file in Excel, save it and upload it again.")


def _unreadable(kind: str, written: str) -> str:
    if kind == "e":
        return _("This cell holds the error %(error)s.") % {"error": shown(written)}
    return _("This cell holds “%(value)s”, which is no number or day.") % {"value": shown(written)}
