"""The answers of a round as files for the survey's managers, and those of an earlier round from such files."""

from .files import PARTS, WARNING, Export, csv_of, workbook_of
from .planning import Count, Plan, RoundChanged, apply, diff
from .reading import mark_of, parse
from .reported import Reported

__all__ = [
    "PARTS",
    "WARNING",
    "Count",
    "Export",
    "Plan",
    "Reported",
    "RoundChanged",
    "apply",
    "csv_of",
    "diff",
    "mark_of",
    "parse",
    "workbook_of",
]
