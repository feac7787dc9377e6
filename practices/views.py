"""The public pages: search, one case, its attachments, themes and recommendations."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.generic import DetailView, ListView, TemplateView, View

from . import search
from .models.edition import Edition, EditionAttachment, EditionQuerySet
from .models.theme import Recommendation, Theme, ThemeQuerySet
from .presenting import practice_context
from .results import results_context


class PracticeList(TemplateView):
    template_name = "practices/practice_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """:raises BadRequest: when the search words can't be searched for."""
        try:
            results = results_context(self.request.GET)
        except search.QueryError as error:
            raise BadRequest(str(error)) from error
        return super().get_context_data(**kwargs, **results)


class PracticeDetail(DetailView[Edition]):
    template_name = "practices/practice_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            return gone_or_404(request, kwargs["slug"])

    def get_queryset(self) -> EditionQuerySet:
        return Edition.objects.public().with_parts()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **practice_context(self.object))


class PracticeAttachment(View):
    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
        """A file of the public edition, always as a download: an uploaded page or picture never runs here."""
        public = EditionAttachment.objects.filter(edition__in=Edition.objects.public(), edition__slug=slug)
        attachment = public.filter(number=number).first()
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


def practices_of(theme: Theme) -> EditionQuerySet:
    """The public practices of a theme, in the source's order of institutions."""
    return Edition.objects.public().of_theme(theme).with_parts().order_by("institution__position", "slug")


def in_sequence(rows: Iterable[Any], number: int) -> dict[str, Any]:
    """`siblings` in their order, and of them the `previous` and the `following` of `number`: None at the ends."""
    siblings = list(rows)
    return {
        "siblings": siblings,
        "previous": next((row for row in reversed(siblings) if row.number < number), None),
        "following": next((row for row in siblings if row.number > number), None),
    }


class ThemeList(ListView[Theme]):
    template_name = "practices/theme_list.html"
    context_object_name = "themes"

    def get_queryset(self) -> ThemeQuerySet:
        themes = Theme.objects.with_practice_count().order_by("number")
        return themes.with_programme_action_count()


class ThemeDetail(DetailView[Theme]):
    template_name = "practices/theme_detail.html"
    context_object_name = "theme"
    slug_field = "number"
    slug_url_kwarg = "number"

    def get_queryset(self) -> ThemeQuerySet:
        return Theme.objects.select_related("recommendation")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        actions = self.object.programme_actions.select_related("publication").order_by("number")
        return super().get_context_data(
            practices=practices_of(self.object),
            recommendation=getattr(self.object, "recommendation", None),
            programme_actions=actions,
            **in_sequence(Theme.objects.order_by("number"), self.object.number),
            **context,
        )


class RecommendationList(ListView[Recommendation]):
    template_name = "practices/recommendation_list.html"
    context_object_name = "recommendations"

    def get_queryset(self) -> QuerySet[Recommendation]:
        return Recommendation.objects.select_related("theme").order_by("number")


class RecommendationDetail(DetailView[Recommendation]):
    template_name = "practices/recommendation_detail.html"
    context_object_name = "recommendation"
    slug_field = "number"
    slug_url_kwarg = "number"

    def get_queryset(self) -> QuerySet[Recommendation]:
        return Recommendation.objects.select_related("theme")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            practices=practices_of(self.object.theme),
            **in_sequence(Recommendation.objects.order_by("number"), self.object.number),
            **context,
        )
