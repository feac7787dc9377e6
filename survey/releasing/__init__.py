"""Releases of computed figures: made as a whole, checked as a whole, published where nothing reveals anybody."""

from .held import NotReleasable, accepted_then
from .releases import (
    Changed,
    Revealing,
    computable,
    compute,
    publish,
    still_revealing,
    withhold,
)
from .telling import Findings, Subtraction, findings

__all__ = [
    "Changed",
    "Findings",
    "NotReleasable",
    "Revealing",
    "Subtraction",
    "accepted_then",
    "computable",
    "compute",
    "findings",
    "publish",
    "still_revealing",
    "withhold",
]
