"""The desk: what curators edit. No public module imports this file, and no public query reads its tables."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from universities.models import Headquarters, Institution, Loaded

from .concept import Concept
from .content import AttachmentContent, LinkContent, PartContent, PracticeContent, TextContent
from .publication import Publication
from .theme import Theme

RESERVED_SLUGS = ("feed", "compare")


NUMBERED_ONCE = models.UniqueConstraint(
    fields=["practice", "number"], name="%(app_label)s_%(class)s_has_its_own_number"
)


class PracticeStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


class GoodPracticeQuerySet(models.QuerySet["GoodPractice"]):
    def with_parts(self) -> Self:
        return self.prefetch_related(
            *(
                models.Prefetch(name, model._default_manager.order_by("position", "number"))
                for name, model in PARTS.items()
            )
        )

    def with_labels(self) -> Self:
        return self.select_related("institution", "headquarters", "theme", "publication", "owner")


class GoodPractice(PracticeContent, Loaded):
    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_(
            "The institution's slug and three to five English words. It can't change once the case has been published."
        ),
    )
    status = models.CharField(
        _("status"), max_length=17, choices=PracticeStatus, default=PracticeStatus.DRAFT, editable=False
    )
    edits = models.PositiveIntegerField(default=0, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name=_("institution"))
    headquarters = models.ForeignKey(
        Headquarters, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("headquarters")
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("primary theme"))
    themes = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name=_("further themes"))
    concepts = models.ManyToManyField(Concept, blank=True, related_name="+", verbose_name=_("concepts"))
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source publication")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    review_by = models.DateField(_("review by"), null=True, blank=True)

    objects = GoodPracticeQuerySet.as_manager()

    class Meta(PracticeContent.Meta):
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *PracticeContent.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(status__in=PracticeStatus.values), name="%(app_label)s_%(class)s_has_a_known_status"
            ),
            models.CheckConstraint(
                condition=~models.Q(slug__in=RESERVED_SLUGS), name="%(app_label)s_%(class)s_slug_is_not_reserved"
            ),
            models.CheckConstraint(
                condition=~models.Q(title_en="") | ~models.Q(title_ja=""), name="%(app_label)s_%(class)s_has_a_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title_ja or self.title_en

    def next_number(self, kind: str) -> int:
        """The number a new part of `kind` (a key of `PARTS`) gets: one above every number ever published or kept.

        Two queries.
        """
        desk = getattr(self, kind).aggregate(highest=models.Max("number"))["highest"]
        world = self.editions.aggregate(highest=models.Max(f"{kind}__number"))["highest"]
        return max(desk or 0, world or 0) + 1


class Action(TextContent):
    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="actions", verbose_name=_("practice"))

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints: ClassVar[list[models.BaseConstraint]] = [NUMBERED_ONCE]

    def __str__(self) -> str:
        return f"{self.number}"


class Effect(TextContent):
    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="effects", verbose_name=_("practice"))

    class Meta:
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        constraints: ClassVar[list[models.BaseConstraint]] = [NUMBERED_ONCE]

    def __str__(self) -> str:
        return f"{self.number}"


class Link(LinkContent):
    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="links", verbose_name=_("practice"))

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints: ClassVar[list[models.BaseConstraint]] = [NUMBERED_ONCE]

    def __str__(self) -> str:
        return self.url


class Attachment(AttachmentContent):
    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="attachments", verbose_name=_("practice"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints: ClassVar[list[models.BaseConstraint]] = [NUMBERED_ONCE]

    def __str__(self) -> str:
        return self.title_ja or self.title_en


# Reverse name on a case -> the model of its parts. The edition has a model of the same name behind each.
PARTS: dict[str, type[PartContent]] = {
    "actions": Action,
    "effects": Effect,
    "links": Link,
    "attachments": Attachment,
}


class Transition(models.Model):
    """The log: one row for every step a case took."""

    practice = models.ForeignKey(GoodPractice, models.PROTECT, related_name="transitions", verbose_name=_("practice"))
    step = models.CharField(_("step"), max_length=20)
    source = models.CharField(_("status before"), max_length=17, choices=PracticeStatus)
    target = models.CharField(_("status after"), max_length=17, choices=PracticeStatus)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")

    def __str__(self) -> str:
        return f"{self.step} {self.at:%Y-%m-%d %H:%M}"
