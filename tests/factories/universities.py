"""Institutions and what belongs to them. Positions and numbers differ from primary keys on purpose."""

import factory
from factory.django import DjangoModelFactory

from universities.models import (
    Headquarters,
    Institution,
    InstitutionAlias,
    OverseasBase,
    Participation,
    Programme,
)


class ProgrammeFactory(DjangoModelFactory[Programme]):
    slug = "sih"
    name_en = "Programme for headquarters"
    name_ja = "本部強化事業"
    first_fiscal_year = 2005
    last_fiscal_year = 2009
    provenance = "summary"
    locator = "I, p. 1"

    class Meta:
        model = Programme
        django_get_or_create = ("slug",)


class InstitutionFactory(DjangoModelFactory[Institution]):
    slug = factory.Sequence(lambda number: f"institution-{number}")
    position = factory.Sequence(lambda number: 500 + number)
    name_en = factory.Sequence(lambda number: f"Institution {number}")
    name_ja = factory.Sequence(lambda number: f"第{number}大学")
    name_kana = factory.Sequence(lambda number: f"だいがく{number:05d}")
    kind = "national"
    prefecture = "13"
    provenance = "summary"
    locator = "I, p. 1"

    class Meta:
        model = Institution


class AliasFactory(DjangoModelFactory[InstitutionAlias]):
    institution = factory.SubFactory(InstitutionFactory)
    label = factory.Sequence(lambda number: f"略称{number}")

    class Meta:
        model = InstitutionAlias


class ParticipationFactory(DjangoModelFactory[Participation]):
    institution = factory.SubFactory(InstitutionFactory)
    programme = factory.SubFactory(ProgrammeFactory)

    class Meta:
        model = Participation


class HeadquartersFactory(DjangoModelFactory[Headquarters]):
    participation = factory.SubFactory(ParticipationFactory)
    slug = factory.LazyAttribute(lambda row: f"sih-{row.participation.institution.slug}")
    name_en = "International Headquarters"
    name_ja = "国際本部"
    provenance = "summary"
    locator = "I, p. 1"

    class Meta:
        model = Headquarters


class OverseasBaseFactory(DjangoModelFactory[OverseasBase]):
    institution = factory.SubFactory(InstitutionFactory)
    slug = factory.Sequence(lambda number: f"base-{number}")
    name_en = "Liaison office"
    name_ja = "連絡事務所"
    city_en = "London"
    city_ja = "ロンドン"
    country = "GB"
    kind = "other"
    provenance = "summary"
    locator = "III-9, p. 6"

    class Meta:
        model = OverseasBase
