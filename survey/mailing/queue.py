"""The queue of mails: the table `Delivery`. Who gets a mail, and who does not and why.

A mail is queued in the transaction of whatever it tells about, and sent later by `manage.py send_mail`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
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


class ChoiceChanged(Exception):
    """Others would get the mail than those whom somebody saw, or somebody wrote to one of them since."""


@dataclass(frozen=True)
class Choice:
    """An invitation that somebody wants to write to, and why it gets no mail (empty: it gets one)."""

    invitation: Any
    reason: str = ""

    @property
    def mark(self) -> str:
        """Another one as soon as somebody wrote to the invitation: a page carries it along."""
        return f"{self.invitation.pk}:{self.invitation.reminders}.{self.invitation.last_mail or 0}"


@dataclass
class Queued:
    """What became of a press of the button."""

    count: int = 0
    skipped: list[Choice] = field(default_factory=list)


def choose(invitations: QuerySet[Invitation], *, kind: str, at: datetime, again: bool = False) -> list[Choice]:
    """Who of these gets a mail of this kind now, in the order of the list. One query.

    With `again` also those that were sent the request before.
    """
    mails = Delivery.objects.filter(invitation=OuterRef("pk"))
    rows = invitations.select_related("round", "response").annotate(
        is_waiting=Exists(mails.filter(kind=kind, state__in=UNDER_WAY)),
        last_mail=Subquery(mails.order_by("-pk").values("pk")[:1]),
    )
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
            wait_for_others(invitations)
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
    wait_for_others(invitations)
    is_new = not Delivery.objects.filter(batch=batch).exists()
    if is_new and fingerprint(choose(invitations, kind=kind, at=at)) != seen:
        raise ChoiceChanged
    return queue(invitations, kind=kind, by=by, at=at, batch=batch)


def fingerprint(choices: list[Choice]) -> str:
    """The same when the same institutions get a mail, and nobody wrote to one of them meanwhile."""
    chosen = " ".join(choice.mark for choice in choices if not choice.reason)
    return hashlib.sha256(chosen.encode()).hexdigest()


def wait_for_others(invitations: QuerySet[Invitation]) -> None:
    """Two people at the same button, each with a batch of their own: the second finds the first's mails waiting."""
    rounds = Round.objects.filter(pk__in=invitations.values("round")).order_by("pk")
    list(rounds.select_for_update(no_key=True))


def reason_against(invitation: Invitation, kind: str, *, at: datetime) -> str:
    """Why an invitation gets no mail of this kind, now or when its turn comes; empty when it does.

    No query: round and response are loaded.
    """
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
    if kind == LetterKind.REMINDER:
        message = _("The answers were returned with questions. “Send a new link” sends them the questions again.")
        refusals.append((has_questions(invitation), message))
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
    response = _response(invitation)
    return response.state if response else ""


def _response(invitation: Invitation) -> Response | None:
    found: Response | None = getattr(invitation, "response", None)
    return found


def has_questions(invitation: Invitation) -> bool:
    """Whether JSPS gave the answers back; not where the institution took them back itself."""
    response = _response(invitation)
    return response is not None and response.state == ResponseState.RETURNED and not response.is_taken_back


def letter_with_link(invitation: Invitation) -> LetterKind:
    """The letter in which a new link comes: with the questions, where JSPS gave the answers back with some."""
    return LetterKind.RETURNED if has_questions(invitation) else LetterKind.INVITATION
