"""The list of a round's recipients from a file: what it would do is shown first, and exactly that is done."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sih_portal import spreadsheets
from sih_portal.downloads import workbook_answer
from sih_portal.spreadsheets import Problem
from sih_portal.staff import DeskAdmin
from survey import recipients
from survey.models import Invitation, Round
from survey.recipients import Entry, Plan, Row

from .forms import UploadForm
from .previews import sealed, unsealed
from .rooms import page, room

KIND: Final = "recipients"
CHANGED: Final = _("The list has changed since this preview was made. Nothing was written; please look again.")
CLOSED: Final = _("The round is over: its list stays as it is.")


class RecipientLists(DeskAdmin[Round]):
    """For the admin of rounds."""

    def list_urls(self) -> list[URLPattern]:
        return [
            room(self, "<int:pk>/recipients/", self.recipients, "recipients"),
            room(self, "<int:pk>/recipients/list.xlsx", self.recipients_sheet, "recipients_sheet"),
        ]

    def recipients_sheet(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey_round = get_object_or_404(Round, pk=pk)
        answer: Any = workbook_answer(recipients.list_sheet(survey_round), f"recipients-{survey_round.code}")
        return answer  # type: ignore[no-any-return]

    def recipients(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey_round = get_object_or_404(Round, pk=pk)
        if request.method != "POST":
            return self._upload_page(request, survey_round, UploadForm())
        if survey_round.state not in {Round.State.DRAFT, Round.State.OPEN}:
            return self._upload_page(request, survey_round, UploadForm(), [Problem(0, "", str(CLOSED))], status=409)
        if "rows" in request.POST:
            return self._confirm(request, survey_round)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._upload_page(request, survey_round, form, status=400)
        return self._preview(request, survey_round, form)

    def _preview(self, request: HttpRequest, survey_round: Round, form: UploadForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            rows, problems = recipients.parse(spreadsheets.read(file, name=file.name))
        except spreadsheets.Refused as refusal:
            return self._upload_page(request, survey_round, form, [Problem(0, "", str(refusal))], status=400)
        plan = recipients.diff(rows, survey_round)
        if problems := problems or plan.problems:
            return self._upload_page(request, survey_round, form, problems, status=400)
        return self._plan_page(request, plan)

    def _confirm(self, request: HttpRequest, survey_round: Round) -> HttpResponse:
        carried = unsealed(request=request, survey_round=survey_round, kind=KIND)
        plan = recipients.diff([Row(row, number, said) for row, number, said in carried], survey_round)
        try:
            recipients.apply(plan, seen=request.POST.get("seen", ""))
        except recipients.ListChanged:
            self.message_user(request, CHANGED, messages.ERROR)
            if plan.problems:
                return self._upload_page(request, survey_round, UploadForm(), plan.problems, status=409)
            return self._plan_page(request, plan, status=409)
        told = gettext("List of recipients: %(added)s added, %(changed)s changed, %(unchanged)s as before.") % {
            "added": len(plan.added),
            "changed": len(plan.changed),
            "unchanged": len(plan.unchanged),
        }
        self.log_change(request, survey_round, told)
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(
            f"{reverse('admin:survey_invitation_changelist')}?round__id__exact={survey_round.pk}"
        )

    def _upload_page(
        self,
        request: HttpRequest,
        survey_round: Round,
        form: UploadForm,
        problems: list[Problem] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "original": survey_round,
            "title": gettext("Recipients"),
            "form": form,
            "problems": problems or [],
            "count": survey_round.invitations.count(),
        }
        return page(self, request, "round/recipients", context, status=status)

    def _plan_page(self, request: HttpRequest, plan: Plan, status: int = 200) -> HttpResponse:
        context = {
            "original": plan.round,
            "title": gettext("What this list would do"),
            "plan": plan,
            "changed": [(entry, differences(entry)) for entry in plan.changed],
            "rows": sealed(
                [[row.row, row.number, row.said] for row in plan.rows],
                request=request,
                survey_round=plan.round,
                kind=KIND,
            ),
        }
        return page(self, request, "round/recipients_plan", context, status=status)


def differences(entry: Entry) -> list[tuple[Any, Any, Any]]:
    """Label, old value and new value of each field that would change, those of a choice by their labels."""
    fields: dict[str, Any] = {field.attname: field for field in Invitation._meta.concrete_fields}
    found = []
    for name, old in entry.before.items():
        labels = dict(fields[name].flatchoices)
        new = entry.values[name]
        found.append((fields[name].verbose_name, labels.get(old, old), labels.get(new, new)))
    return found
