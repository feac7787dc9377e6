"""A questionnaire as those see it who answer it: sections, questions, cells, rules; read at once and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from survey import rules
from survey.models import (
    Cell,
    Definition,
    EditCheck,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    Severity,
)
from survey.rules import Rule


@dataclass(frozen=True)
class Line:
    """A row of a table: its cells, a year each. `label` is one of them: all are called the same."""

    code: str
    cells: tuple[Cell, ...]

    @property
    def label(self) -> Cell:
        return self.cells[0]

    @property
    def is_total(self) -> bool:
        return self.label.is_total


@dataclass(frozen=True)
class FormQuestion:
    """`universe` is None where everybody is asked."""

    row: Question
    cells: tuple[Cell, ...]
    options: tuple[Option, ...]
    universe: Rule | None

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def kind(self) -> str:
        return self.row.kind

    @property
    def is_choice(self) -> bool:
        return self.kind in {QuestionKind.YES_NO, QuestionKind.SINGLE}

    @cached_property
    def filled(self) -> tuple[Cell, ...]:
        """The cells that somebody fills in: all but totals."""
        return tuple(cell for cell in self.cells if not cell.is_total)

    @cached_property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({cell.fiscal_year for cell in self.cells if cell.fiscal_year}))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The rows of a table, in the order of their first cells; `Q4.edu.2005` stands in the row `Q4.edu`."""
        rows: dict[str, list[Cell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.code.rpartition(".")[0], []).append(cell)
        return tuple(
            Line(code, tuple(sorted(cells, key=lambda cell: cell.fiscal_year or 0))) for code, cells in rows.items()
        )

    def summands(self, total: Cell) -> tuple[str, ...]:
        """The codes of the cells that a total adds up: those of its own year."""
        return tuple(cell.code for cell in self.filled if cell.fiscal_year == total.fiscal_year)


@dataclass(frozen=True)
class FormSection:
    row: Section
    definitions: tuple[Definition, ...]
    questions: tuple[FormQuestion, ...]

    @property
    def code(self) -> str:
        return self.row.code

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """Every cell of the section by its code, totals too."""
        return {cell.code: cell for question in self.questions for cell in question.cells}


@dataclass(frozen=True)
class FormCheck:
    row: EditCheck
    rule: Rule

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def is_hard(self) -> bool:
        return self.row.severity == Severity.HARD


@dataclass(frozen=True)
class Form:
    """`definitions` are those printed before the first section."""

    row: Questionnaire
    definitions: tuple[Definition, ...]
    sections: tuple[FormSection, ...]
    checks: tuple[FormCheck, ...]

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        return {cell.code: cell for section in self.sections for cell in section.cells.values()}

    @cached_property
    def questions(self) -> Mapping[str, FormQuestion]:
        """The question of each cell, by the code of the cell."""
        return {
            cell.code: question
            for section in self.sections
            for question in section.questions
            for cell in question.cells
        }

    @cached_property
    def codes(self) -> Mapping[int, str]:
        """The code of each cell by its key."""
        return {cell.pk: cell.code for cell in self.cells.values()}

    def section(self, code: str) -> FormSection | None:
        return next((section for section in self.sections if section.code == code), None)

    def section_of(self, cell: str) -> FormSection:
        """The section that a cell stands in."""
        return next(section for section in self.sections if cell in section.cells)


def form_of(questionnaire: Questionnaire) -> Form:
    """The questionnaire as a form. Six queries.

    :raises RuleError: when a rule can't be read; one that was frozen has none such.
    """
    definitions = list(questionnaire.definitions.order_by("position", "code"))
    questions = Question.objects.order_by("position", "code").prefetch_related(
        Prefetch("cells", Cell.objects.order_by("position", "code")),
        Prefetch("options", Option.objects.order_by("code")),
    )
    sections = questionnaire.sections.order_by("position", "code").prefetch_related(Prefetch("questions", questions))
    return Form(
        questionnaire,
        tuple(row for row in definitions if row.section_id is None),
        tuple(_section(row, definitions) for row in sections),
        tuple(FormCheck(row, rules.read(row.rule)) for row in questionnaire.checks.order_by("position", "code")),
    )


def _section(row: Section, definitions: list[Definition]) -> FormSection:
    own = tuple(definition for definition in definitions if definition.section_id == row.pk)
    return FormSection(row, own, tuple(_question(question) for question in row.questions.all()))


def _question(row: Question) -> FormQuestion:
    universe = rules.read(row.universe) if row.universe else None
    return FormQuestion(row, tuple(row.cells.all()), tuple(row.options.all()), universe)
