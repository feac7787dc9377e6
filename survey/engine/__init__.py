"""The engine: figures of a round from the accepted answers, by SQL aggregates and exact integer arithmetic."""

from .computing import computed
from .figures import Computed

__all__ = ["Computed", "computed"]
