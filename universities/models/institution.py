"""Universities and inter-university research institutes, with every name they are known by."""

from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .numbers import PLACES, YEARS, plausible_years
from .place import Prefecture, Region, region_of_prefecture
from .provenance import Loaded, Sourced


class InstitutionKind(models.TextChoices):
    NATIONAL = "national", _("National university")
    PUBLIC = "public", _("Public (prefectural or municipal) university")
    PRIVATE = "private", _("Private university")
    INTER_UNIVERSITY = "inter_university", _("Inter-university research institute")


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def pilots(self) -> Self:
        return self.filter(models.Exists(self._pilot_participations()))

    def with_is_pilot(self) -> Self:
        """Adds `is_pilot`: whether any programme had the institution as a pilot."""
        return self.annotate(is_pilot=models.Exists(self._pilot_participations()))

    def with_headquarters(self) -> Self:
        return self.prefetch_related("participations__headquarters", "participations__programme")

    def in_source_order(self) -> Self:
        return self.order_by("position", "slug")

    def in_reading_order(self, language: str) -> Self:
        """Sorted as a Japanese list (by reading) or an English one (by name)."""
        return self.order_by("name_kana" if language == "ja" else Lower("name_en"), "slug")

    def _pilot_participations(self) -> models.QuerySet[models.Model]:
        role = Institution._meta.get_field("participations").related_model
        return role._default_manager.filter(institution=models.OuterRef("pk"), role="pilot")


class Institution(Sourced, Loaded):
    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=1000,
        validators=PLACES,
        help_text=_("Order in the source; institutions it does not list come after."),
    )
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_ja = models.CharField(_("name (Japanese)"), max_length=200, blank=True)
    name_kana = models.CharField(_("reading in hiragana"), max_length=200, blank=True)
    kind = models.CharField(_("kind of institution"), max_length=16, choices=InstitutionKind)
    prefecture = models.CharField(_("prefecture"), max_length=2, choices=Prefecture)
    region = models.GeneratedField(
        expression=region_of_prefecture(),
        output_field=models.CharField(_("region"), max_length=8, choices=Region),
        db_persist=True,
    )
    ror = models.CharField(
        _("ROR id"),
        max_length=9,
        blank=True,
        validators=[RegexValidator(r"^0[0-9a-hjkmnp-tv-z]{6}[0-9]{2}$", _("Nine characters, for example 02kpeqv85."))],
    )
    website = models.URLField(_("website"), blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta(Sourced.Meta):
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind__in=InstitutionKind.values), name="%(app_label)s_%(class)s_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(prefecture__in=Prefecture.values),
                name="%(app_label)s_%(class)s_lies_in_a_prefecture",
            ),
            models.CheckConstraint(
                condition=~models.Q(name_en="") | ~models.Q(name_ja=""), name="%(app_label)s_%(class)s_has_a_name"
            ),
            models.UniqueConstraint(
                fields=["ror"], condition=~models.Q(ror=""), name="%(app_label)s_%(class)s_has_its_own_ror"
            ),
        ]

    def __str__(self) -> str:
        return self.name_ja or self.name_en

    def get_absolute_url(self) -> str:
        return reverse("universities:institution-detail", args=[self.slug])

    def get_region_display(self) -> str:
        """The region's label: Django gives generated columns no such method of their own."""
        return str(Region(self.region).label)


class InstitutionAlias(models.Model):
    """A short name, matched whole in search: 京大 means Kyoto, and never the 京大 inside 東京大学."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="aliases", verbose_name=_("institution"))
    label = models.CharField(_("short name"), max_length=60)

    class Meta:
        verbose_name = _("short name")
        verbose_name_plural = _("short names")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("label"), name="%(app_label)s_%(class)s_means_one_institution"),
            models.CheckConstraint(condition=~models.Q(label=""), name="%(app_label)s_%(class)s_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.label


class InstitutionName(Sourced):
    """A former or later name, with the years it held."""

    class Relation(models.TextChoices):
        FORMER = "former", _("former name")
        LATER = "later", _("later name")

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="other_names", verbose_name=_("institution")
    )
    relation = models.CharField(_("former or later"), max_length=6, choices=Relation)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_ja = models.CharField(_("name (Japanese)"), max_length=200, blank=True)
    from_year = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True, validators=YEARS)
    to_year = models.PositiveSmallIntegerField(_("to year"), null=True, blank=True, validators=YEARS)

    class Meta(Sourced.Meta):
        verbose_name = _("former or later name")
        verbose_name_plural = _("former and later names")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            plausible_years("from_year", "to_year"),
            models.CheckConstraint(
                condition=models.Q(to_year__gte=models.F("from_year"))
                | models.Q(to_year__isnull=True)
                | models.Q(from_year__isnull=True),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name_ja or self.name_en
