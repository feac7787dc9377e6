"""Opening and closing a round at the desk: a page that says what it does and what is in its way, then the step."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sih_portal.staff import DeskAdmin
from survey import workflow
from survey.models import Round
from survey.questionnaires import NotReady, mistakes
from survey.statistics import progress_of
from survey.workflow import InvalidTransition

from .forms import OpeningForm
from .rooms import page, room

OPENED: Final = _("The round takes answers now.")
CLOSED: Final = _("The round takes no more answers.")


class RoundSteps(DeskAdmin[Round]):
    """For the admin of rounds."""

    def step_urls(self) -> list[URLPattern]:
        return [
            room(self, "<int:pk>/open/", self.open_round, "open"),
            room(self, "<int:pk>/close/", self.close_round, "close"),
        ]

    def open_round(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey_round = get_object_or_404(Round.objects.select_related("questionnaire"), pk=pk)
        if request.method != "POST":
            return self._ask_to_open(request, survey_round, OpeningForm(initial={"closes_at": survey_round.closes_at}))
        form = OpeningForm(request.POST)
        if not form.is_valid():
            return self._ask_to_open(request, survey_round, form, status=400)
        by: Any = request.user
        try:
            workflow.open_round(survey_round, closes_at=form.cleaned_data["closes_at"], by=by, at=timezone.now())
        except InvalidTransition as reason:
            form.add_error(None, str(reason))
            return self._ask_to_open(request, survey_round, form, status=409)
        except NotReady:
            return self._ask_to_open(request, survey_round, form, status=409)
        return self._done(request, survey_round, str(OPENED))

    def close_round(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey_round = get_object_or_404(Round, pk=pk)
        if request.method != "POST":
            return self._ask_to_close(request, survey_round)
        try:
            workflow.close_round(survey_round, by=request.user)
        except InvalidTransition as reason:
            self.message_user(request, str(reason), messages.ERROR)
            return self._ask_to_close(request, get_object_or_404(Round, pk=pk), status=409)
        return self._done(request, survey_round, str(CLOSED))

    def _ask_to_open(
        self, request: HttpRequest, survey_round: Round, form: OpeningForm, status: int = 200
    ) -> HttpResponse:
        questionnaire = survey_round.questionnaire
        is_again = survey_round.state in {Round.State.CLOSED, Round.State.PUBLISHED}
        context = {
            "original": survey_round,
            "title": gettext("Open the round again") if is_again else gettext("Open the round for answers"),
            "form": form,
            "is_possible": survey_round.state != Round.State.OPEN,
            "is_again": is_again,
            "questionnaire": questionnaire,
            "mistakes": mistakes(questionnaire) if questionnaire and not questionnaire.is_frozen else [],
        }
        return page(self, request, "round/open", context, status=status)

    def _ask_to_close(self, request: HttpRequest, survey_round: Round, status: int = 200) -> HttpResponse:
        context = {
            "original": survey_round,
            "title": gettext("Close the round for answers"),
            "is_possible": survey_round.state == Round.State.OPEN,
            "counts": progress_of(survey_round).whole.counts,
        }
        return page(self, request, "round/close", context, status=status)

    def _done(self, request: HttpRequest, survey_round: Round, told: str) -> HttpResponse:
        self.log_change(request, survey_round, told)
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:survey_round_change", args=[survey_round.pk]))
