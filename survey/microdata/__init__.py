"""The answers of a round as files for the survey's managers: wide, long, explanations, and what the codes mean."""

from .files import PARTS, WARNING, Export, csv_of, workbook_of

__all__ = ["PARTS", "WARNING", "Export", "csv_of", "workbook_of"]
