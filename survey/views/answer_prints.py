"""The own answers and the blank questionnaire on paper."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from survey import entering
from survey.answering import Sheet
from survey.entering import sheet_of_snapshot
from survey.models import Snapshot, SnapshotStep

from .respondent import ForRespondents


class AnswerPrint(ForRespondents):
    """The answers of now; with `?submitted=1` as they were submitted last."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if "submitted" not in request.GET:
            return self.printed(self.respondent.sheet())
        snapshot = self._submitted()
        kept = sheet_of_snapshot(snapshot, self.respondent.form, is_pilot=self.respondent.invitation.is_pilot)
        return self.printed(kept, snapshot=snapshot)

    def printed(self, sheet: Sheet, *, snapshot: Snapshot | None = None, is_blank: bool = False) -> HttpResponse:
        pages = [entering.section_page(sheet, section) for section in sheet.form.sections]
        context: dict[str, Any] = {"form": sheet.form, "pages": pages, "snapshot": snapshot, "is_blank": is_blank}
        return self.page("survey/answer_print.html", **context)

    def _submitted(self) -> Snapshot:
        """:raises Http404: when nothing was submitted."""
        if self.response is None:
            raise Http404
        found = self.response.snapshots.filter(step=SnapshotStep.SUBMITTED).order_by("-pk").first()
        if found is None:
            raise Http404
        return found


class AnswerBlank(AnswerPrint):
    """The questionnaire to fill in with a pen, or to look through before beginning."""

    def get(self, request: HttpRequest) -> HttpResponse:
        empty = Sheet(self.respondent.form, {}, {}, is_pilot=self.respondent.invitation.is_pilot)
        return self.printed(empty, is_blank=True)
