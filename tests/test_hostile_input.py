"""What nobody should send: a clear refusal or a visible notice, never a 500, the same on every database."""

import json
import xml.etree.ElementTree as ET
from typing import Final

import pytest
from django.test import Client

from practices.filters import FILTERS, MORE_NAMES
from tests.factories.practices import ConceptFactory, publish

pytestmark = pytest.mark.django_db

UNREADABLE: Final = ("%00", "a%00b", "%ff%fe", "%ed%a0%80", "%c0%80", "%F0%28%8C%BC")
TOO_LONG: Final = ("a" * 201, "+".join(["word"] * 21), "+".join(["word"] * 5000), "%E3%81%82" * 5000)
ODD_WORDS: Final = (
    *(
        "'",
        '"',
        '""',
        '"unbalanced',
        "%25",
        "_",
        "\\",
        "*",
        "a*",
        "NEAR(a+b)",
        "a+AND",
        "OR",
        "NOT",
        "(",
        ")",
        ":",
        "title:a",
    ),
    *(
        "-",
        "%2B",
        "^",
        "{",
        "}",
        "&",
        "|",
        "!",
        "<->",
        "a%26b|!c",
        "%F0%9F%98%80",
        "%F0%A0%AE%B7",
        "%E2%80%8B",
        "%EF%BF%BE",
    ),
    *("e" + "%CC%81" * 60, "%E2%80%AE", "%E3%80%80", "%EF%BD%B8%EF%BE%9E", "kyo%0Ato", "i_1", "c_1", "_", "."),
)
HUGE: Final = ("9" * 30, "-1", "0", "1e9", "NaN", "%EF%BC%91", "2147483648", "9223372036854775808", "1.5", "0x10")
PAGES: Final = (
    *("/ja/", "/ja/about/", "/ja/practices/", "/ja/practices/public-case/", "/ja/themes/", "/ja/themes/{number}/"),
    *("/ja/recommendations/", "/ja/institutions/", "/ja/institutions/{institution}/", "/admin/login/", "/sitemap.xml"),
    *("/ja/publications/", "/ja/events/", "/ja/practices/compare/", "/ja/words/", "/ja/words/suggestions/"),
)
ENDPOINTS: Final = (
    *("institutions", "headquarters", "programmes", "themes", "recommendations", "practices"),
    *("actions", "effects", "concepts", "publications", "events"),
    *("survey/rounds", "survey/indicators", "survey/figures"),
)
NUMBERED: Final = (
    *("/ja/themes/{}/", "/ja/recommendations/{}/", "/ja/practices/public-case/attachments/{}/"),
    *("/api/v1/themes/{}/", "/api/v1/recommendations/{}/"),
    *("/api/v1/actions/public-case:action-{}/", "/api/v1/effects/public-case:effect-{}/"),
)
NAMED: Final = (
    *("/ja/answer/open/{}/", "/ja/answer/{}/", "/answer/open/{}"),
    *("/ja/practices/{}/", "/ja/institutions/{}/", "/ja/publications/{}/", "/ja/{}/", "/{}/", "/admin/{}/"),
    *(f"/api/v1/{endpoint}/{{}}/" for endpoint in ENDPOINTS),
)


@pytest.fixture
def visitor() -> Client:
    publish(slug="public-case", concepts=[ConceptFactory()])
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("text", UNREADABLE)
def test_unreadable_text_is_refused_on_every_page(visitor: Client, text: str) -> None:
    paths = [path.format(number=1, institution="x") for path in PAGES]

    answers = {path: visitor.get(f"{path}?q={text}").status_code for path in paths}

    assert {path: status for path, status in answers.items() if status not in {400, 404}} == {}
    assert answers["/ja/practices/"] == 400


@pytest.mark.parametrize("text", [*UNREADABLE, *TOO_LONG])
def test_unreadable_or_endless_words_are_refused_by_search_page_and_api(visitor: Client, text: str) -> None:
    page = visitor.get(f"/en/practices/?q={text}")
    feed = visitor.get(f"/en/practices/feed/?q={text}")
    answer = visitor.get(f"/api/v1/practices/?q={text}")

    assert (page.status_code, feed.status_code, answer.status_code) == (400, 400, 400)
    assert json.loads(answer.content)["detail"]
    assert "<h1" in page.content.decode()


@pytest.mark.parametrize("text", ODD_WORDS)
def test_odd_words_find_something_or_nothing(visitor: Client, text: str) -> None:
    paths = ("/ja/practices/", "/ja/practices/feed/", "/api/v1/practices/")
    answers = {path: visitor.get(f"{path}?q={text}") for path in paths}

    assert [answer.status_code for answer in answers.values()] == [200, 200, 200]
    ET.fromstring(answers["/ja/practices/feed/"].content)


@pytest.mark.parametrize("name", [*FILTERS, *MORE_NAMES, "view", "lang", "format", "unknown", "draft__owner__password"])
@pytest.mark.parametrize("value", HUGE)
def test_odd_values_are_refused_by_the_api_and_noticed_by_the_page(visitor: Client, name: str, value: str) -> None:
    page = visitor.get(f"/en/practices/?{name}={value}")
    feed = visitor.get(f"/en/practices/feed/?{name}={value}")
    answer = visitor.get(f"/api/v1/practices/?{name}={value}")

    assert (page.status_code, feed.status_code) == (200, 200)
    assert answer.status_code in ({200} if name == "q" or (name, value) == ("expand", "0") else {400, 404})


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_page_size_without_a_bound_is_refused(visitor: Client, endpoint: str) -> None:
    answer = visitor.get(f"/api/v1/{endpoint}/?page_size=1000000000")

    assert answer.status_code == 400
    assert "100" in json.loads(answer.content)["detail"] + json.dumps(json.loads(answer.content))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
    "query", ["foo=1", "page=99999999999999999999", "page=0", "kind=secret", "q=%00", "ordering=id"]
)
def test_endpoint_refuses_what_it_does_not_know(visitor: Client, endpoint: str, query: str) -> None:
    answer = visitor.get(f"/api/v1/{endpoint}/?{query}")

    assert answer.status_code in {400, 404}
    assert json.loads(answer.content)["detail"]


@pytest.mark.parametrize("path", NUMBERED)
@pytest.mark.parametrize("number", ["0", "-1", "9" * 4, "9" * 30, "1" + "0" * 5000, "%EF%BC%91", "%00", "1%00"])
def test_odd_number_in_a_path_is_no_address(visitor: Client, path: str, number: str) -> None:
    assert visitor.get(path.format(number)).status_code in {400, 404}


@pytest.mark.parametrize("path", NAMED)
@pytest.mark.parametrize(
    "name", ["%00", "a%00b", "%ff", "%ed%a0%80", "..%2f..", "a" * 5000, "%F0%9F%98%80", "'", "%25s"]
)
def test_odd_name_in_a_path_is_no_address(visitor: Client, path: str, name: str) -> None:
    assert visitor.get(path.format(name)).status_code in {302, 400, 404}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_api_only_reads(visitor: Client, method: str, endpoint: str) -> None:
    assert getattr(visitor, method)(f"/api/v1/{endpoint}/").status_code == 405


def test_notice_names_what_was_ignored(visitor: Client) -> None:
    page = visitor.get("/en/practices/?kind=secret&foo=1").content.decode()

    assert "secret" in page
    assert "foo" in page


@pytest.mark.parametrize(
    "query", ["q=a&q=b", "sort=title&sort=luck", "view=table&view=cards", "page_size=5&page_size=6"]
)
def test_notice_names_a_value_too_many(visitor: Client, query: str) -> None:
    page = visitor.get(f"/en/practices/?{query}").content.decode()

    assert f"<code>{query.rpartition('&')[2]}</code> This name takes one value only." in page
