"""Tables that people upload, CSV and Excel: read within bounds, each value with its place, or refused with a reason.

`read` raises nothing but `Refused`. Nothing of a file is run, fetched or written; formulas are read by the result that
stands in the file.
"""

from typing import Protocol

from django.utils.translation import gettext as _

from sih_portal.spreadsheets import delimited, workbooks
from sih_portal.spreadsheets.book import LARGEST_FILE, Book, Cell, Problem, Refused, Row, Sheet, letters, shown
from sih_portal.spreadsheets.kinds import is_workbook
from sih_portal.spreadsheets.tables import Heading, Record, records

__all__ = (
    "Book",
    "Cell",
    "Heading",
    "Problem",
    "Record",
    "Refused",
    "Row",
    "Sheet",
    "letters",
    "read",
    "records",
    "shown",
)


class Upload(Protocol):
    """What we need of an uploaded file."""

    def seek(self, offset: int, /) -> object: ...

    def read(self, size: int, /) -> bytes: ...


def read(file: Upload, *, name: str) -> Book:
    """The tables of an uploaded file, whatever it is; `name` is its name as sent.

    :raises Refused: when the file can't be taken as a whole.
    """
    file.seek(0)
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        message = _("The file is larger than %(count)s MB. Split the table, or leave pictures away.")
        raise Refused(message % {"count": LARGEST_FILE // 1024 // 1024})
    book = workbooks.read(content) if is_workbook(content, name=name) else delimited.read(content)
    if not any(cell.reason or cell.text.strip() for sheet in book.sheets for cell in sheet.cells()):
        raise Refused(_("The file is empty."))
    return book
