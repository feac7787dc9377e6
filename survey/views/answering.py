"""The respondent's way in and out: the link of the mail, the first page with the sections, leaving."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sih_portal.tries import Limit
from survey import answering, entering, mailing, mirroring, recipients
from survey.answering import LONGEST_EXPLANATION, NotOpen
from survey.entering import Left
from survey.models import Remark, ResponseState
from survey.values import Misread, clean

from .respondent import ForRespondents, Respondent, find, forget, no_way_in, not_saved, remember

# A hand that copies a link badly tries a few times; whoever guesses has 2 to the power of 256 tokens before them.
WRONG_TOKENS: Final = Limit("wrong-tokens", most=30, window=10 * 60)

NO_REPLY: Final[Mapping[int, Left]] = {}


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

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Begins the answering, writes down another name, or keeps replies to JSPS; each may come twice."""
        if "replies" in request.POST:
            return self._reply()
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

    def shown(self, *, status: int = 200, problem: str = "", left: Mapping[int, Left] = NO_REPLY) -> HttpResponse:
        template = "survey/answer_overview.html" if self.response else "survey/answer_start.html"
        sheet = self.respondent.sheet()
        context: dict[str, Any] = {
            "form": sheet.form,
            "sheet": sheet,
            "problem": problem,
            "has_mirror": mirroring.public_release(self.respondent.invitation.round) is not None,
            "asked": [(remark, left.get(remark.pk)) for remark in self._remarks()],
            "has_left": bool(left),
            "longest": LONGEST_EXPLANATION,
        }
        return self.page(template, status=status, **context)

    def _remarks(self) -> list[Remark]:
        """What JSPS asked when it gave the answers back, while they are waited for."""
        is_returned = self.response is not None and self.response.state == ResponseState.RETURNED
        return answering.open_remarks(self.response) if self.response and is_returned else []

    def _reply(self) -> HttpResponseBase:
        response = self.own_response()
        if response is None:
            return self.of_another()
        sent = entering.posted_replies(self.request.POST, self._remarks())
        try:
            others = answering.reply(response, sent.replies, by=self.respondent.name, at=self.at)
        except NotOpen as closed:
            return not_saved(self.request, str(closed), status=409)
        conflicts = {
            one.remark: Left(one.text, stored=others[one.remark]) for one in sent.replies if one.remark in others
        }
        if left := sent.left | conflicts:
            return self.shown(status=409 if conflicts else 400, left=left)
        return redirect(f"{reverse('survey:answer')}#remarks")


class AnswerLeave(ForRespondents):
    """For computers that others use too: the link is needed again afterwards."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("survey/answer_leave.html")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        response = HttpResponse(render_to_string("survey/answer_left.html", {"contact_email": settings.CONTACT_EMAIL}))
        forget(response)
        return response
