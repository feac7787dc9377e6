"""The engine: figures of a round from the accepted answers, by SQL aggregates and exact integer arithmetic."""

from .computing import IN_ORDER, calculations, computed, is_asked
from .figures import Computed
from .populations import ALL, GROUPING, Population, populations

__all__ = [
    "ALL",
    "GROUPING",
    "IN_ORDER",
    "Computed",
    "Population",
    "calculations",
    "computed",
    "is_asked",
    "populations",
]
