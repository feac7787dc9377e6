"""The programme's reports with their chapters, and its meetings."""

from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from universities.models import MONTHS, NUMBERS, YEARS, Loaded, Sourced, between, plausible_years


class PublicationQuerySet(models.QuerySet["Publication"]):
    def in_time_order(self) -> Self:
        """The oldest first; those without a date last."""
        return self.order_by(models.F("year").asc(nulls_last=True), models.F("month").asc(nulls_last=True), "slug")

    def with_chapters(self) -> Self:
        """Loads the chapters and their themes, in order: two queries."""
        themes: Any = Chapter._meta.get_field("themes").related_model
        ordered = models.Prefetch("themes", themes.objects.order_by("number"))
        return self.prefetch_related(
            models.Prefetch("chapters", Chapter.objects.order_by("number").prefetch_related(ordered))
        )


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

    objects = PublicationQuerySet.as_manager()

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

    def get_absolute_url(self) -> str:
        return reverse("practices:publication-detail", args=[self.slug])


class Chapter(models.Model):
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="chapters", verbose_name=_("publication"))
    number = models.PositiveSmallIntegerField(_("number"), validators=NUMBERS)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=300, blank=True)
    themes = models.ManyToManyField(
        "practices.Theme", blank=True, related_name="chapters", verbose_name=_("themes it tells of")
    )

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


class EventQuerySet(models.QuerySet["Event"]):
    def in_time_order(self) -> Self:
        """The oldest first; within a year or month those without a month or day last."""
        return self.order_by(
            "year", models.F("month").asc(nulls_last=True), models.F("held_on").asc(nulls_last=True), "slug"
        )


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

    objects = EventQuerySet.as_manager()

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

    def get_absolute_url(self) -> str:
        """Its place on the page of all events."""
        return f"{reverse('practices:event-list')}#{self.slug}"
