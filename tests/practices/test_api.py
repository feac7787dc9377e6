"""Cases and what belongs to them as the API gives them, and what it refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practices.models import Chapter, Edition, Event, GoodPractice, ProgrammeAction
from practices.workflow import Steps, take
from tests.factories.practices import (
    A_MOMENT,
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    archive,
    publish,
    staff,
)
from tests.factories.universities import HeadquartersFactory, InstitutionFactory
from tests.practices.api import found

pytestmark = pytest.mark.django_db

EMPTY = {"en": None, "ja": None}
SUMMARY = {"kind": "summary", "locator": "III, p. 2", "reference": EMPTY}
CASE_LISTS = ("practices", "actions", "effects")


def a_case(**fields: Any) -> Edition:
    """A public case with everything a case can have."""
    institution = InstitutionFactory(slug="kyoto", name_en="Kyoto University", name_ja="京都大学")
    recommendation = RecommendationFactory(theme__number=6, theme__title_en="Staff", theme__title_ja="職員")
    content = {
        "slug": "kyoto-workshops",
        "institution": institution,
        "headquarters": HeadquartersFactory(participation__institution=institution),
        "theme": recommendation.theme,
        "themes": [ThemeFactory(number=9, title_en="Bases", title_ja="")],
        "concepts": [ConceptFactory(slug="workshop", pref_label_en="workshop", pref_label_ja="研修")],
        "publication": PublicationFactory(slug="final-report-summary"),
        "locator": "III-6, p. 4",
        "title_en": "Workshops",
        "title_ja": "ワークショップ",
        "needs_staff_en": "Two people",
        "first_fiscal_year": 2005,
        "actions": [("Met.", "集まった。"), ("Met again.", "")],
        "effects": [("Learned.", "学んだ。")],
    }
    return publish(PracticeFactory(**content | fields))


def test_case_has_the_promised_fields(client: Client, settings: Any) -> None:
    a_case()
    page = {language: f"{settings.SITE_URL}/{language}/practices/kyoto-workshops/" for language in ("en", "ja")}

    def part(kind: str, number: int, en: str, ja: str | None) -> dict[str, Any]:
        url = {language: f"{address}#{kind}-{number}" for language, address in page.items()}
        return {"id": f"kyoto-workshops:{kind}-{number}", "number": number, "text": {"en": en, "ja": ja}, "url": url}

    assert client.get("/api/v1/practices/kyoto-workshops/").json() == {
        "slug": "kyoto-workshops",
        "url": page,
        "title": {"en": "Workshops", "ja": "ワークショップ"},
        "summary": {"en": "What was done.", "ja": "行ったこと。"},
        "institution": {"slug": "kyoto", "name": {"en": "Kyoto University", "ja": "京都大学"}, "kind": "national"},
        "headquarters": {
            "id": "sih-kyoto",
            "name": {"en": "International Headquarters", "ja": "国際本部"},
            "abbreviation": None,
        },
        "theme": {"number": 6, "title": {"en": "Staff", "ja": "職員"}},
        "themes": [{"number": 9, "title": {"en": "Bases", "ja": None}}],
        "recommendation": {"number": 6, "title": {"en": "Recommendation 6", "ja": "提言6"}},
        "actions": [part("action", 1, "Met.", "集まった。"), part("action", 2, "Met again.", None)],
        "effects": [part("effect", 1, "Learned.", "学んだ。")],
        "concepts": [{"slug": "workshop", "pref_label": {"en": "workshop", "ja": "研修"}}],
        "source": {"publication": "final-report-summary", "locator": "III-6, p. 4"},
        **dict.fromkeys(("context", "enabling", "hindering", "lessons", "transferability", "note"), EMPTY),
        "needs": {"staff": {"en": "Two people", "ja": None}, "money": EMPTY, "time": EMPTY},
        "period": {"first_fiscal_year": 2005, "last_fiscal_year": None},
        "confirmed_on": None,
        "links": [],
        "published_at": "2026-04-01T12:00:00+09:00",
        "updated_at": "2026-04-01T12:00:00+09:00",
        "version": 1,
    }


def test_case_without_headquarters_recommendation_and_source_says_null(client: Client) -> None:
    slug = publish().slug

    body = client.get(f"/api/v1/practices/{slug}/").json()

    assert (body["headquarters"], body["recommendation"]) == (None, None)
    assert body["source"] == {"publication": None, "locator": None}


def test_case_tells_its_first_and_its_current_publication(client: Client) -> None:
    edition = publish(slug="case")
    take(Steps.REVISE, practice=edition.draft, by=staff("curator"), at=A_MOMENT)
    GoodPractice.objects.filter(slug="case").update(title_en="Better")
    publish(edition.draft, at=datetime(2026, 5, 1, tzinfo=UTC))

    body = client.get("/api/v1/practices/case/").json()

    assert (body["version"], body["title"]["en"]) == (2, "Better")
    assert (body["published_at"], body["updated_at"]) == ("2026-04-01T12:00:00+09:00", "2026-05-01T09:00:00+09:00")


def test_part_stands_by_itself_with_its_case(client: Client) -> None:
    a_case()

    body = client.get("/api/v1/actions/kyoto-workshops:action-2/").json()

    assert (body["id"], body["number"], body["text"]) == (
        "kyoto-workshops:action-2",
        2,
        {"en": "Met again.", "ja": None},
    )
    assert list(body["practice"]) == ["slug", "url", "title", "institution", "theme"]
    assert body["practice"]["slug"] == "kyoto-workshops"


def test_parts_come_in_the_order_of_their_cases(client: Client) -> None:
    publish(slug="older", at=A_MOMENT - timedelta(days=1))
    publish(slug="newer", actions=[("One.", ""), ("Two.", "")])

    assert found(client, "", "actions") == ["newer:action-1", "newer:action-2", "older:action-1"]
    assert found(client, "", "effects") == ["newer:effect-1", "older:effect-1"]


def test_parts_are_those_of_the_cases_the_query_names(client: Client) -> None:
    publish(slug="a", institution=InstitutionFactory(kind="private"))
    publish(slug="b", institution=InstitutionFactory(kind="national"))

    assert found(client, "kind=private", "actions") == ["a:action-1"]


def test_words_find_cases_in_both_languages(client: Client) -> None:
    publish(slug="a", title_en="Exchange", title_ja="留学生の受入れ")
    publish(slug="b", title_en="Offices", title_ja="海外拠点")

    assert found(client, f"q={quote('留学')}") == ["a"]
    assert found(client, "q=offices") == ["b"]
    assert found(client, f"q={quote('海外拠点')}", "effects") == ["b:effect-1"]


def test_list_says_when_no_case_has_all_words(client: Client) -> None:
    publish(slug="a", title_en="Overseas offices")

    exact = client.get("/api/v1/practices/?q=overseas").json()
    relaxed = client.get("/api/v1/practices/?q=overseas+submarine").json()

    assert list(exact) == ["count", "next", "previous", "results"]
    assert (relaxed["count"], relaxed["relaxed"]) == (1, True)


def test_lang_chooses_the_language_of_sorting(client: Client) -> None:
    publish(slug="one", title_en="A", title_ja="う")
    publish(slug="two", title_en="B", title_ja="あ")

    assert found(client, "sort=title") == ["one", "two"]
    assert found(client, "sort=title&lang=ja") == ["two", "one"]


def test_unpublished_cases_are_unknown(client: Client) -> None:
    PracticeFactory(slug="draft", concepts=[ConceptFactory(slug="secret")])

    assert client.get("/api/v1/practices/draft/").status_code == 404
    assert client.get("/api/v1/actions/draft:action-1/").status_code == 404
    assert client.get("/api/v1/concepts/secret/").status_code == 404
    assert [found(client, "", name) for name in (*CASE_LISTS, "concepts")] == [[], [], [], []]


@pytest.mark.parametrize("path", ["practices/gone/", "actions/gone:action-1/", "effects/gone:effect-1/"])
def test_archived_case_says_when_and_nothing_else(client: Client, path: str) -> None:
    archive(publish(slug="gone"), at=A_MOMENT + timedelta(hours=1))

    response = client.get(f"/api/v1/{path}")

    assert response.status_code == 410
    assert response.json() == {
        "detail": "This practice is no longer public.",
        "slug": "gone",
        "archived": True,
        "updated_at": "2026-04-01T13:00:00+09:00",
    }
    assert client.get("/api/v1/actions/gone:action-7/").status_code == 404
    assert [found(client, "", name) for name in CASE_LISTS] == [[], [], []]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (f"theme={10**30}", ("theme", str(10**30), ["6", "9"])),
        ("theme=6&theme=x", ("theme", "x", ["6", "9"])),
        ("recommendation=-1", ("recommendation", "-1", ["6", "9"])),
        ("institution=nowhere", ("institution", "nowhere", ["kyoto"])),
        ("concept=nothing", ("concept", "nothing", ["workshop"])),
        ("kind=royal", ("kind", "royal", ["national", "public", "private", "inter_university"])),
        ("translated=fr", ("translated", "fr", ["ja", "en"])),
        ("sort=draft__title_en", ("sort", "draft__title_en", ["relevance", "-published_at", "title", "institution"])),
        ("expand=2", ("expand", "2", ["1", "0"])),
        (f"year={10**30}", ("year", str(10**30), [])),
        (f"updated_since={10**30}", ("updated_since", str(10**30), [])),
        ("page_size=101", ("page_size", "101", [])),
        (f"page={10**30}", ("page", str(10**30), [])),
        ("lang=fr", ("lang", "fr", ["ja", "en"])),
    ],
)
def test_unknown_value_is_refused_with_the_allowed_ones(
    client: Client, query: str, reason: tuple[str, str, list[str]]
) -> None:
    a_case()

    responses = [client.get(f"/api/v1/{name}/?{query}") for name in CASE_LISTS]

    assert [response.status_code for response in responses] == [400, 400, 400]
    errors = [error for response in responses for error in response.json()["errors"]]
    assert [(error["name"], error["value"], error["allowed"]) for error in errors] == [reason] * 3


@pytest.mark.parametrize(
    "name", ["author", "draft__slug", "institution__slug", "_connector", "_negated", "ordering", "search", "status"]
)
def test_paths_into_the_database_are_unknown_names(client: Client, name: str) -> None:
    body = client.get(f"/api/v1/practices/?{name}=1").json()

    assert [(error["name"], error["value"]) for error in body["errors"]] == [(name, None)]
    assert "headquarters_head" in body["errors"][0]["allowed"]


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("words", ["a " * 5000, "a" * 201, " ".join("abcdefghijklmnopqrstu")])
def test_too_many_words_are_refused(client: Client, words: str, form: str) -> None:
    response = client.get("/api/v1/practices/", {"q": words, "format": form})

    assert response.status_code == 400
    assert [error["name"] for error in response.json()["errors"]] == ["q"]


def test_theme_has_the_promised_fields(client: Client, settings: Any) -> None:
    theme = publish(theme=ThemeFactory(number=10, title_ja_origin="portal")).theme
    ProgrammeAction.objects.create(theme=theme, number=1, text_en="Met.", provenance="summary", locator="III, p. 2")

    assert client.get("/api/v1/themes/10/").json() == {
        "number": 10,
        "url": {language: f"{settings.SITE_URL}/{language}/themes/10/" for language in ("en", "ja")},
        "title": {"en": "Theme 10", "ja": "第10の主題"},
        "title_ja_origin": "portal",
        "short": {"en": "Short 10", "ja": "主題10"},
        "result": EMPTY,
        "practice_count": 1,
        "programme_actions": [
            {"number": 1, "text": {"en": "Met.", "ja": None}, "publication": None, "provenance": SUMMARY}
        ],
        "recommendation": None,
        "provenance": SUMMARY,
    }


def test_recommendation_has_the_promised_fields(client: Client, settings: Any) -> None:
    RecommendationFactory(theme__number=3)

    assert client.get("/api/v1/recommendations/3/").json() == {
        "number": 3,
        "url": {language: f"{settings.SITE_URL}/{language}/recommendations/3/" for language in ("en", "ja")},
        "title": {"en": "Recommendation 3", "ja": "提言3"},
        "text": {"en": "Do it well.", "ja": "よく行うこと。"},
        "theme": {"number": 3, "title": {"en": "Theme 3", "ja": "第3の主題"}},
        "provenance": SUMMARY | {"locator": "IV, p. 7"},
    }


def test_concept_names_only_public_neighbours(client: Client) -> None:
    hidden = ConceptFactory(slug="hidden")
    seen = ConceptFactory(slug="seen")
    concept = ConceptFactory(slug="mobility", broader=hidden, synonyms=["exchange", "交流"], reference_ja="用語集")
    concept.related.set([hidden, seen])
    publish(concepts=[concept, seen])

    body = client.get("/api/v1/concepts/mobility/").json()

    assert (body["broader"], [row["slug"] for row in body["related"]]) == (None, ["seen"])
    assert body["alt_labels"] == {"en": ["exchange"], "ja": ["交流"]}
    assert (body["related_labels"], body["practice_count"]) == ({"en": [], "ja": []}, 1)
    assert body["reference"] == {"en": None, "ja": "用語集"}


def test_publication_brings_its_chapters(client: Client) -> None:
    publication = PublicationFactory(slug="final-report")
    chapter = Chapter.objects.create(publication=publication, number=1, title_en="Outline")
    chapter.themes.set([ThemeFactory(number=7), ThemeFactory(number=2)])

    body = client.get("/api/v1/publications/final-report/").json()

    assert [(row["number"], row["title"]) for row in body["chapters"]] == [(1, {"en": "Outline", "ja": None})]
    assert [theme["number"] for theme in body["chapters"][0]["themes"]] == [2, 7]
    assert body["page"]["ja"].endswith("/ja/publications/final-report/")


def test_event_has_the_promised_fields(client: Client, settings: Any) -> None:
    Event.objects.create(
        slug="forum", kind="seminar", title_en="Forum", year=2007, provenance="summary", locator="p. 6"
    )

    assert client.get("/api/v1/events/forum/").json() == {
        "slug": "forum",
        "page": {
            "ja": f"{settings.SITE_URL}/ja/events/#forum",
            "en": f"{settings.SITE_URL}/en/events/#forum",
        },
        "kind": "seminar",
        "title": {"en": "Forum", "ja": None},
        "held_on": None,
        "year": 2007,
        "month": None,
        "attendance": None,
        "place": EMPTY,
        "url": None,
        "provenance": {"kind": "summary", "locator": "p. 6", "reference": EMPTY},
    }


def fill(count: int, start: int) -> None:
    for number in range(start, start + count):
        recommendation = RecommendationFactory()
        concept = ConceptFactory(broader=ConceptFactory(), synonyms=[f"name {number}"])
        publish(theme=recommendation.theme, themes=[ThemeFactory()], concepts=[concept], with_headquarters=True)
        Chapter.objects.create(publication=PublicationFactory(), number=1, title_en="One")
        Event.objects.create(slug=f"event-{number}", kind="seminar", year=2007, provenance="summary", locator="p. 6")


def test_query_counts_are_the_same_for_one_and_for_thirty(client: Client) -> None:
    names = [*CASE_LISTS, "themes", "recommendations", "concepts", "publications", "events"]
    addresses = [f"/api/v1/{name}/?page_size=100&format={form}" for name in names for form in ("json", "csv")]
    addresses += [f"/api/v1/{name}/?page_size=100&kind=national&translated=en&q=what" for name in CASE_LISTS]

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            response: Any = client.get(address)
            b"".join(response.streaming_content if response.streaming else [response.content])
        return len(captured)

    fill(1, start=0)
    one = {address: queries(address) for address in addresses}
    fill(29, start=1)

    assert {address: queries(address) for address in addresses} == one
