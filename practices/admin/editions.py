"""The published versions of a case at the desk: what changed since, how an old one looked, and bringing it back."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from practices.differences import Difference, differences
from practices.models import Edition, GoodPractice
from practices.permissions import OPEN, Account, may_curate
from practices.versions import version_context
from practices.workflow import EditConflict, InvalidTransition, NotAllowed, restore
from sih_portal.language import LANGUAGES, current_language
from sih_portal.staff import DeskAdmin


@dataclass(frozen=True)
class Changes:
    """What the desk says otherwise than the public edition."""

    edition: Edition
    found: list[Difference]


def changes_of(practice: GoodPractice) -> Changes | None:
    """None where nothing of the case is public. The desk is read anew: a form may have put unsaved text into it."""
    edition = practice.editions.public().with_parts().first()
    if edition is None:
        return None
    desk = GoodPractice.objects.with_labels().with_parts().get(pk=practice.pk)
    return Changes(edition, differences(edition, desk))


def versions_of(user: Account, practice: GoodPractice | None) -> dict[str, Any]:
    """The editions for the page of the case, newest first, and whether the account may bring one back now."""
    if practice is None:
        return {"editions": [], "may_restore": False}
    return {
        "editions": practice.editions.select_related("published_by").order_by("-version"),
        "may_restore": practice.status in OPEN and may_curate(user),
    }


class EditionPages(DeskAdmin[GoodPractice]):
    """For the admin of cases."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/versions/<int:version>/", wrap(self.version), name="practices_goodpractice_version"),
            path("<int:pk>/versions/<int:version>/restore/", wrap(self.restore), name="practices_goodpractice_restore"),
        ]
        return [*own, *super().get_urls()]

    def version(self, request: HttpRequest, pk: int, version: int) -> HttpResponse:
        """The page of an edition, in `?lang=ja` or `en`, of archived cases too; for every role."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = get_object_or_404(Edition.objects.with_parts(), draft__pk=pk, version=version)
        language = request.GET.get("lang", "")
        with translation.override(language if language in LANGUAGES else current_language()):
            context = version_context(edition, versions=[], preview=True)
            return TemplateResponse(request, "practices/practice_version.html", context).render()

    def restore(self, request: HttpRequest, pk: int, version: int) -> HttpResponse:
        """Shows what the draft would lose and get; a POST brings the edition back."""
        if not may_curate(request.user):
            raise PermissionDenied
        practice = get_object_or_404(GoodPractice.objects.with_labels().with_parts(), pk=pk)
        edition = get_object_or_404(Edition.objects.with_parts(), draft__pk=pk, version=version)
        refusal = self._restored(request, practice, edition) if request.method == "POST" else ""
        if refusal is None:
            return HttpResponseRedirect(reverse("admin:practices_goodpractice_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Restore version %(version)s") % {"version": version},
            "opts": self.opts,
            "original": practice,
            "edition": edition,
            "found": differences(practice, edition),
            "is_open": practice.status in OPEN,
            "refusal": refusal,
        }
        status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
        return TemplateResponse(request, "admin/practices/goodpractice/restore.html", context, status=status)

    def _restored(self, request: HttpRequest, practice: GoodPractice, edition: Edition) -> str | None:
        """None when the draft says now what the edition says; else why not."""
        seen = request.POST.get("seen", "")
        try:
            number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
            restore(practice, edition, by=request.user, at=timezone.now(), seen=number)
        except (InvalidTransition, NotAllowed, EditConflict) as refusal:
            return str(refusal)
        said = gettext("The draft says again what version %(version)s said.") % {"version": edition.version}
        self.message_user(request, said, messages.SUCCESS)
        return None
