"""One step for many cases: an action of the list, a page that asks first, and a report of what became of each case."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from practices.forms import NoteForm
from practices.models import GoodPractice, PracticeStatus
from practices.permissions import Account
from practices.workflow import EditConflict, InvalidTransition, NotAllowed, Steps, refusal, take
from sih_portal.staff import DeskAdmin, plausible

from .steps import CONSEQUENCES

MOST_CASES: Final = 200
CHANGED: Final = _("Changed since you looked, and left as it is. Open it, and decide again.")
GONE: Final = _("Deleted since you looked.")
FAILED: Final = _("The database could not do it, and nothing changed. Please try again.")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Row:
    """A case, with the edits the first page was made from, and why it does not move (empty: it does, or did)."""

    key: int
    practice: GoodPractice | None
    seen: str
    reason: str = ""

    @property
    def is_published(self) -> bool:
        return not self.reason and self.practice is not None and self.practice.status == PracticeStatus.PUBLISHED


class BulkSteps(DeskAdmin[GoodPractice]):
    """For the admin of cases: each step that the account's roles may take is an action of the list."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if IS_POPUP_VAR in request.GET:
            return {}
        return {step.value.name: (asking(step), step.value.name, step.value.label) for step in steps_of(request.user)}

    def response_action(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse | None:
        """:raises BadRequest: when a selected row is not named as the list names it."""
        if any(not key or plausible(key) != key for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().response_action(request, *arguments, **named)


def steps_of(user: Account) -> Iterator[Steps]:
    """The steps that the account's roles may take with some case, but for those that first show what gets lost."""
    return (step for step in Steps if not step.value.needs_confirmation and step.value.permission(user, GoodPractice()))


def asking(step: Steps) -> Callable[[BulkSteps, HttpRequest, QuerySet[GoodPractice]], HttpResponse | None]:
    """The action of the list for a step: asks first, then acts on what the page that asked brings back."""

    def ask_or_act(desk: BulkSteps, request: HttpRequest, selected: QuerySet[GoodPractice]) -> HttpResponse | None:
        acting = "confirmed" in request.POST
        rows = seen_rows(desk, request) if acting else selected_rows(selected)
        if len(rows) > MOST_CASES:
            told = gettext("A step can be taken for at most %(count)d cases at once. Please narrow the list.")
            desk.message_user(request, told % {"count": MOST_CASES}, messages.ERROR)
            return None
        form = NoteForm(request.POST, step=step) if acting else NoteForm(step=step)
        if not acting or not form.is_valid():
            return question(desk, request, step, rows, form)
        return report(desk, request, step, [move(row, step, request.user, form.cleaned_data["note"]) for row in rows])

    return ask_or_act


def selected_rows(selected: QuerySet[GoodPractice]) -> list[Row]:
    return [Row(practice.pk, practice, str(practice.edits)) for practice in selected[: MOST_CASES + 1]]


def seen_rows(desk: BulkSteps, request: HttpRequest) -> list[Row]:
    """The rows of the page that asked, in its order: also those that the list's filter has lost meanwhile."""
    keys = [int(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)[: MOST_CASES + 1]]
    found = desk.get_queryset(request).select_related("institution").in_bulk(keys)
    return [judged(Row(key, found.get(key), request.POST.get(f"seen_{key}", ""))) for key in dict.fromkeys(keys)]


def judged(row: Row) -> Row:
    if row.practice is None:
        return Row(row.key, None, row.seen, str(GONE))
    return row if str(row.practice.edits) == row.seen else Row(row.key, row.practice, row.seen, str(CHANGED))


def question(desk: BulkSteps, request: HttpRequest, step: Steps, rows: list[Row], form: NoteForm) -> HttpResponse:
    """The page that asks: every case with its status, and those that stay out with their reason."""
    asked = [row if row.reason else possible(row, step, request.user) for row in rows]
    context = {
        "rows": asked,
        "count": sum(not row.reason for row in asked),
        "note_form": form,
        "consequence": CONSEQUENCES[step],
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    status = 400 if form.is_bound else 200
    return page(desk, request, "bulk_question", step, context, status=status)


def possible(row: Row, step: Steps, user: Account) -> Row:
    practice: Any = row.practice
    reason = refusal(step, practice=practice, by=user, is_public=practice.version is not None)
    return Row(row.key, practice, row.seen, reason)


def move(row: Row, step: Steps, user: Account, note: str) -> Row:
    """One case, in a transaction of its own: what happens to it stops no other."""
    if row.practice is None or row.reason:
        return row
    try:
        moved = take(step, practice=row.practice, by=user, at=timezone.now(), note=note, seen=int(row.seen))
    except GoodPractice.DoesNotExist:
        return Row(row.key, None, row.seen, str(GONE))
    except EditConflict:
        return Row(row.key, row.practice, row.seen, str(CHANGED))
    except (InvalidTransition, NotAllowed) as reason:
        return Row(row.key, row.practice, row.seen, str(reason))
    except DatabaseError:
        log.exception("Step %s of case %s failed", step.value.name, row.key)
        return Row(row.key, row.practice, row.seen, str(FAILED))
    moved.institution = row.practice.institution
    return Row(row.key, moved, row.seen)


def report(desk: BulkSteps, request: HttpRequest, step: Steps, rows: list[Row]) -> HttpResponse:
    context = {"rows": rows, "done": sum(not row.reason for row in rows), "all": len(rows)}
    return page(desk, request, "bulk_report", step, context)


def page(
    desk: BulkSteps, request: HttpRequest, name: str, step: Steps, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shared = {**desk.admin_site.each_context(request), "opts": desk.opts, "step": step.value, "title": step.value.label}
    return TemplateResponse(request, f"admin/practices/goodpractice/{name}.html", {**shared, **context}, status=status)
