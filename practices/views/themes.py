"""Themes and recommendations."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.views.generic import DetailView, ListView

from practices.models.edition import Edition, EditionQuerySet
from practices.models.theme import Recommendation, Theme, ThemeQuerySet


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
        chapters = self.object.chapters.select_related("publication")
        return super().get_context_data(
            practices=practices_of(self.object),
            recommendation=getattr(self.object, "recommendation", None),
            programme_actions=actions,
            chapters=chapters.order_by("publication__year", "publication__slug", "number"),
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
