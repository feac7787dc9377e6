"""The 一覧表 as an Excel sheet: one A4 page in landscape, each mark a link to its case."""

from collections.abc import Iterator, Sequence
from typing import IO, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from sih_portal.addresses import page_address
from sih_portal.downloads import SOURCE
from sih_portal.language import current_language, in_language
from sih_portal.workbook import Lines, saved, writable, write_about

from .overview import Mark, Overview, overview

A4: Final = 9
MIDDLE: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT: Final = Alignment(vertical="center", wrap_text=True)
LINE: Final = Side(style="thin", color="808080")
FRAME: Final = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
BOLD: Final = Font(bold=True)


def overview_sheet() -> IO[bytes]:
    """An open temporary file, at its beginning."""
    table = overview()
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(_("Overview: institutions and themes").replace(":", " -")[:31])
    _lay_out(sheet, len(table.themes))
    for row in _rows(sheet, table):
        sheet.append(row)
    write_about(book, _about(), _("About this file"))
    return saved(book)


def _lay_out(sheet: Any, themes: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.freeze_panes = "B2"
    sheet.HeaderFooter.oddHeader.left.text = _("Overview: institutions and themes")
    sheet.HeaderFooter.oddFooter.left.text = _address()
    sheet.HeaderFooter.oddFooter.right.text = timezone.localdate().isoformat()
    sheet.column_dimensions["A"].width = 30
    for number in range(themes):
        sheet.column_dimensions[get_column_letter(number + 2)].width = 14


def _rows(sheet: Any, table: Overview) -> Iterator[Sequence[Cell]]:
    titles = [f"{theme.number} {in_language(theme, 'short')}" for theme in table.themes]
    yield [_cell(sheet, text, MIDDLE, font=BOLD) for text in (_("Institution"), *titles)]
    for row in table.rows:
        name = _cell(sheet, str(in_language(row.institution, "name")), LEFT)
        yield [name, *(_marks(sheet, marks) for marks in row.cells)]


def _marks(sheet: Any, marks: list[Mark]) -> Cell:
    """A cell of Excel leads to one place: to the first of several cases."""
    cell = _cell(sheet, "".join("●" if mark.is_primary else "○" for mark in marks), MIDDLE)
    if marks:
        cell.hyperlink = page_address(marks[0].practice, current_language())
    return cell


def _cell(sheet: Any, text: str, alignment: Alignment, *, font: Font | None = None) -> Cell:
    cell = WriteOnlyCell(sheet, writable(text)[0])
    cell.data_type = "s"
    cell.alignment = alignment
    cell.border = FRAME
    if font:
        cell.font = font
    return cell


def _about() -> Lines:
    yield (_("SIH Portal"), _("Overview: institutions and themes"))
    yield ("●", _("primary theme"))
    yield ("○", _("further theme"))
    yield (_("Address"), _address())
    yield (_("Made on"), timezone.localdate())
    yield (_("Source"), _(SOURCE))
    if settings.CONTENT_LICENCE:
        yield (_("Licence"), settings.CONTENT_LICENCE)


def _address() -> str:
    return f"{settings.SITE_URL}{reverse('home')}"
