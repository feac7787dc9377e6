"""Answers of one institution: what stands in its cells, what is missing or odd, and saving without overwriting."""

from .explaining import LONGEST_EXPLANATION, Reply, Said, explain, open_remarks, reply
from .saving import (
    GRACE,
    LONGEST_NAME,
    Change,
    Conflict,
    NotOpen,
    Saved,
    fill,
    locked,
    open_response,
    refusal,
    refusal_of_staff,
    save,
)
from .sheet import Entry, Finding, Progress, Sheet, sheet_from, sheet_of

__all__ = [
    "GRACE",
    "LONGEST_EXPLANATION",
    "LONGEST_NAME",
    "Change",
    "Conflict",
    "Entry",
    "Finding",
    "NotOpen",
    "Progress",
    "Reply",
    "Said",
    "Saved",
    "Sheet",
    "explain",
    "fill",
    "locked",
    "open_remarks",
    "open_response",
    "refusal",
    "refusal_of_staff",
    "reply",
    "save",
    "sheet_from",
    "sheet_of",
]
