"""Why is this case found, or not? A page of the office for the published cases, with a field for the search words."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from practices import search
from practices.models import Edition, GoodPractice
from practices.results import MatchedPlace, matched_place
from practices.search.reasons import Meant, WordReason, reasons
from sih_portal.language import Text, in_language
from sih_portal.staff import DeskAdmin

KINDS: Final = {
    "institution": _("the institution"),
    "headquarters": _("the headquarters"),
    "theme": _("the theme"),
    "concept": _("the keyword"),
}
NAMES: Final = {"theme": "short", "concept": "pref_label"}


@dataclass(frozen=True)
class Line:
    """What the page says of a word."""

    word: WordReason
    places: list[MatchedPlace]
    spellings: list[tuple[str, list[MatchedPlace]]]
    meant: list[tuple[Any, Text]]


class WhyFound(DeskAdmin[GoodPractice]):
    """For the admin of cases."""

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:pk>/why/", self.admin_site.admin_view(self.why), name="practices_goodpractice_why")
        return [own, *super().get_urls()]

    def why(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Words by `q`; for every role."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        practice = get_object_or_404(GoodPractice, pk=pk)
        edition = get_object_or_404(Edition.objects.public().with_parts(), draft=practice)
        q = request.GET.get("q", "").strip()
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Why is this case (not) found?"),
            "opts": self.opts,
            "original": practice,
            "edition": edition,
            "q": q,
            **_answer(edition, q),
        }
        status = 400 if context["refusal"] else 200
        return TemplateResponse(request, "admin/practices/goodpractice/why.html", context, status=status)


def _answer(edition: Edition, q: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {"refusal": "", "reasons": None, "words": [], "excluded": []}
    if not q:
        return nothing
    try:
        found = reasons(edition, q)
    except search.QueryError as refusal:
        return nothing | {"refusal": str(refusal)}
    lines = {"words": list(map(_line, found.words)), "excluded": list(map(_line, found.excluded))}
    return nothing | lines | {"reasons": found}


def _line(word: WordReason) -> Line:
    spellings = [(text, list(map(matched_place, places))) for text, places in word.spellings]
    return Line(word, list(map(matched_place, word.places)), spellings, list(map(_named, word.meant)))


def _named(meant: Meant) -> tuple[Any, Text]:
    return KINDS[meant.kind], in_language(meant.row, NAMES.get(meant.kind, "name"))
