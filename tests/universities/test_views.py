from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.practices import PracticeFactory, archive, publish
from tests.factories.universities import (
    AliasFactory,
    HeadquartersFactory,
    InstitutionFactory,
    OverseasBaseFactory,
    ParticipationFactory,
)

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, path)
    return len(captured)


def fill(institution: Any) -> None:
    HeadquartersFactory(participation__institution=institution)
    OverseasBaseFactory(institution=institution)
    AliasFactory(institution=institution)


@pytest.mark.parametrize(("language", "order"), [("ja", ["b", "a"]), ("en", ["a", "b"])])
def test_list_is_sorted_by_reading_in_japanese_and_by_name_in_english(
    client: Client, language: str, order: list[str]
) -> None:
    InstitutionFactory(slug="a", name_en="Aizu", name_kana="わせだ")
    InstitutionFactory(slug="b", name_en="Waseda", name_kana="あいづ")

    listed = client.get(f"/{language}/institutions/").context["institutions"]

    assert [institution.slug for institution in listed] == order


def test_list_marks_pilots_only(client: Client) -> None:
    ParticipationFactory(institution__slug="pilot")
    InstitutionFactory(slug="other")

    listed = client.get("/en/institutions/").context["institutions"]

    assert {institution.slug: institution.is_pilot for institution in listed} == {"pilot": True, "other": False}


def test_list_of_nothing_says_so(client: Client) -> None:
    assert "The institutions have not been loaded yet." in page(client, "/en/institutions/")


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("kind=public&kind=private", ["aizu", "keio"]),
        ("kind=private&region=kanto", ["keio"]),
        ("kind=private&region=tohoku", []),
        ("kind=", ["aizu", "keio", "kyoto"]),
    ],
)
def test_list_narrows_by_kind_and_region(client: Client, query: str, slugs: list[str]) -> None:
    for slug, kind, prefecture in [("aizu", "public", "07"), ("keio", "private", "13"), ("kyoto", "national", "26")]:
        InstitutionFactory(slug=slug, name_en=slug, kind=kind, prefecture=prefecture)

    listed = client.get(f"/en/institutions/?{query}").context["institutions"]

    assert [institution.slug for institution in listed] == slugs


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("kind=royal", "設置形態「royal」は指定できません。"),
        (f"region={10**30}", f"地域「{10**30}」は指定できません。"),
        ("colour=red", "項目名「colour」は使えません。"),
    ],
)
def test_list_leaves_out_what_means_nothing_and_says_so(client: Client, query: str, sentence: str) -> None:
    institution = InstitutionFactory()

    response = client.get(f"/ja/institutions/?{query}")

    assert list(response.context["institutions"]) == [institution]
    assert f"<li>{sentence}</li>" in response.content.decode()


def test_list_offers_values_that_institutions_have(client: Client) -> None:
    InstitutionFactory(kind="public", prefecture="07")
    InstitutionFactory(kind="private", prefecture="07")

    fields = client.get("/en/institutions/?kind=private").context["fields"]

    offered = {field.name: [(choice.value, choice.is_chosen) for choice in field.choices] for field in fields}
    assert offered == {"kind": [("public", False), ("private", True)]}


def test_list_costs_the_same_for_one_and_for_thirty(client: Client) -> None:
    fill(InstitutionFactory())
    one = queries(client, "/ja/institutions/")

    for _ in range(29):
        fill(InstitutionFactory())

    assert queries(client, "/ja/institutions/") == one


def test_detail_costs_the_same_for_one_part_and_for_thirty(client: Client) -> None:
    institution: Any = InstitutionFactory(slug="kobe")
    fill(institution)
    publish(institution=institution)
    one = queries(client, "/ja/institutions/kobe/")

    for number in range(29):
        HeadquartersFactory(participation=institution.participations.get(), slug=f"sih-kobe-{number}")
        OverseasBaseFactory(institution=institution)
        AliasFactory(institution=institution)
        publish(institution=institution)

    assert queries(client, "/ja/institutions/kobe/") == one


def test_detail_shows_public_practices_only(client: Client) -> None:
    institution = InstitutionFactory(slug="kobe")
    public = publish(institution=institution)
    PracticeFactory(institution=institution, title_en="A draft")
    archive(publish(institution=institution, title_en="An archived one"))
    publish(title_en="One of somebody else")

    practices = client.get("/en/institutions/kobe/").context["practices"]

    assert list(practices) == [public]


def test_detail_says_that_the_unit_is_not_todays_and_that_its_head_is_unknown(client: Client) -> None:
    HeadquartersFactory(participation__institution__slug="osaka", name_ja="", head="unknown")

    shown = page(client, "/en/institutions/osaka/")

    assert "This is the unit reported in 2010." in shown
    assert "— <small>the summary does not say</small>" in shown
    assert "— <small>no Japanese name was found</small>" in shown


def test_detail_marks_the_language_of_a_name_that_exists_in_english_only(client: Client) -> None:
    HeadquartersFactory(participation__institution__slug="osaka", name_ja="", name_en="Affairs Board")

    assert '<span lang="en">Affairs Board</span>' in page(client, "/ja/institutions/osaka/")


def test_detail_names_the_region(client: Client) -> None:
    InstitutionFactory(slug="niigata", prefecture="15")

    assert "Chubu region" in page(client, "/en/institutions/niigata/")


@pytest.mark.parametrize(
    ("language", "shown"),
    [("ja", "概要にない事項の出典：登録情報</span>"), ("en", "Beyond the summary: ror.org record</span>")],
)
def test_detail_names_further_sources_in_the_language_of_the_page(client: Client, language: str, shown: str) -> None:
    InstitutionFactory(slug="kyoto", reference_en="ror.org record", reference_ja="登録情報")

    assert shown in page(client, f"/{language}/institutions/kyoto/")


def test_detail_marks_a_source_that_is_not_translated(client: Client) -> None:
    InstitutionFactory(slug="kyoto", provenance="reference", locator="", reference_en="ror.org record")

    assert '出典資料：<span lang="en">ror.org record</span>' in page(client, "/ja/institutions/kyoto/")


def test_detail_links_to_ror(client: Client) -> None:
    InstitutionFactory(slug="kyoto", ror="02kpeqv85")

    assert '<a href="https://ror.org/02kpeqv85">' in page(client, "/en/institutions/kyoto/")


def test_detail_of_an_unknown_institution_is_not_found(client: Client) -> None:
    assert client.get("/ja/institutions/nowhere/").status_code == 404
