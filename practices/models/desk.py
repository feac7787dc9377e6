"""The desk: what curators edit. No public module imports this file, and no public query reads its tables."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sih_portal.language import other_language
from universities.models import Headquarters, Institution, Loaded

from .concept import Concept, ConceptLabel
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


# In these curators and translators edit a case.
OPEN = (PracticeStatus.DRAFT, PracticeStatus.CHANGES_REQUESTED)


def texts_of(model: type[models.Model]) -> list[str]:
    """The names of the texts of `model`, without their language, in the order of the columns."""
    return [field.name[:-3] for field in model._meta.concrete_fields if field.name.endswith("_en")]


def _only_in_other(stem: str, language: str) -> models.Q:
    return models.Q(**{f"{stem}_{language}": ""}) & ~models.Q(**{f"{stem}_{other_language(language)}": ""})


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

    def open_for_editing(self) -> Self:
        """Drafts, and what was sent back to the curators."""
        return self.filter(status__in=OPEN)

    def shown(self) -> Self:
        """Cases of which the world sees an edition now, whatever the desk holds."""
        editions: Any = self.model._meta.get_field("editions").related_model
        return self.filter(models.Exists(editions.objects.public().filter(draft=models.OuterRef("pk"))))

    def needing_care(self) -> Self:
        """Without what is archived: it needs none until it is reopened."""
        return self.exclude(status=PracticeStatus.ARCHIVED)

    def lacking(self, language: str) -> Self:
        """Cases to care for with a text, parts included, that stands in the other language only."""
        conditions = [_only_in_other(stem, language) for stem in texts_of(self.model)]
        for model in PARTS.values():
            missing = reduce(or_, [_only_in_other(stem, language) for stem in texts_of(model)])
            parts: Any = model._default_manager
            rows = parts.filter(missing, practice=models.OuterRef("pk"))
            conditions.append(models.Q(models.Exists(rows)))
        return self.needing_care().filter(reduce(or_, conditions))

    def drifted(self, language: str) -> Self:
        """Cases to care for with a translation into `language` whose source has changed since."""
        rows = TextPair.objects.filter(practice=models.OuterRef("pk"), drifted=language)
        return self.needing_care().filter(models.Exists(rows))

    def past_review(self, day: date) -> Self:
        """Cases to care for that should have been reviewed before `day`."""
        return self.needing_care().filter(review_by__lt=day)

    def never_confirmed(self) -> Self:
        """Cases the world sees whose text no institution has confirmed."""
        return self.shown().filter(confirmed_on__isnull=True)

    def with_last_step(self) -> Self:
        """Adds `moved_at`, the moment of the last step, and `last_note`, what was written with it."""
        steps = Transition.objects.filter(practice=models.OuterRef("pk")).order_by("-at", "-pk")
        return self.annotate(
            moved_at=models.Subquery(steps.values("at")[:1]), last_note=models.Subquery(steps.values("note")[:1])
        )


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


class TextPair(models.Model):
    """The two languages of one text as they were when they last said the same: what a translation was made from.

    A text that differs from its side of the pair changed since, and the other language has drifted.
    """

    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="text_pairs", verbose_name=_("practice"))
    # The stem of the columns ("summary"), behind kind and number for parts ("actions-2-text").
    place = models.CharField(_("place"), max_length=60)
    text_en = models.TextField(_("text (English)"), blank=True)
    text_ja = models.TextField(_("text (Japanese)"), blank=True)
    # What `practices.translations` finds by comparing, kept so that lists can count it: the language to be checked.
    drifted = models.CharField(_("drifted language"), max_length=2, choices=ConceptLabel.Language, blank=True)

    class Meta:
        verbose_name = _("text pair")
        verbose_name_plural = _("text pairs")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["practice", "place"], name="%(app_label)s_%(class)s_stands_once"),
            models.CheckConstraint(
                condition=models.Q(drifted__in=["", *ConceptLabel.Language.values]),
                name="%(app_label)s_%(class)s_drifts_in_a_known_language",
            ),
        ]

    def __str__(self) -> str:
        return self.place


class SavedFilter(models.Model):
    """A filter of the list of cases, kept under a name by the person who uses it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("query"), max_length=1000)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "name"], name="%(app_label)s_%(class)s_name_stands_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="%(app_label)s_%(class)s_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
