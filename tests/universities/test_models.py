"""What the database refuses, and how lists are ordered."""

import pytest
from django.db import IntegrityError, transaction

from sih_portal.language import unpaired_columns
from tests.factories.universities import AliasFactory, HeadquartersFactory, InstitutionFactory, ParticipationFactory
from universities.models import (
    Headquarters,
    Institution,
    InstitutionAlias,
    Participation,
    Prefecture,
    Region,
    prefectures_of,
    region_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "secret"},
        {"prefecture": "48"},
        {"name_en": "", "name_ja": ""},
        {"locator": ""},
        {"provenance": "reference", "reference_en": "", "reference_ja": ""},
    ],
)
def test_institution_that_cannot_be_is_refused_by_the_database(broken: dict[str, str]) -> None:
    institution = InstitutionFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.filter(pk=institution.pk).update(**broken)


def test_region_of_a_prefecture_is_the_one_in_the_database() -> None:
    for prefecture in Prefecture:
        InstitutionFactory(slug=f"in-{prefecture}", prefecture=prefecture)

    found = dict(Institution.objects.values_list("prefecture", "region"))

    assert found == {prefecture: region_of(prefecture) for prefecture in Prefecture}
    assert {region: prefectures_of(region) for region in Region} == {
        region: [prefecture for prefecture in Prefecture if found[prefecture] == region] for region in Region
    }
    assert (region_of(""), region_of("15")) == (None, Region.CHUBU)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_public_record_named_in_one_language_is_enough(language: str) -> None:
    institution = InstitutionFactory(provenance="reference", locator="", **{f"reference_{language}": "example.ac.jp"})

    assert Institution.objects.get(provenance="reference") == institution


@pytest.mark.parametrize("broken", [{"head": "king"}, {"valid_from_year": 2009, "valid_to_year": 2005}])
def test_headquarters_that_cannot_be_is_refused_by_the_database(broken: dict[str, object]) -> None:
    headquarters = HeadquartersFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Headquarters.objects.filter(pk=headquarters.pk).update(**broken)


def test_second_participation_in_a_programme_is_refused_by_the_database() -> None:
    first = ParticipationFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(institution=first.institution, programme=first.programme)


def test_alias_in_other_letters_is_refused_by_the_database() -> None:
    AliasFactory(label="Kyodai")

    with pytest.raises(IntegrityError), transaction.atomic():
        InstitutionAlias.objects.create(institution=InstitutionFactory(), label="KYODAI")


def test_ror_of_another_institution_is_refused_by_the_database() -> None:
    InstitutionFactory(ror="02kpeqv85")

    with pytest.raises(IntegrityError), transaction.atomic():
        InstitutionFactory(ror="02kpeqv85")


@pytest.mark.parametrize(
    ("prefecture", "region"),
    [("01", "hokkaido"), ("07", "tohoku"), ("08", "kanto"), ("15", "chubu"), ("24", "kinki"), ("47", "kyushu")],
)
def test_region_follows_the_prefecture(prefecture: str, region: str) -> None:
    institution = InstitutionFactory(prefecture=prefecture)

    assert Institution.objects.get(pk=institution.pk).region == region


def test_pilots_are_those_who_took_part() -> None:
    pilot = ParticipationFactory().institution
    other = InstitutionFactory()

    assert list(Institution.objects.pilots()) == [pilot]
    assert {row.slug: row.is_pilot for row in Institution.objects.with_is_pilot()} == {  # type: ignore[attr-defined]
        pilot.slug: True,
        other.slug: False,
    }


def test_reading_order_is_by_kana_in_japanese_and_by_name_in_english() -> None:
    InstitutionFactory(slug="waseda", name_kana="わせだ", name_en="Ay")
    InstitutionFactory(slug="aizu", name_kana="あいづ", name_en="bee")

    assert [row.slug for row in Institution.objects.in_reading_order("ja")] == ["aizu", "waseda"]
    assert [row.slug for row in Institution.objects.in_reading_order("en")] == ["waseda", "aizu"]


def test_every_text_of_an_institution_has_both_languages() -> None:
    assert unpaired_columns(Institution) == []
