"""Mail to those who are asked: links, letters, the queue and its sender."""

from .letters import keep_letter, letter_of, mistakes
from .links import find_link, issue, revoke
from .mails import Written, write
from .queue import (
    Choice,
    ChoiceChanged,
    Queued,
    choose,
    fingerprint,
    letter_with_link,
    queue,
    queue_seen,
    wait_for_others,
)
from .sending import Post, ServerAway, deliver_next
from .settling import NotSettled, cancel, dismiss, late, note_arrival, note_way_in, send_again, unsettled

__all__ = [
    "Choice",
    "ChoiceChanged",
    "NotSettled",
    "Post",
    "Queued",
    "ServerAway",
    "Written",
    "cancel",
    "choose",
    "deliver_next",
    "dismiss",
    "find_link",
    "fingerprint",
    "issue",
    "keep_letter",
    "late",
    "letter_of",
    "letter_with_link",
    "mistakes",
    "note_arrival",
    "note_way_in",
    "queue",
    "queue_seen",
    "revoke",
    "send_again",
    "unsettled",
    "wait_for_others",
    "write",
]
