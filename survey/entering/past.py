"""Answers as they stood when a step was taken, to be shown like those of today."""

from typing import Any

from survey.answering import Entry, Sheet
from survey.models import Explanation, QuestionKind, Snapshot, Status
from survey.questionnaires import Form, FormQuestion
from survey.values import Value


def sheet_of_snapshot(snapshot: Snapshot, form: Form, *, is_pilot: bool) -> Sheet:
    """The answers and explanations that a snapshot kept, without who gave them. No query."""
    entries = {
        code: Entry(_value(form.questions[code], kept)) for code, kept in snapshot.answers.items() if code in form.cells
    }
    kept = [(check.row, snapshot.explanations.get(check.code)) for check in form.checks]
    explanations = {row.pk: Explanation(check_row=row, **said) for row, said in kept if said}
    return Sheet(form, entries, explanations, is_pilot)


def _value(question: FormQuestion, kept: dict[str, Any]) -> Value:
    """The opposite of `Value.as_json`."""
    status, found, note = kept["status"], kept["value"], kept["note"]
    if status != Status.OK:
        return Value(status)
    if question.kind == QuestionKind.TEXT:
        return Value(status, text=found)
    return Value(status, option=found, note=note) if question.is_choice else Value(status, number=found)
