"""The whole questionnaire as an Excel form, blank or with the present answers, to collect them in a house."""

from .book import answer_sheet

__all__ = ["answer_sheet"]
