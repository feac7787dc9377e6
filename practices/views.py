"""The public pages of practices: search, one case, its attachments."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.generic import DetailView, TemplateView, View

from .models.edition import Edition, EditionQuerySet


class PracticeList(TemplateView):
    template_name = "practices/practice_list.html"


class PracticeDetail(DetailView[Edition]):
    template_name = "practices/practice_detail.html"
    context_object_name = "practice"

    def get_queryset(self) -> EditionQuerySet:
        return Edition.objects.public().with_parts()


class PracticeAttachment(View):
    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
        return HttpResponse()
