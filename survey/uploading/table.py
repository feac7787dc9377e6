"""The tables in a workbook: wherever a row of our headings stands, the rows below it, in any order of columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sih_portal.spreadsheets import Cell, Problem, Row, Sheet, letters
from survey.values import folded

from .columns import COLUMNS, HIDDEN

LONGEST_HEADING: Final = 200
# What an answer may consist of.
SAYING: Final = ("said", "reason", "note")
NAMES: Final = {folded(label): heading.name for heading in COLUMNS for label in heading.labels}


@dataclass(frozen=True)
class Line:
    """A row below our headings: its cells by the name of their heading, and those that stand under none."""

    sheet: str
    row: int
    columns: Mapping[str, int]
    cells: Mapping[str, Cell]
    strays: tuple[Cell, ...]

    def text(self, name: str) -> str:
        return self.cells[name].text if name in self.cells else ""

    @property
    def is_saying(self) -> bool:
        """Whether somebody filled in something."""
        return any(name in self.cells and (self.text(name).strip() or self.cells[name].reason) for name in SAYING)

    def problem(self, name: str, reason: str) -> Problem:
        column = self.columns.get(name)
        return Problem(self.row, letters(column) if column else "", reason, self.sheet)

    def unreadable(self) -> Iterator[Problem]:
        """What can't be read of the answer."""
        for name in ("code", *SAYING):
            if name in self.cells and (reason := self.cells[name].reason):
                yield self.problem(name, reason)


def lines_of(sheet: Sheet) -> list[Line]:
    """The rows below each row of headings. Those of the first heading end where another row of headings begins."""
    columns: dict[str, int] = {}
    hidden: set[int] = set()
    found = []
    for row in sheet.rows:
        if heads := _headings(row):
            columns = heads
            hidden = {cell.column for cell in row.cells if cell.text.startswith(HIDDEN)}
        elif columns:
            found.append(_line(sheet.name, row, columns, hidden))
    return found


def _headings(row: Row) -> dict[str, int]:
    """The columns by the name of their heading; empty where the row is no row of headings."""
    columns: dict[str, int] = {}
    for cell in row.cells:
        if len(cell.text) <= LONGEST_HEADING and (name := NAMES.get(folded(cell.text))):
            columns.setdefault(name, cell.column)
    return columns if {"code", "said"} <= columns.keys() else {}


def _line(sheet: str, row: Row, columns: Mapping[str, int], hidden: set[int]) -> Line:
    by_column = {cell.column: cell for cell in row.cells}
    cells = {name: by_column[column] for name, column in columns.items() if column in by_column}
    known = {*columns.values(), *hidden}
    return Line(sheet, row.number, columns, cells, tuple(cell for cell in row.cells if cell.column not in known))
