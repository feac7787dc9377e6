"""What the desk does with several invitations at once: a page that asks first, and a report of what became of each."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

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
    """The press of a button: by whom, when, and what was filled in. `batch` stays the same when it comes twice.

    `seen` are the marks of those to whom the page that asked would write.
    """

    by: Any
    at: datetime
    batch: UUID
    given: Mapping[str, Any]
    seen: Collection[str]


@dataclass(frozen=True)
class Row:
    """An invitation, and why nothing happens to it (empty: it does, or did).

    Where a mail goes out, `letter` is its kind, and `mark` tells whether somebody wrote to the invitation meanwhile.
    `name` is what an invitation was called that is gone now.
    """

    key: int
    invitation: Any
    reason: str = ""
    letter: str = ""
    mark: str = ""
    name: str = ""

    @property
    def status(self) -> str:
        return str(InvitationStatus(self.invitation.status).label) if self.invitation else ""

    @property
    def mail(self) -> str:
        return str(LetterKind(self.letter).label) if self.letter else ""


@dataclass(frozen=True)
class Mail:
    """The mail of one kind as the first of those gets it to whom it goes."""

    label: str
    count: int
    written: mailing.Written


@dataclass(frozen=True)
class Deed:
    """`foresee` tells what is known beforehand of the rows that a page asks about. What it `removes` is gone after."""

    name: str
    label: "StrOrPromise"
    consequence: "StrOrPromise"
    act: Callable[[int, Press], object]
    form: type[forms.Form] = ConfirmForm
    foresee: Callable[[Sequence[Row], datetime], Sequence[Row]] = lambda rows, _at: rows
    removes: bool = False


def writing(letter: Callable[[Any], str]) -> Callable[[Sequence[Row], datetime], Sequence[Row]]:
    """For a deed that writes to each invitation, by a letter of the kind that this tells: who gets it, who does not."""

    def foresee(rows: Sequence[Row], at: datetime) -> Sequence[Row]:
        """Two queries, and one for each further kind of letter."""
        chosen = Invitation.objects.filter(pk__in=[row.key for row in rows])
        kinds = {row.pk: letter(row) for row in chosen.select_related("response").order_by("pk")}
        choices: dict[int, mailing.Choice] = {}
        for kind in sorted(set(kinds.values())):
            of_kind = chosen.filter(pk__in=[key for key, own in kinds.items() if own == kind])
            found = mailing.choose(of_kind, kind=kind, at=at, again=True)
            choices |= {choice.invitation.pk: choice for choice in found}
        return [
            replace(row, reason=choice.reason, letter=kinds[row.key], mark=choice.mark)
            for row in rows
            if (choice := choices.get(row.key))
        ]

    return foresee


def staying(rows: Sequence[Row], _at: datetime) -> Sequence[Row]:
    """Who stays on the list, and why. One query."""
    reasons = recipients.reasons_to_stay(Invitation.objects.filter(pk__in=[row.key for row in rows]))
    return [replace(row, reason=reasons[row.key]) for row in rows if row.key in reasons]


def remind(key: int, press: Press) -> object:
    return recipients.remind(key, by=press.by, at=press.at, batch=press.batch, seen=press.seen)


def extend(key: int, press: Press) -> object:
    return recipients.extend(key, until=press.given["until"], at=press.at)


def reissue(key: int, press: Press) -> object:
    return recipients.reissue(key, by=press.by, at=press.at, batch=press.batch, seen=press.seen)


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
        foresee=writing(lambda _invitation: LetterKind.REMINDER),
    ),
    Deed("extend", _("Extend the deadline"), _("They alone get more time; no mail is sent."), extend, DeadlineForm),
    Deed(
        "reissue",
        _("Send a new link"),
        _("The links they have stop working, and each gets a mail with a new one. What was entered stays."),
        reissue,
        foresee=writing(mailing.letter_with_link),
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
    Deed(
        "remove",
        _("Delete from the list"),
        _("They are deleted for good. Those whom somebody wrote to, or who have begun to answer, stay on the list."),
        lambda key, _press: recipients.remove(key),
        foresee=staying,
        removes=True,
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
        seen = frozenset(request.POST.get("seen", "").split())
        press = Press(request.user, timezone.now(), batch_of(request), form.cleaned_data, seen)
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
    asked = deed.foresee(rows, timezone.now())
    chosen = [row for row in asked if not row.reason]
    context = {
        "rows": asked,
        "count": len(chosen),
        "deed": deed,
        "form": form,
        "mails": mails_to(chosen),
        "batch": request.POST.get("confirmed") or uuid4(),
        "seen": " ".join(row.mark for row in chosen),
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "title": deed.label,
    }
    return page(desk, request, "invitation/deed_question", context, status=400 if form.is_bound else 200)


def mails_to(rows: Sequence[Row]) -> list[Mail]:
    """The mails that go out, one of each kind."""
    counts = Counter(row.letter for row in rows if row.letter)
    firsts = {row.letter: row for row in reversed(rows) if row.letter}
    return [Mail(firsts[kind].mail, count, mail_to(firsts[kind].invitation, kind)) for kind, count in counts.items()]


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
    done: Any = [row.invitation for row in rows if row.invitation and not row.reason]
    if deed.removes:
        desk.log_deletions(request, done)
        return
    for invitation in done:
        desk.log_change(request, invitation, str(deed.label))


def report(desk: DeskAdmin[Invitation], request: HttpRequest, deed: Deed, rows: Sequence[Row]) -> HttpResponse:
    now = Invitation.objects.with_status().select_related("round").in_bulk([row.key for row in rows])
    shown = [replace(row, invitation=now.get(row.key), name=str(row.invitation or "")) for row in rows]
    context = {"rows": shown, "done": sum(not row.reason for row in rows), "all": len(rows), "title": deed.label}
    return page(desk, request, "invitation/deed_report", context)
