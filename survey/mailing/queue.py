"""The queue of mails: the table `Delivery`. Who gets a mail, who does not and why, and what the desk does with a mail.

A mail is queued in the transaction of whatever it tells about, and sent later by `manage.py send_mail`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from survey.models import (
    Delivery,
    DeliveryState,
    Invitation,
    LetterKind,
    Outcome,
    Response,
    ResponseState,
    Round,
)

UNDER_WAY: Final = (DeliveryState.QUEUED, DeliveryState.SENDING)
ANSWERED: Final = (ResponseState.SUBMITTED, ResponseState.ACCEPTED)
REQUESTS: Final = (LetterKind.INVITATION, LetterKind.REMINDER)
# Longer than a mail can take; who was cut off in it left a row behind.
BROKEN_OFF_AFTER: Final = timedelta(minutes=10)
LATE_AFTER: Final = timedelta(minutes=10)


class ChoiceChanged(Exception):
    """Others would get the mail than those whom somebody saw."""


@dataclass(frozen=True)
class Choice:
    """An invitation that somebody wants to write to, and why it gets no mail (empty: it gets one)."""

    invitation: Invitation
    reason: str = ""


@dataclass
class Queued:
    """What became of a press of the button."""

    count: int = 0
    skipped: list[Choice] = field(default_factory=list)


def choose(invitations: QuerySet[Invitation], *, kind: str, at: datetime, again: bool = False) -> list[Choice]:
    """Who of these gets a mail of this kind now, in the order of the list. One query.

    With `again` also those that were sent the request before.
    """
    waiting = Delivery.objects.filter(invitation=OuterRef("pk"), kind=kind, state__in=UNDER_WAY)
    rows = invitations.select_related("round", "response").annotate(is_waiting=Exists(waiting))
    return [
        Choice(row, reason_against(row, kind, at=at) or _reason_to_wait(row, kind, again=again))
        for row in rows.order_by("number", "pk")
    ]


def queue(
    invitations: QuerySet[Invitation],
    *,
    kind: str,
    by: User | None,
    at: datetime,
    batch: UUID,
    again: bool = False,
) -> Queued:
    """This will queue a mail for each of the invitations, but for those it skips. Pressed twice, it does so once.

    Five queries, whatever their number (SQLite inserts some hundred at a time).
    """
    with transaction.atomic():
        if kind in REQUESTS:
            _wait_for_others(invitations)
        if count := Delivery.objects.filter(batch=batch).count():
            return Queued(count)
        choices = choose(invitations, kind=kind, at=at, again=again)
        chosen = [choice.invitation for choice in choices if not choice.reason]
        Delivery.objects.bulk_create(
            Delivery(invitation=row, kind=kind, batch=batch, email=row.email, queued_at=at, queued_by=by)
            for row in chosen
        )
        return Queued(len(chosen), [choice for choice in choices if choice.reason])


@transaction.atomic
def queue_seen(
    invitations: QuerySet[Invitation], *, kind: str, by: User | None, at: datetime, batch: UUID, seen: str
) -> Queued:
    """This will queue as `queue` does, if the choice is still the one whose fingerprint somebody saw.

    :raises ChoiceChanged: when it is not.
    """
    _wait_for_others(invitations)
    is_new = not Delivery.objects.filter(batch=batch).exists()
    if is_new and fingerprint(choose(invitations, kind=kind, at=at)) != seen:
        raise ChoiceChanged
    return queue(invitations, kind=kind, by=by, at=at, batch=batch)


def fingerprint(choices: list[Choice]) -> str:
    """The same when the same institutions get a mail."""
    chosen = ",".join(str(choice.invitation.pk) for choice in choices if not choice.reason)
    return hashlib.sha256(chosen.encode()).hexdigest()


def _wait_for_others(invitations: QuerySet[Invitation]) -> None:
    """Two people at the same button, each with a batch of their own: the second finds the first's mails waiting."""
    rounds = Round.objects.filter(pk__in=invitations.values("round")).order_by("pk")
    list(rounds.select_for_update(no_key=True))


def reason_against(invitation: Invitation, kind: str, *, at: datetime) -> str:
    """Why an invitation gets no mail of this kind, now or when its turn comes; empty when it does. No query."""
    refusals = [
        (not invitation.email, _("There is no mail address.")),
        (invitation.outcome == Outcome.DECLINED, _("The institution declined.")),
        (invitation.outcome == Outcome.INELIGIBLE, _("The institution is not to be asked.")),
    ]
    if kind == LetterKind.RETURNED:
        is_given_back = _state(invitation) == ResponseState.RETURNED
        refusals.append((not is_given_back, _("The answers are not with the institution any more.")))
    if kind in REQUESTS:
        refusals += [
            (invitation.round.state != Round.State.OPEN, _("The round is not open for answers.")),
            (_state(invitation) in ANSWERED, _("The answers have been submitted.")),
            (not invitation.deadline or invitation.deadline <= at, _("The deadline has passed: extend it.")),
        ]
    return next((reason for applies, reason in refusals if applies), "")


def _reason_to_wait(invitation: Invitation, kind: str, *, again: bool) -> str:
    if getattr(invitation, "is_waiting", False):
        return _("A mail of this kind is waiting to be sent.")
    if kind == LetterKind.INVITATION and invitation.sent_at and not again:
        return _("The request was sent before.")
    if kind == LetterKind.REMINDER and not invitation.sent_at:
        return _("The first request was not sent yet.")
    return ""


def _state(invitation: Invitation) -> str:
    response: Response | None = getattr(invitation, "response", None)
    return response.state if response else ""


def send_again(delivery: Delivery, *, at: datetime) -> bool:
    """This will put a mail that failed or may have been lost back into the queue, to the address of today."""
    return _settle(
        delivery,
        (DeliveryState.FAILED, DeliveryState.UNCLEAR),
        state=DeliveryState.QUEUED,
        queued_at=at,
        email=delivery.invitation.email,
        attempts=0,
        not_before=None,
        claimed_at=None,
        error="",
    )


def cancel(delivery: Delivery) -> bool:
    """This will take a mail that waits out of the queue."""
    return _settle(delivery, (DeliveryState.QUEUED,), state=DeliveryState.CANCELLED)


@transaction.atomic
def note_arrival(delivery: Delivery) -> bool:
    """This will count a mail of which nobody knew as sent, because it arrived."""
    moment = delivery.claimed_at or delivery.queued_at
    has_settled = _settle(delivery, (DeliveryState.UNCLEAR,), state=DeliveryState.SENT, sent_at=moment, error="")
    if has_settled:
        note_sending(delivery.invitation_id, delivery.kind, at=moment)
    return has_settled


def _settle(delivery: Delivery, states: tuple[str, ...], **values: object) -> bool:
    """Writes only where the mail is still in one of these states: a sender may be faster."""
    return Delivery.objects.filter(pk=delivery.pk, state__in=states).update(**values) == 1


def note_sending(invitation: int, kind: str, *, at: datetime) -> None:
    """This will write down that an institution was asked, or asked again."""
    row = Invitation.objects.select_for_update(no_key=True).get(pk=invitation)
    if kind in REQUESTS and row.sent_at is None:
        row.sent_at = at
    if kind == LetterKind.REMINDER:
        row.reminded_at = at
        row.reminders += 1
    row.save(update_fields=["sent_at", "reminded_at", "reminders"])


def late(*, at: datetime) -> int:
    """How many mails have waited longer than they should: the sender may not be running."""
    return Delivery.objects.filter(state__in=UNDER_WAY, queued_at__lt=at - LATE_AFTER).count()


def unsettled() -> int:
    """How many mails wait for a decision of the desk."""
    return Delivery.objects.filter(state__in=(DeliveryState.FAILED, DeliveryState.UNCLEAR)).count()
