"""Which sheet of a file is which table, by the headings of its first row: names of sheets and files may change."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.translation import gettext as _

from sih_portal.spreadsheets import Book, Heading, Problem, Sheet
from sih_portal.tabular import Columns
from survey.questionnaires import Form
from survey.recipients import COLUMNS
from survey.values import folded

from .tables import CODEBOOK, EXPLANATIONS, LONG, RESPONSES, wide

LONGEST_HEADING: Final = 200
NUMBER: Final = "number"
# What an office writes over the columns that a list of recipients has too.
LABELS: Final = {heading.name: heading.labels for heading in COLUMNS}
# What tells a table from the others; the first that fits.
MARKS: Final = {
    "long": {NUMBER, "cell"},
    "explanations": {NUMBER, "check"},
    "codebook": {"cell", "question"},
    "wide": {NUMBER},
}


def headings_of(part: str, form: Form) -> list[Heading]:
    """The columns that a table may have, in any order; those that tell it from others are needed."""
    columns = {
        "wide": wide(form),
        "long": [*LONG, *(column for column in RESPONSES if column.name != NUMBER)],
        "explanations": EXPLANATIONS,
        "codebook": CODEBOOK,
    }[part]
    return _headings(columns, MARKS[part])


def sheets_of(book: Book) -> tuple[dict[str, Sheet], list[Problem]]:
    """The tables of a file by what they are, and those that stand there twice. Other sheets are nobody's business."""
    found: dict[str, Sheet] = {}
    problems = []
    for sheet in book.sheets:
        part = _part(sheet)
        if part and found.setdefault(part, sheet) is not sheet:
            message = _("The file has two tables of this kind: %(part)s.")
            problems.append(Problem(1, "", message % {"part": part}, sheet.name))
    return found, problems


def _headings(columns: Columns, needed: Iterable[str]) -> list[Heading]:
    return [Heading(column.name, LABELS.get(column.name, ()), column.name in needed) for column in columns]


def _part(sheet: Sheet) -> str | None:
    heads = set(_heads(sheet))
    return next((part for part, marks in MARKS.items() if marks <= heads), None)


def _heads(sheet: Sheet) -> Iterator[str]:
    """The headings of the first row as they compare; `number` for whatever stands over the numbers."""
    numbers = {folded(label) for label in LABELS[NUMBER]}
    for cell in sheet.rows[0].cells if sheet.rows else ():
        word = folded(cell.text[:LONGEST_HEADING])
        yield NUMBER if word in numbers else word
