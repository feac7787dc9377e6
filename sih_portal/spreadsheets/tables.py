"""A sheet with a row of headings into records: each value under its heading, each mistake with its place."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from sih_portal.spreadsheets.book import Cell, Problem, Row, Sheet, letters, shown

LONGEST_HEADING: Final = 200
# What a page can show. With the first hundred seen to, the next come.
MOST_PROBLEMS: Final = 100


@dataclass(frozen=True)
class Heading:
    """A column that we ask for: the name we call it by, and what may stand over it in the file beside that."""

    name: str
    labels: Sequence[str] = ()
    is_required: bool = True

    def label(self) -> str:
        """What a reader is told to write over the column."""
        return self.labels[0] if self.labels else self.name


@dataclass(frozen=True)
class Record:
    """A row under the headings. `values` has every heading of the file, with "" for an empty cell."""

    row: int
    values: dict[str, str]
    is_hidden: bool = False
    sheet: str = ""
    _columns: dict[str, int] = field(default_factory=dict, repr=False)

    def problem(self, name: str, reason: str) -> Problem:
        """A mistake that somebody found in the value under a heading."""
        column = self._columns.get(name)
        return Problem(self.row, letters(column) if column else "", reason, self.sheet)


def records(sheet: Sheet, headings: Sequence[Heading]) -> tuple[list[Record], list[Problem]]:
    """The records below the first row that holds something, and what is wrong, in the order of the sheet.

    Headings are compared without regard to width, large and small letters and blanks. There are records even where
    there are problems (a cell that can't be read counts as empty): nothing should be done with them then. Of the
    problems the first hundred.
    """
    if not sheet.rows:
        return [], [Problem(1, "", _("The sheet is empty."), sheet.name)]
    table = _Table(sheet, headings)
    return [table.record(row) for row in sheet.rows[1:]], list(islice(table.problems(), MOST_PROBLEMS))


class _Table:
    """Which heading stands over which column of a sheet."""

    def __init__(self, sheet: Sheet, headings: Sequence[Heading]) -> None:
        self.sheet = sheet
        self.head, *self.body = sheet.rows
        self.wanted = {_folded(label): one for one in headings for label in (one.name, *one.labels)}
        self.headings = headings
        self.columns: dict[str, int] = {}
        self.mistakes: list[Problem] = []
        for cell in self.head.cells:
            self._place(cell)

    def record(self, row: Row) -> Record:
        texts = {cell.column: cell.text for cell in row.cells}
        values = {name: texts.get(column, "") for name, column in self.columns.items()}
        return Record(row.number, values, row.is_hidden, self.sheet.name, self.columns)

    def problems(self) -> Iterator[Problem]:
        yield from self.mistakes
        for heading in self.headings:
            if heading.is_required and heading.name not in self.columns:
                message = _("The heading “%(name)s” is missing.")
                yield Problem(self.head.number, "", message % {"name": shown(heading.label())}, self.sheet.name)
        headed = {cell.column for cell in self.head.cells}
        for row in self.body:
            for cell in row.cells:
                if reason := cell.reason or ("" if cell.column in headed else _("There is no heading over this cell.")):
                    yield Problem(cell.row, letters(cell.column), reason, self.sheet.name)

    def _place(self, cell: Cell) -> None:
        """This will note which heading a cell is, or what is wrong with it."""
        heading = self.wanted.get(_folded(cell.text)) if len(cell.text) <= LONGEST_HEADING else None
        if heading and heading.name not in self.columns:
            self.columns[heading.name] = cell.column
            return
        if heading:
            message = _("The heading “%(name)s” stands there twice.")
        else:
            message = _("The heading “%(name)s” is not one of those asked for.")
        reason = cell.reason or message % {"name": shown(cell.text)}
        self.mistakes.append(Problem(cell.row, letters(cell.column), reason, self.sheet.name))


def _folded(label: str) -> str:
    """A heading as people compare it: ＩＤ and "id ", composed and decomposed kana are one."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())
