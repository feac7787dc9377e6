"""The world: what was published. Every public surface reads these rows, through `Edition.objects.public()`."""

from datetime import datetime
from typing import ClassVar, Final, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from universities.models import Headquarters, Institution

from .concept import Concept
from .content import AttachmentContent, LinkContent, PartContent, PracticeContent, TextContent
from .publication import Publication
from .theme import Theme


class EditionQuerySet(models.QuerySet["Edition"]):
    def public(self) -> Self:
        """The one gate: the editions the world sees now."""
        return self.filter(retired_at__isnull=True)

    def as_of(self, moment: datetime) -> Self:
        """The editions the world saw at `moment`."""
        return self.filter(published_at__lte=moment).exclude(retired_at__lte=moment)

    def of_public_cases(self) -> Self:
        """Every edition, retired ones too, of the cases that have a current one: what addresses of versions show."""
        current = self.model._default_manager.filter(draft=models.OuterRef("draft"), retired_at__isnull=True)
        return self.filter(models.Exists(current))

    def of_public_version(self, version: int) -> Self:
        return self.of_public_cases().filter(version=version)

    def archived(self) -> Self:
        """The last edition of each slug that has editions and no current one. Only its slug and moment are public."""
        newer = self.model._default_manager.filter(
            draft=models.OuterRef("draft"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(newer), retired_at__isnull=False)

    def with_parts(self) -> Self:
        """Loads everything a card, a page or an API object shows: a constant number of queries."""
        return self.select_related(
            "institution", "headquarters", "theme", "theme__recommendation", "publication"
        ).prefetch_related(
            models.Prefetch("themes", Theme.objects.order_by("number")),
            models.Prefetch("concepts", Concept.objects.order_by("slug")),
            *(
                models.Prefetch(name, model._default_manager.order_by("position", "number"))
                for name, model in EDITION_PARTS.items()
            ),
        )

    def with_first_published_at(self) -> Self:
        """Adds `first_published_at`: when version 1 of the case appeared."""
        first = self.model._default_manager.filter(draft=models.OuterRef("draft"), version=1)
        return self.annotate(first_published_at=models.Subquery(first.values("published_at")[:1]))

    def of_theme(self, theme: Theme) -> Self:
        """Editions with `theme` as primary or further theme."""
        further = self.model.themes.through._default_manager.filter(theme=theme)
        return self.filter(models.Q(theme=theme) | models.Q(pk__in=further.values("edition")))

    def in_theme_order(self) -> Self:
        return self.order_by("theme__number", "slug")


class Edition(PracticeContent):
    """One publication of a case. Immutable but for `retired_at`; kept for ever."""

    draft = models.ForeignKey(
        "practices.GoodPractice", models.PROTECT, related_name="editions", verbose_name=_("practice")
    )
    slug = models.SlugField(_("slug"), max_length=100, db_index=True)
    version = models.PositiveIntegerField(_("version"), editable=False)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="editions", verbose_name=_("institution"))
    headquarters = models.ForeignKey(
        Headquarters, models.PROTECT, null=True, blank=True, related_name="editions", verbose_name=_("headquarters")
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="editions", verbose_name=_("primary theme"))
    themes = models.ManyToManyField(
        Theme, blank=True, related_name="editions_of_further_theme", verbose_name=_("further themes")
    )
    concepts = models.ManyToManyField(Concept, blank=True, related_name="editions", verbose_name=_("concepts"))
    publication = models.ForeignKey(
        Publication,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="editions",
        verbose_name=_("source publication"),
    )

    objects = EditionQuerySet.as_manager()

    class Meta(PracticeContent.Meta):
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *PracticeContent.Meta.constraints,
            models.UniqueConstraint(fields=["draft", "version"], name="%(app_label)s_%(class)s_version_happens_once"),
            models.UniqueConstraint(
                fields=["draft"],
                condition=models.Q(retired_at__isnull=True),
                name="%(app_label)s_%(class)s_is_current_once",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=models.Q(retired_at__isnull=True),
                name="%(app_label)s_%(class)s_has_its_own_address",
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=True) | models.Q(retired_at__gte=models.F("published_at")),
                name="%(app_label)s_%(class)s_retires_after_it_appears",
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="%(app_label)s_%(class)s_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("practices:practice-detail", args=[self.slug])


class EditionAction(TextContent):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="actions", verbose_name=_("edition"))

    class Meta:
        verbose_name = _("published action")
        verbose_name_plural = _("published actions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "number"], name="%(app_label)s_%(class)s_has_its_own_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class EditionEffect(TextContent):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="effects", verbose_name=_("edition"))

    class Meta:
        verbose_name = _("published effect")
        verbose_name_plural = _("published effects")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "number"], name="%(app_label)s_%(class)s_has_its_own_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class EditionLink(LinkContent):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="links", verbose_name=_("edition"))

    class Meta:
        verbose_name = _("published link")
        verbose_name_plural = _("published links")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "number"], name="%(app_label)s_%(class)s_has_its_own_number")
        ]

    def __str__(self) -> str:
        return self.url


class EditionAttachment(AttachmentContent):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="attachments", verbose_name=_("edition"))

    class Meta:
        verbose_name = _("published attachment")
        verbose_name_plural = _("published attachments")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "number"], name="%(app_label)s_%(class)s_has_its_own_number")
        ]

    def __str__(self) -> str:
        return self.title_ja or self.title_en


# Reverse name on an edition -> the model of its parts: the same names as on the desk.
EDITION_PARTS: dict[str, type[PartContent]] = {
    "actions": EditionAction,
    "effects": EditionEffect,
    "links": EditionLink,
    "attachments": EditionAttachment,
}
# The same names -> how readers and the office call one of these parts.
PART_LABELS: Final = {
    "actions": _("Action %(number)s"),
    "effects": _("Effect %(number)s"),
    "links": _("Link %(number)s"),
    "attachments": _("File %(number)s"),
}
