"""The engine: figures of a round from the accepted answers, by SQL aggregates and exact integer arithmetic."""

from .computing import calculations, computed, is_asked
from .figures import Computed
from .populations import ALL, GROUPING, Population, populations

__all__ = ["ALL", "GROUPING", "Computed", "Population", "calculations", "computed", "is_asked", "populations"]
