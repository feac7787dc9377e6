"""The thesaurus (after SKOS): preferred, alternative and related labels in both languages."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from universities.models import Loaded


class ConceptQuerySet(models.QuerySet["Concept"]):
    def in_use(self) -> Self:
        """Concepts of at least one public case: a concept made for a draft stays unseen."""
        return self.filter(
            models.Exists(
                self.model.editions.through.objects.filter(
                    concept_id=models.OuterRef("pk"), edition__retired_at__isnull=True
                )
            )
        )

    def with_labels(self) -> Self:
        return self.prefetch_related(models.Prefetch("labels", ConceptLabel.objects.order_by("pk")))

    def with_practice_count(self) -> Self:
        """Adds `practice_count`: how many public cases carry the concept."""
        return self.annotate(
            practice_count=models.Count("editions", filter=models.Q(editions__retired_at__isnull=True), distinct=True)
        )


class Concept(Loaded):
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    pref_label_en = models.CharField(_("preferred label (English)"), max_length=100, blank=True)
    pref_label_ja = models.CharField(_("preferred label (Japanese)"), max_length=100, blank=True)
    broader = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="narrower", verbose_name=_("broader concept")
    )
    related = models.ManyToManyField("self", blank=True, verbose_name=_("related concepts"))
    reference_en = models.TextField(_("source of the labels (English)"), blank=True)
    reference_ja = models.TextField(_("source of the labels (Japanese)"), blank=True)

    objects = ConceptQuerySet.as_manager()

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(pref_label_en="") | ~models.Q(pref_label_ja=""),
                name="%(app_label)s_%(class)s_has_a_label",
            ),
            models.CheckConstraint(
                condition=models.Q(broader__isnull=True) | ~models.Q(broader=models.F("id")),
                name="%(app_label)s_%(class)s_is_not_broader_than_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.pref_label_ja or self.pref_label_en


class ConceptLabel(models.Model):
    """A further label. Only alternative labels widen a search; related ones (URA, JICA) are suggestions."""

    class Relation(models.TextChoices):
        ALTERNATIVE = "alternative", _("synonym")
        RELATED = "related", _("related, not a synonym")

    class Language(models.TextChoices):
        JA = "ja", _("Japanese")
        EN = "en", _("English")

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="labels", verbose_name=_("concept"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    relation = models.CharField(_("relation"), max_length=11, choices=Relation, default=Relation.ALTERNATIVE)
    label = models.CharField(_("label"), max_length=100)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("concept", "language", Lower("label"), name="%(app_label)s_%(class)s_stands_once"),
            models.UniqueConstraint(
                "language",
                Lower("label"),
                condition=models.Q(relation="alternative"),
                name="%(app_label)s_%(class)s_is_synonym_of_one_concept",
            ),
            models.CheckConstraint(condition=~models.Q(label=""), name="%(app_label)s_%(class)s_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.label
