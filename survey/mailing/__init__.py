"""Mail to those who are asked: links, letters, the queue and its sender."""

from .letters import keep_letter, letter_of, mistakes
from .links import find_link, issue, revoke
from .mails import Written, write
from .queue import (
    Choice,
    ChoiceChanged,
    Queued,
    cancel,
    choose,
    fingerprint,
    late,
    note_arrival,
    queue,
    queue_seen,
    send_again,
    unsettled,
)
from .sending import Post, ServerAway, deliver_next

__all__ = [
    "Choice",
    "ChoiceChanged",
    "Post",
    "Queued",
    "ServerAway",
    "Written",
    "cancel",
    "choose",
    "deliver_next",
    "find_link",
    "fingerprint",
    "issue",
    "keep_letter",
    "late",
    "letter_of",
    "mistakes",
    "note_arrival",
    "queue",
    "queue_seen",
    "revoke",
    "send_again",
    "unsettled",
    "write",
]
