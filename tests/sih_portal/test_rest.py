"""What holds for every endpoint of the API alike."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft4Validator
from pytest_django import DjangoAssertNumQueries
from rest_framework.throttling import SimpleRateThrottle

from sih_portal.api import ENDPOINTS
from sih_portal.negotiation import REFERENCES
from tests.factories.practices import archive, publish

pytestmark = pytest.mark.django_db

FORMS = ["json", "csv", "xlsx", "jsonl"]
LISTS = [f"/api/v1/{name}/" for name in ENDPOINTS]
HUGE = str(10**30)


@pytest.fixture(autouse=True)
def unused_allowance() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def refusal(client: Client, address: str, **headers: str) -> list[tuple[str, str | None, str, list[str]]]:
    """Name, value, message and allowed values of each reason of a 400."""
    response = client.get(address, headers=headers)
    assert response.status_code == 400, response.content
    return [tuple(error.values()) for error in response.json()["errors"]]


def test_root_lists_every_endpoint(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):  # the version of the data
        body = client.get("/api/v1/").json()

    assert body == {name: f"http://testserver/api/v1/{name}/" for name in [*ENDPOINTS, "schema", "docs"]}


@pytest.mark.parametrize("address", ["/api/v1/", *LISTS])
def test_unknown_name_is_refused_with_the_known_ones(client: Client, address: str) -> None:
    [(name, value, message, allowed)] = refusal(client, f"{address}?ordering=id")

    assert (name, value, message) == ("ordering", None, "This name is not known.")
    assert "lang" in allowed


@pytest.mark.parametrize(
    ("name", "value", "most"),
    [("page_size", HUGE, 100), ("page_size", "101", 100), ("page_size", "0", 100), ("page", "-1", 10000)],
)
def test_number_out_of_bounds_is_refused(client: Client, name: str, value: str, most: int) -> None:
    reason: Any = (name, value, f"Write a whole number from 1 to {most}.", [])

    assert [refusal(client, f"{address}?{name}={value}") for address in LISTS] == [[reason]] * len(LISTS)


@pytest.mark.parametrize("value", ["٣", "1.0", "last", "1e3", " 1"])
def test_page_is_a_plain_number(client: Client, value: str) -> None:
    assert [reason[:2] for reason in refusal(client, f"/api/v1/events/?page={quote(value)}")] == [("page", value)]


@pytest.mark.parametrize("address", LISTS)
def test_page_beyond_the_last_is_not_found(client: Client, address: str) -> None:
    response = client.get(f"{address}?page=2")

    assert response.status_code == 404
    assert response.json() == {"detail": "There is no such page: the list ends before it."}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_is_not_possible(client: Client, method: str) -> None:
    responses = [getattr(client, method)(address) for address in LISTS]

    assert {response.status_code for response in responses} == {405}
    assert {response.headers["Allow"] for response in responses} == {"GET, HEAD, OPTIONS"}


@pytest.mark.parametrize("address", ["/api/v1/", *LISTS])
def test_options_and_head_answer(client: Client, address: str) -> None:
    assert client.options(address).status_code == 200
    assert (client.head(address).status_code, client.head(address).content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "nothing/",
        "practices/%00/",
        "practices/%ff/",
        "practices/%ed%a0%80/",
        "practices/a%0a/",
        "practices/京都/",
        f"practices/{HUGE}/",
        f"themes/{HUGE}/",
        f"recommendations/{HUGE}/",
        f"actions/case:action-{HUGE}/",
        "actions/case:effect-1/",
        "effects/case/",
        "institutions/nowhere/",
        "headquarters/sih-nowhere/",
        "programmes/nothing/",
        "themes/0/",
        "themes/999/",
        "concepts/nothing/",
        "publications/nothing/",
        "events/nothing/",
        "practices/feed/deep/down/",
    ],
)
def test_address_of_nothing_is_not_found_in_json(client: Client, path: str) -> None:
    response = client.get(f"/api/v1/{path}")

    assert response.status_code == 404
    assert list(response.json()) == ["detail"]


@pytest.mark.parametrize("query", ["lang=%00", "q=%ff", "page=%ed%a0%80", "%00=1", "a=%c0%af"])
def test_unreadable_query_is_refused_like_any_other(client: Client, query: str) -> None:
    names = {refusal(client, f"{address}?{query}")[0][0] for address in ["/api/v1/", *LISTS]}

    assert names == {unquote(query.partition("=")[0])}


@pytest.mark.parametrize("query", ["q=a&q=b", "sort=title&sort=title", "page=1&page=2", "expand=1&expand=0"])
def test_single_valued_name_is_refused_when_it_repeats(client: Client, query: str) -> None:
    name, value = query.rpartition("&")[2].split("=")

    assert refusal(client, f"/api/v1/practices/?{query}") == [(name, value, "This name takes one value only.", [])]


@pytest.mark.parametrize("address", LISTS)
def test_language_and_format_are_refused_when_they_repeat(client: Client, address: str) -> None:
    only_one = "This name takes one value only."

    assert refusal(client, f"{address}?lang=en&lang=ja") == [("lang", "ja", only_one, [])]
    assert refusal(client, f"{address}?format=csv&format=json") == [("format", "json", only_one, [])]


def test_more_names_than_anybody_needs_are_refused(client: Client) -> None:
    response = client.get(
        "/api/v1/events/?" + "&".join(f"a{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    )

    body = {"detail": "The request could not be understood.", "errors": []}
    assert (response.status_code, response.json()) == (400, body)


@pytest.mark.parametrize("address", LISTS)
def test_format_and_language_are_refused_with_the_allowed_ones(client: Client, address: str) -> None:
    unknown = "This value is not known."
    more = {"figures": ["json-stat"], "practices": [renderer.format for renderer in REFERENCES]}
    forms = [*FORMS, *more.get(address.split("/")[-2], [])]

    assert refusal(client, f"{address}?format=xml") == [("format", "xml", unknown, forms)]
    assert refusal(client, f"{address}?lang=fr") == [("lang", "fr", unknown, ["ja", "en"])]


def test_one_record_comes_as_json_only(client: Client) -> None:
    assert refusal(client, "/api/v1/themes/1/?format=csv") == [("format", "csv", "This value is not known.", ["json"])]


def test_lang_chooses_the_language_of_messages(client: Client) -> None:
    [(*_rest, message, _allowed)] = refusal(client, "/api/v1/events/?page=0&lang=ja", **{"accept-language": "en"})
    response = client.get("/api/v1/events/?page=0", headers={"accept-language": "ja"})

    assert message == "1から10000までの整数を入力してください。"
    assert response.json()["errors"][0]["message"] == "Write a whole number from 1 to 10000."
    assert response.headers["Content-Language"] == "en"


@pytest.mark.parametrize(("query", "language"), [("", "en"), ("lang=en&", "en"), ("lang=ja&", "ja"), ("lang=x&", "en")])
@pytest.mark.parametrize("path", ["v1/practices/?{}q=%00", "v1/nothing/?{}", "nothing/?{}", "v1/themes/?{}format=xml"])
def test_every_refusal_speaks_english_unless_lang_says_otherwise(
    client: Client, path: str, query: str, language: str
) -> None:
    other = {"en": "ja", "ja": "en"}[language]

    response = client.get(f"/api/{path.format(query)}", headers={"accept-language": other})

    assert response.headers["Content-Language"] == language
    assert response.json()["detail"].isascii() == (language == "en")
    assert b"\\u3" not in response.content


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, application/json;q=0.9", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("application/xml", "application/json"),
        ("nonsense;;;=,,/", "application/json"),
    ],
)
def test_accept_chooses_what_we_have_else_json(client: Client, accept: str, content_type: str) -> None:
    response = client.get("/api/v1/events/", headers={"accept": accept})

    assert (response.status_code, response.headers["Content-Type"]) == (200, content_type)
    assert "Accept" in response.headers["Vary"].split(", ")


def test_endless_accept_is_refused(client: Client) -> None:
    [(name, *_rest)] = refusal(client, "/api/v1/events/", accept=",".join(f"a/b{n}" for n in range(10_000)))

    assert name == "Accept"


def test_refusal_of_a_csv_is_json(client: Client) -> None:
    response = client.get("/api/v1/events/?format=csv&page=0")

    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/json")


@pytest.mark.parametrize("name", ENDPOINTS)
def test_csv_of_nothing_is_its_header(client: Client, name: str) -> None:
    response: Any = client.get(f"/api/v1/{name}/?format=csv")
    columns = [column.name for column in ENDPOINTS[name][1].columns]

    assert b"".join(response.streaming_content) == b"\xef\xbb\xbf" + ",".join(columns).encode() + b"\r\n"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name.replace("/", "-")}.csv"'


def test_too_many_requests_are_told_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "anon", "2/min")

    statuses = [client.get("/api/v1/events/").status_code for _time in range(2)]
    response = client.get("/api/v1/events/?format=csv")

    assert statuses == [200, 200]
    assert (response.status_code, response.headers["Content-Type"]) == (429, "application/json")
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert list(response.json()) == ["detail"]


def test_nobody_gets_a_cookie(client: Client) -> None:
    response = client.get("/api/v1/institutions/")

    assert response.cookies == {}
    assert "Cookie" not in response.headers["Vary"]


def test_schema_is_valid_and_asks_the_database_for_its_version_only(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get("/api/v1/schema/")

    assert response.json()["openapi"] == "3.0.3"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


def test_schema_comes_as_yaml_too_and_in_japanese(client: Client) -> None:
    assert client.get("/api/v1/schema/?format=yaml").content.startswith(b"openapi: 3.0.3\n")
    assert refusal(client, "/api/v1/schema/?lang=../../etc")[0][0] == "lang"
    assert "当ポータル訳" in client.get("/api/v1/schema/?lang=ja").content.decode()


def test_every_parameter_is_described(client: Client) -> None:
    paths = client.get("/api/v1/schema/").json()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]

    parameters = [parameter for operation in operations for parameter in operation.get("parameters", [])]

    assert len(operations) == 1 + 2 * len(ENDPOINTS)
    assert [parameter["name"] for parameter in parameters if not parameter.get("description")] == []


def test_every_answer_is_declared(client: Client) -> None:
    paths = client.get("/api/v1/schema/").json()["paths"]

    declared = {path.removeprefix("/api/v1/"): sorted(item["get"]["responses"]) for path, item in paths.items()}

    assert {declared[f"{name}/"] == ["200", "400", "404", "429"] for name in ENDPOINTS} == {True}
    assert declared["themes/{number}/"] == ["200", "400", "404", "429"]
    assert declared["practices/{slug}/"] == ["200", "400", "404", "410", "429"]
    assert declared["effects/{id}/"] == ["200", "400", "404", "410", "429"]


def test_answers_are_what_the_schema_says(client: Client, loaded_source: None) -> None:
    document = client.get("/api/v1/schema/").json()
    for address in LISTS:
        body = client.get(f"{address}?page_size=100").json()
        declared = document["paths"][address]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

        errors = list(Draft4Validator(nullable(document) | declared).iter_errors(body))

        assert body["results"]
        assert [f"{address}: {error.message}" for error in errors] == []


def test_list_with_an_archived_case_is_what_the_schema_says(client: Client) -> None:
    archive(publish())
    publish()
    document = client.get("/api/v1/schema/").json()
    declared = document["paths"]["/api/v1/practices/"]["get"]["responses"]["200"]["content"]["application/json"]

    body = client.get("/api/v1/practices/?updated_since=2026-01-01").json()

    errors = list(Draft4Validator(nullable(document) | declared["schema"]).iter_errors(body))
    assert [error.message for error in errors] == []
    assert [row.get("archived") for row in body["results"]] == [None, True]


def nullable(schema: Any) -> Any:
    """A copy of an OpenAPI 3.0 document with `nullable` said as JSON Schema says it, and no unlisted field allowed."""
    if isinstance(schema, list):
        return [nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {name: nullable(part) for name, part in schema.items()}
    if "properties" in copy and copy.get("type") == "object":
        copy["additionalProperties"] = False
    return {"anyOf": [copy, {"type": "null"}]} if copy.pop("nullable", False) is True else copy


def test_documentation_has_nothing_inline(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    script = client.get("/api/v1/docs/?script=")

    assert "<style" not in page
    assert page.count("<script src=") == page.count("<script")
    assert script.headers["Content-Type"] == "application/javascript"
    assert json.dumps("/api/v1/schema/") in script.content.decode().replace("'", '"')
