"""Before and after submitting: what is missing, what looks odd, the sign-off, the receipt, and taking it back."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sih_portal.language import in_language
from survey import answering, entering, mirroring, workflow
from survey.answering import LONGEST_EXPLANATION, NotOpen
from survey.entering import COUNT, NOTHING_LEFT, Left
from survey.models import Response, ResponseState, Snapshot, SnapshotStep
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
            return self._submit(response) if "seen" in request.POST else self._explain(response)
        except NotOpen as closed:
            return not_saved(request, str(closed), status=409)

    def shown(self, *, status: int = 200, left: Mapping[str, Left] = NOTHING_LEFT, **context: Any) -> HttpResponse:
        """`left` are words about checks that were not taken just now, by the codes of the checks."""
        sheet = self.respondent.sheet()
        findings = entering.tell(sheet.form, sheet.findings, left)
        shown = {
            "sheet": sheet,
            "missing": entering.missing(sheet),
            "open_findings": [one for one in findings if not one.finding.is_settled],
            "settled": [one for one in findings if one.finding.is_settled],
            "is_open": not self.respondent.refusal,
            "is_complete": not sheet.missing and not sheet.unsettled,
            "responsible": entering.responsible(sheet),
            "longest": LONGEST_EXPLANATION,
            "left": bool(left),
            "homeless": entering.homeless(left, findings),
        }
        return self.page(
            "survey/answer_review.html", status=status, **shown | {"problem": "", "changed": False} | context
        )

    def _explain(self, response: Response) -> HttpResponse:
        """Keeps what was said for the values that the page showed; the rest comes back with the page."""
        sent = entering.posted_words(self.request.POST, self.respondent.sheet().findings)
        others = answering.explain(response, sent.said, by=self.respondent.name, at=self.at)
        left = sent.left | entering.not_written(sent.said, others)
        if not left:
            return redirect("survey:answer-review")
        return self.shown(status=400 if all(one.problem for one in left.values()) else 409, left=left)

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
            "has_mirror": mirroring.public_release(self.respondent.invitation.round) is not None,
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
