"""Pages of themes and recommendations."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practices.models import ProgrammeAction
from tests.factories.practices import (
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    archive,
    publish,
)

pytestmark = pytest.mark.django_db

NO_NUMBERS = ["0", "007", "1000", str(10**30), "-1", "1.5", "１", "one"]


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, path)
    return len(captured)


def jsps_action(theme: Any, number: int) -> ProgrammeAction:
    publication: Any = PublicationFactory()
    return ProgrammeAction.objects.create(
        theme=theme,
        number=number,
        text_en=f"It did deed {number}.",
        publication=publication,
        provenance="summary",
        locator="III-10, p. 6",
    )


def test_theme_list_counts_public_practices(client: Client) -> None:
    theme = ThemeFactory(number=6)
    publish(theme=theme)
    publish(themes=[theme], theme=ThemeFactory(number=7))
    PracticeFactory(theme=theme)
    archive(publish(theme=theme))

    themes = client.get("/ja/themes/").context["themes"]

    assert [(row.number, row.practice_count) for row in themes] == [(6, 2), (7, 1)]


def test_theme_list_says_that_titles_are_not_translations(client: Client) -> None:
    assert "They are not translations of the English titles" in page(client, "/en/themes/")


def test_theme_list_shows_what_jsps_did_where_no_institution_did(client: Client) -> None:
    theme = ThemeFactory()
    for number in (1, 2, 3):
        jsps_action(theme, number)

    assert "3 actions of JSPS" in page(client, "/en/themes/")


def test_theme_lists_its_practices_in_the_order_of_institutions(client: Client) -> None:
    theme = ThemeFactory(number=6)
    second = publish(theme=theme, institution__position=12)
    first = publish(themes=[theme], institution__position=6)
    publish()
    PracticeFactory(theme=theme)
    archive(publish(theme=theme))

    assert list(client.get("/ja/themes/6/").context["practices"]) == [first, second]


def test_theme_knows_its_neighbours(client: Client) -> None:
    for number in (2, 5, 9):
        ThemeFactory(number=number)

    middle, last = (client.get(f"/en/themes/{number}/").context for number in (5, 9))

    assert (middle["previous"].number, middle["following"].number) == (2, 9)
    assert (last["previous"].number, last["following"]) == (5, None)


def test_theme_shows_its_recommendation(client: Client) -> None:
    RecommendationFactory(theme__number=6, title_en="Train the staff")

    assert "Train the staff" in page(client, "/en/themes/6/")


def test_theme_without_result_or_recommendation_says_why(client: Client) -> None:
    ThemeFactory(number=10)

    assert "— <small>The summary gives no Result for this theme.</small>" in page(client, "/en/themes/10/")


def test_theme_shows_the_actions_of_jsps_in_order(client: Client) -> None:
    theme = ThemeFactory(number=10)
    actions = [jsps_action(theme, number) for number in (3, 1, 2)]

    shown = client.get("/en/themes/10/").context["programme_actions"]

    assert list(shown) == [actions[1], actions[2], actions[0]]


@pytest.mark.parametrize(
    ("origin", "sentence"),
    [("interim_report", "a viewpoint of analysis of the interim report"), ("portal", "translated by this portal")],
)
def test_theme_says_where_its_japanese_title_is_from(client: Client, origin: str, sentence: str) -> None:
    ThemeFactory(number=6, title_ja_origin=origin)

    assert sentence in page(client, "/en/themes/6/")


def test_theme_without_english_text_shows_the_japanese_one_and_says_so(client: Client) -> None:
    ThemeFactory(number=6, result_ja="成果があった。")

    shown = page(client, "/en/themes/6/")

    assert '<div lang="ja"><p>成果があった。</p></div>' in shown
    assert "Not translated yet" in shown


def test_recommendation_shows_the_practices_of_its_theme(client: Client) -> None:
    recommendation = RecommendationFactory(theme__number=6)
    practice = publish(theme=recommendation.theme)
    PracticeFactory(theme=recommendation.theme)

    context = client.get("/ja/recommendations/6/").context

    assert (context["recommendation"], list(context["practices"])) == (recommendation, [practice])


def test_recommendation_list_is_in_order(client: Client) -> None:
    for number in (3, 1, 2):
        RecommendationFactory(theme__number=number)

    listed = client.get("/en/recommendations/").context["recommendations"]

    assert [row.number for row in listed] == [1, 2, 3]


@pytest.mark.parametrize("number", NO_NUMBERS)
@pytest.mark.parametrize("records", ["themes", "recommendations"])
def test_number_that_no_record_has_is_not_found(client: Client, records: str, number: str) -> None:
    assert client.get(f"/ja/{records}/{number}/").status_code == 404


@pytest.mark.parametrize("path", ["themes/", "themes/101/", "recommendations/", "recommendations/101/"])
def test_page_costs_the_same_for_one_practice_and_for_thirty(client: Client, path: str) -> None:
    theme = RecommendationFactory(theme__number=101).theme
    publish(theme=theme)
    one = queries(client, f"/ja/{path}")

    for number in range(29):
        publish(theme=theme, themes=[RecommendationFactory(theme__number=200 + number).theme])

    assert queries(client, f"/ja/{path}") == one


@pytest.mark.parametrize("path", ["themes/", "recommendations/"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_list_of_nothing_is_a_page(client: Client, language: str, path: str) -> None:
    page(client, f"/{language}/{path}")
