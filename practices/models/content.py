"""What a case says. The desk and the published edition both inherit these columns: one line per new field."""

from pathlib import PurePosixPath
from typing import ClassVar
from uuid import uuid4

from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from universities.models import NUMBERS, YEARS, plausible_years


class PracticeContent(models.Model):
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200, blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    summary_ja = models.TextField(_("summary (Japanese)"), blank=True)
    context_en = models.TextField(_("context (English)"), blank=True)
    context_ja = models.TextField(_("context (Japanese)"), blank=True)
    enabling_en = models.TextField(_("what helped (English)"), blank=True)
    enabling_ja = models.TextField(_("what helped (Japanese)"), blank=True)
    hindering_en = models.TextField(_("what hindered (English)"), blank=True)
    hindering_ja = models.TextField(_("what hindered (Japanese)"), blank=True)
    lessons_en = models.TextField(_("lessons (English)"), blank=True)
    lessons_ja = models.TextField(_("lessons (Japanese)"), blank=True)
    needs_staff_en = models.TextField(_("staff it takes (English)"), blank=True)
    needs_staff_ja = models.TextField(_("staff it takes (Japanese)"), blank=True)
    needs_money_en = models.TextField(_("money it takes (English)"), blank=True)
    needs_money_ja = models.TextField(_("money it takes (Japanese)"), blank=True)
    needs_time_en = models.TextField(_("time it takes (English)"), blank=True)
    needs_time_ja = models.TextField(_("time it takes (Japanese)"), blank=True)
    transferability_en = models.TextField(_("transferability (English)"), blank=True)
    transferability_ja = models.TextField(_("transferability (Japanese)"), blank=True)
    note_en = models.TextField(_("note on the source (English)"), blank=True)
    note_ja = models.TextField(_("note on the source (Japanese)"), blank=True)
    first_fiscal_year = models.PositiveSmallIntegerField(
        _("first fiscal year of the case"), null=True, blank=True, validators=YEARS
    )
    last_fiscal_year = models.PositiveSmallIntegerField(
        _("last fiscal year of the case"), null=True, blank=True, validators=YEARS
    )
    locator = models.CharField(
        _("place in the source"), max_length=60, blank=True, help_text=_("Section and page, for example: III-6, p. 4")
    )
    confirmed_on = models.DateField(
        _("confirmed on"), null=True, blank=True, help_text=_("When the institution last confirmed the text.")
    )

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            plausible_years("first_fiscal_year", "last_fiscal_year"),
            models.CheckConstraint(
                condition=models.Q(last_fiscal_year__gte=models.F("first_fiscal_year"))
                | models.Q(last_fiscal_year__isnull=True)
                | models.Q(first_fiscal_year__isnull=True),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
            ),
        ]


class PartContent(models.Model):
    """An ordered part. `number` is given once per case and kind and never reused; `position` orders."""

    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0, db_index=True, validators=NUMBERS)

    class Meta:
        abstract = True


class TextContent(PartContent):
    text_en = models.TextField(_("text (English)"), blank=True)
    text_ja = models.TextField(_("text (Japanese)"), blank=True)

    class Meta:
        abstract = True


class LinkContent(PartContent):
    url = models.URLField(_("web address"), max_length=500)
    label_en = models.CharField(_("label (English)"), max_length=200, blank=True)
    label_ja = models.CharField(_("label (Japanese)"), max_length=200, blank=True)

    class Meta:
        abstract = True


def attachment_path(_attachment: models.Model, filename: str) -> str:
    """An unguessable path: a replaced file never overwrites the one an edition names."""
    return f"attachments/{uuid4().hex}{PurePosixPath(filename).suffix.lower()}"


class AttachmentContent(PartContent):
    file = models.FileField(
        _("file"),
        upload_to=attachment_path,
        validators=[FileExtensionValidator(["pdf", "docx", "xlsx", "pptx", "png", "jpg", "jpeg"])],
    )
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200, blank=True)

    class Meta:
        abstract = True
