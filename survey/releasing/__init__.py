"""Releases of computed figures: made as a whole, checked as a whole, published where nothing reveals anybody."""

from .releases import (
    Changed,
    NotReleasable,
    Revealing,
    computable,
    compute,
    differing,
    publish,
    still_revealing,
    withhold,
)

__all__ = [
    "Changed",
    "NotReleasable",
    "Revealing",
    "computable",
    "compute",
    "differing",
    "publish",
    "still_revealing",
    "withhold",
]
