"""The programme's reports with their chapters, and its meetings."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from universities.models import MONTHS, NUMBERS, YEARS, Loaded, Sourced, between, plausible_years


class Publication(Sourced, Loaded):
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=300, blank=True)
    publisher_en = models.CharField(_("publisher (English)"), max_length=200, blank=True)
    publisher_ja = models.CharField(_("publisher (Japanese)"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, validators=YEARS)
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True, validators=MONTHS)
    url = models.URLField(_("web address"), blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)
    note_ja = models.TextField(_("note (Japanese)"), blank=True)

    class Meta(Sourced.Meta):
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            plausible_years("year"),
            models.CheckConstraint(
                condition=models.Q(month__isnull=True) | models.Q(year__isnull=False, month__gte=1, month__lte=12),
                name="%(app_label)s_%(class)s_has_a_month_of_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.title_ja or self.title_en


class Chapter(models.Model):
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="chapters", verbose_name=_("publication"))
    number = models.PositiveSmallIntegerField(_("number"), validators=NUMBERS)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["publication", "number"], name="%(app_label)s_%(class)s_has_its_own_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title_ja or self.title_en}"


class Event(Sourced, Loaded):
    class Kind(models.TextChoices):
        SYMPOSIUM = "symposium", _("symposium")
        SEMINAR = "seminar", _("seminar")
        COUNCIL = "council", _("council meeting")

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    kind = models.CharField(_("kind of event"), max_length=9, choices=Kind)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=300, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), validators=YEARS)
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True, validators=MONTHS)
    attendance = models.PositiveIntegerField(
        _("people attending"), null=True, blank=True, validators=between(0, 1_000_000)
    )
    place_en = models.CharField(_("place (English)"), max_length=200, blank=True)
    place_ja = models.CharField(_("place (Japanese)"), max_length=200, blank=True)
    url = models.URLField(_("web address"), blank=True)

    class Meta(Sourced.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            plausible_years("year"),
            models.CheckConstraint(
                condition=models.Q(month__range=(1, 12)), name="%(app_label)s_%(class)s_has_a_month_of_the_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_ja or self.title_en or self.get_kind_display()} {self.year}"
