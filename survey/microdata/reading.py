"""The answers of an earlier round from a file in the form of the round's own export, and everything wrong with it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from sih_portal.spreadsheets import Book, Problem, Record, Sheet, records, shown
from survey import values
from survey.answering import LONGEST_EXPLANATION
from survey.answering import Sheet as Answers
from survey.answering.sheet import LONGEST_VALUES
from survey.models import QuestionKind
from survey.questionnaires import Form
from survey.questionnaires.content import fingerprint
from survey.recipients import MOST_ROWS, READERS
from survey.values import BLANK, Misread, Typed, Value, folded

from .reported import Explained, Reported, Said
from .sheets import headings_of, sheets_of
from .single import ABSENT, fact_readers, moment, value_of
from .tables import NOTE

# What a page can show. With the first hundred seen to, the next come.
MOST_PLACES: Final = 100
# What the codebook calls a questionnaire by.
IDENTITY: Final = ("questionnaire", "version", "sha256")

Read = TypeVar("Read")


def parse(book: Book, form: Form, *, at: datetime) -> tuple[list[Reported], list[Problem]]:
    """The institutions of the file and what is wrong, in its order. No query but for the hash of a questionnaire.

    The long table says what the wide one can't (a text that reads like a code); where a file has both, they must say
    the same. With a problem in it, nothing of a file should be taken.
    """
    sheets, problems = sheets_of(book)
    reader = _Reader(form, at)
    for part, read in (
        ("codebook", reader.read_codebook),
        ("wide", reader.read_wide),
        ("long", reader.read_long),
        ("explanations", reader.read_explanations),
    ):
        if part in sheets:
            read(sheets[part])
    reader.compare_totals()
    problems += reader.problems
    found = list(reader.reported.values())
    if len(found) > MOST_ROWS:
        problems.append(
            Problem(MOST_ROWS + 2, "", _("A list holds at most %(count)s recipients.") % {"count": MOST_ROWS})
        )
    if not problems and not any(one.is_answered for one in found):
        problems.append(Problem(0, "", _("There are no answers in this file. Upload one that the export made.")))
    return found, problems[:MOST_PLACES]


def mark_of(form: Form) -> str:
    """The hash of what a form asks, also while it is not frozen."""
    return form.row.sha256 or fingerprint(form.row)


class _Reader:
    """A file while it is read against a form."""

    def __init__(self, form: Form, at: datetime) -> None:
        self.form, self.at = form, at
        self.facts = fact_readers(at=at)
        self.codes = {folded(code): code for code in form.cells}
        self.reported: dict[int, Reported] = {}
        self.problems: list[Problem] = []
        self.wide: dict[tuple[int, str], Value | None] = {}
        self.long: dict[tuple[int, str], int] = {}
        self.totals: list[tuple[Reported, str, Record, str]] = []

    def read_codebook(self, sheet: Sheet) -> None:
        """Codes mean what the codebook says: it has to be of the questionnaire that the round asks."""
        row = self.form.row
        for record in self._records("codebook", sheet)[:1]:
            code, version, mark = (record.values.get(name, "").strip() for name in IDENTITY)
            is_own = code in {"", row.code} and version in {"", str(row.version)}
            if not is_own or (mark and mark != mark_of(self.form)):
                message = _("The file is of another questionnaire or version than this round: %(name)s v%(version)s.")
                self._complain(record, "questionnaire", message % {"name": shown(code), "version": shown(version)})

    def read_wide(self, sheet: Sheet) -> None:
        for record in self._records("wide", sheet):
            one = self._institution(record)
            if one is None:
                continue
            if one.record is not record:
                message = _("The number stands in row %(row)s too.")
                self._complain(record, "number", message % {"row": one.row})
                continue
            self._take_facts(one, record)
            for code in self.form.cells:
                if code in record.values:
                    self.wide[one.number, code] = self._take(one, code, record, code)

    def read_long(self, sheet: Sheet) -> None:
        for record in self._records("long", sheet):
            one, code = self._institution(record), self._code(record)
            if one is None or code is None:
                continue
            first = self.long.setdefault((one.number, code), record.row)
            if first != record.row:
                self._complain(record, "cell", _("The cell stands in row %(row)s too.") % {"row": first})
                continue
            self._take_facts(one, record)
            value = self._take(one, code, record, "value")
            key = (one.number, code)
            if key in self.wide and _told(self.wide[key]) != _told(value):
                message = _("The table with a line for each institution says otherwise: %(said)s.")
                self._complain(record, "value", message % {"said": shown(_told(self.wide[key])[0])})

    def read_explanations(self, sheet: Sheet) -> None:
        """Only what somebody explained or confirmed: the rest of the table is worked out again."""
        checks = {check.code for check in self.form.checks}
        for record in self._records("explanations", sheet):
            if (explained := self._explained(record)) is None:
                continue
            number = self._read(record, "number", READERS["number"])
            one, check = self.reported.get(number or 0), record.values["check"].strip()
            if one is None:
                self._complain(record, "number", _("No answers of this number are in the file."))
            elif check not in checks:
                message = _("The questionnaire has no check %(code)s.")
                self._complain(record, "check", message % {"code": shown(check)})
            elif one.explained.setdefault(check, explained) is not explained:
                self._complain(record, "check", _("This check of the institution stands there twice."))

    def compare_totals(self) -> None:
        """Totals are worked out from their rows; one that comes out otherwise tells of a slip somewhere."""
        sheets: dict[int, Answers] = {}
        for one, code, record, name in self.totals:
            sheet = sheets.setdefault(one.number, one.sheet(self.form, is_pilot=False))
            said = record.values[name]
            typed = self._read(record, name, partial(_total, self.form, code))
            if typed is not None and typed != sheet.totals[code]:
                message = _("The rows do not add up to %(said)s but to: %(sum)s.")
                total = sheet.totals[code]
                told = {"said": shown(said), "sum": "—" if total is None else f"{total:,}"}
                self._complain(record, name, message % told)

    def _records(self, part: str, sheet: Sheet) -> list[Record]:
        """None where the headings are wrong: nothing below them could be understood."""
        found, problems = records(sheet, headings_of(part, self.form))
        self.problems += problems
        return [] if any(problem.row == sheet.rows[0].number for problem in problems) else found

    def _institution(self, record: Record) -> Reported | None:
        if len(self.problems) >= MOST_PLACES:
            return None
        number = self._read(record, "number", READERS["number"])
        return self.reported.setdefault(number, Reported(number, record.row, record)) if number else None

    def _code(self, record: Record) -> str | None:
        said = record.values["cell"]
        if found := self.codes.get(folded(said)):
            return found
        message = _("The questionnaire has no %(code)s. Write the code as it stands in the form.")
        self._complain(record, "cell", message % {"code": shown(said.strip()) or "—"})
        return None

    def _take_facts(self, one: Reported, record: Record) -> None:
        for name, reader in self.facts.items():
            if name not in record.values or (fact := self._read(record, name, reader)) in {None, ""}:
                continue
            if one.facts.setdefault(name, fact) != fact:
                message = _("Row %(row)s of this institution says otherwise.")
                self._complain(record, name, message % {"row": one.row})

    def _take(self, one: Reported, code: str, record: Record, name: str) -> Value | None:
        """The value that a record says of a cell, noted; totals are compared when all is read."""
        if self.form.cells[code].is_total:
            self.totals.append((one, code, record, name))
            return None
        note = f"{code}{NOTE}" if name == code else "note"
        status = record.values.get("status", "") if name == "value" else ""
        told = {"status": status, "note": record.values.get(note, "")}
        cell, question = self.form.cells[code], self.form.questions[code]
        value = self._read(record, name, lambda text: value_of(text, cell=cell, question=question, **told))
        if value is not None:
            at = self._read(record, "entered_at", lambda text: moment(text, latest=self.at))
            one.answers[code] = Said(value, at)
        return value

    def _explained(self, record: Record) -> Explained | None:
        said = {name: record.values.get(name, "") for name in ("explanation", "values", "holds", "is_explained")}
        at = self._read(record, "explained_at", lambda text: moment(text, latest=self.at))
        text = self._read(record, "explanation", lambda text: _limited(text, LONGEST_EXPLANATION)) or ""
        about = self._read(record, "values", lambda text: _limited(text, LONGEST_VALUES)) or ""
        truths = [self._read(record, name, READERS["is_pilot"]) for name in ("holds", "is_explained")]
        if at is None and not text and not truths[1]:
            return None
        return Explained(about if any(truths) or not said["holds"].strip() else "", text, at)

    def _read(self, record: Record, name: str, reader: Callable[[str], Read]) -> Read | None:
        """What a reader makes of the value under a heading; None where it is none, which is noted."""
        try:
            return reader(record.values.get(name, ""))
        except Misread as reason:
            self._complain(record, name, str(reason))
            return None

    def _complain(self, record: Record, name: str, reason: str) -> None:
        if len(self.problems) < MOST_PLACES:
            self.problems.append(record.problem(name, reason))


def _told(value: Value | None) -> tuple[str, str]:
    """A value as the wide table can tell it."""
    found = value or BLANK
    return found.code, found.note


def _total(form: Form, code: str, text: str) -> int | None:
    """None where no total is said, be it by a code of absence."""
    if folded(text) in {"", *ABSENT}:
        return None
    return values.read(Typed(text), cell=form.cells[code], kind=QuestionKind.INT).number


def _limited(text: str, most: int) -> str:
    cleaned = values.clean(text)
    if len(cleaned) > most:
        raise Misread(_("The text is longer than %(count)s characters.") % {"count": most})
    return cleaned
