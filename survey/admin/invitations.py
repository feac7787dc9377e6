"""Those who are asked, and the mails to them, at the desk of the survey's managers."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sih_portal import word
from sih_portal.staff import RecordAdmin, in_both_languages, plausible
from survey import mailing
from survey.documents import request_letters
from survey.models import Delivery, Invitation, InvitationStatus, Letter, LetterKind
from survey.permissions import may_keep_survey
from survey.recipients import reasons_to_stay

from .deeds import DEEDS, asking
from .forms import InvitationForm, LetterForm
from .results import KeptByManagers
from .rooms import OnlyManagers, room

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# In one file of Word, which is made while somebody waits.
MOST_LETTERS: Final = 1_000
LONGEST_WORDS: Final = 80


class OfStatus(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, Any]]:
        return InvitationStatus.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(status=value) if value in InvitationStatus.values else queryset


class ManagedRecord(KeptByManagers, OnlyManagers[Any], RecordAdmin[Any]):
    """A record with a form of its own that is nobody's business but the survey managers'."""

    def are_shown(self, rows: QuerySet[Any]) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(ManagedRecord):
    """How far each institution has come. Moments and outcomes are set by steps, never typed."""

    form = InvitationForm
    change_form_template = "admin/survey/invitation/change_form.html"
    fieldsets = [
        (None, {"fields": [("round", "number"), *in_both_languages("name"), "institution"]}),
        (_("Groups in the figures"), {"fields": [("kind", "is_pilot", "prefecture")]}),
        (_("Whom mails go to"), {"fields": [("department", "contact_name"), ("email", "language")]}),
        (_("How far it has come"), {"fields": [("sent_at", "reminders", "reminded_at"), ("due_at", "outcome")]}),
        (None, {"fields": ["note"]}),
    ]
    readonly_fields = ["sent_at", "reminders", "reminded_at", "due_at", "outcome"]
    autocomplete_fields = ["institution"]
    public_id = ["round"]
    list_display = [
        "number",
        "name",
        "kind",
        "is_pilot",
        "shown_status",
        "email",
        "sent_at",
        "reminders",
        "reminded_at",
        "until",
    ]
    list_display_links = ["number", "name"]
    list_filter = ["round", OfStatus, "kind", "is_pilot", ("prefecture", admin.EmptyFieldListFilter), "language"]
    search_fields = ["=number", "name_ja", "name_en", "email", "contact_name", "department"]
    ordering = ["-round", "number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Invitation.objects.with_status().select_related("round", "institution", "response")

    def get_urls(self) -> list[URLPattern]:
        letter = room(self, "<int:pk>/request-letter/", self.request_letter, "request_letter")
        return [letter, *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who was asked stays on the list: declined or not to be asked is a step."""
        stays = obj and reasons_to_stay(Invitation.objects.filter(pk=obj.pk)).get(obj.pk)
        return super().has_delete_permission(request, obj) and not stays

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if IS_POPUP_VAR in request.GET or not may_keep_survey(request.user):
            return {}
        deeds = {deed.name: (asking(deed), deed.name, deed.label) for deed in DEEDS}
        return {**deeds, "request_letters": (paper_letters, "request_letters", _("Make the request letters (Word)"))}

    def response_action(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse | None:
        """:raises BadRequest: when a selected row is not named as the list names it."""
        if any(not key or plausible(key) != key for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().response_action(request, *arguments, **named)

    def change_view(self, request: HttpRequest, object_id: str, *arguments: Any, **named: Any) -> Any:
        row = self.get_queryset(request).filter(pk=plausible(object_id)).first()
        more = {"answers": answers_of(row) if row else ""}
        named["extra_context"] = {**(named.get("extra_context") or {}), **more}
        return super().change_view(request, object_id, *arguments, **named)

    def request_letter(self, request: HttpRequest, pk: int) -> HttpResponse:
        return letters_answer(self.get_queryset(request).filter(pk=pk))

    @admin.display(description=_("institution"), ordering="name_ja")
    def name(self, row: Invitation) -> str:
        return row.name_ja or row.name_en

    @admin.display(description=_("status"), ordering="status")
    def shown_status(self, row: Any) -> str:
        """With the way to the answers, where there are any."""
        label = str(InvitationStatus(row.status).label)
        address = answers_of(row)
        return format_html('<a href="{}">{}</a>', address, label) if address else label

    @admin.display(description=_("deadline"))
    def until(self, row: Invitation) -> Any:
        return row.deadline


def answers_of(row: Any) -> str:
    """The address of its answers; empty where nobody began any. No query where the response is loaded."""
    response = getattr(row, "response", None)
    return reverse("admin:survey_response_change", args=[response.pk]) if response else ""


def paper_letters(desk: InvitationAdmin, request: HttpRequest, selected: QuerySet[Any]) -> HttpResponse | None:
    """The action of the list: one file, a page for each."""
    if selected.values("round").distinct().count() > 1:
        desk.message_user(request, gettext("Please choose invitations of one round."), messages.ERROR)
        return None
    if told := too_many_letters(selected):
        desk.message_user(request, told, messages.ERROR)
        return None
    return letters_answer(selected)


def too_many_letters(invitations: QuerySet[Any]) -> str:
    """Why these get no letters in one file, in words; empty when they do. One query."""
    count = invitations.count()
    if count <= MOST_LETTERS:
        return ""
    told = gettext(
        "No letter was made: one file takes at most %(most)d, and these are %(count)d. Narrow the list, for example by "
        "the kind of institution, and make the letters for each part."
    )
    return told % {"most": MOST_LETTERS, "count": count}


def letters_answer(invitations: QuerySet[Any]) -> HttpResponse:
    """The letters on paper to these, who are of one round and not too many. Two queries."""
    rows = list(invitations.select_related("round").order_by("number"))
    if not rows:
        raise BadRequest
    letter = mailing.letter_of(rows[0].round, LetterKind.OFFICIAL)
    content = request_letters(letter, rows, made_at=timezone.now())
    number = f"-{rows[0].number}" if len(rows) == 1 else ""
    headers = {"Content-Disposition": f'attachment; filename="request-{rows[0].round.code}{number}.docx"'}
    return HttpResponse(content, content_type=word.CONTENT_TYPE, headers=headers)


@admin.register(Letter)
class LetterAdmin(ManagedRecord):
    """Deleted, a letter says again what the portal's own says."""

    form = LetterForm
    fieldsets = [
        (None, {"fields": [("round", "kind"), *in_both_languages("subject"), *in_both_languages("body")]}),
    ]
    readonly_fields = ["round", "kind"]
    public_id: Sequence[str] = ()
    list_display = ["kind", "round", "subject_ja"]
    list_select_related = ["round"]
    list_filter = ["round", "kind"]
    ordering = ["-round", "kind"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are made from the page of the round."""
        return False


@admin.register(Delivery)
class DeliveryAdmin(OnlyManagers[Delivery]):
    """What became of each mail. Nothing of it is typed; what failed or is in doubt waits for a decision."""

    list_display = ["to", "email", "kind", "state", "queued_at", "shown_sent_at", "attempts", "words"]
    list_display_links = ["to"]
    list_filter = ["state", "kind", "invitation__round"]
    list_select_related = ["invitation__round", "queued_by"]
    search_fields = ["email", "invitation__name_ja", "invitation__name_en", "=invitation__number"]
    ordering = ["-pk"]
    readonly_fields = [
        *("invitation", "email", "kind", "state", "queued_at", "queued_by", "claimed_at"),
        *("sent_at", "attempts", "not_before", "words"),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if IS_POPUP_VAR in request.GET or not may_keep_survey(request.user):
            return {}
        return {name: (act, name, label) for name, (act, label) in MAIL_ACTIONS.items()}

    def index_context(self, request: HttpRequest) -> dict[str, Any]:
        """For the first page of the office: what stands still."""
        if not may_keep_survey(request.user):
            return {"mail": None}
        return {"mail": {"late": mailing.late(at=timezone.now()), "unsettled": mailing.unsettled()}}

    @admin.display(description=_("institution"), ordering="invitation__number")
    def to(self, delivery: Delivery) -> str:
        return str(delivery.invitation)

    @admin.display(description=_("sent at"), ordering="sent_at")
    def shown_sent_at(self, delivery: Delivery) -> Any:
        return delivery.sent_at

    @admin.display(description=_("what the mail server said"))
    def words(self, delivery: Delivery) -> str:
        """The portal's own reasons are kept as msgids; what a server said is no msgid."""
        return Truncator(gettext(delivery.error) if delivery.error else "").chars(LONGEST_WORDS)


def settling(settle: Callable[[Delivery], None], label: "StrOrPromise") -> Callable[..., None]:
    """An action of the list of mails, which tells how many it could be done with, and why not with the others."""

    def act(desk: DeliveryAdmin, request: HttpRequest, selected: QuerySet[Delivery]) -> None:
        rows = list(selected.select_related("invitation").order_by("pk"))
        refused: dict[str, list[Delivery]] = {}
        for row in rows:
            try:
                settle(row)
            except mailing.NotSettled as refusal:
                refused.setdefault(str(refusal), []).append(row)
            else:
                desk.log_change(request, row, str(label))
        done = len(rows) - sum(map(len, refused.values()))
        told = ngettext("Done for %(done)s of %(count)s mail.", "Done for %(done)s of %(count)s mails.", len(rows))
        level = messages.WARNING if refused else messages.SUCCESS
        desk.message_user(request, told % {"done": done, "count": len(rows)}, level)
        for reason, left in refused.items():
            names = gettext(", ").join(str(row.invitation) for row in left)
            desk.message_user(request, f"{names}: {reason}", messages.WARNING)

    return act


def send_again(delivery: Delivery) -> None:
    mailing.send_again(delivery, at=timezone.now())


SETTLING: Final = (
    ("send_again", send_again, _("Send again (what failed or is in doubt)")),
    ("note_arrival", mailing.note_arrival, _("It arrived (what is in doubt)")),
    ("dismiss", mailing.dismiss, _("Mark as settled (what failed or is in doubt)")),
    ("cancel", mailing.cancel, _("Cancel (what waits)")),
)
MAIL_ACTIONS: Final = {name: (settling(settle, label), label) for name, settle, label in SETTLING}
