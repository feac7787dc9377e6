"""From the answers of a round to its public figures, at the desk: computed, looked at, withheld from, published."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sih_portal.addresses import page_addresses
from sih_portal.staff import DeskAdmin
from survey import releasing
from survey.models import Confidentiality, Release, Round
from survey.releasing import Changed, NotReleasable, Revealing
from survey.results import results_of

from .rooms import page, room

CHANGED: Final = _(
    "Since the figures were computed, answers were accepted or given back, or what is computed was changed. Compute "
    "them again."
)
REVEALING: Final = _(
    "Nothing was published: these figures would reveal answers of single institutions. Withhold what is marked first."
)
UNSEEN: Final = _("Nothing was published: confirm first that you looked through the figures.")
# Reading more answers than these takes longer than a page may (docs/adr/0014-computed-figures.md).
MOST: Final = 2_000
TOO_LARGE: Final = _("There are too many answers to do this while the page waits: use the command that it names.")
NO_DRAFT: Final = _("The figures were computed again or published since you opened the page. Please look again.")


class FigurePages(DeskAdmin[Round]):
    """For the admin of rounds."""

    def figure_urls(self) -> list[URLPattern]:
        return [room(self, "<int:pk>/figures/", self.figures, "figures")]

    def figures(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what was computed and not published; takes the step that was pressed."""
        survey_round = get_object_or_404(Round.objects.select_related("questionnaire"), pk=pk)
        if request.method != "POST":
            return self._show(request, survey_round)
        try:
            told = self._step(request, survey_round)
        except (NotReleasable, Changed, Revealing) as reason:
            words = {Changed: CHANGED, Revealing: REVEALING}.get(type(reason), str(reason))
            self.message_user(request, str(words), messages.ERROR)
            return self._show(request, get_object_or_404(Round.objects.select_related("questionnaire"), pk=pk), 409)
        self.log_change(request, survey_round, told)
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:survey_round_figures", args=[pk]))

    def _step(self, request: HttpRequest, survey_round: Round) -> str:
        by: Any = request.user
        now = timezone.now()
        if "withhold" not in request.POST and releasing.accepted_in(survey_round).count() > MOST:
            raise NotReleasable(str(TOO_LARGE))
        if "compute" in request.POST:
            release = releasing.compute(survey_round, by=by, at=now)
            return gettext("The figures of release %(number)s are computed.") % {"number": release.number}
        draft = releasing.draft_of(survey_round)
        if draft is None or request.POST.get("release") != releasing.mark_of(draft):
            raise NotReleasable(str(NO_DRAFT))
        if "withhold" in request.POST:
            count = releasing.withhold(draft, by=by)
            return ngettext("%(count)s figure is withheld.", "%(count)s figures are withheld.", count) % {
                "count": count
            }
        if not request.POST.get("sure") and not releasing.to_go(draft):
            raise NotReleasable(str(UNSEEN))
        releasing.publish(draft, by=by, at=now)
        return gettext("Release %(number)s is public.") % {"number": draft.number}

    def _show(self, request: HttpRequest, survey_round: Round, status: int = 200) -> HttpResponse:
        draft = releasing.draft_of(survey_round)
        releases = survey_round.releases.filter(published_at__isnull=False).with_counts().order_by("-number")
        accepted = releasing.accepted_in(survey_round).count()
        context = {
            "original": survey_round,
            "title": gettext("Figures of the round"),
            "refusal": releasing.computable(survey_round),
            "releases": list(releases),
            "public": list(survey_round.releases.public()),
            "pages": page_addresses(survey_round),
            "accepted": accepted,
            "is_large": accepted > MOST,
            "who": f"{survey_round.code} --by {request.user.get_username()}",
            "draft": draft,
            **(self._of_draft(draft) if draft else {}),
        }
        return page(self, request, "round/figures", context, status=status)

    def _of_draft(self, draft: Release) -> dict[str, Any]:
        figures = list(draft.figures.with_labels().prefetch_related("indicator__items").in_order())
        return {
            "mark": releasing.mark_of(draft),
            "results": results_of(figures),
            "findings": releasing.findings(draft),
            "to_go": {figure.public_id for figure in releasing.to_go(draft)},
            "withheld": len([figure for figure in figures if figure.confidentiality != Confidentiality.FREE]),
        }
