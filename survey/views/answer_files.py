"""The questionnaire as an Excel file: taken away blank or with the answers, and brought back, looked at, written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sih_portal import spreadsheets
from sih_portal.downloads import workbook_answer
from survey import entering, uploading
from survey.answer_sheet import answer_sheet
from survey.answering import NotOpen
from survey.entering import Place
from survey.models import Response
from survey.uploading import FILE, STORED, AnswersChanged, Item, Plan, Reading, Said, Total, Undecided
from survey.values import Value

from .respondent import ForRespondents

PREVIEW_SECONDS: Final = 24 * 60 * 60
UPLOAD: Final = "survey:answer-upload"
NOTHING_READ: Final = Reading()
UNDECIDED: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class Shown:
    """A cell of the file beside what is stored, in words. `chosen` is what was decided about a conflict."""

    item: Item
    place: Place
    stored: str
    said: str
    chosen: str = ""


@dataclass(frozen=True)
class Sum:
    """A total that would come out otherwise; empty where there is nothing to add up."""

    place: Place
    before: str
    after: str


class AnswerSheet(ForRespondents):
    """The Excel form with the answers of now; blank with `?blank=1`, and while nobody has begun."""

    def get(self, request: HttpRequest) -> FileResponse:
        invitation, response = self.respondent.invitation, self.response
        survey_round, form = invitation.round, self.respondent.form
        if response is None or "blank" in request.GET:
            return workbook_answer(answer_sheet(form, survey_round=survey_round), f"{survey_round.code}-blank")
        sheet = self.respondent.sheet()
        file = answer_sheet(form, survey_round=survey_round, response=response, sheet=sheet)
        return workbook_answer(file, f"{survey_round.code}-{invitation.number}")


class AnswerUpload(ForRespondents):
    """A filled-in form: first it is shown what it would change, then exactly that is written."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.response is None:
            return redirect("survey:answer")
        written = request.GET.get("written", "")
        return self.shown(written=int(written) if written.isdecimal() and len(written) < 6 else None)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        response = self.own_response()
        if response is None:
            return self.of_another()
        if self.respondent.refusal:
            return self.shown(problem=self.respondent.refusal, status=409)
        if "rows" in request.POST:
            return self._confirm(request, response)
        if "file" not in request.FILES:
            return self.shown(problem=_("Choose the file first."), status=400)
        return self._preview(request, response)

    def shown(self, *, status: int = 200, **context: Any) -> HttpResponse:
        told: dict[str, Any] = {"problem": "", "problems": [], "written": None}
        return self.page("survey/answer_upload.html", status=status, **told | context)

    def _preview(self, request: HttpRequest, response: Response) -> HttpResponse:
        file: Any = request.FILES["file"]
        try:
            book = spreadsheets.read(file, name=file.name)
            reading = uploading.parse(book, self.respondent.form, response=response.public_id)
        except spreadsheets.Refused as refusal:
            return self.shown(problem=str(refusal), status=400)
        if reading.problems:
            reason = _("Nothing was taken over. Please correct the file and upload it again.")
            return self.shown(problem=reason, problems=reading.problems, status=400)
        return self._plan_page(uploading.diff(reading.said, response, self.respondent.form), reading=reading)

    def _confirm(self, request: HttpRequest, response: Response) -> HttpResponse:
        said = unsealed(request.POST["rows"], response)
        if said is None:
            reason = _("This preview can't be used any more. Please upload the file again.")
            return self.shown(problem=reason, status=400)
        plan = uploading.diff(said, response, self.respondent.form)
        decisions = {item.said.code: request.POST.get(f"take.{item.said.code}", "") for item in plan.conflicts}
        try:
            written = uploading.apply(
                plan, seen=request.POST.get("seen", ""), decisions=decisions, by=self.respondent.name, at=self.at
            )
        except Undecided:
            reason = _("Nothing was written yet. Please choose one of the two answers wherever they differ.")
            return self._plan_page(plan, decisions, problem=reason, status=400)
        except AnswersChanged:
            reason = _("Somebody changed these answers meanwhile. Nothing was written; please look again.")
            fresh = uploading.diff(said, response, self.respondent.form)
            return self._plan_page(fresh, problem=reason, status=409)
        except NotOpen as closed:
            return self.shown(problem=str(closed), status=409)
        return redirect(f"{reverse(UPLOAD)}?written={written}")

    def _plan_page(
        self,
        plan: Plan,
        decisions: Mapping[str, str] = UNDECIDED,
        *,
        reading: Reading = NOTHING_READ,
        problem: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "plan": plan,
            "conflicts": [_shown(item, plan, decisions.get(item.said.code, "")) for item in plan.conflicts],
            "written": [_shown(item, plan) for item in plan.written],
            "totals": [_sum(total, plan) for total in plan.totals],
            "findings": entering.tell(plan.sheet.form, plan.findings),
            "unchanged": len(plan.same) + reading.untouched,
            "reading": reading,
            "rows": sealed(plan.said, plan.response),
            "problem": problem,
            "answers": {"file": FILE, "stored": STORED},
        }
        return self.page("survey/answer_upload_plan.html", status=status, **context)


def _shown(item: Item, plan: Plan, chosen: str = "") -> Shown:
    stored, said = (entering.told(value, item.question) for value in (item.stored.value, item.said.value))
    return Shown(item, entering.place_of(plan.sheet.form, item.said.code), stored, said, chosen)


def _sum(total: Total, plan: Plan) -> Sum:
    before, after = ("" if number is None else f"{number:,}" for number in (total.before, total.after))
    return Sum(entering.place_of(plan.sheet.form, total.code), before, after)


def salt(response: Response) -> str:
    return f"survey.upload.{response.public_id}"


def sealed(said: Iterable[Said], response: Response) -> str:
    """What a file said, for the page to carry: signed for this response, kept nowhere."""
    rows = [[one.code, _parts(one.value), one.lock, one.sheet, one.row, one.column] for one in said]
    return signing.dumps(rows, salt=salt(response), compress=True)


def unsealed(text: str, response: Response) -> list[Said] | None:
    """What `sealed` carried; None when it is none of ours, another institution's, or a day old."""
    try:
        rows = signing.loads(text, salt=salt(response), max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        return None
    return [Said(code, Value(*parts), *rest) for code, parts, *rest in rows]


def _parts(value: Value) -> list[object]:
    return [value.status, value.number, value.option, value.text, value.note]
