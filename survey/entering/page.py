"""One section of a form as a page shows it: its questions, and where somebody stands among all sections."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from survey.answering import Conflict, Finding, Progress, Saved, Sheet
from survey.models import Cell, QuestionKind
from survey.questionnaires import Form, FormQuestion, FormSection, Line, who_is_asked
from survey.values import Typed

from .fields import Block, Field, Row, Total, anchor_of
from .posting import Mark, Posted
from .ticks import Ticks, ticks_of
from .told import label_of
from .wording import Left


@dataclass(frozen=True)
class Place:
    """Where a cell stands, for links to it."""

    section: FormSection
    question: FormQuestion
    cell: Cell

    @property
    def anchor(self) -> str:
        return anchor_of(self.cell.code)

    @property
    def label(self) -> str:
        return label_of(self.cell)


@dataclass(frozen=True)
class Told:
    """A finding with the places it is about, and the words about it that were not taken just now."""

    finding: Finding
    places: list[Place]
    left: Left | None = None

    @property
    def words(self) -> str:
        """What its field holds."""
        if self.left:
            return self.left.text
        return self.finding.explanation.text if self.finding.explanation else ""


@dataclass(frozen=True)
class SectionPage:
    """`number` is the section's place among all, from 1."""

    section: FormSection
    number: int
    blocks: list[Block]
    findings: list[Told]
    progresses: list[Progress]

    @property
    def progress(self) -> Progress:
        return self.progresses[self.number - 1]

    @property
    def previous(self) -> FormSection | None:
        return self.progresses[self.number - 2].section if self.number > 1 else None

    @property
    def following(self) -> FormSection | None:
        return self.progresses[self.number].section if self.number < len(self.progresses) else None

    @cached_property
    def fields(self) -> list[Field]:
        return [field for block in self.blocks for field in block.fields]

    @property
    def problems(self) -> list[Field]:
        return [field for field in self.fields if field.problem]

    @property
    def conflicts(self) -> list[Field]:
        return [field for field in self.fields if field.has_conflict]


NOTHING_POSTED: Final = Posted()
NOTHING_LEFT: Final[Mapping[str, Left]] = {}


def section_page(
    sheet: Sheet, section: FormSection, *, sent: Posted = NOTHING_POSTED, saved: Saved | None = None
) -> SectionPage:
    """The page of a section; after a save that left something over, with what was typed there. No query."""
    conflicts = {conflict.code: conflict for conflict in saved.conflicts} if saved else {}
    return SectionPage(
        section,
        sheet.form.sections.index(section) + 1,
        [_block(sheet, question, sent, conflicts) for question in section.questions],
        tell(sheet.form, sheet.findings_in(section)),
        sheet.progresses,
    )


def tell(form: Form, findings: Sequence[Finding], left: Mapping[str, Left] = NOTHING_LEFT) -> list[Told]:
    """The findings for a page; `left` are words about them by the codes of their checks."""
    return [Told(one, [place_of(form, code) for code in one.cells], left.get(one.check.code)) for one in findings]


def homeless(left: Mapping[str, Left], tellings: Iterable[Told]) -> list[str]:
    """The words about checks that can't be explained any more: no field is there to hold them."""
    codes = {told.finding.check.code for told in tellings if not told.finding.check.is_hard}
    return [one.text for code, one in left.items() if code not in codes and one.text]


def place_of(form: Form, code: str) -> Place:
    return Place(form.section_of(code), form.questions[code], form.cells[code])


def _block(sheet: Sheet, question: FormQuestion, sent: Posted, conflicts: Mapping[str, Conflict]) -> Block:
    fields = tuple(_field(sheet, question, cell, sent, conflicts) for cell in question.filled)
    is_left = any(field.problem or field.has_conflict for field in fields)
    ticks = None
    if question.kind == QuestionKind.MULTI:
        stored = ticks_of({field.code: field.entry.value for field in fields})
        ticks = sent.ticks.get(question.code, stored) if is_left else stored
        fields = tuple(_ticked(field, ticks) for field in fields)
    is_table = question.kind == QuestionKind.MATRIX
    rows = tuple(_row(sheet, question, line, fields) for line in question.lines) if is_table else ()
    return Block(question, sheet.is_asked(question), who_is_asked(sheet.form, question), fields, rows, ticks)


def _field(sheet: Sheet, question: FormQuestion, cell: Cell, sent: Posted, conflicts: Mapping[str, Conflict]) -> Field:
    """What was not stored stays as it was typed. Only who was shown a colleague's value may write over it."""
    entry, code = sheet.entry(cell.code), cell.code
    mark = Mark(entry.lock, entry.value.digest)
    if code in conflicts:
        return Field(question, cell, entry, sent.typed[code], mark, has_conflict=True)
    if problem := sent.problems.get(code):
        return Field(question, cell, entry, sent.typed[code], sent.marks[code], problem)
    value = entry.value
    return Field(question, cell, entry, Typed(value.said, value.reason, value.note), mark)


def _ticked(field: Field, ticks: Ticks) -> Field:
    return replace(field, typed=Typed("1" if field.code in ticks.ticked else "", field.typed.reason))


def _row(sheet: Sheet, question: FormQuestion, line: Line, fields: Sequence[Field]) -> Row:
    own = {cell.code for cell in line.cells}
    totals = tuple(
        Total(cell, sheet.totals.get(cell.code), question.summands(cell)) for cell in line.cells if cell.is_total
    )
    return Row(line, tuple(field for field in fields if field.code in own), totals)
