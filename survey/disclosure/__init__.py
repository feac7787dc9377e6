"""Disclosure control: what a release of a round must not say, alone and beside the releases before it.

Nothing here knows the database. The caller names cells and sums, streams units, and gets back what to withhold and
which subtraction would reveal whom. `plan` proposes, `remaining` decides: a release is published only where it finds
nothing.
"""

from .cells import Cell, Kind, Standing, Sum, Unit
from .derived import TooMany
from .gathering import Gathered, Inconsistent, gather
from .planning import Disclosure, Plan, Term, plan, remaining
from .rules import (
    Base,
    Mark,
    Reason,
    Rules,
    Statistic,
    base_of,
    marks_of_dependants,
    may_publish,
    refuses_release,
)
from .targets import Concern

__all__ = [
    "Base",
    "Cell",
    "Concern",
    "Disclosure",
    "Gathered",
    "Inconsistent",
    "Kind",
    "Mark",
    "Plan",
    "Reason",
    "Rules",
    "Standing",
    "Statistic",
    "Sum",
    "Term",
    "TooMany",
    "Unit",
    "base_of",
    "gather",
    "marks_of_dependants",
    "may_publish",
    "plan",
    "refuses_release",
    "remaining",
]
