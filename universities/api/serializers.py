"""Institutions, headquarters and programmes as JSON; the shorter forms stand inside other records."""

from typing import Any

from django.utils import translation
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sih_portal.language import LANGUAGES
from sih_portal.rest import AddressesField, FilledField, TextField, TextSerializer
from universities.exporting import headquarters_of, pilots_of
from universities.models import (
    Headquarters,
    HeadquartersHead,
    Institution,
    InstitutionKind,
    InstitutionName,
    OverseasBase,
    Prefecture,
    Programme,
    Provenance,
    Region,
)


class ProvenanceSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(Provenance.choices, source="provenance")
    locator = FilledField()
    reference = TextField()


class InstitutionReferenceSerializer(serializers.Serializer[Institution]):
    slug = serializers.SlugField()
    name = TextField()
    kind = serializers.ChoiceField(InstitutionKind.choices)


class HeadquartersReferenceSerializer(serializers.Serializer[Headquarters]):
    id = serializers.SlugField(source="slug")
    name = TextField()
    abbreviation = FilledField()


class ProgrammeReferenceSerializer(serializers.Serializer[Programme]):
    slug = serializers.SlugField()
    abbreviation = FilledField()
    name = TextField()


class PrefectureSerializer(serializers.Serializer[Institution]):
    code = serializers.ChoiceField(Prefecture.choices, source="prefecture")
    name = serializers.SerializerMethodField()

    @extend_schema_field(TextSerializer)
    def get_name(self, institution: Institution) -> dict[str, str]:
        names = {}
        for language in LANGUAGES:
            with translation.override(language):
                names[language] = str(Prefecture(institution.prefecture).label)
        return names


class OtherNameSerializer(serializers.Serializer[InstitutionName]):
    relation = serializers.ChoiceField(InstitutionName.Relation.choices)
    name = TextField()
    from_year = serializers.IntegerField(allow_null=True)
    to_year = serializers.IntegerField(allow_null=True)
    provenance = ProvenanceSerializer(source="*")


class OverseasBaseSerializer(serializers.Serializer[OverseasBase]):
    id = serializers.SlugField(source="slug")
    name = TextField()
    city = TextField()
    country = serializers.CharField()
    kind = serializers.ChoiceField(OverseasBase.Kind.choices)
    partner = TextField()
    note = TextField()
    provenance = ProvenanceSerializer(source="*")


class InstitutionSerializer(serializers.Serializer[Institution]):
    slug = serializers.SlugField()
    url = AddressesField()
    name = TextField()
    name_kana = FilledField()
    kind = serializers.ChoiceField(InstitutionKind.choices)
    prefecture = PrefectureSerializer(source="*")
    region = serializers.ChoiceField(Region.choices)
    ror = FilledField()
    website = FilledField()
    pilot = serializers.BooleanField(source="is_pilot")
    headquarters = serializers.SerializerMethodField()
    aliases = serializers.SerializerMethodField()
    other_names = OtherNameSerializer(many=True)
    bases = OverseasBaseSerializer(many=True)
    provenance = ProvenanceSerializer(source="*")

    @extend_schema_field(HeadquartersReferenceSerializer(many=True))
    def get_headquarters(self, institution: Institution) -> Any:
        return [HeadquartersReferenceSerializer(unit).data for unit in headquarters_of(institution)]

    def get_aliases(self, institution: Institution) -> list[str]:
        return [alias.label for alias in institution.aliases.all()]


class HeadquartersSerializer(serializers.Serializer[Headquarters]):
    id = serializers.SlugField(source="slug")
    name = TextField()
    abbreviation = FilledField()
    head = serializers.ChoiceField(HeadquartersHead.choices)
    institution = InstitutionReferenceSerializer(source="participation.institution")
    programme = ProgrammeReferenceSerializer(source="participation.programme")
    valid_from_year = serializers.IntegerField(allow_null=True)
    valid_to_year = serializers.IntegerField(allow_null=True)
    successor = TextField()
    website = FilledField()
    note = TextField()
    provenance = ProvenanceSerializer(source="*")


class PeriodSerializer(serializers.Serializer[Any]):
    first_fiscal_year = serializers.IntegerField(allow_null=True)
    last_fiscal_year = serializers.IntegerField(allow_null=True)


class GrantSerializer(serializers.Serializer[Programme]):
    min_jpy = serializers.IntegerField(source="grant_min_jpy", allow_null=True)
    max_jpy = serializers.IntegerField(source="grant_max_jpy", allow_null=True)
    note = TextField("grant_note")


class RoleSerializer(serializers.Serializer[Any]):
    actor = TextField()
    text = TextField()
    provenance = ProvenanceSerializer(source="*")


class ProgrammeSerializer(serializers.Serializer[Programme]):
    slug = serializers.SlugField()
    abbreviation = FilledField()
    name = TextField()
    aim = TextField()
    funder = TextField()
    operator = TextField()
    period = PeriodSerializer(source="*")
    grant = GrantSerializer(source="*")
    website = FilledField()
    roles = RoleSerializer(many=True)
    pilots = serializers.SerializerMethodField()
    provenance = ProvenanceSerializer(source="*")

    @extend_schema_field(InstitutionReferenceSerializer(many=True))
    def get_pilots(self, programme: Programme) -> Any:
        return [InstitutionReferenceSerializer(institution).data for institution in pilots_of(programme)]
