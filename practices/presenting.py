"""What the page of a case shows beside the case itself: for the published edition and, in the admin, for the desk."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BooleanField, Case, Count, Prefetch, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sih_portal.language import current_language, other_language

from .citation import citation
from .models.concept import Concept
from .models.content import PracticeContent
from .models.edition import Edition

MOST_RELATED: Final = 5
FURTHER_TEXTS: Final = {
    "context": _("Context"),
    "enabling": _("What helped"),
    "hindering": _("What hindered"),
    "lessons": _("Lessons"),
    "needs_staff": _("Staff it takes"),
    "needs_money": _("Money it takes"),
    "needs_time": _("Time it takes"),
    "transferability": _("Where else it could work"),
}


@dataclass(frozen=True)
class Related:
    """Another public case, with the reasons why it is related."""

    practice: Edition
    has_same_theme: bool
    shared_concepts: list[Concept]


def practice_context(practice: Any, *, preview: bool = False) -> dict[str, Any]:
    """The variables of `practices/practice_detail.html`.

    `practice` is an `Edition` or, with `preview`, a row of the desk, which has the same attribute names. Two queries
    when the parts are loaded.
    """
    return {
        "practice": practice,
        "preview": preview,
        "permalink": False,
        "versions": [],
        "recommendation": getattr(practice.theme, "recommendation", None),
        "further_texts": further_texts(practice),
        "related": related_to(practice),
        "citations": [] if preview else citations(practice),
        "refusals": [],
    }


def citations(edition: Edition) -> list[tuple[str, str]]:
    """How to cite the edition today, as (language, text): the language of the page first."""
    today, language = timezone.localdate(), current_language()
    return [(name, citation(edition, name, accessed_on=today)) for name in (language, other_language(language))]


def further_texts(practice: PracticeContent) -> list[tuple[str, Any]]:
    """The fields that have text in either language, with their headings, in the order of the page."""
    return [
        (field, label)
        for field, label in FURTHER_TEXTS.items()
        if getattr(practice, f"{field}_en") or getattr(practice, f"{field}_ja")
    ]


def related_to(practice: Any) -> list[Related]:
    """At most five public cases of the same primary theme or with shared concepts; those of the same theme first."""
    concepts = {concept.pk for concept in practice.concepts.all()}
    same_theme = Case(When(theme=practice.theme_id, then=True), default=False, output_field=BooleanField())
    shared = Count("concepts", filter=Q(concepts__in=concepts), distinct=True)
    others = (
        Edition.objects.public()
        .exclude(slug=practice.slug)
        .annotate(has_same_theme=same_theme, shared=shared)
        .filter(Q(has_same_theme=True) | Q(shared__gt=0))
        .order_by("-has_same_theme", "-shared", "theme__number", "slug")
        .select_related("institution")
        .prefetch_related(Prefetch("concepts", Concept.objects.order_by("slug")))
    )
    return [
        Related(
            other,
            has_same_theme=other.theme_id == practice.theme_id,
            shared_concepts=[concept for concept in other.concepts.all() if concept.pk in concepts],
        )
        for other in others[:MOST_RELATED]
    ]
