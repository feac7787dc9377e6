"""What the desk does with one recipient. Each step locks the invitation, and refuses with a reason to show."""

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
def reissue(pk: int, *, by: User | None, at: datetime, batch: UUID) -> Invitation:
    """This will close every link of an invitation, and queue a mail with a new one. `batch` is the button's.

    :raises NotPossible: when no mail can go to it; then the links stay open.
    """
    row = _locked(pk)
    own_batch = uuid5(batch, str(pk))
    if row.deliveries.filter(batch=own_batch).exists():
        return row  # pressed twice: the new link stays
    kind = LetterKind.RETURNED if _state(row) == ResponseState.RETURNED else LetterKind.INVITATION
    queued = mailing.queue(Invitation.objects.filter(pk=pk), kind=kind, by=by, at=at, batch=own_batch, again=True)
    if not queued.count:
        raise NotPossible(queued.skipped[0].reason)
    mailing.revoke(row, at=at)
    return row


def _locked(pk: int) -> Invitation:
    """:raises NotPossible: when it was deleted."""
    row = Invitation.objects.select_for_update(of=("self",), no_key=True).select_related("round").filter(pk=pk).first()
    if row is None:
        raise NotPossible(_("Deleted since you looked."))
    return row


def _state(row: Invitation) -> str:
    response: Response | None = getattr(row, "response", None)
    return response.state if response else ""
