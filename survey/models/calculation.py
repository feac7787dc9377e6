"""How the figures of an indicator come from answers: as data, so that a new indicator needs no program."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from universities.models import PLACES

from .figure import Measure
from .indicator import Indicator


class MissingPolicy(models.TextChoices):
    """Whose numbers a sum counts: each year those who said something, or only those who said all of both years."""

    AVAILABLE = "available", _("each year, whoever answered")
    COMPLETE = "complete", _("only complete answers of both years")


class Calculation(models.Model):
    """One measure of an indicator, of one of its items where it counts them apart.

    A share tells of how many institutions of the base the condition holds. Sums add up `parts`; an institution is
    usable by what it said in `rows`, so that parts and whole tell of the same institutions. Rows are the codes of
    cells without their year: `Q4.edu` for `Q4.edu.2005` and `Q4.edu.2008`. The policies may differ only in rounds
    that are made up for tests: all others count complete answers alone.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="calculations", verbose_name=_("indicator"))
    measure = models.CharField(_("measure"), max_length=12, choices=Measure)
    item = models.SlugField(_("item"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, validators=PLACES)
    base = models.CharField(_("base: whom it is about"), max_length=300, blank=True)
    condition = models.CharField(_("condition"), max_length=300, blank=True)
    rows = models.CharField(_("rows that have to be answered"), max_length=300, blank=True)
    parts = models.CharField(_("rows that are added up"), max_length=300, blank=True)
    policy_all = models.CharField(
        _("missing answers, all institutions"), max_length=9, choices=MissingPolicy, default=MissingPolicy.COMPLETE
    )
    policy_groups = models.CharField(
        _("missing answers, groups"), max_length=9, choices=MissingPolicy, default=MissingPolicy.COMPLETE
    )
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)

    class Meta:
        verbose_name = _("calculation")
        verbose_name_plural = _("calculations")
        ordering: ClassVar[list[str]] = ["position", "measure", "item"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["indicator", "measure", "item"], name="%(app_label)s_%(class)s_is_the_only_one_of_its_measure"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    policy_all__in=["available", "complete"], policy_groups__in=["available", "complete"]
                ),
                name="%(app_label)s_%(class)s_has_known_policies",
            ),
        ]

    def __str__(self) -> str:
        return "/".join(filter(None, [self.indicator.code, self.measure, self.item]))
