"""Releases of computed figures: made as a whole, checked as a whole, published where nothing reveals anybody."""

from .reading import NotReleasable, accepted_in, accepted_then
from .releases import Changed, Revealing, computable, compute, draft_of, mark_of, publish, to_go, withhold
from .telling import Findings, Subtraction, findings

__all__ = [
    "Changed",
    "Findings",
    "NotReleasable",
    "Revealing",
    "Subtraction",
    "accepted_in",
    "accepted_then",
    "computable",
    "compute",
    "draft_of",
    "findings",
    "mark_of",
    "publish",
    "to_go",
    "withhold",
]
