"""A questionnaire that was filled in as an Excel file: what it says, what that would change, and changing it."""

from .columns import COLUMNS, HIDDEN, Mark
from .planning import FILE, STORED, AnswersChanged, Deed, Item, Plan, Total, Undecided, apply, diff
from .reading import Reading, Said, parse

__all__ = [
    "COLUMNS",
    "FILE",
    "HIDDEN",
    "STORED",
    "AnswersChanged",
    "Deed",
    "Item",
    "Mark",
    "Plan",
    "Reading",
    "Said",
    "Total",
    "Undecided",
    "apply",
    "diff",
    "parse",
]
