"""The list of practices as Django REST framework's guide would write it, with a ModelSerializer; the same JSON."""

from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import path
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import DateTimeField, Field, ModelSerializer, SerializerMethodField
from rest_framework.viewsets import ReadOnlyModelViewSet

from practices.models import Concept, Edition, EditionAction, EditionEffect, EditionLink, Recommendation, Theme
from universities.models import Headquarters, Institution


class Pair(Field[Any, Any, Any, Any]):
    """`<name>_en` and `<name>_ja` of the row as an object."""

    def __init__(self, name: str) -> None:
        super().__init__(source="*", read_only=True)
        self.names = {"en": f"{name}_en", "ja": f"{name}_ja"}

    def to_representation(self, value: object) -> dict[str, str | None]:
        return {language: getattr(value, name) or None for language, name in self.names.items()}


def page(slug: str, anchor: str = "") -> dict[str, str]:
    return {language: f"{settings.SITE_URL}/{language}/practices/{slug}/{anchor}" for language in ("en", "ja")}


class InstitutionSerializer(ModelSerializer[Institution]):
    name = Pair("name")

    class Meta:
        model = Institution
        fields = ["slug", "name", "kind"]


class HeadquartersSerializer(ModelSerializer[Headquarters]):
    id = SerializerMethodField()
    name = Pair("name")
    abbreviation = SerializerMethodField()

    class Meta:
        model = Headquarters
        fields = ["id", "name", "abbreviation"]

    def get_id(self, row: Headquarters) -> str:
        return row.slug

    def get_abbreviation(self, row: Headquarters) -> str | None:
        return row.abbreviation or None


class ThemeSerializer(ModelSerializer[Theme]):
    title = Pair("title")

    class Meta:
        model = Theme
        fields = ["number", "title"]


class RecommendationSerializer(ModelSerializer[Recommendation]):
    title = Pair("title")

    class Meta:
        model = Recommendation
        fields = ["number", "title"]


class ConceptSerializer(ModelSerializer[Concept]):
    pref_label = Pair("pref_label")

    class Meta:
        model = Concept
        fields = ["slug", "pref_label"]


class PartSerializer(ModelSerializer[Any]):
    id = SerializerMethodField()
    text = Pair("text")
    url = SerializerMethodField()

    def anchor(self, row: Any) -> str:
        return f"{self.Meta.model._meta.model_name.removeprefix('edition')}-{row.number}"

    def get_id(self, row: Any) -> str:
        return f"{row.edition.slug}:{self.anchor(row)}"

    def get_url(self, row: Any) -> dict[str, str]:
        return page(row.edition.slug, f"#{self.anchor(row)}")

    class Meta:
        model: Any = None
        fields = ["id", "number", "text", "url"]


class ActionSerializer(PartSerializer):
    class Meta(PartSerializer.Meta):
        model = EditionAction


class EffectSerializer(PartSerializer):
    class Meta(PartSerializer.Meta):
        model = EditionEffect


class LinkSerializer(ModelSerializer[EditionLink]):
    label: Any = Pair("label")

    class Meta:
        model = EditionLink
        fields = ["url", "label"]


class CaseSerializer(ModelSerializer[Edition]):
    url = SerializerMethodField()
    title = Pair("title")
    summary = Pair("summary")
    institution = InstitutionSerializer()
    headquarters = HeadquartersSerializer()
    theme = ThemeSerializer()
    themes = ThemeSerializer(many=True)
    recommendation = RecommendationSerializer(source="theme.recommendation")
    actions = ActionSerializer(many=True)
    effects = EffectSerializer(many=True)
    concepts = ConceptSerializer(many=True)
    source: Any = SerializerMethodField()
    context: Any = Pair("context")
    enabling = Pair("enabling")
    hindering = Pair("hindering")
    lessons = Pair("lessons")
    needs = SerializerMethodField()
    transferability = Pair("transferability")
    note = Pair("note")
    period = SerializerMethodField()
    links = LinkSerializer(many=True)
    published_at = DateTimeField(source="first_published_at")
    updated_at = DateTimeField(source="published_at")

    class Meta:
        model = Edition
        fields = [
            *("slug", "url", "title", "summary", "institution", "headquarters", "theme", "themes", "recommendation"),
            *("actions", "effects", "concepts", "source", "context", "enabling", "hindering", "lessons", "needs"),
            *("transferability", "note", "period", "confirmed_on", "links", "published_at", "updated_at", "version"),
        ]

    def get_url(self, row: Edition) -> dict[str, str]:
        return page(row.slug)

    def get_source(self, row: Edition) -> dict[str, str | None]:
        return {"publication": row.publication.slug if row.publication else None, "locator": row.locator or None}

    def get_needs(self, row: Edition) -> dict[str, Any]:
        texts = {
            name: (getattr(row, f"needs_{name}_en"), getattr(row, f"needs_{name}_ja"))
            for name in ("staff", "money", "time")
        }
        return {name: {"en": english or None, "ja": japanese or None} for name, (english, japanese) in texts.items()}

    def get_period(self, row: Edition) -> dict[str, int | None]:
        return {"first_fiscal_year": row.first_fiscal_year, "last_fiscal_year": row.last_fiscal_year}


class Pages(PageNumberPagination):
    page_size = 20


class Cases(ReadOnlyModelViewSet[Edition]):
    serializer_class = CaseSerializer
    pagination_class = Pages
    renderer_classes = [JSONRenderer]
    throttle_classes = []
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Edition]:
        """Everything a case shows is loaded with it, as a careful developer would."""
        cases = Edition.objects.public().with_parts().with_first_published_at()
        return cases.order_by(F("first_published_at").desc(), "theme__number", "slug")


urlpatterns = [path("plain/practices/", Cases.as_view({"get": "list"}))]
