"""One section of the form: shown, saved as a whole, and saved by itself while somebody types."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from survey import answering, entering
from survey.answering import Conflict, NotOpen, Saved, Sheet
from survey.entering import Posted, SectionPage
from survey.questionnaires import FormSection

from .respondent import ForRespondents, not_saved

REVIEW: Final = "survey:answer-review"


class AnswerSection(ForRespondents):
    def get(self, request: HttpRequest, section: str) -> HttpResponse:
        found = self._section(section)
        if self.response is None:
            return redirect("survey:answer")
        return self.shown(entering.section_page(self.respondent.sheet(), found))

    def post(self, request: HttpRequest, section: str) -> HttpResponseBase:
        """Saves what was touched. What a colleague changed, or nobody can read, comes back with the page."""
        response, form = self.own_response(), self.respondent.form
        if response is None:
            return self.of_another()
        found = self._section(section)
        sent = entering.posted(request.POST, found)
        try:
            saved = answering.save(response, sent.changes, form=form, by=self.respondent.name, at=self.at)
        except NotOpen as closed:
            return not_saved(request, str(closed), status=409, form=form)
        sheet = self.respondent.sheet()
        page = entering.section_page(sheet, found, sent=sent, saved=saved)
        if "autosave" in request.POST:
            return JsonResponse(told(sheet, page, sent, saved) | {"saved_at": entering.moment(self.at)})
        if saved.conflicts or sent.problems:
            return self.shown(page, status=409 if saved.conflicts else 400)
        return redirect(self._next(page))

    def shown(self, page: SectionPage, *, status: int = 200) -> HttpResponse:
        was_saved = self.request.GET.get("saved", "") in {progress.section.code for progress in page.progresses}
        context = {"page": page, "form": self.respondent.form, "was_saved": was_saved}
        return self.page("survey/answer_section.html", status=status, **context)

    def _section(self, code: str) -> FormSection:
        """:raises Http404: when the form has no such section."""
        found = self.respondent.form.section(code)
        if found is None:
            raise Http404
        return found

    def _next(self, page: SectionPage) -> str:
        """Where the pressed button leads."""
        here = page.section.code
        if self.request.POST.get("go") != "next":
            address = reverse("survey:answer-section", args=[here])
        elif page.following:
            address = reverse("survey:answer-section", args=[page.following.code])
        else:
            address = reverse(REVIEW)
        return f"{address}?saved={here}&press={self.press}" if self.press else f"{address}?saved={here}"


def told(sheet: Sheet, page: SectionPage, sent: Posted, saved: Saved) -> dict[str, Any]:
    """What the page is told after it saved by itself."""
    left = {*sent.problems, *(conflict.code for conflict in saved.conflicts)}
    marks = {code: (mark.seen, mark.digest) for code, mark in sent.marks.items() if code not in left}
    marks |= {code: (entry.lock, entry.value.digest) for code, entry in saved.entries.items()}
    cells = page.section.cells
    return {
        "saved": {code: {"lock": lock, "digest": digest} for code, (lock, digest) in marks.items()},
        "problems": sent.problems,
        "conflicts": {conflict.code: _conflict(page, conflict) for conflict in saved.conflicts},
        "totals": {code: total for code, total in sheet.totals.items() if code in cells},
        "asked": {block.code: block.is_asked for block in page.blocks},
        "progress": progress_of(page),
        "findings_html": render_to_string("survey/partials/answer_findings.html", {"findings": page.findings}),
    }


def progress_of(page: SectionPage) -> dict[str, Any]:
    progress = page.progress
    return {"answered": progress.answered, "asked": progress.asked, "is_complete": progress.is_complete}


def _conflict(page: SectionPage, conflict: Conflict) -> dict[str, Any]:
    stored = conflict.stored
    field = next(field for field in page.fields if field.code == conflict.code)
    return {
        "said": stored.value.said,
        "reason": stored.value.reason,
        "note": stored.value.note,
        "shown": field.stored,
        "by": stored.by,
        "at": entering.moment(stored.at) if stored.at else "",
        "lock": stored.lock,
        "digest": stored.value.digest,
    }
