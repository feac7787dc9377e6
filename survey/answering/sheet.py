"""What an institution has answered so far, judged by the rules of its questionnaire: asked, missing, odd, complete."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from survey.models import Answer, Cell, Explanation, Response, Status
from survey.questionnaires import Form, FormCheck, FormQuestion, FormSection
from survey.rules import Facts
from survey.values import BLANK, Value, of_answer


@dataclass(frozen=True)
class Entry:
    """What stands in a cell. `lock` is 0 where nobody wrote anything yet; it grows with each change."""

    value: Value = BLANK
    lock: int = 0
    by: str = ""
    at: datetime | None = None


UNTOUCHED: Final = Entry()
# What an explanation can keep of the values it is about; of more, words above all, their hash.
LONGEST_VALUES: Final = 500


@dataclass(frozen=True)
class Finding:
    """A check that does not hold. `values` are those it is about; `explanation` was given for exactly these."""

    check: FormCheck
    values: str
    cells: tuple[str, ...]
    explanation: Explanation | None

    @property
    def is_settled(self) -> bool:
        """A soft one that somebody confirmed or explained."""
        return not self.check.is_hard and self.explanation is not None

    @property
    def digest(self) -> str:
        """Of the explanation that is shown; empty where there is none."""
        return self.explanation.digest if self.explanation else ""


@dataclass(frozen=True)
class Progress:
    """How far a section is: of the cells that are asked of this institution, how many say something."""

    section: FormSection
    asked: int
    answered: int
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def is_begun(self) -> bool:
        return self.answered > 0


@dataclass(frozen=True)
class Sheet:
    """The entries by the code of their cell (only cells that somebody wrote in), read at one moment."""

    form: Form
    entries: Mapping[str, Entry]
    explanations: Mapping[int, Explanation]
    is_pilot: bool

    def entry(self, code: str) -> Entry:
        return self.entries.get(code, UNTOUCHED)

    def value(self, code: str) -> Value:
        return self.entry(code).value

    def total(self, question: FormQuestion, cell: Cell) -> int | None:
        """The sum of the numbers in the column of a total; None where there is none at all."""
        values = [self.value(code).number for code in question.summands(cell)]
        numbers = [number for number in values if number is not None]
        return sum(numbers) if numbers else None

    @cached_property
    def totals(self) -> dict[str, int | None]:
        """Every total of the form by the code of its cell."""
        return {
            code: self.total(self.form.questions[code], cell) for code, cell in self.form.cells.items() if cell.is_total
        }

    @cached_property
    def facts(self) -> Facts:
        """What rules are asked about: the answers but for those to questions that are not asked."""
        return self._judged[0]

    def is_asked(self, question: FormQuestion) -> bool | None:
        """Whether the question is asked of this institution; None while that depends on an answer still to come."""
        return self._judged[1][question.row.pk]

    @cached_property
    def _judged(self) -> tuple[Facts, dict[int, bool | None]]:
        """The facts, and which question is asked. That depends on answers before it: they are gone through in order."""
        numbers: dict[str, int] = {}
        answered: set[str] = set()
        facts = Facts(numbers, answered, self.is_pilot)
        asked: dict[int, bool | None] = {}
        for question in (question for section in self.form.sections for question in section.questions):
            is_asked = True if question.universe is None else question.universe.holds(facts)
            asked[question.row.pk] = is_asked
            if is_asked is not False:
                codes = [cell.code for cell in question.cells]
                numbers |= {code: number for code in codes if (number := self._number(code)) is not None}
                answered |= {code for code in codes if not self.value(code).is_blank}
        return facts, asked

    def progress(self, section: FormSection) -> Progress:
        asked = [question for question in section.questions if self.is_asked(question)]
        cells = [(question, cell.code) for question in asked for cell in question.filled]
        blank = {code for _question, code in cells if self.value(code).is_blank}
        missing = tuple(code for question, code in cells if code in blank and question.row.is_required)
        return Progress(section, len(cells), len(cells) - len(blank), missing)

    @cached_property
    def progresses(self) -> list[Progress]:
        return [self.progress(section) for section in self.form.sections]

    @property
    def missing(self) -> list[str]:
        """The codes of the cells that still need an answer or a reason."""
        return [code for progress in self.progresses for code in progress.missing]

    @cached_property
    def findings(self) -> list[Finding]:
        """The checks that do not hold, in the order of the form; what is unknown is no finding."""
        return [
            self._finding(check)
            for check in self.form.checks
            if check.rule.holds(self.facts) is False and not self._is_beside_the_point(check)
        ]

    def findings_in(self, section: FormSection) -> list[Finding]:
        """Those that name a cell of the section."""
        return [finding for finding in self.findings if any(code in section.cells for code in finding.cells)]

    @property
    def unsettled(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_settled]

    def code_of(self, code: str) -> str:
        """The answer in one word for exports: `a` for a cell outside its universe, whatever stands there."""
        is_outside = self.is_asked(self.form.questions[code]) is False
        return Status.NOT_APPLICABLE.value if is_outside else self.value(code).code

    def as_json(self) -> dict[str, dict[str, object]]:
        """Everything somebody wrote, as a snapshot keeps it, in the order of the form."""
        return {code: self.entries[code].value.as_json() for code in self.form.cells if code in self.entries}

    def explanations_as_json(self) -> dict[str, dict[str, str]]:
        """What was said about checks, as a snapshot keeps it: by the code of the check, in the order of the form."""
        said = [(check.code, self.explanations.get(check.row.pk)) for check in self.form.checks]
        return {code: {"values": row.values, "text": row.text} for code, row in said if row}

    @property
    def fingerprint(self) -> str:
        """The same for the same answers and explanations."""
        told = {"answers": self.as_json(), "explanations": self.explanations_as_json()}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _finding(self, check: FormCheck) -> Finding:
        values = ";".join(f"{code}={self._worth(code)}" for code in check.rule.cells)
        if len(values) > LONGEST_VALUES:
            values = hashlib.sha256(values.encode()).hexdigest()
        explanation = self.explanations.get(check.row.pk)
        return Finding(
            check, values, check.rule.cells, explanation if explanation and explanation.values == values else None
        )

    def _number(self, code: str) -> int | None:
        """What rules count a cell as: its number, its total, the number of its option."""
        value = self.value(code)
        number = value.number if value.number is not None else value.option
        return self.totals.get(code) if number is None else number

    def _worth(self, code: str) -> str:
        if code in self.totals:
            total = self.totals[code]
            return "" if total is None else str(total)
        return self.value(code).code

    def _is_beside_the_point(self, check: FormCheck) -> bool:
        """Answers outside their universe are kept and ignored: nothing needs to hold of them."""
        questions = {self.form.questions[code].row.pk: self.form.questions[code] for code in check.rule.cells}
        return any(self.is_asked(question) is False for question in questions.values())


def sheet_of(response: Response | None, form: Form, *, is_pilot: bool) -> Sheet:
    """What the institution has answered so far; an empty sheet where it has not begun. Two queries."""
    if response is None:
        return Sheet(form, {}, {}, is_pilot)
    answers = response.answers.select_related("option").order_by("pk")
    return sheet_from(answers, response.explanations.order_by("pk"), form, is_pilot=is_pilot)


def sheet_from(answers: Iterable[Answer], explanations: Iterable[Explanation], form: Form, *, is_pilot: bool) -> Sheet:
    """The same from rows of one response that were loaded before, each answer with its option. No query."""
    entries = {
        form.codes[row.cell_id]: Entry(of_answer(row), row.lock, row.entered_by, row.entered_at) for row in answers
    }
    return Sheet(form, entries, {row.check_row_id: row for row in explanations}, is_pilot)
