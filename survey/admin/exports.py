"""The answers of a round as files, for the survey's managers: which, in which form, and a note of who took them."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sih_portal import tabular
from sih_portal.downloads import workbook_answer
from sih_portal.staff import DeskAdmin
from survey.microdata import PARTS, WARNING, Export, csv_of, workbook_of
from survey.models import Response, Round
from survey.questionnaires import form_of

from .rooms import page, room

WORKBOOK: Final = "xlsx"
STATES: Final = [
    ("accepted", _("accepted only")),
    ("answered", _("submitted and accepted")),
    ("all", _("all, also those that are being answered or were returned")),
]


class ExportForm(forms.Form):
    states = forms.ChoiceField(label=_("Which responses"), choices=STATES, initial="accepted", widget=forms.RadioSelect)
    part = forms.ChoiceField(choices=[(name, name) for name in (WORKBOOK, *PARTS)])


class ExportPages(DeskAdmin[Round]):
    """For the admin of rounds."""

    def export_urls(self) -> list[URLPattern]:
        return [room(self, "<int:pk>/export/", self.export, "export")]

    def export(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """This will note in the history who takes the answers, and send them; by GET it asks which."""
        survey_round = get_object_or_404(Round.objects.select_related("questionnaire"), pk=pk)
        form = ExportForm(request.POST) if request.method == "POST" else ExportForm()
        if not form.is_valid() or survey_round.questionnaire is None:
            return self._ask_for_states(request, survey_round, form)
        export = Export(survey_round, form_of(survey_round.questionnaire), form.cleaned_data["states"])
        part = form.cleaned_data["part"]
        told = gettext("Answers downloaded: %(states)s, %(part)s")
        self.log_change(request, survey_round, told % {"states": export.states, "part": part})
        if part == WORKBOOK:
            return workbook_answer(workbook_of(export), export.name("answers"))
        return csv_answer(export, part)

    def _ask_for_states(self, request: HttpRequest, survey_round: Round, form: ExportForm) -> HttpResponseBase:
        responses = Response.objects.filter(invitation__round=survey_round)
        context = {
            "original": survey_round,
            "title": gettext("Download the answers"),
            "form": form,
            "warning": WARNING,
            "has_questionnaire": survey_round.questionnaire is not None,
            "count": responses.count(),
        }
        return page(self, request, "round/export", context, status=400 if form.is_bound else 200)


def csv_answer(export: Export, part: str) -> StreamingHttpResponse:
    name: Any = content_disposition_header(as_attachment=True, filename=f"{export.name(part)}.csv")
    headers = {"Content-Disposition": name}
    return StreamingHttpResponse(csv_of(export, part), content_type=tabular.CONTENT_TYPE, headers=headers)
