"""Cases, themes, recommendations, concepts, publications and events as JSON; the shorter forms stand inside others."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from practices import exporting
from practices.models.concept import Concept, ConceptLabel
from practices.models.edition import Edition
from practices.models.publication import Event
from practices.models.theme import Theme
from sih_portal.language import LANGUAGES
from sih_portal.rest import AddressesField, AddressesSerializer, FilledField, TextField
from universities.api.serializers import (
    HeadquartersReferenceSerializer,
    InstitutionReferenceSerializer,
    PeriodSerializer,
    ProvenanceSerializer,
)


class ThemeReferenceSerializer(serializers.Serializer[Theme]):
    number = serializers.IntegerField()
    title = TextField()


class RecommendationReferenceSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = TextField()


class ConceptReferenceSerializer(serializers.Serializer[Concept]):
    slug = serializers.SlugField()
    pref_label = TextField()


class PracticeReferenceSerializer(serializers.Serializer[Edition]):
    slug = serializers.SlugField()
    url = AddressesField()
    title = TextField()
    institution = InstitutionReferenceSerializer()
    theme = ThemeReferenceSerializer()


class PartSerializer(serializers.Serializer[Any]):
    """An action or an effect inside its case."""

    id = serializers.SerializerMethodField()
    number = serializers.IntegerField()
    text = TextField()
    url = serializers.SerializerMethodField()

    def get_id(self, part: exporting.Part) -> str:
        return exporting.public_id(part)

    @extend_schema_field(AddressesSerializer)
    def get_url(self, part: exporting.Part) -> dict[str, str]:
        return {language: exporting.part_address(part, language) for language in LANGUAGES}


class ListedPartSerializer(PartSerializer):
    """An action or an effect by itself, with the case it belongs to."""

    practice = PracticeReferenceSerializer(source="edition")


class SourceSerializer(serializers.Serializer[Edition]):
    publication = serializers.SlugField(source="publication.slug", allow_null=True)
    locator = FilledField()


class NeedsSerializer(serializers.Serializer[Edition]):
    staff = TextField("needs_staff")
    money = TextField("needs_money")
    time = TextField("needs_time")


class LinkSerializer(serializers.Serializer[Any]):
    url = serializers.URLField()
    label = TextField()  # type: ignore[assignment]  # a field, taken out of the class when it is made


class PracticeSerializer(serializers.Serializer[Edition]):
    slug = serializers.SlugField()
    url = AddressesField()
    title = TextField()
    summary = TextField()
    institution = InstitutionReferenceSerializer()
    headquarters = HeadquartersReferenceSerializer(allow_null=True)
    theme = ThemeReferenceSerializer()
    themes = ThemeReferenceSerializer(many=True)
    recommendation = RecommendationReferenceSerializer(source="theme.recommendation", allow_null=True)
    actions = PartSerializer(many=True)
    effects = PartSerializer(many=True)
    concepts = ConceptReferenceSerializer(many=True)
    source = SourceSerializer(source="*")  # type: ignore[assignment]  # likewise
    context = TextField()  # type: ignore[assignment]  # likewise
    enabling = TextField()
    hindering = TextField()
    lessons = TextField()
    needs = NeedsSerializer(source="*")
    transferability = TextField()
    note = TextField()
    period = PeriodSerializer(source="*")
    confirmed_on = serializers.DateField(allow_null=True)
    links = LinkSerializer(many=True)
    published_at = serializers.DateTimeField(source="first_published_at")
    updated_at = serializers.DateTimeField(source="published_at")
    version = serializers.IntegerField()


class ArchivedPracticeSerializer(serializers.Serializer[exporting.ArchivedCase]):
    """What a list with `updated_since` holds of a case archived since."""

    slug = serializers.SlugField()
    url = AddressesField()
    archived = serializers.SerializerMethodField()
    updated_at = serializers.DateTimeField()

    def get_archived(self, _case: exporting.ArchivedCase) -> bool:
        return True


class ProgrammeActionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = TextField()
    publication = serializers.SlugField(source="publication.slug", allow_null=True)
    provenance = ProvenanceSerializer(source="*")


class ThemeSerializer(serializers.Serializer[Theme]):
    number = serializers.IntegerField()
    url = AddressesField()
    title = TextField()
    title_ja_origin = serializers.ChoiceField(Theme.LabelOrigin.choices)
    short = TextField()
    result = TextField()
    practice_count = serializers.IntegerField()
    programme_actions = ProgrammeActionSerializer(many=True)
    recommendation = RecommendationReferenceSerializer(allow_null=True)
    provenance = ProvenanceSerializer(source="*")


class RecommendationSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    url = AddressesField()
    title = TextField()
    text = TextField()
    theme = ThemeReferenceSerializer()
    provenance = ProvenanceSerializer(source="*")


class LabelsSerializer(serializers.Serializer[Concept]):
    """Further labels of a concept, of one relation."""

    def __init__(self, *arguments: Any, relation: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.relation = relation

    en = serializers.ListField(child=serializers.CharField())
    ja = serializers.ListField(child=serializers.CharField())

    def to_representation(self, instance: Concept) -> dict[str, list[str]]:
        return {language: exporting.concept_labels(instance, self.relation, language) for language in LANGUAGES}


class ConceptSerializer(serializers.Serializer[Concept]):
    slug = serializers.SlugField()
    pref_label = TextField()
    alt_labels = LabelsSerializer(source="*", relation=ConceptLabel.Relation.ALTERNATIVE)
    related_labels = LabelsSerializer(source="*", relation=ConceptLabel.Relation.RELATED)
    broader = ConceptReferenceSerializer(allow_null=True)
    related = ConceptReferenceSerializer(many=True)
    practice_count = serializers.IntegerField()
    reference = TextField()


class ChapterSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = TextField()
    themes = ThemeReferenceSerializer(many=True)


class PublicationSerializer(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    page = AddressesField()
    title = TextField()
    publisher = TextField()
    year = serializers.IntegerField(allow_null=True)
    month = serializers.IntegerField(allow_null=True)
    url = FilledField()
    note = TextField()
    chapters = ChapterSerializer(many=True)
    provenance = ProvenanceSerializer(source="*")


class EventSerializer(serializers.Serializer[Event]):
    slug = serializers.SlugField()
    page = AddressesField()
    kind = serializers.ChoiceField(Event.Kind.choices)
    title = TextField()
    held_on = serializers.DateField(allow_null=True)
    year = serializers.IntegerField()
    month = serializers.IntegerField(allow_null=True)
    attendance = serializers.IntegerField(allow_null=True)
    place = TextField()
    url = FilledField()
    provenance = ProvenanceSerializer(source="*")
