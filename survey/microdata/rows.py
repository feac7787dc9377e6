"""What the files of a round are made of: each response with its sheet, each cell of it, each check that spoke."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Prefetch

from survey.answering import Entry, Finding, Sheet, sheet_from
from survey.models import Answer, Cell, Explanation, Response, Round, Status
from survey.questionnaires import Form, FormCheck, FormQuestion, FormSection

AT_A_TIME: Final = 100


@dataclass(frozen=True)
class Filled:
    """A response and everything that stands in it."""

    response: Response
    sheet: Sheet

    def worth(self, code: str) -> int | str:
        """The number, the option's number or the words in a cell; the code of the reason where there is no answer."""
        status = self.status(code)
        found = self.value(code)
        return status if found is None else found

    def status(self, code: str) -> str:
        """Why there is no answer, or `ok`: `a` outside the universe, whatever stands there."""
        if self.is_asked(code) is False:
            return Status.NOT_APPLICABLE
        if self.sheet.form.cells[code].is_total:
            return Status.MISSING if self.sheet.totals[code] is None else Status.OK
        return self.sheet.value(code).status

    def value(self, code: str) -> int | str | None:
        """The number, the option's number or the words; None where there is no answer that counts."""
        if self.status(code) != Status.OK:
            return None
        if self.sheet.form.cells[code].is_total:
            return self.sheet.totals[code]
        value = self.sheet.value(code)
        number = value.number if value.number is not None else value.option
        return value.text if number is None else number

    def note(self, code: str) -> str:
        """The words that the chosen option asks for, where the answer counts."""
        return self.sheet.value(code).note if self.status(code) == Status.OK else ""

    def is_asked(self, code: str) -> bool | None:
        """Whether the question is asked of this institution; None where that depends on a missing answer."""
        return self._asked[self.sheet.form.questions[code].row.pk]

    @cached_property
    def _asked(self) -> dict[int, bool | None]:
        questions = (question for section in self.sheet.form.sections for question in section.questions)
        return {question.row.pk: self.sheet.is_asked(question) for question in questions}


@dataclass(frozen=True)
class FilledCell:
    """A line of the long table."""

    filled: Filled
    cell: Cell

    @property
    def entry(self) -> Entry:
        return self.filled.sheet.entry(self.cell.code)


@dataclass(frozen=True)
class Spoken:
    """A check that does not hold, or that somebody explained once; `finding` is None where it holds now."""

    filled: Filled
    check: FormCheck
    finding: Finding | None
    explanation: Explanation | None

    @property
    def values(self) -> str:
        """Those the check is about now; those that were explained where it holds."""
        if self.finding:
            return self.finding.values
        return self.explanation.values if self.explanation else ""

    @property
    def is_explained(self) -> bool:
        """For exactly the values of now."""
        return self.finding is not None and self.finding.explanation is not None


@dataclass(frozen=True)
class FormCell:
    """A line of the codebook."""

    form: Form
    section: FormSection
    question: FormQuestion
    cell: Cell


def filled_of(survey_round: Round, form: Form, states: Sequence[str]) -> Iterator[Filled]:
    """The responses in these states by the number of their institution. Three queries for each hundred of them."""
    responses: Any = Response.objects.filter(invitation__round=survey_round, state__in=states)
    answers = Answer.objects.select_related("option").order_by("pk")
    explanations = Explanation.objects.order_by("pk")
    loaded = responses.select_related("invitation").prefetch_related(
        Prefetch("answers", answers), Prefetch("explanations", explanations)
    )
    for row in loaded.order_by("invitation__number").iterator(AT_A_TIME):
        pilot = row.invitation.is_pilot
        yield Filled(row, sheet_from(row.answers.all(), row.explanations.all(), form, is_pilot=pilot))


def cells_of(filled: Filled) -> Iterator[FilledCell]:
    return (FilledCell(filled, cell) for cell in filled.sheet.form.cells.values())


def spoken_of(filled: Filled) -> Iterator[Spoken]:
    """The checks of a response that do not hold or were explained, in the order of the form."""
    findings = {finding.check.row.pk: finding for finding in filled.sheet.findings}
    for check in filled.sheet.form.checks:
        finding, explanation = findings.get(check.row.pk), filled.sheet.explanations.get(check.row.pk)
        if finding or explanation:
            yield Spoken(filled, check, finding, explanation)


def form_cells(form: Form) -> Iterator[FormCell]:
    for section in form.sections:
        for question in section.questions:
            for cell in question.cells:
                yield FormCell(form, section, question, cell)
