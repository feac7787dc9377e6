"""The answers of an earlier round from a file: what they would do is shown first, and exactly that is done."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sih_portal import spreadsheets
from sih_portal.spreadsheets import Problem
from sih_portal.staff import DeskAdmin
from survey import microdata
from survey.microdata import Plan, Reported, RoundChanged
from survey.models import Round
from survey.workflow import InvalidTransition, form_of_round, refusal_of_answers

from .forms import AnswersForm
from .previews import sealed, unsealed
from .rooms import page, room

KIND: Final = "answers"
# A page brings back no more than Django takes of a form (2.5 MB).
LARGEST_PREVIEW: Final = 2_000_000
CHANGED: Final = _(
    "The round, its list or its questionnaire has changed since this preview was made. Nothing was written; please "
    "look again."
)


class ImportPages(DeskAdmin[Round]):
    """For the admin of rounds."""

    def import_urls(self) -> list[URLPattern]:
        return [room(self, "<int:pk>/import/", self.import_answers, "import")]

    def import_answers(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey_round = get_object_or_404(Round.objects.select_related("questionnaire"), pk=pk)
        if request.method != "POST":
            return self._ask_for_answers(request, survey_round, AnswersForm())
        if refusal_of_answers(survey_round):
            return self._ask_for_answers(request, survey_round, AnswersForm(), status=409)
        if "rows" in request.POST:
            return self._write_answers(request, survey_round)
        form = AnswersForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._ask_for_answers(request, survey_round, form, status=400)
        return self._show_answers(request, survey_round, form)

    def _show_answers(self, request: HttpRequest, survey_round: Round, form: AnswersForm) -> HttpResponse:
        file, asked = form.cleaned_data["file"], form_of_round(survey_round)
        try:
            reported, problems = microdata.parse(spreadsheets.read(file, name=file.name), asked, at=timezone.now())
        except spreadsheets.Refused as refusal:
            return self._ask_for_answers(request, survey_round, form, [Problem(0, "", str(refusal))], status=400)
        plan = microdata.diff(reported, survey_round, asked)
        if problems := problems or plan.problems or too_large(carried(request, plan)):
            return self._ask_for_answers(request, survey_round, form, problems, status=400)
        return self._answers_page(request, plan)

    def _write_answers(self, request: HttpRequest, survey_round: Round) -> HttpResponse:
        by: Any = request.user
        asked = form_of_round(survey_round)
        mark, rows = unsealed(request=request, survey_round=survey_round, kind=KIND)
        if mark != microdata.mark_of(asked):
            self.message_user(request, str(CHANGED), messages.ERROR)
            return self._ask_for_answers(request, survey_round, AnswersForm(), status=409)
        plan = microdata.diff([Reported.unpacked(row) for row in rows], survey_round, asked)
        try:
            microdata.apply(plan, seen=request.POST.get("seen", ""), by=by, at=timezone.now())
        except RoundChanged:
            self.message_user(request, str(CHANGED), messages.ERROR)
            if plan.problems:
                return self._ask_for_answers(request, survey_round, AnswersForm(), plan.problems, status=409)
            return self._answers_page(request, plan, status=409)
        except InvalidTransition:
            return self._ask_for_answers(request, survey_round, AnswersForm(), status=409)
        whole = plan.counts[-1]
        told = gettext("Answers from a file: %(answered)s responses, %(institutions)s institutions.")
        told %= {"answered": whole.answered, "institutions": whole.institutions}
        self.log_change(request, survey_round, told)
        self.message_user(request, told, messages.SUCCESS)
        address = reverse("admin:survey_response_changelist")
        return HttpResponseRedirect(f"{address}?invitation__round__id__exact={survey_round.pk}")

    def _ask_for_answers(
        self,
        request: HttpRequest,
        survey_round: Round,
        form: AnswersForm,
        problems: Sequence[Problem] = (),
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "original": survey_round,
            "title": gettext("Take over answers from a file"),
            "form": form,
            "problems": problems,
            "refusal": refusal_of_answers(survey_round),
        }
        return page(self, request, "round/import", context, status=status)

    def _answers_page(self, request: HttpRequest, plan: Plan, status: int = 200) -> HttpResponse:
        context = {
            "original": plan.round,
            "title": gettext("What this file would do"),
            "plan": plan,
            "rows": carried(request, plan),
        }
        return page(self, request, "round/import_plan", context, status=status)


def carried(request: HttpRequest, plan: Plan) -> str:
    """With the hash of the questionnaire: read against another one, codes could mean something else."""
    rows = [microdata.mark_of(plan.form), [one.packed() for one in plan.reported]]
    return sealed(rows, request=request, survey_round=plan.round, kind=KIND)


def too_large(rows: str) -> list[Problem]:
    """What is wrong with a preview that no page could bring back."""
    if len(rows) <= LARGEST_PREVIEW:
        return []
    return [Problem(0, "", gettext("The file holds too much. Leave away what is not asked for, or split it."))]
