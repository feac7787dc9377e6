"""Where a record comes from: the printed summary, or another named public record; and what the loader last wrote."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Provenance(models.TextChoices):
    SUMMARY = "summary", _("Final report (summary)")
    REFERENCE = "reference", _("Other public record")


class Loaded(models.Model):
    """Adds the hash by which the loader knows whether staff edited a record since it was loaded."""

    loaded_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Sourced(models.Model):
    """Adds the source of a record."""

    provenance = models.CharField(_("source"), max_length=9, choices=Provenance)
    locator = models.CharField(
        _("place in the summary"), max_length=60, blank=True, help_text=_("Section and page, for example: III-6, p. 4")
    )
    reference_en = models.TextField(
        _("other public record (English)"),
        blank=True,
        help_text=_("The public record that facts beyond the summary come from."),
    )
    reference_ja = models.TextField(
        _("other public record (Japanese)"),
        blank=True,
        help_text=_("The public record that facts beyond the summary come from."),
    )

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(models.Q(provenance="summary") & ~models.Q(locator=""))
                | (models.Q(provenance="reference") & (~models.Q(reference_en="") | ~models.Q(reference_ja=""))),
                name="%(app_label)s_%(class)s_names_its_source",
            )
        ]
