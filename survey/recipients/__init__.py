"""Who is asked in a round: the list of recipients from a spreadsheet, and what the desk does with one of them."""

from .arrival import begin_by_link
from .paper import begin_on_paper
from .planning import Entry, ListChanged, Plan, apply, diff
from .reading import COLUMNS, MOST_ROWS, READERS, Row, parse
from .removal import reasons_to_stay, remove
from .sheet import list_sheet
from .steps import NotPossible, extend, note_outcome, note_post, reissue, remind, revoke_links, wait_again

__all__ = [
    "COLUMNS",
    "MOST_ROWS",
    "READERS",
    "Entry",
    "ListChanged",
    "NotPossible",
    "Plan",
    "Row",
    "apply",
    "begin_by_link",
    "begin_on_paper",
    "diff",
    "extend",
    "list_sheet",
    "note_outcome",
    "note_post",
    "parse",
    "reasons_to_stay",
    "reissue",
    "remind",
    "remove",
    "revoke_links",
    "wait_again",
]
