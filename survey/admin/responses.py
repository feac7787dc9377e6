"""The answers at the desk of the survey's managers: who has answered what, what to look at, what was changed when."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sih_portal.staff import plausible
from sih_portal.years import day_and_time
from survey.models import Response
from survey.workflow import open_steps

from .accepting import AcceptingMany
from .comparing import RevisionPages
from .loading import judged, opened
from .paper import PaperPages
from .reading import read, spoken
from .returning import ResponseSteps
from .rooms import page


class JudgedList(ChangeList):
    """Each response of the page with its sheet, to tell how complete it is."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: Any = judged(list(self.result_list))
        for row in rows:
            row.response.sheet = row.sheet
        self.result_list: Any = [row.response for row in rows]


@admin.register(Response)
class ResponseAdmin(AcceptingMany, ResponseSteps, RevisionPages, PaperPages):
    """Nothing of a response is typed into its record: answers are entered section by section, states are steps."""

    change_list_template = "admin/survey/response/change_list.html"

    list_display = ["institution", "kind", "shown_state", "progress", "unsettled", "revision", "submitted"]
    list_filter = [
        "state",
        "invitation__kind",
        "invitation__is_pilot",
        "is_on_paper",
        "invitation__round",
    ]
    list_select_related = ["invitation__round__questionnaire"]
    search_fields = ["=invitation__number", "invitation__name_ja", "invitation__name_en", "^snapshots__sha256"]
    search_help_text = _("Number or name of the institution, or number of a receipt (its first characters are enough)")
    ordering = ["-invitation__round", "invitation__number"]

    def get_changelist(self, request: HttpRequest, **named: Any) -> type[ChangeList]:
        return JudgedList

    def get_urls(self) -> list[URLPattern]:
        return [*self.step_urls(), *self.revision_urls(), *self.paper_urls(), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Response | None = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of a response: all that stands in it, and the ways to the steps."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if plausible(object_id) != object_id:
            raise Http404
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        found = opened(int(object_id))
        context = {
            "original": found.response,
            "title": found.invitation,
            "found": found,
            "sections": list(read(found.sheet)),
            "findings": spoken(found.sheet, found.sheet.findings),
            "steps": [step.value for step in open_steps(found.response)],
            "is_editable": found.response.state in {"draft", "returned"},
        }
        return page(self, request, "response/detail", context)

    @admin.display(description=_("institution"), ordering="invitation__number")
    def institution(self, row: Response) -> str:
        return str(row.invitation)

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, row: Response) -> SafeString:
        template = '<span class="desk-status desk-response-{}">{}</span> {}'
        return format_html(template, row.state, row.state_label, _("on paper") if row.is_on_paper else "")

    @admin.display(description=_("last submitted at"), ordering="submitted_at")
    def submitted(self, row: Response) -> str:
        return day_and_time(row.submitted_at) if row.submitted_at else ""

    @admin.display(description=_("kind of institution"), ordering="invitation__kind")
    def kind(self, row: Response) -> Any:
        return row.invitation.get_kind_display()

    @admin.display(description=_("cells answered / asked"))
    def progress(self, row: Any) -> str:
        if row.sheet is None:
            return ""
        progresses = row.sheet.progresses
        return f"{sum(one.answered for one in progresses)} / {sum(one.asked for one in progresses)}"

    @admin.display(description=_("to be looked at"))
    def unsettled(self, row: Any) -> int | None:
        """Checks that do not hold and that nobody explained."""
        return len(row.sheet.unsettled) if row.sheet else None
