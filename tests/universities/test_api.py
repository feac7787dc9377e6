"""Institutions, headquarters and programmes as the API gives them."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.universities import (
    AliasFactory,
    HeadquartersFactory,
    InstitutionFactory,
    OverseasBaseFactory,
    ProgrammeFactory,
)
from universities.models import Institution, InstitutionName, ProgrammeRole

pytestmark = pytest.mark.django_db

EMPTY = {"en": None, "ja": None}
SUMMARY = {"kind": "summary", "locator": "I, p. 1", "reference": EMPTY}
KYOTO = {"slug": "kyoto", "name": {"en": "Kyoto University", "ja": "京都大学"}, "kind": "national"}
UNIT = {"id": "sih-kyoto", "name": {"en": "Office", "ja": None}, "abbreviation": "KO"}


@pytest.fixture
def kyoto() -> Institution:
    institution = InstitutionFactory(
        slug="kyoto", name_en="Kyoto University", name_ja="京都大学", name_kana="きょうとだいがく", prefecture="26"
    )
    HeadquartersFactory(participation__institution=institution, name_en="Office", name_ja="", abbreviation="KO")
    return institution


def slugs(client: Client, address: str, key: str = "slug") -> list[str]:
    return [row[key] for row in client.get(address).json()["results"]]


def test_institution_has_the_promised_fields(client: Client, kyoto: Institution, settings: Any) -> None:
    AliasFactory(institution=kyoto, label="京大")
    site = settings.SITE_URL

    assert client.get("/api/v1/institutions/kyoto/").json() == {
        **KYOTO,
        "url": {"en": f"{site}/en/institutions/kyoto/", "ja": f"{site}/ja/institutions/kyoto/"},
        "name_kana": "きょうとだいがく",
        "prefecture": {"code": "26", "name": {"en": "Kyoto", "ja": "京都府"}},
        "region": "kinki",
        "ror": None,
        "website": None,
        "pilot": True,
        "headquarters": [UNIT],
        "aliases": ["京大"],
        "other_names": [],
        "bases": [],
        "provenance": SUMMARY,
    }


def test_institution_brings_its_other_names_and_bases(client: Client) -> None:
    institution = InstitutionFactory(slug="tokyo-tech")
    reference = {"provenance": "reference", "reference_en": "isct.ac.jp"}
    InstitutionName.objects.create(
        institution=institution, relation="later", name_en="New", from_year=2024, **reference
    )
    OverseasBaseFactory(institution=institution, slug="office")

    body = client.get("/api/v1/institutions/tokyo-tech/").json()

    assert body["pilot"] is False
    assert body["other_names"] == [
        {
            "relation": "later",
            "name": {"en": "New", "ja": None},
            "from_year": 2024,
            "to_year": None,
            "provenance": {"kind": "reference", "locator": None, "reference": {"en": "isct.ac.jp", "ja": None}},
        }
    ]
    assert body["bases"] == [
        {
            "id": "office",
            "name": {"en": "Liaison office", "ja": "連絡事務所"},
            "city": {"en": "London", "ja": "ロンドン"},
            "country": "GB",
            "kind": "other",
            "partner": EMPTY,
            "note": EMPTY,
            "provenance": {"kind": "summary", "locator": "III-9, p. 6", "reference": EMPTY},
        }
    ]


def test_headquarters_has_the_promised_fields(client: Client, kyoto: Institution) -> None:
    assert client.get("/api/v1/headquarters/sih-kyoto/").json() == {
        **UNIT,
        "head": "unknown",
        "institution": KYOTO,
        "programme": {
            "slug": "sih",
            "abbreviation": None,
            "name": {"en": "Programme for headquarters", "ja": "本部強化事業"},
        },
        "valid_from_year": None,
        "valid_to_year": None,
        "successor": EMPTY,
        "website": None,
        "note": EMPTY,
        "provenance": SUMMARY,
    }


def test_programme_has_the_promised_fields(client: Client, kyoto: Institution) -> None:
    programme = kyoto.participations.get().programme
    ProgrammeRole.objects.create(
        programme=programme, actor_en="MEXT", text_en="Funds.", provenance="summary", locator="I, p. 1"
    )

    assert client.get("/api/v1/programmes/sih/").json() == {
        "slug": "sih",
        "abbreviation": None,
        "name": {"en": "Programme for headquarters", "ja": "本部強化事業"},
        "aim": EMPTY,
        "funder": EMPTY,
        "operator": EMPTY,
        "period": {"first_fiscal_year": 2005, "last_fiscal_year": 2009},
        "grant": {"min_jpy": None, "max_jpy": None, "note": EMPTY},
        "website": None,
        "roles": [{"actor": {"en": "MEXT", "ja": None}, "text": {"en": "Funds.", "ja": None}, "provenance": SUMMARY}],
        "pilots": [KYOTO],
        "provenance": SUMMARY,
    }


def test_institutions_come_in_the_order_of_the_source(client: Client) -> None:
    InstitutionFactory(slug="second", position=2)
    InstitutionFactory(slug="first", position=1)

    assert slugs(client, "/api/v1/institutions/") == ["first", "second"]


def test_institutions_are_narrowed_by_kind_and_region(client: Client) -> None:
    InstitutionFactory(slug="a", kind="national", prefecture="26")
    InstitutionFactory(slug="b", kind="private", prefecture="26")
    InstitutionFactory(slug="c", kind="private", prefecture="01")

    assert slugs(client, "/api/v1/institutions/?kind=national&kind=private&region=kinki") == ["a", "b"]
    assert slugs(client, "/api/v1/institutions/?kind=public") == []
    assert slugs(client, "/api/v1/institutions/?kind=") == ["a", "b", "c"]


def test_headquarters_are_narrowed_by_head_and_institution(client: Client, kyoto: Institution) -> None:
    other = HeadquartersFactory(participation__institution__slug="other", head="president").slug

    assert slugs(client, "/api/v1/headquarters/?institution=kyoto&region=kinki&kind=national", "id") == ["sih-kyoto"]
    assert slugs(client, "/api/v1/headquarters/?headquarters_head=president", "id") == [other]


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ("institutions/?kind=royal", ["national", "public", "private", "inter_university"]),
        (
            "institutions/?region=9" + "9" * 30,
            ["hokkaido", "tohoku", "kanto", "chubu", "kinki", "chugoku", "shikoku", "kyushu"],
        ),
        ("headquarters/?headquarters_head=king", ["president", "vice_president", "other", "unknown"]),
        ("headquarters/?institution=nowhere", ["kyoto"]),
    ],
)
def test_unknown_value_is_refused_with_the_allowed_ones(
    client: Client, kyoto: Institution, query: str, allowed: list[str]
) -> None:
    response = client.get(f"/api/v1/{query}")

    assert response.status_code == 400
    assert [error["allowed"] for error in response.json()["errors"]] == [allowed]


def test_pages_follow_each_other(client: Client) -> None:
    InstitutionFactory.create_batch(3)

    first = client.get("/api/v1/institutions/?page_size=2&kind=national").json()
    second = client.get(first["next"]).json()

    assert (first["count"], first["previous"], len(first["results"])) == (3, None, 2)
    assert (second["count"], second["next"], len(second["results"])) == (3, None, 1)
    assert second["previous"] == "http://testserver/api/v1/institutions/?kind=national&page_size=2"


def test_csv_holds_the_whole_list(client: Client, kyoto: Institution) -> None:
    AliasFactory(institution=kyoto, label="=京大")
    Institution.objects.filter(pk=kyoto.pk).update(reference_en="ror.org record", reference_ja="登録情報")
    InstitutionFactory.create_batch(120)

    response: Any = client.get("/api/v1/institutions/?format=csv&page_size=1&page=1")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"), newline="")))

    assert len(rows) == 121
    [row] = [row for row in rows if row["slug"] == "kyoto"]
    assert (row["name_ja"], row["pilot"], row["headquarters"]) == ("京都大学", "true", "sih-kyoto")
    assert (row["aliases"], row["provenance"]) == ("'=京大", "summary")
    assert (row["reference_en"], row["reference_ja"]) == ("ror.org record", "登録情報")


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("name", ["institutions", "headquarters", "programmes"])
def test_query_count_is_the_same_for_one_and_for_thirty(client: Client, name: str, form: str) -> None:
    def fill(count: int) -> None:
        for _number in range(count):
            unit = HeadquartersFactory()
            AliasFactory(institution=unit.participation.institution)
            OverseasBaseFactory(institution=unit.participation.institution)
        for number in range(count):
            ProgrammeFactory(slug=f"programme-{count}-{number}")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response: Any = client.get(f"/api/v1/{name}/?format={form}&page_size=100")
            list(response.streaming_content if response.streaming else [response.content])
        return len(captured)

    fill(1)
    one = queries()
    fill(29)

    assert queries() == one
