"""What an uploaded questionnaire says: each answer with its place, each mistake, and what is not taken over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from sih_portal.spreadsheets import Book, Problem, Refused, Sheet, letters, shown
from survey import values
from survey.questionnaires import Form
from survey.values import Misread, Typed, Value, folded

from .columns import Mark
from .table import Line, lines_of

# What a page can show. With the first hundred seen to, the next come.
MOST_PLACES: Final = 100
LONGEST_LOCK: Final = 9  # digits


@dataclass(frozen=True)
class Said:
    """What a file says of one cell. `lock` counts the changes its maker had seen; None where the file can't tell."""

    code: str
    value: Value
    lock: int | None = None
    sheet: str = ""
    row: int = 0
    column: str = ""

    @property
    def place(self) -> str:
        return f"{self.column}{self.row}"


@dataclass
class Reading:
    """`untouched` are answers that stand there as they were when the file was made: of these the file says nothing.

    `sheets` are those with answers on them. `left_out` is what people wrote where nothing is read.
    """

    said: list[Said] = field(default_factory=list)
    untouched: int = 0
    sheets: list[str] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def parse(book: Book, form: Form, *, response: str) -> Reading:
    """What the file says for the response of this public id; a blank cell says nothing. No query.

    With a problem in it, nothing of it should be taken.

    :raises Refused: when it is no questionnaire, another one, or another institution's.
    """
    _refuse_others(book, Mark.of(form.row, response))
    reader = _Reader(form)
    for sheet in book.sheets:
        reader.read(sheet)
    reading = reader.reading
    if not reading.sheets and not reading.problems:
        raise Refused(_("There is no questionnaire in this file. Fill in the Excel form of this page and upload that."))
    reading.left_out += reader.odd_totals()
    del reading.problems[MOST_PLACES:], reading.left_out[MOST_PLACES:]
    return reading


def _refuse_others(book: Book, own: Mark) -> None:
    marks = {mark for sheet in book.sheets for cell in sheet.cells() if (mark := Mark.read(cell.text))}
    if any((mark.code, mark.version) != (own.code, own.version) for mark in marks):
        raise Refused(
            _("This file is of another questionnaire or version. Download the form of this page, and copy into it.")
        )
    if any(mark.response not in {"", own.response} for mark in marks):
        raise Refused(
            _("This file was made for another institution. Download the form of this page, and copy into it.")
        )
    if any(mark.sha256 and own.sha256 and mark.sha256 != own.sha256 for mark in marks):
        raise Refused(
            _("The questionnaire has changed since this file was made. Download the form again, and copy into it.")
        )


class _Reader:
    """A file while it is read against a form."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.reading = Reading()
        self.codes = {folded(code): code for code in form.cells}
        self.first: dict[str, Said] = {}
        self.numbers: dict[str, int] = {}
        self.totals: dict[str, Line] = {}

    def read(self, sheet: Sheet) -> None:
        lines = lines_of(sheet)
        if lines:
            self.reading.sheets.append(sheet.name)
        else:
            self.reading.problems += self._without_headings(sheet)
        for line in lines:
            if len(self.reading.problems) < MOST_PLACES:
                self._take(line)

    def odd_totals(self) -> Iterator[Problem]:
        """Totals in the file that are not the sum of their rows in the file; they are worked out here."""
        for code, line in self.totals.items():
            question = self.form.questions[code]
            numbers = [self.numbers[one] for one in question.summands(self.form.cells[code]) if one in self.numbers]
            said = folded(line.text("said")).replace(",", "")
            if said and said != str(sum(numbers) if numbers else ""):
                message = _("Totals are worked out from their rows; the %(said)s in the file is not taken over.")
                yield line.problem("said", message % {"said": shown(said)})

    def _without_headings(self, sheet: Sheet) -> Iterator[Problem]:
        found = next((cell for cell in sheet.cells() if folded(cell.text[:50]) in self.codes), None)
        if found:
            reason = _("The row of headings is missing above this one. Copy it from the form.")
            yield Problem(found.row, letters(found.column), reason, sheet.name)

    def _take(self, line: Line) -> None:
        for cell in line.strays if len(self.reading.left_out) < MOST_PLACES else ():
            reason = cell.reason or _("There is no heading over this cell; it is not taken over.")
            self.reading.left_out.append(Problem(cell.row, letters(cell.column), reason, line.sheet))
        code = self.codes.get(folded(line.text("code")))
        if code and self.form.cells[code].is_total:
            self.totals.setdefault(code, line)
        elif line.is_saying:
            problems = list(self._mistakes(line, code))
            self.reading.problems += problems
            if code and not problems:
                self._read(line, code)

    def _mistakes(self, line: Line, code: str | None) -> Iterator[Problem]:
        yield from line.unreadable()
        if text := line.text("code").strip():
            message = _("The questionnaire has no %(code)s. Write the code as it stands in the form.")
            if not code:
                yield line.problem("code", message % {"code": shown(text)})
        elif "code" not in line.cells or not line.cells["code"].reason:
            yield line.problem("code", _("There is an answer in this row, but no code. Write it, or clear the row."))

    def _read(self, line: Line, code: str) -> None:
        typed = Typed(line.text("said"), line.text("reason"), line.text("note"))
        question = self.form.questions[code]
        try:
            value = values.read(typed, cell=self.form.cells[code], kind=question.kind, options=question.options)
        except Misread as misread:
            self.reading.problems.append(line.problem(_blamed(typed), str(misread)))
            return
        if typed.note.strip() and not value.note:
            reason = _("There is no answer in this row that asks for words; these are not taken over.")
            self.reading.left_out.append(line.problem("note", reason))
        if value.number is not None:
            self.numbers.setdefault(code, value.number)
        if value.is_blank:
            return
        if value.digest == line.text("digest").strip():
            self.reading.untouched += 1
            return
        self._keep(line, Said(code, value, _lock(line), line.sheet, line.row, letters(line.columns["said"])))

    def _keep(self, line: Line, said: Said) -> None:
        first = self.first.setdefault(said.code, said)
        if first is said:
            self.reading.said.append(said)
        elif first.value != said.value:
            message = _("%(code)s is answered otherwise in %(place)s of the sheet %(sheet)s. Keep one of the two.")
            place = {"code": said.code, "place": first.place, "sheet": shown(first.sheet) or "—"}
            self.reading.problems.append(line.problem("said", message % place))


def _lock(line: Line) -> int | None:
    text = line.text("lock").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_LOCK else None


def _blamed(typed: Typed) -> str:
    """The column that a mistake is most likely in."""
    if len(typed.note.strip()) > values.LONGEST_NOTE:
        return "note"
    return "said" if typed.said.strip() else "reason"
