"""A round at the desk: its record, and the ways to its recipients, its letters and its mails."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sih_portal.staff import RecordAdmin, in_both_languages
from survey import mailing
from survey.mailing.letters import ALLOWED
from survey.models import Invitation, LetterKind, Round
from survey.permissions import may_keep_survey
from universities.admin import SOURCE

from .deeds import batch_of, mail_to
from .exports import ExportPages
from .figures import FigurePages
from .forms import RoundForm
from .imports import ImportPages
from .invitations import letters_answer, too_many_letters
from .lists import RecipientLists
from .opening import RoundSteps
from .progress import ProgressPages
from .results import KeptByManagers
from .rooms import page, room

# The mails that go to many at the press of a button, with what the button says.
MASS_MAILS: Final = {
    LetterKind.INVITATION.value: _("Send the request"),
    LetterKind.REMINDER.value: _("Send the second request"),
}
CHANGED: Final = _(
    "The list has changed since this page was made, or somebody wrote to some of them. Nothing was queued; please look "
    "again."
)


@dataclass(frozen=True)
class Wording:
    """A letter as the page of letters shows it."""

    kind: str
    label: Any
    subject: str
    is_own: bool


@admin.register(Round)
class RoundAdmin(
    KeptByManagers, RecipientLists, RoundSteps, ProgressPages, ExportPages, ImportPages, FigurePages, RecordAdmin[Round]
):
    """The state is changed by the steps of a round, never typed; a round stays made up or real."""

    form = RoundForm
    change_form_template = "admin/survey/round/change_form.html"
    fieldsets = [
        (None, {"fields": [*in_both_languages("title"), ("code", "first_year", "last_year")]}),
        (_("Asking"), {"fields": [("state", "is_synthetic"), ("questionnaire", "opens_at", "closes_at")]}),
        (None, {"fields": ["publication", *in_both_languages("purpose", "selection")]}),
        SOURCE,
    ]
    readonly_fields = ["state", "opens_at"]
    autocomplete_fields = ["publication"]
    list_display = ["__str__", "code", "first_year", "last_year", "state"]
    list_filter = ["state"]
    search_fields = ["code", "title_ja", "title_en"]
    ordering = ["-last_year", "code"]
    public_id = ["code", "is_synthetic"]
    published_by = ["releases"]

    def are_shown(self, rows: QuerySet[Round]) -> bool:
        return rows.filter(pk__in=Round.objects.public()).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Round | None = None) -> Any:
        """Once a round has opened, its questionnaire is the one that was sent out."""
        fixed = ["questionnaire"] if obj and obj.state != Round.State.DRAFT else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_urls(self) -> list[URLPattern]:
        return [
            room(self, "<int:pk>/letters/", self.letters, "letters"),
            room(self, "<int:pk>/letters/<str:kind>/", self.keep_letter, "letter"),
            room(self, "<int:pk>/mail/<str:kind>/", self.mail, "mail"),
            room(self, "<int:pk>/request-letters/", self.request_letters, "request_letters"),
            *self.list_urls(),
            *self.step_urls(),
            *self.progress_urls(),
            *self.export_urls(),
            *self.import_urls(),
            *self.figure_urls(),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, *arguments: Any, **named: Any) -> Any:
        named["extra_context"] = {**(named.get("extra_context") or {}), "keeps": may_keep_survey(request.user)}
        return super().change_view(request, object_id, *arguments, **named)

    def letters(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey_round = get_object_or_404(Round, pk=pk)
        letters = [mailing.letter_of(survey_round, kind) for kind in LetterKind.values]
        wordings = [
            Wording(row.kind, row.get_kind_display(), row.subject_ja, is_own=row.pk is not None) for row in letters
        ]
        context = {"original": survey_round, "wordings": wordings, "title": gettext("Letters of the round")}
        return page(self, request, "round/letters", context)

    def keep_letter(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """This will store the portal's own letter, if there is none of the round, and lead to its form."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if kind not in ALLOWED:
            raise Http404
        letter = mailing.keep_letter(get_object_or_404(Round, pk=pk), kind)
        return HttpResponseRedirect(reverse("admin:survey_letter_change", args=[letter.pk]))

    def request_letters(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letters on paper to everybody who is to be asked, in one file."""
        invitations = Invitation.objects.filter(round=get_object_or_404(Round, pk=pk)).exclude(outcome="ineligible")
        if not invitations.exists():
            self.message_user(request, gettext("Nobody is on the list yet."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:survey_round_recipients", args=[pk]))
        if told := too_many_letters(invitations):
            self.message_user(request, told, messages.ERROR)
            address = reverse("admin:survey_invitation_changelist")
            return HttpResponseRedirect(f"{address}?round__id__exact={pk}")
        return letters_answer(invitations)

    def mail(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """Asks before a mail goes to all who are to get it, and queues it when the list is still the same."""
        if kind not in MASS_MAILS:
            raise Http404
        survey_round = get_object_or_404(Round, pk=pk)
        invitations = Invitation.objects.filter(round=survey_round)
        if request.method == "POST":
            return self._queue(request, survey_round, invitations, kind)
        return self._ask(request, survey_round, invitations, kind)

    def _ask(
        self, request: HttpRequest, survey_round: Round, invitations: QuerySet[Invitation], kind: str
    ) -> HttpResponse:
        choices = mailing.choose(invitations, kind=kind, at=timezone.now())
        chosen = [choice.invitation for choice in choices if not choice.reason]
        context = {
            "original": survey_round,
            "title": MASS_MAILS[kind],
            "chosen": chosen,
            "skipped": [choice for choice in choices if choice.reason],
            "mail": mail_to(chosen[0], kind) if chosen else None,
            "batch": uuid4(),
            "seen": mailing.fingerprint(choices),
        }
        return page(self, request, "round/mail", context, status=409 if request.method == "POST" else 200)

    def _queue(
        self, request: HttpRequest, survey_round: Round, invitations: QuerySet[Invitation], kind: str
    ) -> HttpResponse:
        by: Any = request.user
        batch, seen = batch_of(request), request.POST.get("seen", "")
        try:
            queued = mailing.queue_seen(invitations, kind=kind, by=by, at=timezone.now(), batch=batch, seen=seen)
        except mailing.ChoiceChanged:
            self.message_user(request, CHANGED, messages.ERROR)
            return self._ask(request, survey_round, invitations, kind)
        told = ngettext("%(count)s mail waits to be sent.", "%(count)s mails wait to be sent.", queued.count)
        self.message_user(request, told % {"count": queued.count}, messages.SUCCESS)
        self.log_change(request, survey_round, f"{MASS_MAILS[kind]}: {queued.count}")
        address = reverse("admin:survey_delivery_changelist")
        return HttpResponseRedirect(f"{address}?invitation__round__id__exact={survey_round.pk}")
