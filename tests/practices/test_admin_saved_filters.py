"""Saved filters of the list of cases: kept, used, renamed, deleted; the own ones only, and nothing but filters."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from practices.admin.saved_filters import LONGEST_QUERY, MOST_FILTERS
from practices.models import SavedFilter
from tests.factories.practices import PracticeFactory, staff
from tests.practices.desk import LIST

pytestmark = pytest.mark.django_db
FILTERS = f"{LIST}filters/"
DRAFTS = "status__exact=draft"


@pytest.fixture
def person() -> Any:
    return staff("translator_en")


@pytest.fixture
def reader(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def save(client: Client, name: str = "下書き", query: str = DRAFTS) -> Any:
    return client.post(FILTERS, {"name": name, "query": query})


def kept() -> list[tuple[str, str]]:
    return list(SavedFilter.objects.order_by("name").values_list("name", "query"))


def links(client: Client, query: str = "") -> list[tuple[str, bool]]:
    return [(link["name"], link["is_current"]) for link in client.get(LIST + query).context["saved_filters"]]


def test_a_filter_is_kept_and_used(reader: Client) -> None:
    PracticeFactory(title_ja="合う事例")

    response = save(reader, query=f"?{DRAFTS}&q=%E5%90%88&o=1&p=3")

    assert response["Location"] == f"{LIST}?o=1&q=%E5%90%88&{DRAFTS}"
    assert [row.title_ja for row in reader.get(response["Location"]).context["cl"].result_list] == ["合う事例"]


def test_the_present_filter_is_marked(reader: Client) -> None:
    save(reader)
    save(reader, "事例の検索", "q=x")

    assert links(reader, f"?{DRAFTS}&p=1") == [("下書き", True), ("事例の検索", False)]
    assert links(reader) == [("下書き", False), ("事例の検索", False)]


def test_the_form_stands_where_something_is_filtered(reader: Client) -> None:
    assert reader.get(LIST).context["saved_filter_form"] is None
    assert reader.get(f"{LIST}?{DRAFTS}").context["saved_filter_form"]["query"].value() == DRAFTS


@pytest.mark.parametrize(
    "query",
    [
        "",
        "p=2&all=1&e=1",
        "title_ja__regex=(",
        "_popup=1&_to_field=id",
        "next=https://evil.example/",
        "//evil.example/",
        "status__exact=",
        "status__in=draft",
        "owner__password__startswith=p",
    ],
)
def test_nothing_but_filters_is_kept(reader: Client, query: str) -> None:
    response = save(reader, query=query)

    assert (response.status_code, kept()) == (400, [])
    assert response.context["new"].errors["query"]


@pytest.mark.parametrize("name", ["", "   ", "下書き", " 下書き ", "x" * 61])
def test_bad_names_are_refused_in_words(reader: Client, name: str) -> None:
    save(reader)

    response = save(reader, name, "q=x")

    assert (response.status_code, kept()) == (400, [("下書き", DRAFTS)])
    assert response.context["new"].errors["name"]
    assert response.context["new"]["query"].value() == "q=x"


def test_too_long_a_query_is_refused(reader: Client) -> None:
    assert save(reader, query="q=" + "x" * LONGEST_QUERY).status_code == 400


def test_one_keeps_so_many_filters_and_no_more(reader: Client, person: Any) -> None:
    SavedFilter.objects.bulk_create(SavedFilter(owner=person, name=f"n{n}", query="q=x") for n in range(MOST_FILTERS))

    assert save(reader).status_code == 400


def test_two_people_use_the_same_name(reader: Client) -> None:
    SavedFilter.objects.create(owner=staff("curator"), name="下書き", query="q=theirs")

    save(reader)

    assert links(reader) == [("下書き", False)]
    assert len(kept()) == 2


@pytest.mark.parametrize("address", ["", "delete/"])
def test_filters_of_others_are_not_there(reader: Client, address: str) -> None:
    other = SavedFilter.objects.create(owner=staff("curator"), name="theirs", query="q=x")

    response = reader.post(f"{FILTERS}{other.pk}/{address}", {"name": "mine"})

    assert (response.status_code, kept()) == (404, [("theirs", "q=x")])
    assert b"theirs" not in reader.get(FILTERS).content


def test_a_filter_is_renamed(reader: Client) -> None:
    save(reader)
    row = SavedFilter.objects.get()

    response = reader.post(f"{FILTERS}{row.pk}/", {"name": "新しい名前", "query": "q=forged"})

    assert (response.status_code, kept()) == (302, [("新しい名前", DRAFTS)])


def test_a_name_that_is_taken_comes_back_with_the_form(reader: Client) -> None:
    save(reader)
    save(reader, "b", "q=x")
    row = SavedFilter.objects.get(name="b")

    response = reader.post(f"{FILTERS}{row.pk}/", {"name": "下書き"})

    assert (response.status_code, [name for name, _query in kept()]) == (400, ["b", "下書き"])
    assert 'value="下書き"' in response.content.decode()


def test_a_filter_is_deleted_after_a_question(reader: Client) -> None:
    save(reader)
    address = f"{FILTERS}{SavedFilter.objects.get().pk}/delete/"

    asked = reader.get(address)
    still_there = len(kept())
    reader.post(address)

    assert (asked.status_code, still_there, kept()) == (200, 1, [])


def test_a_filter_the_list_no_longer_has_is_left_out(reader: Client, person: Any) -> None:
    SavedFilter.objects.create(owner=person, name="old", query=f"colour=red&{DRAFTS}")

    link = reader.get(LIST).context["saved_filters"][0]

    assert link["address"] == f"{LIST}?{DRAFTS}"


def test_names_are_shown_as_text(reader: Client) -> None:
    save(reader, "<script>alert(1)</script>", "q=" + quote('"><script>'))

    for address in (LIST, FILTERS, f"{LIST}?q=%22%3E%3Cscript%3E"):
        assert "<script>alert" not in reader.get(address).content.decode()
        assert '"><script>' not in reader.get(address).content.decode()


def test_a_popup_of_the_list_shows_no_filters(reader: Client) -> None:
    save(reader)

    assert "desk-filters" not in reader.get(f"{LIST}?_popup=1").content.decode()


def test_filters_cost_one_query_however_many(reader: Client) -> None:
    counts = []
    for names in ("a", "bcdefgh"):
        for name in names:
            save(reader, name)
        reader.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            reader.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_who_has_no_role_has_no_filters(client: Client) -> None:
    client.force_login(staff())

    assert [client.get(FILTERS).status_code, save(client).status_code] == [403, 403]
    assert client.get(reverse("admin:practices_goodpractice_saved_filter_delete", args=[1])).status_code == 403
