"""What becomes of a mail after its turn: what it says about the invitation, and what the desk decides about it."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from survey.models import Delivery, DeliveryState, Invitation, InvitationLink, LetterKind

from .queue import REQUESTS, UNDER_WAY

# Longer than a mail can take; who was cut off in it left a row behind.
BROKEN_OFF_AFTER: Final = timedelta(minutes=10)
LATE_AFTER: Final = timedelta(minutes=10)
OPEN: Final = (DeliveryState.FAILED, DeliveryState.UNCLEAR)
SETTLED: Final = gettext_noop("The desk settled it: nothing more is to be done.")


class NotSettled(Exception):
    """What the desk decided can't be done with this mail; the message says why."""


@transaction.atomic
def send_again(delivery: Delivery, *, at: datetime) -> None:
    """This will put a mail that failed or may have been lost back into the queue, to the address of today.

    :raises NotSettled: when it is in another state, or another mail took its place.
    """
    _settle(
        delivery,
        OPEN,
        state=DeliveryState.QUEUED,
        queued_at=at,
        email=delivery.invitation.email,
        attempts=0,
        not_before=None,
        claimed_at=None,
        error="",
    )
    _locked(delivery.invitation_id)
    others = Delivery.objects.filter(invitation=delivery.invitation_id, kind=delivery.kind).exclude(pk=delivery.pk)
    if others.filter(Q(state__in=UNDER_WAY) | Q(sent_at__gte=delivery.queued_at)).exists():
        raise NotSettled(_("A later mail of this kind waits to be sent, or was sent. Mark this one as settled."))


def cancel(delivery: Delivery) -> None:
    """This will take a mail that waits out of the queue.

    :raises NotSettled: when it is in another state.
    """
    _settle(delivery, (DeliveryState.QUEUED,), state=DeliveryState.CANCELLED)


def dismiss(delivery: Delivery) -> None:
    """This will settle a mail that failed or may have been lost: nothing more is to be done about it.

    :raises NotSettled: when it is in another state.
    """
    _settle(delivery, OPEN, state=DeliveryState.CANCELLED, error=delivery.error or SETTLED)


@transaction.atomic
def note_arrival(delivery: Delivery) -> None:
    """This will count a mail of which nobody knew as sent, because it arrived.

    :raises NotSettled: when it is in another state.
    """
    moment = delivery.claimed_at or delivery.queued_at
    _settle(delivery, (DeliveryState.UNCLEAR,), state=DeliveryState.SENT, sent_at=moment, error="")
    note_sending(delivery.invitation_id, delivery.kind, at=moment)


@transaction.atomic
def note_way_in(link: InvitationLink) -> None:
    """This will count the mail of a link as arrived, because somebody came in by it.

    A mail is taken from the queue at the moment at which its link is made.
    """
    mails = Delivery.objects.filter(invitation=link.invitation_id, state=DeliveryState.UNCLEAR)
    for delivery in mails.filter(claimed_at=link.issued_at).order_by("pk"):
        with suppress(NotSettled):  # the desk was faster
            note_arrival(delivery)
    row = _locked(link.invitation_id)
    if row.sent_at is None:
        row.sent_at = link.issued_at
        row.save(update_fields=["sent_at"])


def _settle(delivery: Delivery, states: tuple[str, ...], **values: object) -> None:
    """Writes only where the mail is still in one of these states: a sender may be faster."""
    if not Delivery.objects.filter(pk=delivery.pk, state__in=states).update(**values):
        raise NotSettled(_("The state of the mail does not allow it."))


def note_sending(invitation: int, kind: str, *, at: datetime) -> None:
    """This will write down that an institution was asked, or asked again."""
    row = _locked(invitation)
    if kind in REQUESTS and row.sent_at is None:
        row.sent_at = at
    if kind == LetterKind.REMINDER:
        row.reminded_at = at
        row.reminders += 1
    row.save(update_fields=["sent_at", "reminded_at", "reminders"])


def _locked(invitation: int) -> Invitation:
    """After its mail, in every transaction that locks both."""
    return Invitation.objects.select_for_update(no_key=True).get(pk=invitation)


def late(*, at: datetime) -> int:
    """How many mails have waited longer than they should: the sender may not be running.

    What the server put off waits on purpose until its next try; a server that is away puts nothing off.
    """
    limit = at - LATE_AFTER
    waits = Q(attempts=0, queued_at__lt=limit) | Q(attempts__gt=0, not_before__lt=limit)
    return Delivery.objects.filter(waits, state__in=UNDER_WAY).count()


def unsettled() -> int:
    """How many mails wait for a decision of the desk."""
    return Delivery.objects.filter(state__in=OPEN).count()
