"""Cases in a list as JSON, from what the index keeps of them: neither rows nor a serializer for each of their parts."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from rest_framework.serializers import DateTimeField

from practices import exporting
from practices.models.concept import Concept
from practices.models.publication import Publication
from practices.models.theme import Theme
from practices.search import Place, Stored
from sih_portal.kept import held
from sih_portal.language import LANGUAGES
from universities.api.serializers import HeadquartersReferenceSerializer, InstitutionReferenceSerializer
from universities.models import Headquarters, Institution

from .serializers import (
    ArchivedPracticeSerializer,
    ConceptReferenceSerializer,
    PracticeSerializer,
    RecommendationReferenceSerializer,
    ThemeReferenceSerializer,
)

MOMENT: Final = DateTimeField()
Pair = dict[str, str | None]


class ListedPracticeSerializer(PracticeSerializer):
    """A case, as an edition or as the index keeps it, or what is left of one."""

    def to_representation(self, instance: Any) -> Any:
        if isinstance(instance, Stored):
            return listed(instance)
        if isinstance(instance, exporting.ArchivedCase):
            return ArchivedPracticeSerializer(instance).data
        return super().to_representation(instance)


class References(NamedTuple):
    """What many cases name, as it stands inside each of them, by primary key."""

    institutions: dict[int, Any]
    headquarters: dict[int, Any]
    themes: dict[int, Any]
    recommendations: dict[int, Any]
    concepts: dict[int, Any]
    publications: dict[int, str]


def references() -> References:
    themes = Theme.objects.select_related("recommendation")
    recommended = {theme.pk: exporting.recommendation_of(theme) for theme in themes}
    return References(
        {row.pk: InstitutionReferenceSerializer(row).data for row in Institution.objects.all()},
        {row.pk: HeadquartersReferenceSerializer(row).data for row in Headquarters.objects.all()},
        {row.pk: ThemeReferenceSerializer(row).data for row in themes},
        {pk: RecommendationReferenceSerializer(row).data if row else None for pk, row in recommended.items()},
        {row.pk: ConceptReferenceSerializer(row).data for row in Concept.objects.all()},
        dict(Publication.objects.values_list("pk", "slug")),
    )


def listed(case: Stored) -> dict[str, Any]:
    """As `PracticeSerializer` says it of an edition, from what the index keeps. No query while the data stay so."""
    named, facts, texts = held("references inside cases", references), case.facts, Texts(case)
    url = {language: f"{settings.SITE_URL}{_folder(language)}{case.slug}/" for language in LANGUAGES}
    return {
        "slug": case.slug,
        "url": url,
        "title": texts("title"),
        "summary": texts("summary"),
        "institution": named.institutions[case.institution_id],
        "headquarters": named.headquarters.get(facts["headquarters_id"]),
        "theme": named.themes[case.theme_id],
        "themes": [named.themes[pk] for pk in facts["themes"]],
        "recommendation": named.recommendations[case.theme_id],
        "actions": [*texts.parts("action", url)],
        "effects": [*texts.parts("effect", url)],
        "concepts": [named.concepts[pk] for pk in facts["concepts"]],
        "source": {
            "publication": named.publications.get(facts["publication_id"]),
            "locator": facts["locator"] or None,
        },
        **{name: texts(name) for name in ("context", "enabling", "hindering", "lessons")},
        "needs": {name: texts(f"needs_{name}") for name in ("staff", "money", "time")},
        **{name: texts(name) for name in ("transferability", "note")},
        "period": {name: facts[name] for name in ("first_fiscal_year", "last_fiscal_year")},
        "confirmed_on": facts["confirmed_on"],
        "links": [{"url": address, "label": texts("link", number)} for number, address in facts["links"]],
        "published_at": _moment(facts["first_published_at"]),
        "updated_at": _moment(facts["published_at"]),
        "version": facts["version"],
    }


class Texts:
    """The texts of a case in both languages, by their kind and, of parts, their number."""

    def __init__(self, case: Stored) -> None:
        self.slug = case.slug
        self.pairs: dict[str, dict[int | None, Pair]] = defaultdict(dict)
        for text in case.texts:
            self.pairs[text.kind].setdefault(text.number, {"ja": None, "en": None})[text.language] = text.value

    def __call__(self, kind: str, number: int | None = None) -> Pair:
        return self.pairs[kind].get(number) or {"ja": None, "en": None}

    def parts(self, kind: str, url: dict[str, str]) -> Iterator[dict[str, Any]]:
        for number, text in self.pairs[kind].items():
            anchor = Place(kind, number).anchor
            yield {
                "id": f"{self.slug}:{anchor}",
                "number": number,
                "text": text,
                "url": {language: f"{address}#{anchor}" for language, address in url.items()},
            }


def _moment(text: str) -> Any:
    return MOMENT.to_representation(datetime.fromisoformat(text))


@cache
def _folder(language: str) -> str:
    """What the addresses of all cases begin with."""
    with translation.override(language):
        return reverse("practices:practice-detail", args=["x"]).removesuffix("x/")
