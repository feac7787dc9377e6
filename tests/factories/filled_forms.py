"""Excel forms as people fill them in: downloaded, written into, cut up, put together, sent back."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from survey.answer_sheet import answer_sheet
from survey.answering import sheet_of
from survey.models import Response
from tests.factories.answers import the_form

# The columns of the form.
CODE, SAID, REASON, NOTE, LOCK, DIGEST = "A", "E", "G", "H", "I", "J"


def downloaded(response: Response, *, is_blank: bool = False) -> Workbook:
    """The form as the institution gets it now."""
    form = the_form(response)
    own: Any = {} if is_blank else {"response": response, "sheet": sheet_of(response, form, is_pilot=False)}
    with answer_sheet(form, survey_round=response.invitation.round, **own) as file:
        return load_workbook(file)


def row_of(book: Workbook, code: str) -> tuple[Any, int]:
    """The sheet and the row of a code."""
    return next(
        (sheet, cell.row) for sheet in book.worksheets for cell in sheet[CODE] if str(cell.value or "").strip() == code
    )


def fill(book: Workbook, column: str = SAID, **said: Any) -> Workbook:
    """Writes into a column; `Q1_hq` stands for `Q1.hq`."""
    for name, value in said.items():
        sheet, row = row_of(book, name.replace("_", "."))
        sheet[f"{column}{row}"] = value
    return book


def saved(book: Workbook) -> BytesIO:
    file = BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "form.xlsx"
    return file
