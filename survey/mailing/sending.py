"""Sends what is queued, one mail at a time: claimed in a transaction of its own before anything leaves the house.

Whoever is killed in between leaves a claimed mail behind, which becomes `unclear` and is not sent again by itself. So
no mail is sent twice unless somebody at the desk says so. What a server puts off is tried again later.
"""

import logging
import re
import smtplib
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from sih_portal.smtp import BrokenOff, EmailBackend
from survey.models import Delivery, DeliveryState, Invitation

from . import links
from .letters import letter_of
from .mails import HIDDEN, message_of, needs_link, write
from .queue import reason_against
from .settling import BROKEN_OFF_AFTER, note_sending

# Minutes from each try to the next; after the last a mail that its own server refuses for now has failed.
PAUSES: Final = (1, 5, 15, 60, 180, 360)
LONGEST_ERROR: Final = 300
ADDRESS: Final = re.compile(r"[^\s<>@]+@[^\s<>@]+")
log: Final = logging.getLogger(__name__)


class ServerAway(Exception):
    """There is no way to the mail server: not reached, no TLS, or it does not let us in. `__cause__` says why."""


class Post:
    """The way to the mail server. A connection is used for mail after mail, until it breaks or is closed."""

    def __init__(self) -> None:
        self.connection: Any = None

    def send(self, message: EmailMessage) -> None:
        """:raises ServerAway: when it never got as far as this mail."""
        if self.connection is None:
            self.connection = self._opened()
        try:
            self.connection.send_messages([message])
        except BaseException:
            self.close()
            raise
        if not isinstance(self.connection, EmailBackend):
            self.connection = None  # a file, or the memory of a test: nothing to keep open

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if isinstance(connection, EmailBackend):
            with suppress(OSError):
                connection.close()

    def _opened(self) -> Any:
        connection = get_connection()
        if isinstance(connection, EmailBackend):
            try:
                connection.open()
            except OSError as error:
                with suppress(OSError):
                    connection.close()
                raise ServerAway from error
        return connection


def deliver_next(*, at: datetime, post: Post | None = None) -> Delivery | None:
    """This will send the next mail that waits, and return it with what became of it; None where none waits.

    :raises ServerAway: when the mail server can't be reached; the mail is back in the queue.
    """
    note_broken_off(at=at)
    delivery = claim(at=at)
    if delivery is None:
        return None
    invitations = Invitation.objects.select_related("round", "response")
    invitation = invitations.get(pk=delivery.invitation_id)
    with translation.override(None):  # the desk reads it in its own language
        reason = reason_against(invitation, delivery.kind, at=at)
    if reason:
        _end(delivery, DeliveryState.CANCELLED, reason)
    else:
        _send(delivery, invitation, post or Post(), at=at)
    log.info("Mail %s: %s", delivery.pk, delivery.state)
    return delivery


def claim(*, at: datetime) -> Delivery | None:
    """This will mark the first mail that waits as being sent, for one sender only. A look costs SQLite no lock."""
    due = Q(not_before=None) | Q(not_before__lte=at)
    waiting = Delivery.objects.filter(due, state=DeliveryState.QUEUED).order_by("pk")
    if not waiting.exists():
        return None
    with transaction.atomic(durable=True):
        delivery = waiting.select_for_update(skip_locked=True).first()
        if delivery:
            delivery.state, delivery.claimed_at = DeliveryState.SENDING, at
            delivery.email = Invitation.objects.values_list("email", flat=True).get(pk=delivery.invitation_id)
            delivery.save(update_fields=["state", "claimed_at", "email"])
        return delivery


def note_broken_off(*, at: datetime) -> int:
    """This will mark mails whose sender is gone; how many."""
    left = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=at - BROKEN_OFF_AFTER)
    return left.update(state=DeliveryState.UNCLEAR) if left.exists() else 0


def _send(delivery: Delivery, invitation: Invitation, post: Post, *, at: datetime) -> None:
    letter = letter_of(invitation.round, delivery.kind)
    token = links.issue(invitation, at=at) if needs_link(letter) else HIDDEN
    try:
        post.send(message_of(delivery, write(letter, invitation, token=token)))
    except ServerAway as error:
        _put_off(delivery, _words(error.__cause__, delivery, token), at=at, counts=False)
        raise
    except BrokenOff as error:
        _end(delivery, DeliveryState.UNCLEAR, _words(error.__cause__, delivery, token))
    except (OSError, ValueError) as error:
        _judge(delivery, error, _words(error, delivery, token), at=at)
    else:
        _note_sent(delivery, at=at)
    finally:
        if delivery.state in {DeliveryState.QUEUED, DeliveryState.FAILED}:
            links.discard(token)


def _judge(delivery: Delivery, error: Exception, words: str, *, at: datetime) -> None:
    """What a mail becomes that the server did not take: its answers from 500 on are final, those from 400 are not."""
    code = _answer(error)[0]
    is_cut_off = isinstance(error, smtplib.SMTPServerDisconnected)
    is_lasting = isinstance(error, ValueError | smtplib.SMTPNotSupportedError) or code >= 500
    if isinstance(error, smtplib.SMTPDataError) and not 400 <= code < 600:
        _end(delivery, DeliveryState.UNCLEAR, words)
    elif is_lasting or (delivery.attempts >= len(PAUSES) and not is_cut_off):
        _end(delivery, DeliveryState.FAILED, words)
    else:
        _put_off(delivery, words, at=at)


def _answer(error: BaseException | None) -> tuple[int, str]:
    """The server's code and words, 0 and the error's own words where the server did not speak."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return code, _text(words)
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, _text(error.smtp_error)
    return 0, str(error)


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _words(error: BaseException | None, delivery: Delivery, token: str) -> str:
    """What to keep of an error: on one line, cut, without the token and without addresses of others."""
    code, words = _answer(error)
    own = delivery.email.casefold()
    told = ADDRESS.sub(lambda found: found[0] if found[0].casefold() == own else HIDDEN, words)
    told = " ".join(filter(None, [str(code or ""), *told.replace(token, HIDDEN).split()]))
    return "".join(each for each in told if each.isprintable())[:LONGEST_ERROR]


def _put_off(delivery: Delivery, words: str, *, at: datetime, counts: bool = True) -> None:
    """This will try again later; it counts as a try where the server spoke with us about this mail."""
    pause = PAUSES[min(delivery.attempts, len(PAUSES) - 1)]
    delivery.attempts += counts
    delivery.not_before = at + timedelta(minutes=pause)
    delivery.claimed_at = None
    _end(delivery, DeliveryState.QUEUED, words)


def _end(delivery: Delivery, state: str, words: str = "") -> None:
    delivery.state, delivery.error = state, words
    delivery.save(update_fields=["state", "error", "attempts", "not_before", "claimed_at", "sent_at"])


@transaction.atomic
def _note_sent(delivery: Delivery, *, at: datetime) -> None:
    delivery.sent_at, delivery.not_before = at, None
    _end(delivery, DeliveryState.SENT)
    note_sending(delivery.invitation_id, delivery.kind, at=at)
