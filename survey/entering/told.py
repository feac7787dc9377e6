"""Values, cells and moments in words, in the language of the page: beside fields, on paper, in lists."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from sih_portal.language import in_language
from sih_portal.years import day, fiscal_year_alone
from survey.models import Cell, QuestionKind, Status
from survey.questionnaires import FormQuestion
from survey.values import Value


def told(value: Value, question: FormQuestion) -> str:
    """What a cell says; empty where it says nothing. No query."""
    if value.is_blank:
        return ""
    if value.reason:
        return str(Status(value.reason).label)
    if question.kind == QuestionKind.MULTI:
        return _("ticked") if value.number else _("not ticked")
    if value.number is not None:
        return f"{value.number:,}"
    return _chosen(value, question) if question.is_choice else value.text


def _chosen(value: Value, question: FormQuestion) -> str:
    option = next((option for option in question.options if option.code == value.option), None)
    label = in_language(option, "label").value if option else value.said
    return _("%(answer)s (%(words)s)") % {"answer": label, "words": value.note} if value.note else label


def label_of(cell: Cell) -> str:
    """What a cell is called within its question; empty for the only cell of a question without rows."""
    year = fiscal_year_alone(cell.fiscal_year) if cell.fiscal_year else ""
    return " ".join(filter(None, (in_language(cell, "label").value, year)))


def moment(value: datetime) -> str:
    """14:03, after its day unless that is today; in the portal's time zone."""
    local = timezone.localtime(value)
    time = f"{local:%H:%M}"
    return time if local.date() == timezone.localdate() else f"{day(local, with_era=False)} {time}"
