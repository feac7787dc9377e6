"""Answers of one institution: what stands in its cells, what is missing or odd, and saving without overwriting."""

from .saving import (
    GRACE,
    LONGEST_EXPLANATION,
    LONGEST_NAME,
    Change,
    Conflict,
    NotOpen,
    Saved,
    explain,
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
    "Saved",
    "Sheet",
    "explain",
    "locked",
    "open_response",
    "refusal",
    "refusal_of_staff",
    "save",
    "sheet_from",
    "sheet_of",
]
