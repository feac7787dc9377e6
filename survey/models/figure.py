"""Releases of a round and their figures: written as a whole, published, superseded, never edited."""

from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from universities.models import NUMBERS, PLACES

from .indicator import Indicator
from .invitation import Grouped, Invitation
from .round import Group, Round
from .sensitivity import Sensitivity


class Measure(models.TextChoices):
    """What of an indicator a figure tells. The unit is the indicator's, except where it is said here."""

    ASKED = "asked", _("institutions asked")
    ANSWERED = "answered", _("institutions that answered")
    RATE = "rate", _("response rate (%)")
    USABLE = "usable", _("institutions with usable answers (N)")
    COUNTED = "counted", _("institutions counted (N)")
    SHARE = "share", _("share (%)")
    TOTAL = "total", _("total number")
    EDUCATORS = "educators", _("educators and researchers")
    ADMIN_STAFF = "admin_staff", _("administrative staff")
    MEAN = "mean", _("average per institution")
    MINIMUM = "minimum", _("smallest number")
    MAXIMUM = "maximum", _("largest number")
    MEDIAN = "median", _("median")
    QUARTILE_1 = "quartile_1", _("first quartile")
    QUARTILE_3 = "quartile_3", _("third quartile")
    DECILE_1 = "decile_1", _("first decile")
    DECILE_9 = "decile_9", _("ninth decile")
    RATIO = "ratio", _("ratio to the first year")
    INCREASE = "increase", _("increase (%)")
    ADDED = "added", _("added per institution")
    BAR = "bar", _("number on a bar")


class Origin(models.TextChoices):
    PRINTED = "printed", _("printed in the source")
    COMPUTED = "computed", _("computed from answers")


class Confidentiality(models.TextChoices):
    FREE = "F", _("free")
    CONFIDENTIAL = "C", _("withheld")


class Verdict(models.TextChoices):
    CONFIRMED = "confirmed", _("arithmetic confirmed")
    COMPATIBLE = "compatible", _("compatible")
    INCONSISTENT = "inconsistent", _("inconsistent in the source")
    NOT_RECOVERABLE = "not_recoverable", _("not recoverable")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def public(self) -> Self:
        """What the world may read of the survey: the one gate of its figures."""
        return self.filter(published_at__isnull=False, superseded_at__isnull=True, round__is_synthetic=False)

    def with_counts(self) -> Self:
        """How many figures there are (`figure_count`), and how many of them are withheld (`withheld_count`)."""
        withheld = models.Q(figures__confidentiality=Confidentiality.CONFIDENTIAL)
        counted = models.Count("figures")
        return self.annotate(figure_count=counted, withheld_count=models.Count("figures", filter=withheld))


class Release(models.Model):
    """Figures that are published, superseded and never edited, all of them at once.

    `computed_at` is when they were made from answers, NULL for printed ones, `basis` the hash of the accepted
    submissions that they were made from. `plan` is what disclosure control asks for: see `survey.releasing`.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="releases", verbose_name=_("round"))
    number = models.PositiveSmallIntegerField(_("number"), validators=NUMBERS)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)
    computed_at = models.DateTimeField(_("computed at"), null=True, blank=True)
    basis = models.CharField(_("hash of the answers"), max_length=64, blank=True)
    plan = models.JSONField(_("disclosure control"), default=dict, blank=True)
    loaded_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release of figures")
        verbose_name_plural = _("releases of figures")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "number"], name="%(app_label)s_%(class)s_has_its_own_number"),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(published_at__isnull=False, superseded_at__isnull=True),
                name="%(app_label)s_%(class)s_is_the_only_current_one",
            ),
            models.CheckConstraint(
                condition=models.Q(superseded_at__isnull=True)
                | models.Q(published_at__isnull=False, superseded_at__gte=models.F("published_at")),
                name="%(app_label)s_%(class)s_is_superseded_after_it_was_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.code} {self.number}"


class Membership(Grouped):
    """To which groups an institution belonged when a release was computed: its invitation may say otherwise later."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="memberships", verbose_name=_("release"))
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="+", verbose_name=_("invitation"))

    class Meta(Grouped.Meta):
        verbose_name = _("membership of groups")
        verbose_name_plural = _("memberships of groups")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Grouped.Meta.constraints,
            models.UniqueConstraint(
                fields=["release", "invitation"], name="%(app_label)s_%(class)s_is_the_only_one_of_its_institution"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.invitation_id}"


class FigureQuerySet(models.QuerySet["Figure"]):
    def public(self) -> Self:
        """The figures of public releases, but for those of internal indicators."""
        of_public_releases = self.filter(release__in=Release.objects.public())
        return of_public_releases.exclude(indicator__sensitivity=Sensitivity.INTERNAL)

    def with_labels(self) -> Self:
        """Joins what a page or a file says of a figure beside its numbers, without what disclosure control planned."""
        return self.select_related("release__round", "indicator", "group__scheme").defer("release__plan")

    def one_of_each_indicator(self) -> Self:
        """One figure of each indicator in each release: enough to name the rounds that tell of an indicator."""
        first = self.model._default_manager.order_by().values("release", "indicator").annotate(first=models.Min("pk"))
        return self.filter(pk__in=first.values("first"))

    def in_order(self) -> Self:
        return self.order_by("release__round__code", "indicator__position", "indicator__code", "position")


class Figure(models.Model):
    """`value` is NULL where the source states something without a number, and where a number is withheld.

    `numerator` and `denominator` stay NULL where they are not printed; `n_base` is how many institutions the figure
    is about, `n_valid` how many of them it is made from. `period`: a fiscal year, "2005-2008", or "" for the round's.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="figures", verbose_name=_("release"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="figures", verbose_name=_("indicator"))
    group = models.ForeignKey(Group, models.PROTECT, related_name="+", verbose_name=_("group"))
    period = models.CharField(_("period"), max_length=9, blank=True)
    measure = models.CharField(_("measure"), max_length=12, choices=Measure)
    item = models.SlugField(_("item"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    numerator = models.BigIntegerField(_("numerator"), null=True, blank=True)
    denominator = models.BigIntegerField(_("denominator"), null=True, blank=True)
    n_base = models.PositiveIntegerField(_("institutions it is about"), null=True, blank=True)
    n_valid = models.PositiveIntegerField(_("institutions with usable answers"), null=True, blank=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin)
    confidentiality = models.CharField(
        _("confidentiality"), max_length=1, choices=Confidentiality, default=Confidentiality.FREE
    )
    verdict = models.CharField(_("verdict"), max_length=15, choices=Verdict, blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)
    note_ja = models.TextField(_("note (Japanese)"), blank=True)
    locator = models.CharField(_("place in the source"), max_length=60, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["release", "indicator", "group", "period", "measure", "item"],
                name="%(app_label)s_%(class)s_stands_once_in_its_release",
            ),
            models.CheckConstraint(
                condition=models.Q(origin="printed") & ~models.Q(locator="") | models.Q(origin="computed"),
                name="%(app_label)s_%(class)s_printed_names_its_place",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["", "confirmed", "compatible", "inconsistent", "not_recoverable"]),
                name="%(app_label)s_%(class)s_has_a_known_verdict",
            ),
            models.CheckConstraint(
                condition=models.Q(confidentiality="F")
                | models.Q(confidentiality="C", value__isnull=True, numerator__isnull=True),
                name="%(app_label)s_%(class)s_withheld_has_no_value",
            ),
            models.CheckConstraint(
                condition=models.Q(numerator__isnull=True) | models.Q(denominator__isnull=False),
                name="%(app_label)s_%(class)s_numerator_has_a_denominator",
            ),
            models.CheckConstraint(
                condition=models.Q(n_base__isnull=True)
                | models.Q(n_valid__isnull=True)
                | models.Q(n_valid__lte=models.F("n_base")),
                name="%(app_label)s_%(class)s_has_no_more_answers_than_institutions",
            ),
        ]

    def __str__(self) -> str:
        return "/".join(filter(None, [self.indicator.code, self.group.code, self.measure, self.period, self.item]))

    def get_absolute_url(self) -> str:
        """Its row on the page of its indicator."""
        page = reverse("survey:indicator-detail", args=[self.release.round.code, self.indicator.code])
        return f"{page}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return "-".join(filter(None, [self.group.code, self.measure, self.period, self.item]))

    @property
    def public_id(self) -> str:
        """`sih-fy2008:t4:pilot:mean:2005`, `sih-fy2008:q4:pilot:share::funding`: the same in every release."""
        told = (self.indicator.code, self.group.code, self.measure, self.period, self.item)
        return ":".join([self.release.round.code, *told]).rstrip(":")

    @property
    def printed(self) -> Decimal | None:
        """The value with the decimals it is told with."""
        return None if self.value is None else self.value.quantize(Decimal(1).scaleb(-self.decimals))
