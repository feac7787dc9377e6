"""The lists of the desk: what they show, filter and search, in a constant number of queries, whatever is asked."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.practices import (
    ConceptFactory,
    PracticeFactory,
    ProgrammeActionFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    publish,
    staff,
)
from tests.factories.universities import AliasFactory, HeadquartersFactory, InstitutionFactory
from tests.practices.desk import LIST, change_page

pytestmark = pytest.mark.django_db

MAKERS = {
    "practices/goodpractice": PracticeFactory,
    "practices/theme": ThemeFactory,
    "practices/recommendation": RecommendationFactory,
    "practices/concept": ConceptFactory,
    "practices/publication": PublicationFactory,
}


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(staff("curator"))
    return client


def slugs(client: Client, query: str) -> list[str]:
    return sorted(row.slug for row in client.get(LIST + query).context["cl"].result_list)


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize("path", MAKERS)
def test_a_list_costs_the_same_with_1_and_30_rows(curator: Client, path: str) -> None:
    make: Any = MAKERS[path]
    make()
    few = queries(curator, f"/admin/{path}/")

    for _row in range(29):
        make()

    assert queries(curator, f"/admin/{path}/") == few


def test_a_case_costs_the_same_with_1_and_30_parts(curator: Client) -> None:
    one = PracticeFactory()
    many = PracticeFactory(actions=[("Act.", "行動")] * 30, effects=[("Effect.", "効果")] * 30)

    assert queries(curator, change_page(many)) == queries(curator, change_page(one))


def test_the_list_shows_status_and_version(curator: Client) -> None:
    publish(slug="b-public")
    PracticeFactory(slug="a-draft")

    rows = curator.get(LIST).context["cl"].result_list

    assert {row.slug: row.version for row in rows} == {"b-public": 1, "a-draft": None}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status__exact=published", ["public"]),
        ("?institution__kind__exact=private", ["half"]),
        ("?region=kinki", ["half"]),
        ("?missing=ja", ["half"]),
        ("?missing=en", ["part"]),
        ("?q=京大", ["half"]),
        ("?q=第一京都大学 英語だけ", []),
        ("?q=English-only", ["half"]),
        ("?q=part", ["part"]),
    ],
)
def test_filters_and_search_find_cases(curator: Client, query: str, found: list[str]) -> None:
    kyoto = InstitutionFactory(kind="private", prefecture="26", name_ja="第一京都大学")
    AliasFactory(institution=kyoto, label="京大")
    PracticeFactory(slug="half", institution=kyoto, title_ja="", title_en="English-only")
    PracticeFactory(slug="part", actions=[("", "日本語だけ")])
    publish(slug="public")

    assert slugs(curator, query) == found


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?q=" + "word+" * 5000, 200),
        ("?q=%22", 200),
        ("?q='", 200),
        ("?p=x", 200),
        ("?p=" + "9" * 30, 200),
        ("?o=x.-9.99", 200),
        ("?status__exact=nonsense", 200),
        ("?theme__id__exact=x", 302),
        ("?theme__id__exact=" + "9" * 30, 200),
        ("?missing=x&region=x", 200),
        ("?title_ja__regex=(", 400),
        ("?review_by__year=99999999999", 400),
        ("?owner__password__startswith=p", 400),
        ("?nonsense=1", 400),
        ("?_to_field=edits", 400),
        ("?all=x&e=1&_popup=x", 200),
    ],
)
def test_odd_queries_are_no_server_error(curator: Client, query: str, status: int) -> None:
    PracticeFactory.create_batch(2)

    assert curator.get(LIST + query).status_code == status


@pytest.mark.parametrize(
    "address", ["add/?institution=x&title_ja=y&themes=x", "x/change/", "9" * 30 + "/change/", "0/delete/"]
)
def test_odd_addresses_are_no_server_error(curator: Client, address: str) -> None:
    response = curator.get(LIST + address)

    assert response.status_code in {200, 302}
    assert b'value="y"' not in response.content


def offered(client: Client, field: str, term: str, model: str = "goodpractice") -> list[str]:
    asked = {"app_label": "practices", "model_name": model, "field_name": field, "term": term}
    return [row["text"] for row in client.get("/admin/autocomplete/", asked).json()["results"]]


def test_autocomplete_finds_by_alias(curator: Client) -> None:
    AliasFactory(institution=InstitutionFactory(name_ja="慶應義塾大学"), label="慶大")

    assert offered(curator, "institution", "慶大") == ["慶應義塾大学"]


def test_autocomplete_offers_whom_a_short_name_means_first(curator: Client) -> None:
    InstitutionFactory(name_ja="東京大学", position=1)
    AliasFactory(institution=InstitutionFactory(name_ja="京都大学", position=2), label="京大")

    assert offered(curator, "institution", "京大") == ["京都大学", "東京大学"]


@pytest.mark.parametrize("field", ["theme", "themes"])
def test_autocomplete_offers_a_case_no_theme_of_the_programme_itself(curator: Client, field: str) -> None:
    closed, theme = ProgrammeActionFactory().theme, ThemeFactory()

    assert offered(curator, field, "主題") == [str(theme)]
    assert str(closed) in offered(curator, "theme", "主題", model="recommendation")


def test_headquarters_are_offered_and_shown_with_their_institution(curator: Client) -> None:
    practice = PracticeFactory(with_headquarters=True, institution__name_ja="一橋大学")

    page = curator.get(f"{LIST}{practice.pk}/change/").content.decode()

    assert offered(curator, "headquarters", "国際本部") == ["国際本部（一橋大学）"]
    assert "selected>国際本部（一橋大学）</option>" in page


def test_offering_headquarters_costs_the_same_with_1_and_10(curator: Client) -> None:
    address = "/admin/autocomplete/?app_label=practices&model_name=goodpractice&field_name=headquarters"
    counts = []
    for rows in (1, 9):
        HeadquartersFactory.create_batch(rows)
        counts.append(queries(curator, address))

    assert counts[0] == counts[1]


def test_autocomplete_tells_no_accounts(curator: Client) -> None:
    asked = {"app_label": "practices", "model_name": "goodpractice", "field_name": "owner", "term": "staff"}

    assert curator.get("/admin/autocomplete/", asked).status_code == 403


def test_who_did_nothing_yet_is_told_so(curator: Client) -> None:
    page = curator.get("/admin/").content.decode()

    assert ("まだ操作はありません。" in page, "利用不可" in page) == (True, False)


def test_an_address_fills_no_form(curator: Client) -> None:
    page = curator.get("/admin/practices/goodpractice/add/?title_en=planted")
    record = curator.get("/admin/universities/institution/add/?name_en=planted")

    assert "planted" not in page.context["adminform"].form.initial.values()
    assert "planted" not in record.context["adminform"].form.initial.values()
