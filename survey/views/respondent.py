"""Who answers: whoever came in by the link of a mail. A signed cookie stands for it, and it is looked up each time."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from sih_portal.language import in_language
from survey import answering
from survey.answering import LONGEST_NAME, Sheet, sheet_of
from survey.models import Invitation, InvitationLink, Response
from survey.questionnaires import Form
from survey.workflow import form_of_round

COOKIE: Final = "answer"
SALT: Final = "survey.answer"
PRESS: Final = re.compile("[a-z0-9]{1,20}")
# What people write beside the answers, by the first part of its field's name.
WORDS: Final = {"text": gettext_lazy("Explanation"), "reply": gettext_lazy("Reply")}
COOKIE_AGE: Final = 90 * 24 * 60 * 60  # seconds; longer than a round takes answers


@dataclass(frozen=True)
class Respondent:
    """Somebody of one institution. `name` is what they called themselves, if they did."""

    link: InvitationLink
    name: str

    @property
    def invitation(self) -> Invitation:
        return self.link.invitation

    @property
    def response(self) -> Response | None:
        found: Response | None = getattr(self.invitation, "response", None)
        return found

    @cached_property
    def form(self) -> Form:
        """Six queries the first time."""
        return form_of_round(self.invitation.round)

    def sheet(self) -> Sheet:
        """What stands in the database now. Two queries, and those of the form."""
        return sheet_of(self.response, self.form, is_pilot=self.invitation.is_pilot)

    @cached_property
    def refusal(self) -> str:
        """Why nothing can be written now; empty when it can."""
        return answering.refusal(self.invitation, at=timezone.now())

    def called(self, name: str) -> Self:
        return type(self)(self.link, " ".join(name.split())[:LONGEST_NAME])


def find(request: HttpRequest) -> Respondent | None:
    """Who the cookie says it is, if the link is good still. One query, none without a cookie."""
    key, mark, name = _told(request)
    if not key:
        return None
    links = InvitationLink.objects.select_related("invitation__round__questionnaire", "invitation__response")
    link = links.filter(pk=key, revoked_at=None, invitation__round__questionnaire__isnull=False).first()
    return Respondent(link, name) if link and mark_of(link) == mark else None


def mark_of(link: InvitationLink) -> str:
    """Tells a link from another one that got its key later, after an older database was brought back."""
    return link.issued_at.isoformat()


def _told(request: HttpRequest) -> tuple[int, str, str]:
    """The key of the link, its mark and the name that the cookie holds; 0 for a cookie not ours, or too old."""
    try:
        match signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE):
            case {"link": int(key), "mark": str(mark), "name": str(name)}:
                return key, mark, name
    except signing.BadSignature:
        pass
    return 0, "", ""


def remember(response: HttpResponse, respondent: Respondent) -> None:
    """This will let the browser come back for some weeks without the link. The cookie holds no token."""
    told = {"link": respondent.link.pk, "mark": mark_of(respondent.link), "name": respondent.name}
    response.set_cookie(
        COOKIE,
        signing.dumps(told, salt=SALT),
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


class ForRespondents(View):
    """A page of one institution's own; others are told how to come in. `at` is when the request arrived."""

    respondent: Respondent
    at: datetime

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = timezone.now()
        respondent = find(request)
        if respondent is None:
            return no_way_in(request)
        self.respondent = respondent
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def response(self) -> Response | None:
        return self.respondent.response

    def own_response(self) -> Response | None:
        """The response that the sent form is of; None for another one's: one browser may have opened two links."""
        is_own = self.response is not None and self.request.POST.get("response") == self.response.public_id
        return self.response if is_own else None

    def of_another(self) -> HttpResponse:
        reason = _(
            "Nothing was saved: in this browser the link of another institution or of another survey was opened "
            "meanwhile. Open the link of your own mail again, and enter once more what stands below."
        )
        return not_saved(self.request, reason, status=409, form=self.respondent.form)

    @property
    def press(self) -> str:
        """The name that the page's script gave to the press of a button: by it, it knows what was heard."""
        told = self.request.POST.get("press") or self.request.GET.get("press", "")
        return told if PRESS.fullmatch(told) else ""

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        invitation = self.respondent.invitation
        shared = {
            "respondent": self.respondent,
            "invitation": invitation,
            "response": self.response,
            "press": self.press,
        }
        return render(self.request, template, {**shared, **context}, status=status)


def no_way_in(request: HttpRequest) -> HttpResponse:
    """The same for every token that opens nothing, and for whoever has no cookie; what was sent comes back."""
    if request.method == "POST":
        return not_saved(request, _("The link by which you came in is not valid any more."), status=404)
    return HttpResponse(
        render_to_string("survey/answer_no_link.html", {"contact_email": settings.CONTACT_EMAIL}), status=404
    )


def not_saved(request: HttpRequest, reason: str, *, status: int, form: Form | None = None) -> HttpResponse:
    """Says why nothing was written, and gives back everything that was typed."""
    if "autosave" in request.POST:
        return JsonResponse({"detail": reason}, status=status)
    context = {"reason": reason, "texts": list(_texts(request, form))}
    return HttpResponse(render_to_string("survey/answer_not_saved.html", context), status=status)


def _texts(request: HttpRequest, form: Form | None) -> list[tuple[str, str]]:
    """Labels and texts of what was typed, for people to read and copy."""
    found = []
    for name, text in request.POST.items():
        letter, _dot, code = name.partition(".")
        if letter in {"v", "n"} and str(text).strip():
            found.append((_label(code, form), str(text)))
        elif letter in WORDS and str(text).strip():
            found.append((str(WORDS[letter]), str(text)))
    return found


def _label(code: str, form: Form | None) -> str:
    if form is None or code not in form.cells:
        return code
    question = form.questions[code]
    texts = (question.code, in_language(question.row, "text").value, in_language(form.cells[code], "label").value)
    return " ".join(filter(None, texts))
