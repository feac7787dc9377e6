"""The sheet of one section: its definitions, and a row for each cell with room for the answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sih_portal.language import current_language, in_language
from sih_portal.workbook import HEAD
from sih_portal.years import fiscal_year
from survey.answering import Entry, Sheet
from survey.models import Cell, Option, QuestionKind, Status
from survey.questionnaires import Form, FormQuestion, FormSection, who_is_asked
from survey.uploading import COLUMNS, HIDDEN, Mark
from survey.values import Value

from . import drawing
from .drawing import put
from .rules import Rules

NUMBERS: Final = {heading.name: number for number, heading in enumerate(COLUMNS, 1)}
CODE, QUESTION, ITEM, YEAR, SAID, UNIT, REASON, NOTE, LOCK, DIGEST = NUMBERS.values()
OPTIONS: Final = DIGEST + 1
WIDTHS: Final = (15, 46, 32, 16, 28, 7, 20, 24)
ESSAY: Final = 4  # lines on paper for an answer in words
HEADINGS: Final = 3  # the row of headings


@dataclass(frozen=True)
class Occasion:
    """For whom the form is, and its deadline in words; `sheet` is None for a blank form."""

    institution: str
    deadline: str
    mark: Mark
    sheet: Sheet | None


def draw(sheet: Worksheet, form: Form, section: FormSection, occasion: Occasion) -> None:
    """This will fill an empty sheet with the section, and with the present answers where there are any."""
    drawing.widen(sheet, WIDTHS)
    drawing.head(sheet, title_of(section))
    put(sheet, 1, LOCK, str(occasion.mark))
    deadline = _("Deadline: %(moment)s") % {"moment": occasion.deadline} if occasion.deadline else ""
    line = "　".join(filter(None, (occasion.institution, deadline)))
    put(sheet, 2, CODE, line, drawing.QUIET).alignment = drawing.ONE_LINE
    _head(sheet)
    row = _notes(sheet, HEADINGS + 1, list(_notes_of(section)))
    rules = Rules(sheet, OPTIONS)
    for question in section.questions:
        row = _Question(sheet, rules, form, question, occasion.sheet).draw(row)
    if form.definitions:
        put(sheet, row + 1, QUESTION, _("Words of the whole questionnaire"), drawing.BOLD)
        row = _notes(sheet, row + 2, [_definition(one) for one in form.definitions])
    _hide(sheet, section)
    sheet.freeze_panes = sheet.cell(HEADINGS + 1, QUESTION).coordinate
    sheet.print_title_rows = f"{HEADINGS}:{HEADINGS}"
    sheet.print_area = f"A1:{get_column_letter(NOTE)}{row}"
    drawing.lay_out(sheet, is_wide=True, foot=f"{occasion.institution}　{occasion.mark}".strip("　"))


def title_of(section: FormSection) -> str:
    return f"{section.code} {in_language(section.row, 'title')}".strip()


def _listed(option: Option) -> str:
    """“1 設置している”: reading it back finds the option in either language."""
    return f"{option.code} {in_language(option, 'label')}".strip()


def _head(sheet: Worksheet) -> None:
    place = 0 if current_language() == "ja" else 1
    for number, heading in enumerate(COLUMNS, 1):
        label = heading.labels[min(place, len(heading.labels) - 1)]
        cell = put(sheet, HEADINGS, number, label, drawing.BOLD)
        cell.fill, cell.border, cell.alignment = HEAD, drawing.GRID, drawing.MIDDLE
    drawing.heighten(sheet, HEADINGS, 2)


def _notes_of(section: FormSection) -> Iterator[tuple[str, str]]:
    if text := in_language(section.row, "help").value:
        yield _("Notes for answering"), text
    for one in section.definitions:
        yield _definition(one)


def _definition(row: Any) -> tuple[str, str]:
    return in_language(row, "term").value, in_language(row, "text").value


def _notes(sheet: Worksheet, row: int, notes: list[tuple[str, str]]) -> int:
    """This will write lines that nobody answers; the number of the row below them."""
    for term, text in notes:
        put(sheet, row, QUESTION, term, drawing.QUIET).fill = drawing.NOTE
        put(sheet, row, ITEM, text, drawing.QUIET).fill = drawing.NOTE
        drawing.across(sheet, row, ITEM, NOTE)
        width = sum(WIDTHS[ITEM - 1 : NOTE])
        count = max(drawing.lines(text, width), drawing.lines(term, WIDTHS[QUESTION - 1]))
        drawing.heighten(sheet, row, count, drawing.SMALL_LINE)
        row += 1
    return row


def _hide(sheet: Worksheet, section: FormSection) -> None:
    most = max((len(question.options) for question in section.questions), default=0)
    for number in range(most):
        put(sheet, HEADINGS, OPTIONS + number, f"{HIDDEN}option")
    for column in range(LOCK, OPTIONS + most):
        sheet.column_dimensions[get_column_letter(column)].hidden = True


class _Question:
    """A question while it is drawn: a row for each of its cells, its text beside all of them."""

    def __init__(
        self, sheet: Worksheet, rules: Rules, form: Form, question: FormQuestion, stored: Sheet | None
    ) -> None:
        self.sheet = sheet
        self.rules = rules
        self.question = question
        self.stored = stored
        self.choices = "\n".join(map(_listed, question.options))
        self.text = "\n".join(filter(None, self._texts(form)))
        self.takes_note = any(option.takes_text for option in question.options)

    def _texts(self, form: Form) -> Iterator[str]:
        """Everything about the question that somebody needs who has it on paper."""
        question = self.question
        yield f"{question.code} {in_language(question.row, 'text')}"
        yield who_is_asked(form, question)
        yield in_language(question.row, "help").value
        if question.kind == QuestionKind.MULTI:
            yield _("1: yes, 0: no")
        elif self._has_labels:
            yield self.choices

    @property
    def _has_labels(self) -> bool:
        """Whether the cells are called something; else their column is free for the answers to choose from."""
        return any(in_language(cell, "label").value for cell in self.question.cells)

    def draw(self, first: int) -> int:
        """This will draw the question from a row on; the number of the row below it."""
        count = len(self.question.cells)
        if not count:
            return first
        self.rows = {cell.code: first + number for number, cell in enumerate(self.question.cells)}
        for cell in self.question.cells:
            self._row(self.rows[cell.code], cell)
        put(self.sheet, first, QUESTION, self.text)
        if count > 1:
            self.sheet.merge_cells(
                start_row=first, end_row=first + count - 1, start_column=QUESTION, end_column=QUESTION
            )
        self._heighten(first, count)
        return first + count

    def _row(self, row: int, cell: Cell) -> None:
        year = fiscal_year(cell.fiscal_year) if cell.fiscal_year else ""
        unit = in_language(self.question.row, "unit").value
        label = in_language(cell, "label").value if self._has_labels else self.choices
        for column, text in ((CODE, cell.code), (ITEM, label), (YEAR, year.replace("（", "\n（")), (UNIT, unit)):
            font = drawing.QUIET if column == CODE else drawing.PLAIN
            put(self.sheet, row, column, text, font).alignment = drawing.CENTRE
        for column in range(CODE, NOTE + 1):
            self.sheet.cell(row, column).border = drawing.GRID
        if cell.is_total:
            self._total(row, cell)
        else:
            self._answer(row, cell)

    def _total(self, row: int, cell: Cell) -> None:
        """A total is worked out by Excel as by the portal: there is none where there is nothing to add up."""
        places = ",".join(f"{get_column_letter(SAID)}{self.rows[code]}" for code in self.question.summands(cell))
        formula = f'=IF(COUNT({places})=0,"",SUM({places}))' if places else None
        shown: Any = put(self.sheet, row, SAID, None, drawing.BOLD)
        shown.value, shown.number_format, shown.alignment = formula, "#,##0", drawing.CENTRE

    def _answer(self, row: int, cell: Cell) -> None:
        entry = self.stored.entry(cell.code) if self.stored else Entry()
        value = entry.value
        said, reason, note = (
            drawing.opened(put(self.sheet, row, column, text))
            for column, text in ((SAID, self._said(value)), (REASON, self._reason(value)), (NOTE, value.note or None))
        )
        said.number_format = "@" if self.question.kind == QuestionKind.TEXT else "#,##0"
        note.number_format = "@"
        self.rules.answer(said.coordinate, row, self.question, cell)
        self.rules.reason(reason.coordinate)
        if self.takes_note:
            self.rules.note(note.coordinate)
        else:
            note.border, note.fill, note.protection = drawing.GRID, drawing.NOTE, drawing.LOCKED
        for number, option in enumerate(self.question.options if self.question.is_choice else ()):
            put(self.sheet, row, OPTIONS + number, _listed(option))
        if self.stored:
            put(self.sheet, row, LOCK, entry.lock)
            put(self.sheet, row, DIGEST, value.digest)

    def _said(self, value: Value) -> object:
        if value.option is not None:
            return next(_listed(option) for option in self.question.options if option.code == value.option)
        return value.text or None if value.number is None else value.number

    def _reason(self, value: Value) -> object:
        return str(Status(value.reason).label) if value.reason else None

    def _heighten(self, first: int, count: int) -> None:
        """This will give each row room for its own texts, and the rows together for the question."""
        is_essay = self.question.kind == QuestionKind.TEXT and count == 1
        heights = [max(self._lines(row), ESSAY if is_essay else 1) for row in range(first, first + count)]
        short = drawing.lines(self.text, WIDTHS[QUESTION - 1]) - sum(heights)
        for number, height in enumerate(heights):
            more = -(-short // count) if short > 0 else 0
            drawing.heighten(self.sheet, first + number, height + more)

    def _lines(self, row: int) -> int:
        cells = {column: self.sheet.cell(row, column) for column in (CODE, ITEM, YEAR, SAID, NOTE)}
        texts = {column: str(cell.value or "") for column, cell in cells.items() if cell.data_type != "f"}
        return max(drawing.lines(text, WIDTHS[column - 1]) for column, text in texts.items())
