"""Rounds of the survey, and the groups their figures are told for."""

from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from universities.models import PLACES, YEARS, Loaded, Sourced, plausible_years

from .questionnaire import Questionnaire


class RoundQuerySet(models.QuerySet["Round"]):
    def public(self) -> Self:
        """The rounds with a public release: the gate is the release's."""
        releases: Any = self.model._meta.get_field("releases").related_model
        return self.filter(models.Exists(releases.objects.public().filter(round=models.OuterRef("pk"))))

    def newest_first(self) -> Self:
        return self.order_by("-last_year", "code")


class Round(Sourced, Loaded):
    """One time the survey was taken. It compares two fiscal years."""

    class State(models.TextChoices):
        DRAFT = "draft", _("in preparation")
        OPEN = "open", _("open for answers")
        CLOSED = "closed", _("closed")
        PUBLISHED = "published", pgettext_lazy("round", "published")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200, blank=True)
    first_year = models.PositiveSmallIntegerField(_("first fiscal year compared"), validators=YEARS)
    last_year = models.PositiveSmallIntegerField(_("last fiscal year compared"), validators=YEARS)
    purpose_en = models.TextField(_("purpose (English)"), blank=True)
    purpose_ja = models.TextField(_("purpose (Japanese)"), blank=True)
    selection_en = models.TextField(_("how institutions were chosen (English)"), blank=True)
    selection_ja = models.TextField(_("how institutions were chosen (Japanese)"), blank=True)
    publication = models.ForeignKey(
        "practices.Publication", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("publication")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    is_synthetic = models.BooleanField(_("made up for tests"), default=False)
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, null=True, blank=True, related_name="rounds", verbose_name=_("questionnaire")
    )
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("deadline"), null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta(Sourced.Meta):
        verbose_name = _("round of the survey")
        verbose_name_plural = _("rounds of the survey")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            plausible_years("first_year", "last_year"),
            models.CheckConstraint(
                condition=models.Q(first_year__lte=models.F("last_year")),
                name="%(app_label)s_%(class)s_compares_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "open", "closed", "published"]),
                name="%(app_label)s_%(class)s_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open")
                | models.Q(questionnaire__isnull=False, opens_at__isnull=False, closes_at__isnull=False),
                name="%(app_label)s_%(class)s_open_has_a_questionnaire_and_a_deadline",
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(opens_at__lt=models.F("closes_at")),
                name="%(app_label)s_%(class)s_closes_after_it_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.title_ja or self.title_en or self.code

    def get_absolute_url(self) -> str:
        return reverse("survey:round-detail", args=[self.code])


class GroupScheme(Loaded):
    """One way to divide the institutions: not at all, by participation in the programme, by kind."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    title_en = models.CharField(_("title (English)"), max_length=100, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("division into groups")
        verbose_name_plural = _("divisions into groups")

    def __str__(self) -> str:
        return self.title_ja or self.title_en


class Group(Loaded):
    """Whom a figure tells of: `all`, `pilot`, `other`, `national` and so on; `unallocated` where the source lost it."""

    scheme = models.ForeignKey(GroupScheme, models.PROTECT, related_name="groups", verbose_name=_("division"))
    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=100, blank=True)
    name_ja = models.CharField(_("name (Japanese)"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering: ClassVar[list[str]] = ["position", "code"]

    def __str__(self) -> str:
        return self.name_ja or self.name_en
