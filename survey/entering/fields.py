"""What a page shows of one question: its fields, what stands in them, its totals."""

from dataclasses import dataclass

from sih_portal.language import Text, in_language
from survey.answering import Entry
from survey.models import Cell, QuestionKind
from survey.questionnaires import FormQuestion, Line
from survey.values import REASONS, Typed

from .posting import Mark
from .ticks import Ticks
from .told import label_of, told


@dataclass(frozen=True)
class Choice:
    """One of the things to choose from. `code` is what is posted."""

    code: str
    label: Text
    is_chosen: bool
    takes_text: bool = False


@dataclass(frozen=True)
class Field:
    """A cell to fill in. `typed` stands in it: what is stored, or what somebody typed that is not stored yet."""

    question: FormQuestion
    cell: Cell
    entry: Entry
    typed: Typed
    mark: Mark
    problem: str = ""
    has_conflict: bool = False

    @property
    def code(self) -> str:
        return self.cell.code

    @property
    def anchor(self) -> str:
        return anchor_of(self.code)

    @property
    def label(self) -> str:
        return label_of(self.cell)

    @property
    def name(self) -> str:
        """What it is called where nothing stands around it."""
        return self.label or in_language(self.question.row, "text").value

    @property
    def reason_name(self) -> str:
        return f"s.{self.code}"

    @property
    def reason_id(self) -> str:
        return f"{self.anchor}-reason"

    @property
    def stored(self) -> str:
        """What is stored, in words; empty for a blank."""
        return told(self.entry.value, self.question)

    @property
    def is_long(self) -> bool:
        """Words that want more than one line."""
        return len(self.question.filled) == 1 or "\n" in self.typed.said

    @property
    def is_blank(self) -> bool:
        return not self.typed.said and not self.typed.reason

    @property
    def is_ticked(self) -> bool:
        return self.typed.said == "1"

    @property
    def choices(self) -> list[Choice]:
        return [
            Choice(
                str(option.code), in_language(option, "label"), self.typed.said == str(option.code), option.takes_text
            )
            for option in self.question.options
        ]

    @property
    def reasons(self) -> list[Choice]:
        return reasons(self.typed.reason)


@dataclass(frozen=True)
class Total:
    """A sum that the page shows; `summands` are the codes of what is added up."""

    cell: Cell
    value: int | None
    summands: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.cell.code

    @property
    def anchor(self) -> str:
        return anchor_of(self.code)

    @property
    def told(self) -> str:
        return "" if self.value is None else f"{self.value:,}"


@dataclass(frozen=True)
class Row:
    """A row of a table: a field for each year, or a total for each."""

    line: Line
    fields: tuple[Field, ...]
    totals: tuple[Total, ...]

    @property
    def anchor(self) -> str:
        return anchor_of(self.line.code)


@dataclass(frozen=True)
class Block:
    """A question. `is_asked` is None while that depends on an answer still to come; `universe` says it in words.

    `ticks` is there for a question of several answers. `rows` are a table's.
    """

    question: FormQuestion
    is_asked: bool | None
    universe: str
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    ticks: Ticks | None

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def anchor(self) -> str:
        return f"q-{self.code}"

    @property
    def kind(self) -> str:
        """How it is laid out: `choice`, `ticks`, `table` or `lines`."""
        if self.question.is_choice:
            return "choice"
        return {QuestionKind.MULTI: "ticks", QuestionKind.MATRIX: "table"}.get(
            QuestionKind(self.question.kind), "lines"
        )

    @property
    def is_alone(self) -> bool:
        """Whether its only field has no name but the question's."""
        return len(self.fields) == 1 and not self.fields[0].label

    @property
    def reason_name(self) -> str:
        return f"s.{self.code}"

    @property
    def reason_id(self) -> str:
        return f"{self.anchor}-reason"

    @property
    def reasons(self) -> list[Choice]:
        return reasons(self.ticks.reason if self.ticks else "")

    @property
    def has_answers(self) -> bool:
        return any(not field.entry.value.is_blank for field in self.fields)

    @property
    def problem(self) -> str:
        """What is wrong with the whole question; only questions of several answers are judged so."""
        return next((field.problem for field in self.fields if field.problem), "") if self.ticks else ""

    @property
    def told(self) -> list[Field]:
        """For a page that is only read: the ticked boxes; all of them where nothing is ticked, one for one reason."""
        ticked = [field for field in self.fields if field.is_ticked]
        return ticked or list(self.fields[:1] if self.ticks and self.ticks.reason else self.fields)


def anchor_of(code: str) -> str:
    """The id of a cell's field on its page."""
    return f"c-{code.replace('.', '-')}"


def reasons(chosen: str) -> list[Choice]:
    """Why there may be no answer."""
    labels = {reason.value: Text(str(reason.label), "", is_fallback=False) for reason in REASONS}
    return [Choice(code, label, code == chosen) for code, label in labels.items()]
