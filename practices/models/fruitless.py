"""Searches that found no case: what was asked, how often and on which days, and nothing about who asked."""

from datetime import date, timedelta
from typing import ClassVar, Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .concept import ConceptLabel

LONGEST_KEPT: Final = 60
KEPT_FOR: Final = timedelta(days=90)
# What one person typed once may be a slip that holds a name: nobody reads it before it was asked again.
SHOWN_FROM: Final = 2


class FruitlessQueryQuerySet(models.QuerySet["FruitlessQuery"]):
    def shown(self, today: date) -> Self:
        """Those that were asked more than once and not too long ago, the most asked first."""
        rows = self.filter(asked__gte=SHOWN_FROM, last_asked_on__gte=today - KEPT_FOR)
        return rows.order_by("-asked", "-last_asked_on", "text")

    def outdated(self, today: date) -> Self:
        return self.filter(last_asked_on__lt=today - KEPT_FOR)


class FruitlessQuery(models.Model):
    """Written by `practices.fruitless`, read at the desk."""

    text = models.CharField(_("search words"), max_length=LONGEST_KEPT)
    language = models.CharField(_("language of the page"), max_length=2, choices=ConceptLabel.Language)
    asked = models.PositiveIntegerField(_("times asked"), default=1, editable=False)
    first_asked_on = models.DateField(_("first asked on"))
    last_asked_on = models.DateField(_("last asked on"))

    objects = FruitlessQueryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search without a result")
        verbose_name_plural = _("searches without a result")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-asked", "-last_asked_on"], name="practices_fruitless_most_asked")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["text", "language"], name="%(app_label)s_%(class)s_stands_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="%(app_label)s_%(class)s_is_not_empty"),
            models.CheckConstraint(
                condition=models.Q(last_asked_on__gte=models.F("first_asked_on")),
                name="%(app_label)s_%(class)s_days_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.text
