"""The versions of a case, each under its own lasting address."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView

from practices.models.edition import Edition
from practices.versions import history, version_context

from .practice import gone_or_404


class PracticeVersion(TemplateView):
    template_name = "practices/practice_version.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            return gone_or_404(request, kwargs["slug"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """:raises Http404: when the case is not public or has no such version."""
        versions = history(kwargs["slug"])
        number = kwargs["version"]
        editions = Edition.objects.of_public_cases().filter(slug=kwargs["slug"], version__in=[number - 1, number])
        found = {edition.version: edition for edition in editions.with_parts()}
        if number not in found:
            raise Http404
        context = version_context(found[number], versions=versions, previous=found.get(number - 1))
        return super().get_context_data(**kwargs | context)
