"""What a file says of one institution of an earlier round, and how a page carries that to the confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from sih_portal.spreadsheets import Problem, Record
from survey.answering import Entry, Sheet
from survey.questionnaires import Form
from survey.values import Value

Packed = list[Any]
# Of the facts, the one that JSON has no form for.
MOMENT = "submitted_at"


@dataclass(frozen=True)
class Said:
    """What stands in a cell, and since when, if the file says so."""

    value: Value
    at: datetime | None = None

    @property
    def is_written(self) -> bool:
        """Whether a row tells it: of a cell that nobody touched there is none, and that is a blank."""
        return not self.value.is_blank or self.at is not None


@dataclass(frozen=True)
class Explained:
    """What was said about a check; `values` are those it was about, "" where the file no longer has them."""

    values: str
    text: str
    at: datetime | None = None


@dataclass
class Reported:
    """An institution by its number on the list. `facts` has what the columns of a response say, but for empty ones.

    `answers` has only cells of which the file says something; without any, and without a state, it did not answer.
    """

    number: int
    row: int = 0
    record: Record | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Said] = field(default_factory=dict)
    explained: dict[str, Explained] = field(default_factory=dict)

    @property
    def is_answered(self) -> bool:
        return "state" in self.facts or any(not said.value.is_blank for said in self.answers.values())

    def sheet(self, form: Form, *, is_pilot: bool) -> Sheet:
        """The answers as a form judges them."""
        return Sheet(form, {code: Entry(said.value) for code, said in self.answers.items()}, {}, is_pilot)

    def problem(self, name: str, reason: str) -> Problem:
        return self.record.problem(name, reason) if self.record else Problem(self.row, "", reason)

    def packed(self) -> Packed:
        """As lists, texts and numbers."""
        answers = {code: [*_fields(said.value), _written(said.at)] for code, said in self.answers.items()}
        explained = {code: [one.values, one.text, _written(one.at)] for code, one in self.explained.items()}
        return [self.number, self.row, {**self.facts, MOMENT: _written(self.facts.get(MOMENT))}, answers, explained]

    @classmethod
    def unpacked(cls, packed: Packed) -> Self:
        number, row, facts, answers, explained = packed
        return cls(
            number,
            row,
            facts=_facts(facts),
            answers={code: Said(Value(*fields), _moment(at)) for code, (*fields, at) in answers.items()},
            explained={code: Explained(values, text, _moment(at)) for code, (values, text, at) in explained.items()},
        )


def _fields(value: Value) -> Packed:
    return [value.status, value.number, value.option, value.text, value.note]


def _facts(packed: Mapping[str, Any]) -> dict[str, Any]:
    facts = {**packed, MOMENT: _moment(packed[MOMENT])}
    return {name: fact for name, fact in facts.items() if fact is not None}


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
