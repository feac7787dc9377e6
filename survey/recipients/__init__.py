"""Who is asked in a round: the list of recipients from a spreadsheet, and what the desk does with one of them."""

from .paper import begin_on_paper
from .planning import Entry, ListChanged, Plan, apply, diff
from .reading import COLUMNS, MOST_ROWS, READERS, Row, parse
from .sheet import list_sheet
from .steps import NotPossible, extend, note_outcome, note_post, reissue, revoke_links, wait_again

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
    "begin_on_paper",
    "diff",
    "extend",
    "list_sheet",
    "note_outcome",
    "note_post",
    "parse",
    "reissue",
    "revoke_links",
    "wait_again",
]
