"""Rows out as an Excel workbook: written row by row to a temporary file, in cells that no spreadsheet runs."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from sih_portal.language import LANGUAGES
from sih_portal.tabular import FORMULA, Columns

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL: Final = 32_767  # UTF-16 units, the limit of Excel
MOST_ROWS: Final = 1_048_575  # beside the header
CUT: Final = " […]"
# What XML 1.0 can't hold, but for line breaks and tabs.
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x0041_ as "A"; with its underscore written so it stays what it is.
ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
MOST_NAMED: Final = 100
ABOUT: Final = "about"
BOLD: Final = Font(bold=True)
TOP: Final = Alignment(wrap_text=True, vertical="top")
A4: Final = 9
LINE: Final = Side(style="thin", color="808080")
FRAME: Final = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD: Final = PatternFill("solid", fgColor="E8E8E8")
MARGIN: Final = 0.25  # inches

Lines = Iterable[tuple[object, ...]]


@dataclass(frozen=True)
class Paper:
    """How a sheet is read and printed: the width of each column, in characters, and what stands over each page."""

    widths: Sequence[int]
    head: str


@dataclass(frozen=True)
class Sheet:
    """A sheet and its columns; `rows` gives what a row of the result puts on it. `paper` is for people's sheets."""

    name: str
    columns: Columns
    rows: Callable[[Any], Iterable[object]] = lambda row: (row,)
    paper: Paper | None = None


@dataclass
class Losses:
    """What a workbook can't hold as it is: how often, and where at first."""

    count: int = 0
    places: list[tuple[str, str, int]] = field(default_factory=list)

    def add(self, *place: Any) -> None:
        self.count += 1
        if len(self.places) < MOST_NAMED:
            self.places.append(place)


class _Writing:
    """One sheet while it is written, and what was lost on it."""

    def __init__(self, book: Workbook, sheet: Sheet, losses: Losses) -> None:
        self.sheet = sheet
        self.losses = losses
        self.target: Any = book.create_sheet(sheet.name)
        self.names = [column.name for column in sheet.columns]
        self.count = 0
        widths = sheet.paper.widths if sheet.paper else [_width(name) for name in self.names]
        for number, width in enumerate(widths, 1):
            self.target.column_dimensions[get_column_letter(number)].width = width
        self.target.freeze_panes = "B2"
        heads = [bold(self.target, name) for name in self.names]
        if sheet.paper:
            _lay_out(self.target, sheet.paper)
            for head in heads:
                _frame(head).fill = HEAD
        self.target.append(heads)

    def add(self, row: object) -> None:
        """This will write what the row puts on this sheet; a row too many for Excel is a loss."""
        for part in self.sheet.rows(row):
            self.count += 1
            if self.count > MOST_ROWS:
                self.losses.add(self.sheet.name, self.names[0], self.count + 1)
            else:
                self.target.append([self._cell(column.name, column.cell(part)) for column in self.sheet.columns])

    def finish(self) -> None:
        last = get_column_letter(len(self.names))
        self.target.auto_filter.ref = f"A1:{last}{min(self.count, MOST_ROWS) + 1}"

    def _cell(self, name: str, value: object) -> object:
        cell, is_whole = cell_of(self.target, value)
        if not is_whole:
            self.losses.add(self.sheet.name, name, self.count + 1)
        return _frame(_cell(self.target, cell)) if self.sheet.paper else cell


def write(
    sheets: Sequence[Sheet], rows: Iterable[object], about: Callable[[int], Lines], about_name: str = ABOUT
) -> IO[bytes]:
    """The workbook as an open temporary file, at its beginning: memory does not grow with the rows.

    `about` gets the number of rows and gives the lines of the last sheet, to which what was lost is added.
    """
    book = Workbook(write_only=True)
    try:
        losses = Losses()
        written = [_Writing(book, sheet, losses) for sheet in sheets]
        for row in rows:
            for writing in written:
                writing.add(row)
        for writing in written:
            writing.finish()
        write_about(book, [*about(written[0].count), *_told(losses)], about_name)
        return saved(book)
    except BaseException:
        _discard(book)
        raise


def saved(book: Workbook) -> IO[bytes]:
    """The workbook in a temporary file, with the day and not the second of its making: an hour later it is equal."""
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    book.properties.creator = "SIH Portal"
    book.properties.created = book.properties.modified = datetime.combine(timezone.localdate(), time.min)
    with ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(book, archive).save()
    file.seek(0)
    return file  # type: ignore[no-any-return]


def cell_of(sheet: Any, value: object) -> tuple[object, bool]:
    """What to write for a value, and whether nothing of it is lost. A text stays a text, whatever it begins with."""
    match value:
        case None | bool() | int() | float():
            return value, True
        case Decimal():
            return _number(sheet, value), True
        case datetime():
            return timezone.localtime(value).isoformat(), True
        case date():
            return value, True
        case _:
            return _text(sheet, str(value))


def bold(sheet: Any, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = BOLD
    return cell


def writable(text: str) -> tuple[str, bool]:
    """The text as a cell can hold it, and whether that is the whole text."""
    clean = ESCAPE.sub("_x005F_", UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    is_whole = not UNWRITABLE.search(text)
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return clean, is_whole
    return units[: 2 * (LONGEST_CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT, False


def _number(sheet: Any, value: Decimal) -> object:
    """A real number, shown with the decimals it has: 1.10 is not 1.1."""
    decimals = max(0, -int(value.as_tuple().exponent))
    if not decimals:
        return int(value)
    cell = WriteOnlyCell(sheet, float(value))
    cell.number_format = f"0.{'0' * decimals}"
    return cell


def _text(sheet: Any, text: str) -> tuple[object, bool]:
    clean, is_whole = writable(text)
    if not FORMULA.match(clean) and not clean.startswith("#"):
        return clean, is_whole
    # openpyxl takes =… for a formula and #N/A for an error. The mark keeps it a text when somebody edits the cell.
    cell = WriteOnlyCell(sheet, clean)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell, is_whole


def _width(name: str) -> int:
    """Characters: texts get room, codes what their name needs."""
    is_text = name.endswith(tuple(f"_{language}" for language in LANGUAGES))
    return 36 if is_text else max(12, len(name) + 4)


def _lay_out(sheet: Any, paper: Paper) -> None:
    """A4 in landscape, as wide as the page and as long as it gets, with the headings on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.page_margins.left = sheet.page_margins.right = MARGIN
    sheet.HeaderFooter.oddHeader.left.text = paper.head.replace("&", "&&")
    sheet.HeaderFooter.oddFooter.left.text = timezone.localdate().isoformat()
    sheet.HeaderFooter.oddFooter.right.text = "&P / &N"


def _frame(cell: Cell) -> Cell:
    cell.alignment = TOP
    cell.border = FRAME
    return cell


def write_about(book: Workbook, lines: Lines, name: str = ABOUT) -> None:
    sheet: Any = book.create_sheet(name)
    for column, width in zip("ABC", (28, 90, 12), strict=True):
        sheet.column_dimensions[column].width = width
    for label, *values in lines:
        sheet.append([bold(sheet, str(label)), *(_wrapped(sheet, value) for value in values)])


def _wrapped(sheet: Any, value: object) -> Cell:
    cell = _cell(sheet, cell_of(sheet, value)[0])
    cell.alignment = TOP
    return cell


def _cell(sheet: Any, written: Any) -> Cell:
    return written if isinstance(written, Cell) else WriteOnlyCell(sheet, written)


def _told(losses: Losses) -> Iterator[tuple[object, ...]]:
    if not losses.count:
        return
    message = _(
        "Excel can't hold some texts as they are: they are longer than 32,767 characters and end in […], or a "
        "character was left out. CSV and JSON Lines hold them whole. Number of cells: %(count)s."
    )
    yield (_("Not whole"), message % {"count": losses.count})
    for sheet, column, row in losses.places:
        yield ("", f"{sheet}: {column}", row)


def _discard(book: Workbook) -> None:
    """This will remove the files openpyxl keeps its sheets in, which would stay until the process ends."""
    for sheet in book.worksheets:
        if (writer := getattr(sheet, "_writer", None)) is None:
            continue
        with suppress(OSError):
            if not getattr(sheet, "closed", True):
                sheet.close()  # its generators complain when they are left open
        with suppress(OSError):
            writer.cleanup()
