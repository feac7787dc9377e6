"""One case and its attachments."""

from pathlib import PurePosixPath
from typing import Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import DetailView, View

from practices import references
from practices.documents import case_sheet
from practices.models.edition import Edition, EditionAttachment, EditionQuerySet
from practices.presenting import practice_context
from practices.versions import history
from practices.views.word import word_file
from sih_portal.language import current_language
from sih_portal.query_names import OneOf, sift

FORMAT: Final = OneOf("format", "", lambda: ("docx", *references.FORMATS))


class PracticeDetail(DetailView[Edition]):
    template_name = "practices/practice_detail.html"

    def get(  # type: ignore[override]  # references are streamed
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """The page, or with `format` the Word document or the case as a reference."""
        try:
            self.object = self.get_object()
        except Http404:
            return gone_or_404(request, kwargs["slug"])
        formats, refusals = sift(request.GET, FORMAT)
        if formats and formats[0] in references.FORMATS:
            return references.references_file(self.object.slug, formats[0], [self.object])
        if formats:
            content = case_sheet(self.object, current_language(), made_at=timezone.now())
            return word_file(self.object.slug, current_language(), content)
        return self.render_to_response(self.get_context_data(refusals=refusals))

    def get_queryset(self) -> EditionQuerySet:
        return Edition.objects.public().with_parts()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = {"versions": history(self.object.slug)}
        return super().get_context_data(**practice_context(self.object) | versions | kwargs)


class PracticeAttachment(View):
    def get(self, request: HttpRequest, slug: str, number: int, version: int | None = None) -> HttpResponseBase:
        """A file of the public edition or of `version`, always as a download: an uploaded page never runs here."""
        editions = Edition.objects.public() if version is None else Edition.objects.of_public_version(version)
        attachment = EditionAttachment.objects.filter(edition__in=editions.filter(slug=slug), number=number).first()
        if attachment is None:
            return gone_or_404(request, slug)
        filename = f"{slug}-{number}{PurePosixPath(str(attachment.file)).suffix}"
        try:
            return FileResponse(attachment.file.open("rb"), as_attachment=True, filename=filename)
        except FileNotFoundError as error:
            raise Http404 from error


def gone_or_404(request: HttpRequest, slug: str) -> HttpResponse:
    """The plain notice that a case was archived.

    :raises Http404: when no such case was ever public.
    """
    if Edition.objects.archived().filter(slug=slug).exists():
        return render(request, "410.html", status=410)
    raise Http404
