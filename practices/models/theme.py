"""The ten achievements (themes), what JSPS itself did under the tenth, and the ten recommendations."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from universities.models import NUMBERS, Loaded, Sourced

from .publication import Publication


class ThemeQuerySet(models.QuerySet["Theme"]):
    def open_to_cases(self) -> Self:
        """Without the theme that holds what JSPS itself did: pages show no cases there."""
        return self.filter(programme_actions__isnull=True)

    def with_practice_count(self) -> Self:
        """Adds `practice_count`: how many public cases have the theme as primary or further theme."""
        editions: Any = self.model._meta.get_field("editions").related_model
        cases = (
            editions.objects.public()
            .filter(models.Q(theme=models.OuterRef("pk")) | models.Q(themes=models.OuterRef("pk")))
            .order_by()
            .annotate(one=models.Value(1))
            .values("one")
            .annotate(cases=models.Count("pk", distinct=True))
            .values("cases")
        )
        return self.annotate(practice_count=Coalesce(models.Subquery(cases), 0))

    def with_programme_action_count(self) -> Self:
        """Adds `programme_action_count`: how many things JSPS itself did under the theme."""
        return self.annotate(programme_action_count=models.Count("programme_actions"))


class Theme(Sourced, Loaded):
    class LabelOrigin(models.TextChoices):
        INTERIM_REPORT = "interim_report", _("viewpoint of the interim report (April 2007)")
        PORTAL = "portal", _("translated by this portal")

    number = models.PositiveSmallIntegerField(_("number"), unique=True, validators=NUMBERS)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200, blank=True)
    title_ja_origin = models.CharField(
        _("origin of the Japanese title"),
        max_length=14,
        choices=LabelOrigin,
        default=LabelOrigin.PORTAL,
        help_text=_("The Japanese titles are the interim report's viewpoints, not translations of the English ones."),
    )
    short_en = models.CharField(_("short title (English)"), max_length=60, blank=True)
    short_ja = models.CharField(_("short title (Japanese)"), max_length=60, blank=True)
    result_en = models.TextField(_("Result (English)"), blank=True)
    result_ja = models.TextField(_("Result (Japanese)"), blank=True)

    objects = ThemeQuerySet.as_manager()

    class Meta(Sourced.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=999), name="%(app_label)s_%(class)s_has_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title_ja or self.title_en}"

    def get_absolute_url(self) -> str:
        return reverse("practices:theme-detail", args=[self.number])


class ProgrammeAction(Sourced):
    """Something JSPS itself did. Shown on its theme, never listed with the cases."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="programme_actions", verbose_name=_("theme"))
    number = models.PositiveSmallIntegerField(_("number"), validators=NUMBERS)
    text_en = models.TextField(_("text (English)"), blank=True)
    text_ja = models.TextField(_("text (Japanese)"), blank=True)
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("publication")
    )

    class Meta(Sourced.Meta):
        verbose_name = _("action of the programme")
        verbose_name_plural = _("actions of the programme")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=["theme", "number"], name="%(app_label)s_%(class)s_has_its_own_number"),
        ]

    def __str__(self) -> str:
        return f"{self.theme.number}-{self.number}"


class Recommendation(Sourced, Loaded):
    """One of the ten recommendations; it belongs to the theme of its number."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True, validators=NUMBERS)
    theme = models.OneToOneField(Theme, models.PROTECT, related_name="recommendation", verbose_name=_("theme"))
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=300, blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    text_ja = models.TextField(_("text (Japanese)"), blank=True)

    class Meta(Sourced.Meta):
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")

    def __str__(self) -> str:
        return f"{self.number} {self.title_ja or self.title_en}"

    def get_absolute_url(self) -> str:
        return reverse("practices:recommendation-detail", args=[self.number])
