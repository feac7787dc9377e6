"""Saving answers: each cell for itself, under the lock of its response, and never over a colleague's unseen words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from survey.models import Answer, Invitation, Response, ResponseState, Round
from survey.questionnaires import Form
from survey.values import Value, of_answer

from .sheet import UNTOUCHED, Entry

# What was sent before the deadline may wait in the queue of the last minute, and clocks differ.
GRACE: Final = timedelta(minutes=5)
EDITABLE: Final = (ResponseState.DRAFT, ResponseState.RETURNED)
LONGEST_NAME: Final = 100


class NotOpen(Exception):
    """Nothing can be written into this response now; the message says why and what to do."""


@dataclass(frozen=True)
class Change:
    """A value for a cell from somebody who saw the cell at `seen` (0: when nothing had been written there)."""

    code: str
    value: Value
    seen: int


@dataclass(frozen=True)
class Conflict:
    """A value that was not written: a colleague wrote another one since. `stored` is what stands there."""

    code: str
    typed: Value
    stored: Entry


@dataclass
class Saved:
    """The entries of every cell that says now what was sent, and the conflicts."""

    entries: dict[str, Entry] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def open_response(invitation: Invitation, *, at: datetime) -> Response:
    """The response of the invitation; this will begin it, if nobody has. Two people at once begin one."""
    return Response.objects.get_or_create(invitation=invitation, defaults={"opened_at": at})[0]


def refusal(invitation: Invitation, *, at: datetime) -> str:
    """Why the institution can't write now; empty when it can. No query when round and response are loaded."""
    response: Response | None = getattr(invitation, "response", None)
    reasons = [
        (invitation.outcome != "", _("No answer is expected from your institution any more.")),
        (response and response.state not in EDITABLE, _("The answers have been submitted.")),
        (invitation.round.state != Round.State.OPEN, _("The survey is not open for answers.")),
        (_is_late(invitation, at=at), _("The deadline has passed.")),
    ]
    return next((reason for applies, reason in reasons if applies), "")


def _is_late(invitation: Invitation, *, at: datetime) -> bool:
    return invitation.deadline is None or at > invitation.deadline + GRACE


def locked(response: Response, *, at: datetime, is_staff: bool = False) -> Response:
    """The response, locked until the transaction ends and open for writing. Two queries, one on SQLite.

    Staff write down what came on paper also after the deadline.

    :raises NotOpen: when nothing can be written into it.
    """
    rows = Response.objects.select_related("invitation__round")
    row = rows.select_for_update(of=("self",)).get(pk=response.pk)
    reason = refusal(row.invitation, at=at)
    if is_staff:
        reason = refusal_of_staff(row)
    if reason:
        raise NotOpen(reason)
    return row


def refusal_of_staff(response: Response) -> str:
    """Why staff can't write down what came on paper; empty when they can. No query when its round is loaded."""
    if response.state not in EDITABLE:
        return _("The answers have been submitted. To correct them, return them first.")
    if response.invitation.outcome:
        return _("No answer is expected from this institution any more.")
    if response.invitation.round.state == Round.State.PUBLISHED:
        return _("The round was published. To correct answers, open it again first.")
    return ""


@transaction.atomic
def save(
    response: Response, changes: Sequence[Change], *, form: Form, by: str, at: datetime, is_staff: bool = False
) -> Saved:
    """This will write each value whose cell nobody changed since it was seen, and report the others.

    Sent twice, it does so once: a cell that says the same already is no conflict. Six queries at most, whatever the
    number of cells.

    :raises NotOpen: when nothing can be written into it.
    """
    row = locked(response, at=at, is_staff=is_staff)
    cells = {change.code: form.cells[change.code] for change in changes}
    stored = {
        form.codes[answer.cell_id]: answer
        for answer in row.answers.select_related("option").filter(cell__in=cells.values()).order_by("pk")
    }
    saved, written = Saved(), []
    for change in changes:
        answer = stored.get(change.code)
        entry = _entry(answer)
        if change.value == entry.value:
            saved.entries[change.code] = entry
        elif change.seen != entry.lock:
            saved.conflicts.append(Conflict(change.code, change.value, entry))
        else:
            answer = answer or Answer(response=row, cell=cells[change.code], lock=0)
            fill(answer, change.value, form, by=by[:LONGEST_NAME], at=at)
            saved.entries[change.code] = _entry(answer)
            written.append(answer)
    if written:
        _write(row, written, at=at)
    return saved


def _entry(answer: Answer | None) -> Entry:
    if answer is None:
        return UNTOUCHED
    return Entry(of_answer(answer), answer.lock, answer.entered_by, answer.entered_at)


def fill(answer: Answer, value: Value, form: Form, *, by: str, at: datetime) -> None:
    """This will put a value into an answer, and count the change; it is not stored."""
    options = form.questions[form.codes[answer.cell_id]].options
    answer.status, answer.number, answer.text, answer.note = value.status, value.number, value.text, value.note
    answer.option = next((option for option in options if option.code == value.option), None)
    answer.lock += 1
    answer.entered_by, answer.entered_at = by, at


def _write(response: Response, answers: list[Answer], *, at: datetime) -> None:
    columns = ("status", "number", "option", "text", "note", "lock", "entered_by", "entered_at")
    Answer.objects.bulk_create([answer for answer in answers if answer.lock == 1])
    Answer.objects.bulk_update([answer for answer in answers if answer.lock > 1], columns)
    response.saved_at = at
    response.save(update_fields=["saved_at"])
