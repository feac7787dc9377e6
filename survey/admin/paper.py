"""Answers that came on paper, typed in at the desk: begun, entered section by section, and handed in as they are."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from survey import answering, recipients, workflow
from survey.answering import LONGEST_EXPLANATION, NotOpen
from survey.entering import (
    NOTHING_LEFT,
    Left,
    homeless,
    not_written,
    posted,
    posted_words,
    section_page,
    tell,
)
from survey.models import Invitation, Response, ResponseState
from survey.questionnaires import FormSection
from survey.recipients import NotPossible
from survey.workflow import Actor, AnswersChanged, Steps

from .deeds import beginning
from .forms import ConfirmForm, PostForm
from .loading import Opened, opened
from .reading import spoken
from .returning import CHANGED, seen
from .rooms import OnlyManagers, page, room

SAVED: Final = _("Section %(section)s is saved.")
EDITABLE: Final = (ResponseState.DRAFT, ResponseState.RETURNED)


class PaperPages(OnlyManagers[Response]):
    """For the admin of responses."""

    def paper_urls(self) -> list[URLPattern]:
        return [
            room(self, "paper/<int:invitation>/", self.begin_on_paper, "begin_on_paper"),
            room(self, "<int:pk>/paper/", self.paper, "paper"),
            room(self, "<int:pk>/paper/submit/", self.hand_in, "hand_in"),
            room(self, "<int:pk>/paper/explain/", self.explain_on_paper, "explain_on_paper"),
            room(self, "<int:pk>/paper/<slug:section>/", self.paper_section, "paper_section"),
        ]

    def begin_on_paper(self, request: HttpRequest, invitation: int) -> HttpResponse:
        """Asks before it begins a response; one that was begun is gone on with."""
        row = get_object_or_404(Invitation.objects.select_related("round", "response"), pk=invitation)
        kind: type[forms.Form] = ConfirmForm if row.sent_at else PostForm
        form = kind(request.POST) if request.method == "POST" else kind()
        if form.is_valid() and (response := self._begin(request, row, form)):
            return HttpResponseRedirect(paper_page(response))
        context = {"invitation": row, "form": form, "title": gettext("Enter an answer on paper")}
        status = 409 if form.is_bound and form.non_field_errors() else 400 if form.is_bound else 200
        return page(self, request, "response/paper_begin", context, status=status)

    def _begin(self, request: HttpRequest, row: Invitation, form: forms.Form) -> Response | None:
        now = timezone.now()
        posted_on = form.cleaned_data.get("on")
        try:
            response = recipients.begin_on_paper(row, posted_at=posted_on and beginning(posted_on, now), at=now)
        except NotPossible as reason:
            form.add_error(None, str(reason))
            return None
        self.log_change(request, response, gettext("Answer on paper: begun"))
        return response

    def paper(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._sections(request, opened(pk))

    def paper_section(self, request: HttpRequest, pk: int, section: str) -> HttpResponse:
        """Saves what was touched; what somebody else changed, or nobody can read, comes back with the page."""
        found = opened(pk)
        asked = found.form.section(section)
        if asked is None:
            raise Http404
        if request.method != "POST":
            return self._section(request, found, asked)
        sent = posted(request.POST, asked)
        try:
            saved = answering.save(
                found.response, sent.changes, form=found.form, by=typist(request).name, at=timezone.now(), is_staff=True
            )
        except NotOpen as closed:
            self.message_user(request, str(closed), messages.ERROR)
            return self._section(request, opened(pk), asked, sent=sent, status=409)
        if saved.conflicts or sent.problems:
            status = 409 if saved.conflicts else 400
            return self._section(request, opened(pk), asked, sent=sent, saved=saved, status=status)
        self.message_user(request, SAVED % {"section": asked.code}, messages.SUCCESS)
        return HttpResponseRedirect(self._next(request, found, asked))

    def hand_in(self, request: HttpRequest, pk: int) -> HttpResponse:
        """This will submit what was typed in, with its gaps: nobody can be asked to fill them here."""
        found = opened(pk)
        if request.method != "POST":
            return HttpResponseRedirect(paper_page(found.response))
        try:
            workflow.submit(
                found.response,
                form=found.form,
                seen=request.POST.get("seen", ""),
                revision=seen(request, "revision"),
                actor=typist(request),
                at=timezone.now(),
            )
        except (NotOpen, AnswersChanged) as reason:
            self.message_user(request, str(reason) or CHANGED, messages.ERROR)
            return self._sections(request, opened(pk), status=409)
        self.log_change(request, found.response, gettext("Answer on paper: submitted"))
        self.message_user(request, gettext("Submitted for %s.") % found.invitation, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:survey_response_change", args=[pk]))

    def explain_on_paper(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keeps what the paper says about checks that do not hold; the rest comes back with the page."""
        found = opened(pk)
        if request.method != "POST":
            return HttpResponseRedirect(paper_page(found.response))
        sent = posted_words(request.POST, found.sheet.findings)
        actor = typist(request)
        try:
            others = answering.explain(found.response, sent.said, by=actor.name, at=timezone.now(), is_staff=True)
        except NotOpen as closed:
            self.message_user(request, str(closed), messages.ERROR)
            others = {}
            sent.left |= {said.check.code: Left(said.text) for said in sent.said}
        left = sent.left | not_written(sent.said, others)
        if left:
            return self._sections(request, opened(pk), left=left, status=409)
        self.message_user(request, gettext("The explanations are saved."), messages.SUCCESS)
        return HttpResponseRedirect(paper_page(found.response))

    def _sections(
        self, request: HttpRequest, found: Opened, *, left: Mapping[str, Left] = NOTHING_LEFT, status: int = 200
    ) -> HttpResponse:
        tellings, refusal = tell(found.form, found.sheet.findings, left), answering.refusal_of_staff(found.response)
        context = {
            "original": found.response,
            "title": gettext("Answer on paper"),
            "found": found,
            "refusal": refusal,
            "findings": spoken(found.sheet, found.sheet.findings),
            "tellings": [one for one in tellings if not one.finding.check.is_hard],
            "homeless": homeless(left, [] if refusal else tellings),
            "longest": LONGEST_EXPLANATION,
            "step": Steps.SUBMIT.value,
        }
        return page(self, request, "response/paper", context, status=status)

    def _section(
        self, request: HttpRequest, found: Opened, section: FormSection, *, status: int = 200, **sent: Any
    ) -> HttpResponse:
        shown = section_page(found.sheet, section, **sent)
        context = {
            "original": found.response,
            "title": gettext("Answer on paper"),
            "found": found,
            "refusal": answering.refusal_of_staff(found.response),
            "page": shown,
        }
        return page(self, request, "response/paper_section", context, status=status)

    def _next(self, request: HttpRequest, found: Opened, section: FormSection) -> str:
        sections = found.form.sections
        following = sections[sections.index(section) + 1 :][:1]
        if request.POST.get("go") != "next" or not following:
            return paper_page(found.response)
        return reverse("admin:survey_response_paper_section", args=[found.response.pk, following[0].code])


def paper_page(response: Response) -> str:
    return reverse("admin:survey_response_paper", args=[response.pk])


def typist(request: HttpRequest) -> Actor:
    by: Any = request.user
    return Actor.of_staff(by)
