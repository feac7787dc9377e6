"""What the desk does with several invitations at once: a page that asks first, and a report of what became of each."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4, uuid5

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sih_portal.staff import DeskAdmin
from survey import mailing, recipients
from survey.models import Invitation, InvitationStatus, LetterKind, Outcome
from survey.recipients import NotPossible

from .forms import ConfirmForm, DeadlineForm, PostForm
from .rooms import page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_ROWS: Final = 1_000
FAILED: Final = _("The database could not do it, and nothing changed. Please try again.")
log: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Press:
    """The press of a button: by whom, when, and what was filled in. `batch` stays the same when it comes twice."""

    by: Any
    at: datetime
    batch: UUID
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """`mail` is the kind of letter that goes out, if one does: then the page shows it."""

    name: str
    label: "StrOrPromise"
    consequence: "StrOrPromise"
    act: Callable[[int, Press], object]
    form: type[forms.Form] = ConfirmForm
    mail: str = ""


@dataclass(frozen=True)
class Row:
    """An invitation, and why nothing happens to it (empty: it does, or did)."""

    key: int
    invitation: Any
    reason: str = ""

    @property
    def status(self) -> str:
        return str(InvitationStatus(self.invitation.status).label) if self.invitation else ""


def remind(key: int, press: Press) -> None:
    """:raises NotPossible: when no mail can go to it."""
    queued = mailing.queue(
        Invitation.objects.filter(pk=key),
        kind=LetterKind.REMINDER,
        by=press.by,
        at=press.at,
        batch=uuid5(press.batch, str(key)),
    )
    if not queued.count:
        raise NotPossible(queued.skipped[0].reason if queued.skipped else gettext("Deleted since you looked."))


def extend(key: int, press: Press) -> object:
    return recipients.extend(key, until=press.given["until"], at=press.at)


def reissue(key: int, press: Press) -> object:
    return recipients.reissue(key, by=press.by, at=press.at, batch=press.batch)


def note_post(key: int, press: Press) -> object:
    return recipients.note_post(key, at=beginning(press.given["on"], press.at))


def beginning(day: date, now: datetime) -> datetime:
    """When a day begins; now for a day that is still to come."""
    return min(timezone.make_aware(datetime.combine(day, time.min)), now)


DEEDS: Final = (
    Deed(
        "remind",
        _("Send the second request"),
        _("Each gets a mail with a link of its own; the earlier links stay good."),
        remind,
        mail=LetterKind.REMINDER,
    ),
    Deed("extend", _("Extend the deadline"), _("They alone get more time; no mail is sent."), extend, DeadlineForm),
    Deed(
        "reissue",
        _("Send a new link"),
        _("The links they have stop working, and each gets a mail with a new one. What was entered stays."),
        reissue,
        mail=LetterKind.INVITATION,
    ),
    Deed(
        "revoke",
        _("Close the links"),
        _("The links they have stop working, and no mail is sent. What was entered stays."),
        lambda key, press: recipients.revoke_links(key, at=press.at),
    ),
    Deed(
        "decline",
        _("Note that they declined"),
        _("No mail goes to them any more; they still count as asked."),
        lambda key, _press: recipients.note_outcome(key, outcome=Outcome.DECLINED),
    ),
    Deed(
        "ineligible",
        _("Note that they are not to be asked"),
        _("No mail goes to them any more, and they don't count as asked."),
        lambda key, _press: recipients.note_outcome(key, outcome=Outcome.INELIGIBLE),
    ),
    Deed(
        "await",
        _("Expect an answer again"),
        _("What was noted about declining or not being asked is taken back."),
        lambda key, _press: recipients.wait_again(key),
    ),
    Deed(
        "post",
        _("Note that the request went by post"),
        _("They count as asked from that day; no mail is sent."),
        note_post,
        PostForm,
    ),
)


def asking(deed: Deed) -> Callable[[DeskAdmin[Invitation], HttpRequest, QuerySet[Invitation]], HttpResponse | None]:
    """The action of the list for a deed: asks first, then acts on what the page that asked brings back."""

    def ask_or_act(desk: DeskAdmin[Invitation], request: HttpRequest, selected: Any) -> HttpResponse | None:
        is_acting = "confirmed" in request.POST
        rows = seen_rows(request) if is_acting else selected_rows(selected)
        if len(rows) > MOST_ROWS:
            told = gettext("At most %(count)d invitations at once. Please narrow the list.") % {"count": MOST_ROWS}
            desk.message_user(request, told, messages.ERROR)
            return None
        form = deed.form(request.POST) if is_acting else deed.form()
        if not is_acting or not form.is_valid():
            return question(desk, request, deed, rows, form)
        press = Press(request.user, timezone.now(), batch_of(request), form.cleaned_data)
        done = [take(row, deed, press) for row in rows]
        note_in_history(desk, request, deed, done)
        return report(desk, request, deed, done)

    return ask_or_act


def batch_of(request: HttpRequest) -> UUID:
    """:raises BadRequest: when the page that asked did not send it."""
    try:
        return UUID(request.POST.get("confirmed", ""))
    except ValueError as error:
        raise BadRequest from error


def selected_rows(selected: QuerySet[Invitation]) -> list[Row]:
    return [Row(row.pk, row) for row in selected.select_related("round").order_by("round", "number")[: MOST_ROWS + 1]]


def seen_rows(request: HttpRequest) -> list[Row]:
    """The rows of the page that asked, in its order: also those that the list's filter has lost meanwhile."""
    keys = [int(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)[: MOST_ROWS + 1]]
    found = Invitation.objects.with_status().select_related("round").in_bulk(keys)
    return [Row(key, found.get(key)) for key in dict.fromkeys(keys)]


def question(
    desk: DeskAdmin[Invitation], request: HttpRequest, deed: Deed, rows: Sequence[Row], form: forms.Form
) -> HttpResponse:
    """The page that asks: every invitation, those that stay out with their reason, and the mail if one goes out."""
    reasons = refusals(deed, rows, at=timezone.now())
    asked = [Row(row.key, row.invitation, reasons.get(row.key, "")) for row in rows]
    first = next((row.invitation for row in asked if not row.reason and row.invitation), None)
    context = {
        "rows": asked,
        "count": sum(not row.reason for row in asked),
        "deed": deed,
        "form": form,
        "mail": mail_to(first, deed.mail) if deed.mail and first else None,
        "batch": request.POST.get("confirmed") or uuid4(),
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "title": deed.label,
    }
    return page(desk, request, "invitation/deed_question", context, status=400 if form.is_bound else 200)


def refusals(deed: Deed, rows: Sequence[Row], *, at: datetime) -> dict[int, str]:
    """Known beforehand where a mail goes out: who gets none, and why. One query."""
    if not deed.mail:
        return {}
    chosen = Invitation.objects.filter(pk__in=[row.key for row in rows])
    choices = mailing.choose(chosen, kind=deed.mail, at=at, again=deed.mail == LetterKind.INVITATION)
    return {choice.invitation.pk: choice.reason for choice in choices}


def mail_to(invitation: Invitation, kind: str) -> mailing.Written:
    """The mail as this invitation gets it, with … for the way in."""
    return mailing.write(mailing.letter_of(invitation.round, kind), invitation)


def take(row: Row, deed: Deed, press: Press) -> Row:
    """One invitation, in a transaction of its own: what happens to it stops no other."""
    try:
        deed.act(row.key, press)
    except NotPossible as reason:
        return Row(row.key, row.invitation, str(reason))
    except DatabaseError:
        log.exception("Step %s with invitation %s failed", deed.name, row.key)
        return Row(row.key, row.invitation, str(FAILED))
    return row


def note_in_history(desk: DeskAdmin[Invitation], request: HttpRequest, deed: Deed, rows: Sequence[Row]) -> None:
    for row in rows:
        if row.invitation and not row.reason:
            desk.log_change(request, row.invitation, str(deed.label))


def report(desk: DeskAdmin[Invitation], request: HttpRequest, deed: Deed, rows: Sequence[Row]) -> HttpResponse:
    now = Invitation.objects.with_status().select_related("round").in_bulk([row.key for row in rows])
    shown = [Row(row.key, now.get(row.key), row.reason) for row in rows]
    context = {"rows": shown, "done": sum(not row.reason for row in rows), "all": len(rows), "title": deed.label}
    return page(desk, request, "invitation/deed_report", context)
