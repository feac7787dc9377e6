"""One mail, ready to be sent: a letter filled in for an invitation, in its language first and in the other below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_noop

from sih_portal.language import other_language
from survey.models import Delivery, Invitation, Letter

from .letters import LINE_END, filled, in_words, values_of, word
from .links import address_of

LINE: Final = "-" * 40
BROKEN_LINE: Final = gettext_noop("There is a line break in the address, in a name or in the subject.")
# Stands for the token where somebody only looks.
HIDDEN: Final = "…"


class Unsendable(ValueError):
    """The mail can't be made; the message, a msgid, says why."""


@dataclass(frozen=True)
class Written:
    """A letter filled in for one invitation."""

    to: str
    subject: str
    body: str


def needs_link(letter: Letter) -> bool:
    return any("{link}" in body for body in (letter.body_ja, letter.body_en))


def write(
    letter: Letter, invitation: Invitation, *, token: str = HIDDEN, asked: Sequence[tuple[str, str]] | None = None
) -> Written:
    """The letter as the invitation gets it. No query, for `returned` and `receipt` a few; the round is loaded.

    `asked` are questions (with the code of what each is about) that are not stored yet.
    """
    first = invitation.language
    second = other_language(first)
    values = {language: _values(letter, invitation, language, token) for language in (first, second)}
    if asked is not None:
        values = {language: {**found, "questions": in_words(asked)} for language, found in values.items()}
    bodies = {language: filled(getattr(letter, f"body_{language}"), values[language]) for language in values}
    body = f"{word('other_language', second)}\n\n{bodies[first]}\n\n{LINE}\n\n{bodies[second]}\n"
    return Written(invitation.email, filled(getattr(letter, f"subject_{first}"), values[first]), body)


def message_of(delivery: Delivery, written: Written) -> EmailMessage:
    """The message of a delivery. Sent again, it carries the same id, so that mail programs can tell.

    :raises Unsendable: when the head of the mail would hold a line break.
    """
    if any(LINE_END.search(text) for text in (written.to, written.subject)):
        raise Unsendable(BROKEN_LINE)
    return EmailMessage(
        subject=written.subject,
        body=written.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[written.to],
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        headers={"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"},
    )


def message_id(delivery: Delivery) -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<survey-{delivery.pk}-{delivery.batch.hex}@{host}>"


def _values(letter: Letter, invitation: Invitation, language: str, token: str) -> dict[str, str]:
    return values_of(invitation, letter.kind, language, address_of(token, language))
