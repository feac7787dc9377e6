"""What the survey measures, and what readers of its source have to know."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from universities.models import NUMBERS, PLACES, Loaded, Sourced

from .round import Round
from .sensitivity import Sensitivity


class Unit(models.TextChoices):
    PERCENT = "percent", _("percent of the institutions")
    INSTITUTIONS = "institutions", pgettext_lazy("unit", "institutions")
    PERSONS = "persons", _("persons")
    CENTRES = "centres", _("overseas centres")
    INCREASE = "increase", _("percent more than before")


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def public(self) -> Self:
        """The indicators with a figure of a public release: the gate is the release's."""
        figures: Any = self.model._meta.get_field("figures").related_model
        return self.filter(models.Exists(figures.objects.public().filter(indicator=models.OuterRef("pk"))))

    def in_order(self) -> Self:
        return self.order_by("position", "code")


class Indicator(Sourced, Loaded):
    """`headline` holds placeholders such as `{pilot}` and `{other/mean/2008}`, filled with figures of a release.

    What says something of the printed source has another wording, `computed_…`, for figures computed from answers;
    where that is empty, the one wording holds for both.
    """

    code = models.SlugField(_("code"), max_length=20, unique=True, help_text=_("Part of its address."))
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    survey_item = models.PositiveSmallIntegerField(_("item of the survey"), null=True, blank=True, validators=NUMBERS)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    sensitivity = models.CharField(_("sensitivity"), max_length=1, choices=Sensitivity)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200, blank=True)
    headline_en = models.CharField(_("headline (English)"), max_length=300, blank=True)
    headline_ja = models.CharField(_("headline (Japanese)"), max_length=300, blank=True)
    definition_en = models.TextField(_("definition (English)"), blank=True)
    definition_ja = models.TextField(_("definition (Japanese)"), blank=True)
    base_en = models.CharField(_("base (English)"), max_length=300, blank=True)
    base_ja = models.CharField(_("base (Japanese)"), max_length=300, blank=True)
    formula_en = models.CharField(_("formula (English)"), max_length=300, blank=True)
    formula_ja = models.CharField(_("formula (Japanese)"), max_length=300, blank=True)
    computed_headline_en = models.CharField(_("headline of computed figures (English)"), max_length=300, blank=True)
    computed_headline_ja = models.CharField(_("headline of computed figures (Japanese)"), max_length=300, blank=True)
    computed_definition_en = models.TextField(_("definition of computed figures (English)"), blank=True)
    computed_definition_ja = models.TextField(_("definition of computed figures (Japanese)"), blank=True)
    computed_base_en = models.CharField(_("base of computed figures (English)"), max_length=300, blank=True)
    computed_base_ja = models.CharField(_("base of computed figures (Japanese)"), max_length=300, blank=True)
    computed_formula_en = models.CharField(_("formula of computed figures (English)"), max_length=300, blank=True)
    computed_formula_ja = models.CharField(_("formula of computed figures (Japanese)"), max_length=300, blank=True)
    themes = models.ManyToManyField(
        "practices.Theme", blank=True, related_name="indicators", verbose_name=_("themes it bears on")
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta(Sourced.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(unit__in=["percent", "institutions", "persons", "centres", "increase"]),
                name="%(app_label)s_%(class)s_has_a_known_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(sensitivity__in=["P", "A", "C"]),
                name="%(app_label)s_%(class)s_has_a_known_sensitivity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title_ja or self.title_en}"


class IndicatorItem(models.Model):
    """One of the things an indicator counts apart: an area of support, a kind of centre."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="items", verbose_name=_("indicator"))
    code = models.SlugField(_("code"), max_length=20)
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    label_en = models.CharField(_("label (English)"), max_length=200, blank=True)
    label_ja = models.CharField(_("label (Japanese)"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("item of an indicator")
        verbose_name_plural = _("items of an indicator")
        ordering: ClassVar[list[str]] = ["position", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["indicator", "code"], name="%(app_label)s_%(class)s_stands_once_in_its_indicator"
            ),
        ]

    def __str__(self) -> str:
        return self.label_ja or self.label_en


class Caveat(Sourced, Loaded):
    """Something in a round's source that contradicts itself or can be read in two ways, told to the reader."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="caveats", verbose_name=_("round"))
    number = models.PositiveSmallIntegerField(_("number"), validators=NUMBERS)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200, blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    text_ja = models.TextField(_("text (Japanese)"), blank=True)
    indicators = models.ManyToManyField(
        Indicator, blank=True, related_name="caveats", verbose_name=_("indicators it concerns")
    )

    class Meta(Sourced.Meta):
        verbose_name = _("point to know")
        verbose_name_plural = _("points to know")
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=["round", "number"], name="%(app_label)s_%(class)s_has_its_own_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title_ja or self.title_en}"
