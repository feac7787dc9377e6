"""How the form looks in Excel and on paper: letters, frames, heights of rows, pages. Nothing in it is ever run."""

import unicodedata
from math import ceil
from typing import Any, Final

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sih_portal.tabular import FORMULA
from sih_portal.workbook import A4, writable

FACE: Final = "Yu Gothic"
PLAIN: Final = Font(name=FACE, size=10.5)
BOLD: Final = Font(name=FACE, size=10.5, bold=True)
QUIET: Final = Font(name=FACE, size=9, color="595959")
TITLE: Final = Font(name=FACE, size=14, bold=True)
TOP: Final = Alignment(wrap_text=True, vertical="top")
CENTRE: Final = Alignment(wrap_text=True, vertical="center")
MIDDLE: Final = Alignment(wrap_text=True, vertical="center", horizontal="center")
ONE_LINE: Final = Alignment(vertical="center")
THIN: Final = Side(style="thin", color="A6A6A6")
MEDIUM: Final = Side(style="medium", color="404040")
GRID: Final = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
FRAME: Final = Border(left=MEDIUM, right=MEDIUM, top=MEDIUM, bottom=MEDIUM)
# Pale enough to vanish in a grey print, where the frame stays.
OPEN: Final = PatternFill("solid", fgColor="FFF9DB")
NOTE: Final = PatternFill("solid", fgColor="F5F5F5")
UNLOCKED: Final = Protection(locked=False)
LOCKED: Final = Protection()
LINE: Final = 18.0  # points, of one line of text
SMALL_LINE: Final = 15.0  # of one in `QUIET` letters
TITLE_LINE: Final = 24.0
HIGHEST: Final = 409.0  # points, the limit of Excel
MARGIN: Final = 0.4  # inches


def put(sheet: Worksheet, row: int, column: int, value: object, font: Font = PLAIN) -> Cell:
    """This will write a value into a cell. A text stays a text, whatever it begins with."""
    cell: Any = sheet.cell(row, column)
    cell.font, cell.alignment = font, TOP
    if isinstance(value, str):
        cell.value = writable(value)[0]
        if FORMULA.match(value) or value.startswith("#"):
            cell.data_type, cell.quotePrefix = "s", True
    else:
        cell.value = value
    return cell  # type: ignore[no-any-return]


def head(sheet: Worksheet, text: str) -> None:
    """This will write the title of a sheet, across whatever stands to its right."""
    put(sheet, 1, 1, text, TITLE).alignment = ONE_LINE
    heighten(sheet, 1, 1, TITLE_LINE)


def opened(cell: Any) -> Any:
    """The cell as one to fill in."""
    cell.border, cell.fill, cell.protection, cell.alignment = FRAME, OPEN, UNLOCKED, CENTRE
    return cell


def across(sheet: Worksheet, row: int, first: int, last: int) -> None:
    """This will join cells of a row that nobody fills in."""
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width; a letter of full width takes two."""
    return sum(max(1, ceil(_columns(line) / max(1.0, width - 1))) for line in text.split("\n"))


def heighten(sheet: Worksheet, row: int, count: int, line: float = LINE) -> None:
    """This will give a row room for so many lines: neither Excel nor LibreOffice reckons with joined cells."""
    sheet.row_dimensions[row].height = min(HIGHEST, line * count + 4)


def widen(sheet: Worksheet, widths: tuple[float, ...]) -> None:
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def lay_out(sheet: Worksheet, *, is_wide: bool, foot: str) -> None:
    """This will fit a form to the width of A4, number its pages, and lock what is not to be filled in.

    There is no password: the lock is against slips. Widths and heights stay everybody's.
    """
    fit(sheet, is_wide=is_wide, foot=foot)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def fit(sheet: Worksheet, *, is_wide: bool, foot: str) -> None:
    """This will fit a sheet to the width of A4, and number its pages."""
    sheet.page_setup.orientation = "landscape" if is_wide else "portrait"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    page: Any = sheet
    page.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = MARGIN
    margins.top = 2 * MARGIN
    page.oddFooter.left.text = foot.replace("&", "&&")
    page.oddFooter.right.text = "&P / &N"
    sheet.sheet_view.showGridLines = False


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in text)
