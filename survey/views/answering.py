"""The respondent's way in and out: the link of the mail, the first page with the sections, leaving."""

from typing import Any, Final

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from sih_portal.tries import Limit
from survey import mailing, recipients
from survey.models import Remark, ResponseState, Snapshot, SnapshotStep
from survey.values import Misread, clean

from .respondent import ForRespondents, Respondent, find, forget, no_way_in, remember

# A hand that copies a link badly tries a few times; whoever guesses has 2 to the power of 256 tokens before them.
WRONG_TOKENS: Final = Limit("wrong-tokens", most=30, window=10 * 60)


@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Lets somebody in and takes the token out of the address. Mail scanners may come as often as they like."""
    now = timezone.now()
    if seconds := WRONG_TOKENS.wait(request, at=now):
        context = {"minutes": -(-seconds // 60), "contact_email": settings.CONTACT_EMAIL}
        page = render_to_string("survey/answer_too_many.html", context)
        return HttpResponse(page, status=429, headers={"Retry-After": str(seconds)})
    link = mailing.find_link(token.removesuffix("/"))
    if link is None:
        WRONG_TOKENS.count(request, at=now)
        return no_way_in(request)
    before = find(request)
    name = before.name if before and before.invitation.pk == link.invitation_id else ""
    response = redirect("survey:answer")
    remember(response, Respondent(link, name))
    return response


class AnswerOverview(ForRespondents):
    """Before anybody began: what it is about, and the button. Then the sections and how far each of them is."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begins the answering, or writes down another name; both may come twice."""
        try:
            respondent = self.respondent.called(clean(request.POST.get("name", "")))
        except Misread as misread:
            return self.shown(problem=str(misread), status=400)
        if self.response is None:
            if self.respondent.refusal:
                return self.shown(status=409)
            recipients.begin_by_link(self.respondent.link, at=self.at)
        response = redirect("survey:answer")
        remember(response, respondent)
        return response

    def shown(self, *, status: int = 200, problem: str = "") -> HttpResponse:
        template = "survey/answer_overview.html" if self.response else "survey/answer_start.html"
        sheet = self.respondent.sheet()
        context: dict[str, Any] = {"form": sheet.form, "sheet": sheet, "problem": problem, "returned": self._returned()}
        return self.page(template, status=status, **context)

    def _returned(self) -> Snapshot | None:
        """The last time JSPS gave the answers back, with its questions, while they are waited for."""
        if self.response is None or self.response.state != ResponseState.RETURNED:
            return None
        remarks = Remark.objects.select_related("question__section").order_by("pk")
        last = self.response.snapshots.prefetch_related(Prefetch("remarks", remarks)).order_by("-pk").first()
        return last if last and last.step == SnapshotStep.RETURNED else None


class AnswerLeave(ForRespondents):
    """For computers that others use too: the link is needed again afterwards."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("survey/answer_leave.html")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        response = HttpResponse(render_to_string("survey/answer_left.html", {"contact_email": settings.CONTACT_EMAIL}))
        forget(response)
        return response
