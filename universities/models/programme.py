"""Funding programmes and what each body does in them."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .numbers import PLACES, SUMS_JPY, YEARS, plausible_years
from .provenance import Loaded, Sourced


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def with_roles(self) -> Self:
        return self.prefetch_related(models.Prefetch("roles", ProgrammeRole.objects.order_by("position")))


class Programme(Sourced, Loaded):
    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=300, blank=True)
    name_ja = models.CharField(_("name (Japanese)"), max_length=300, blank=True)
    aim_en = models.TextField(_("aim (English)"), blank=True)
    aim_ja = models.TextField(_("aim (Japanese)"), blank=True)
    funder_en = models.CharField(_("funder (English)"), max_length=200, blank=True)
    funder_ja = models.CharField(_("funder (Japanese)"), max_length=200, blank=True)
    operator_en = models.CharField(_("operator (English)"), max_length=200, blank=True)
    operator_ja = models.CharField(_("operator (Japanese)"), max_length=200, blank=True)
    first_fiscal_year = models.PositiveSmallIntegerField(_("first fiscal year"), validators=YEARS)
    last_fiscal_year = models.PositiveSmallIntegerField(_("last fiscal year"), validators=YEARS)
    grant_min_jpy = models.PositiveBigIntegerField(_("least a year, yen"), null=True, blank=True, validators=SUMS_JPY)
    grant_max_jpy = models.PositiveBigIntegerField(_("most a year, yen"), null=True, blank=True, validators=SUMS_JPY)
    grant_note_en = models.TextField(_("what the money is (English)"), blank=True)
    grant_note_ja = models.TextField(_("what the money is (Japanese)"), blank=True)
    website = models.URLField(_("website"), blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta(Sourced.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            plausible_years("first_fiscal_year", "last_fiscal_year"),
            models.CheckConstraint(
                condition=models.Q(first_fiscal_year__lte=models.F("last_fiscal_year")),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(grant_min_jpy__isnull=True, grant_max_jpy__isnull=True)
                | models.Q(
                    grant_min_jpy__isnull=False,
                    grant_max_jpy__isnull=False,
                    grant_min_jpy__lte=models.F("grant_max_jpy"),
                ),
                name="%(app_label)s_%(class)s_has_a_whole_grant_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name_ja or self.name_en


class ProgrammeRole(Sourced):
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="roles", verbose_name=_("programme"))
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    actor_en = models.CharField(_("body (English)"), max_length=200, blank=True)
    actor_ja = models.CharField(_("body (Japanese)"), max_length=200, blank=True)
    text_en = models.TextField(_("role (English)"), blank=True)
    text_ja = models.TextField(_("role (Japanese)"), blank=True)

    class Meta(Sourced.Meta):
        verbose_name = _("role in a programme")
        verbose_name_plural = _("roles in a programme")

    def __str__(self) -> str:
        return self.actor_ja or self.actor_en
