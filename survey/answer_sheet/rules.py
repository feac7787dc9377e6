"""What Excel itself checks while somebody fills in the form: lists to choose from, whole numbers, lengths."""

from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from survey.models import Cell, QuestionKind
from survey.questionnaires import FormQuestion
from survey.values import LONGEST_NOTE, LONGEST_TEXT, REASONS, bounds

LONGEST_TITLE: Final = 32  # characters, the limits of Excel
LONGEST_ERROR: Final = 255


class Rules:
    """The checks of one sheet; cells with the same check share one. `options` is the first column of hidden lists."""

    def __init__(self, sheet: Worksheet, options: int) -> None:
        self.sheet = sheet
        self.options = options
        self.made: dict[tuple[str, ...], DataValidation] = {}

    def answer(self, place: str, row: int, question: FormQuestion, cell: Cell) -> None:
        """This will have Excel check the answer of a cell; its options stand in the same row, so they go with it."""
        if question.is_choice:
            first, last = self.options, self.options + len(question.options) - 1
            area = f"${get_column_letter(first)}${row}:${get_column_letter(last)}${row}"
            self._add(place, "list", _("Choose one of the answers of the list."), area)
        elif question.kind == QuestionKind.TEXT:
            self._length(place, LONGEST_TEXT)
        else:
            smallest, largest = bounds(cell, question.kind)
            message = _(
                "Write a whole number from %(smallest)s to %(largest)s. Where you have none, choose a reason beside it."
            )
            told = message % {"smallest": f"{smallest:,}", "largest": f"{largest:,}"}
            self._add(place, "whole", told, str(smallest), str(largest))

    def reason(self, place: str) -> None:
        """This will offer the reasons why there is no answer."""
        labels = ",".join(str(status.label) for status in REASONS)
        self._add(place, "list", _("Choose one of the reasons of the list."), f'"{labels}"')

    def note(self, place: str) -> None:
        self._length(place, LONGEST_NOTE)

    def _length(self, place: str, most: int) -> None:
        message = _("Write at most %(most)s characters.") % {"most": f"{most:,}"}
        self._add(place, "textLength", message, "0", str(most))

    def _add(self, place: str, kind: Any, message: str, *formulas: str) -> None:
        if (kind, *formulas) not in self.made:
            self.made[kind, *formulas] = validation = DataValidation(
                type=kind,
                operator=None if kind == "list" else "between",
                formula1=formulas[0],
                formula2=formulas[1] if len(formulas) > 1 else None,
                allow_blank=True,
                showErrorMessage=True,
                errorStyle="stop",
                errorTitle=_("Please check")[:LONGEST_TITLE],
                error=message[:LONGEST_ERROR],
            )
            self.sheet.add_data_validation(validation)
        self.made[kind, *formulas].add(place)
