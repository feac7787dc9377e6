"""Before and after submitting: what is missing, what looks odd, the sign-off, the receipt, and taking it back."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sih_portal.language import in_language
from survey import answering, entering, workflow
from survey.answering import LONGEST_EXPLANATION, Finding, NotOpen
from survey.entering import COUNT
from survey.models import Response, ResponseState, Snapshot, SnapshotStep
from survey.values import Misread, clean
from survey.workflow import Actor, AnswersChanged, Incomplete, InvalidTransition

from .respondent import ForRespondents, Respondent, not_saved

RECEIPT: Final = "survey:answer-receipt"
# A number of submissions that no response has.
NONE: Final = -1
STANDING: Final = (ResponseState.SUBMITTED, ResponseState.ACCEPTED)


class AnswerReview(ForRespondents):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown() if self.response else redirect("survey:answer")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        response = self.own_response()
        if response is None:
            return self.of_another()
        try:
            return self._explain(response) if "check" in request.POST else self._submit(response)
        except NotOpen as closed:
            return not_saved(request, str(closed), status=409)

    def shown(self, *, status: int = 200, **context: Any) -> HttpResponse:
        sheet = self.respondent.sheet()
        findings = entering.tell(sheet.form, sheet.findings)
        shown = {
            "sheet": sheet,
            "missing": entering.missing(sheet),
            "open_findings": [one for one in findings if not one.finding.is_settled],
            "settled": [one for one in findings if one.finding.is_settled],
            "is_open": not self.respondent.refusal,
            "is_complete": not sheet.missing and not sheet.unsettled,
            "responsible": entering.responsible(sheet),
            "longest": LONGEST_EXPLANATION,
        }
        told = {"problem": "", "check": "", "text": "", "changed": False}
        return self.page("survey/answer_review.html", status=status, **shown | told | context)

    def _explain(self, response: Response) -> HttpResponse:
        """Keeps a confirmation or an explanation for the values that the page showed."""
        code, text, values = (self.request.POST.get(name, "") for name in ("check", "text", "values"))
        finding = self._finding(code, values)
        if finding is None:
            return self.shown(status=409, changed=True, check=code, text=text)
        try:
            said = clean(text)
        except Misread as misread:
            return self.shown(status=400, problem=str(misread), check=code, text=text)
        if len(said) > LONGEST_EXPLANATION:
            problem = _("The explanation has %(count)s characters; at most %(most)s can be stored.")
            counts = {"count": len(said), "most": LONGEST_EXPLANATION}
            return self.shown(status=400, problem=problem % counts, check=code, text=text)
        check, by = finding.check.row, self.respondent.name
        answering.explain(response, check=check, values=values, text=said, by=by, at=self.at)
        return redirect("survey:answer-review")

    def _finding(self, code: str, values: str) -> Finding | None:
        """The soft finding about just these values."""
        found = (finding for finding in self.respondent.sheet().findings if finding.check.code == code)
        return next((finding for finding in found if finding.values == values and not finding.check.is_hard), None)

    def _submit(self, response: Response) -> HttpResponse:
        """One receipt, however often the button was pressed."""
        if not self.request.POST.get("sign_off"):
            return self.shown(status=400, problem=_("Confirm that the person responsible has seen the answers."))
        seen, number = self.request.POST.get("seen", ""), self.request.POST.get("revision", "")
        revision = int(number) if COUNT.fullmatch(number) else NONE
        actor = actor_of(self.respondent)
        try:
            workflow.submit(response, form=self.respondent.form, seen=seen, revision=revision, actor=actor, at=self.at)
        except (Incomplete, AnswersChanged):
            return self.shown(status=409, changed=True)
        return redirect(RECEIPT)


class AnswerReceipt(ForRespondents):
    """What was submitted last, and the way to correct it while there is time."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        response = self.own_response()
        if response is None:
            return self.of_another()
        if not request.POST.get("sure"):
            return self.shown(status=400, problem=_("Tick the box if you want to take the answers back."))
        try:
            workflow.take_back(response, form=self.respondent.form, actor=actor_of(self.respondent), at=self.at)
        except InvalidTransition as refusal:
            response.refresh_from_db(fields=["state"])
            # Pressed twice: it was taken back by the first press.
            if response.state != ResponseState.RETURNED:
                return self.shown(status=409, problem=str(refusal))
        return redirect("survey:answer")

    def shown(self, *, status: int = 200, problem: str = "") -> HttpResponse:
        snapshot = self.submitted()
        if snapshot is None:
            return redirect("survey:answer")
        context = {
            "snapshot": snapshot,
            "problem": problem,
            "is_standing": self.response is not None and self.response.state in STANDING,
            "can_be_taken_back": self._can_be_taken_back(),
        }
        return self.page("survey/answer_receipt.html", status=status, **context)

    def submitted(self) -> Snapshot | None:
        if self.response is None:
            return None
        return self.response.snapshots.filter(step=SnapshotStep.SUBMITTED).order_by("-pk").first()

    def _can_be_taken_back(self) -> bool:
        return self.response is not None and workflow.can_be_taken_back(self.response, at=self.at)


def actor_of(respondent: Respondent) -> Actor:
    """Who takes a step: the name somebody gave, else the institution's."""
    return Actor(respondent.name or in_language(respondent.invitation, "name", "ja").value)
