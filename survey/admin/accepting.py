"""Accepting several submissions at once: a page that asks first, and a report of what became of each."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sih_portal.staff import plausible
from survey import workflow
from survey.answering import Sheet
from survey.models import Response
from survey.permissions import may_keep_survey
from survey.workflow import AnswersChanged, InvalidTransition, Steps

from .loading import judged, responses
from .rooms import OnlyManagers, page

MOST_ROWS: Final = 500
CHANGED: Final = _("Submitted again since you looked, and left as it is. Open it, and decide again.")
GONE: Final = _("Deleted since you looked.")
FAILED: Final = _("The database could not do it, and nothing changed. Please try again.")
log: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Row:
    """A response, the revision that somebody looked at, and why it is not accepted (empty: it is)."""

    key: int
    response: Response | None
    sheet: Sheet | None
    seen: str
    reason: str = ""

    @property
    def unsettled(self) -> int:
        return len(self.sheet.unsettled) if self.sheet else 0

    @property
    def missing(self) -> int:
        return len(self.sheet.missing) if self.sheet else 0


class AcceptingMany(OnlyManagers[Response]):
    """For the admin of responses."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if IS_POPUP_VAR in request.GET or not may_keep_survey(request.user):
            return {}
        return {"accept": (accept_many, "accept", Steps.ACCEPT.value.label)}

    def response_action(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse | None:
        """:raises BadRequest: when a selected row is not named as the list names it."""
        if any(not key or plausible(key) != key for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().response_action(request, *arguments, **named)


def accept_many(desk: AcceptingMany, request: HttpRequest, selected: QuerySet[Any]) -> HttpResponse | None:
    """The action of the list: asks first, then accepts what the page that asked brings back."""
    is_acting = "confirmed" in request.POST
    rows = seen_rows(request) if is_acting else selected_rows(selected)
    if len(rows) > MOST_ROWS:
        told = gettext("At most %(count)d responses at once. Please narrow the list.") % {"count": MOST_ROWS}
        desk.message_user(request, told, messages.ERROR)
        return None
    if not is_acting:
        asked = [replace(row, reason=reason_against(row)) for row in rows]
        context = {"rows": asked, "count": sum(not row.reason for row in asked), "checkbox_name": ACTION_CHECKBOX_NAME}
        return page(desk, request, "response/accept_question", {**context, "title": Steps.ACCEPT.value.label})
    return report(desk, request, [accept(row, request.user) for row in rows])


def selected_rows(selected: QuerySet[Any]) -> list[Row]:
    found: Any = responses().filter(pk__in=selected.values("pk")).order_by("-invitation__round", "invitation__number")
    return [
        Row(row.response.pk, row.response, row.sheet, str(row.response.revision))
        for row in judged(found[: MOST_ROWS + 1])
    ]


def seen_rows(request: HttpRequest) -> list[Row]:
    """The rows of the page that asked, in its order: also those that the list's filter has lost meanwhile."""
    keys = [int(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)[: MOST_ROWS + 1]]
    found = {row.response.pk: row for row in judged(list(responses().filter(pk__in=keys).order_by("pk")))}
    return [
        Row(
            key,
            found[key].response if key in found else None,
            found[key].sheet if key in found else None,
            request.POST.get(f"seen_{key}", ""),
        )
        for key in dict.fromkeys(keys)
    ]


def reason_against(row: Row) -> str:
    """Known beforehand why it can't be accepted."""
    if row.response is None:
        return str(GONE)
    if row.response.state not in Steps.ACCEPT.value.sources:
        message = gettext("This step is not possible while the answers are: %(state)s.")
        return message % {"state": row.response.state_label}
    return ""


def accept(row: Row, by: Any) -> Row:
    """One response, in a transaction of its own: what happens to it stops no other."""
    if row.response is None or row.sheet is None:
        return replace(row, reason=str(GONE))
    revision = int(row.seen) if row.seen.isascii() and row.seen.isdecimal() and len(row.seen) < 6 else -1
    try:
        workflow.accept(row.response, form=row.sheet.form, revision=revision, by=by, at=timezone.now())
    except InvalidTransition as reason:
        return replace(row, reason=str(reason))
    except AnswersChanged:
        return replace(row, reason=str(CHANGED))
    except DatabaseError:
        log.exception("Response %s could not be accepted", row.key)
        return replace(row, reason=str(FAILED))
    return row


def report(desk: AcceptingMany, request: HttpRequest, rows: Sequence[Row]) -> HttpResponse:
    for row in rows:
        if row.response and not row.reason:
            desk.log_change(request, row.response, str(Steps.ACCEPT.value.label))
    now = responses().in_bulk([row.key for row in rows])
    context = {
        "rows": [replace(row, response=now.get(row.key)) for row in rows],
        "done": sum(not row.reason for row in rows),
        "all": len(rows),
        "title": Steps.ACCEPT.value.label,
    }
    return page(desk, request, "response/accept_report", context)
