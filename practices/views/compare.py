"""Two to four cases side by side."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from practices.comparing import Comparison, comparison
from practices.documents import FORMAT, comparison_sheet
from practices.views.word import word_file
from sih_portal.language import current_language
from sih_portal.query_names import Refusal, sift


class PracticeCompare(TemplateView):
    template_name = "practices/practice_compare.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or with `format=docx` the Word document; with fewer than two cases there is only the page."""
        found = comparison(request.GET)
        formats, _refusals = sift(request.GET, FORMAT)
        if formats and found.is_complete:
            return self._document(found)
        too_few = (Refusal(FORMAT.name, value, _("Choose at least two practices first.")) for value in formats)
        context = self.get_context_data(comparison=found, refusals=[*found.refusals, *too_few], **kwargs)
        return self.render_to_response(context)

    def _document(self, found: Comparison) -> HttpResponse:
        address = f"{settings.SITE_URL}{self.request.path}?{found.query}"
        content = comparison_sheet(found.editions, current_language(), address=address, made_at=timezone.now())
        institutions = "-".join(edition.institution.slug for edition in found.editions)
        return word_file(f"compare-{institutions}", current_language(), content)
