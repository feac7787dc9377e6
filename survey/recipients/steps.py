"""What the desk does with one recipient. Each step locks the invitation, and refuses with a reason to show."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid5

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from survey import mailing
from survey.models import Invitation, LetterKind, Outcome, Response, ResponseState, Round


class NotPossible(Exception):
    """The step can't be taken with this invitation; the message says why."""


@transaction.atomic
def extend(pk: int, *, until: datetime, at: datetime) -> Invitation:
    """This will give one institution more time than the others.

    :raises NotPossible: when the answers are there, or the moment is no extension.
    """
    row = _locked(pk)
    if _state(row) in {ResponseState.SUBMITTED, ResponseState.ACCEPTED}:
        raise NotPossible(_("The answers have been submitted."))
    if row.round.state != Round.State.OPEN:
        raise NotPossible(_("The round is not open for answers."))
    if until <= at:
        raise NotPossible(_("This moment has passed."))
    if row.round.closes_at and until <= row.round.closes_at:
        raise NotPossible(_("The round's own deadline is not before this moment."))
    row.due_at = until
    row.save(update_fields=["due_at"])
    return row


@transaction.atomic
def note_outcome(pk: int, *, outcome: Outcome) -> Invitation:
    """This will note that nothing more is expected of an institution. Mails that wait for it are not sent.

    :raises NotPossible: when its answers are there.
    """
    _hold_answers(pk)
    row = _locked(pk)
    if _state(row) in {ResponseState.SUBMITTED, ResponseState.ACCEPTED}:
        raise NotPossible(_("The answers have been submitted."))
    row.outcome = outcome
    row.save(update_fields=["outcome"])
    return row


@transaction.atomic
def wait_again(pk: int) -> Invitation:
    """This will expect an answer of an institution again."""
    row = _locked(pk)
    if not row.outcome:
        raise NotPossible(_("An answer is expected already."))
    row.outcome = ""
    row.save(update_fields=["outcome"])
    return row


@transaction.atomic
def note_post(pk: int, *, at: datetime) -> Invitation:
    """This will count an institution as asked, because the request went to it by post.

    :raises NotPossible: when it was asked before.
    """
    row = _locked(pk)
    if row.sent_at:
        raise NotPossible(_("The request was sent before."))
    row.sent_at = at
    row.save(update_fields=["sent_at"])
    return row


@transaction.atomic
def revoke_links(pk: int, *, at: datetime) -> Invitation:
    """This will close every link of an invitation. What was entered stays.

    :raises NotPossible: when none is open.
    """
    row = _locked(pk)
    if not mailing.revoke(row, at=at):
        raise NotPossible(_("No link is open."))
    return row


@transaction.atomic
def remind(pk: int, *, by: User | None, at: datetime, batch: UUID, seen: Collection[str]) -> Invitation:
    """This will queue the second request. `batch` is the button's, `seen` the marks of those whom its page showed.

    :raises NotPossible: when no mail can go to it, or somebody wrote to it since.
    """
    mailing.wait_for_others(Invitation.objects.filter(pk=pk))
    row = _locked(pk)
    _queue(row, kind=LetterKind.REMINDER, by=by, at=at, batch=batch, seen=seen)
    return row


@transaction.atomic
def reissue(pk: int, *, by: User | None, at: datetime, batch: UUID, seen: Collection[str]) -> Invitation:
    """This will close every link of an invitation, and queue a mail with a new one.

    `batch` is the button's, `seen` the marks of those whom its page showed.

    :raises NotPossible: when no mail can go to it, or somebody wrote to it since; then the links stay open.
    """
    mailing.wait_for_others(Invitation.objects.filter(pk=pk))
    row = _locked(pk)
    if not _queue(row, kind=mailing.letter_with_link(row), by=by, at=at, batch=batch, seen=seen):
        return row  # pressed twice: the new link stays
    mailing.revoke(row, at=at)
    return row


def _queue(row: Invitation, *, kind: str, by: User | None, at: datetime, batch: UUID, seen: Collection[str]) -> bool:
    """Whether this press of the button queued a mail; not when it came before."""
    own_batch, invitations = uuid5(batch, str(row.pk)), Invitation.objects.filter(pk=row.pk)
    if row.deliveries.filter(batch=own_batch).exists():
        return False
    [choice] = mailing.choose(invitations, kind=kind, at=at, again=True)
    if choice.reason:
        raise NotPossible(choice.reason)
    if choice.mark not in seen:
        raise NotPossible(_("Somebody wrote to it since you opened the page. Please look again."))
    mailing.queue(invitations, kind=kind, by=by, at=at, batch=own_batch, again=True)
    return True


def _hold_answers(pk: int) -> None:
    """Nobody takes a step with the answers until the transaction ends. Steps too lock them before the invitation."""
    Response.objects.select_for_update().filter(invitation=pk).order_by("pk").first()


def _locked(pk: int) -> Invitation:
    """:raises NotPossible: when it was deleted."""
    rows = Invitation.objects.select_related("round")
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if row is None:
        raise NotPossible(_("Deleted since you looked."))
    return row


def _state(row: Invitation) -> str:
    response: Response | None = getattr(row, "response", None)
    return response.state if response else ""
