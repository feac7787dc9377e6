"""The survey's pages, its charts as files, and its panels on the pages of other apps."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practices.models import Theme
from sih_portal.models import DataVersion
from tests.factories.practices import RecommendationFactory, ThemeFactory, publish
from tests.factories.survey import CaveatFactory, FigureFactory, IndicatorFactory, ReleaseFactory, RoundFactory
from tests.survey.hidden import HIDDEN, SECRETS, hidden_beside, hidden_figure, public_figure

pytestmark = pytest.mark.django_db
ROUND = "/en/survey/sih-fy2008/"


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_round_page_has_a_headline_for_each_indicator(client: Client, loaded_source: None) -> None:
    html = page(client, ROUND)

    assert "What 192 institutions answered" in html
    assert html.count('class="result-card"') == 17
    assert html.count('class="caveat"') == 15
    assert "Institutions were chosen and not sampled" in html


def test_round_page_without_anybody_asked_still_tells_its_figures(client: Client) -> None:
    public_figure(indicator__code="s1a", value=57)

    html = page(client, ROUND)

    assert "57% of the pilots have a headquarters" in html
    assert "Who was asked" not in html


def test_survey_without_a_release_says_so(client: Client) -> None:
    RoundFactory()

    assert "No figures of the survey are published yet." in page(client, "/en/survey/")


@pytest.mark.parametrize("path", ["", "secret-indicator/", "secret-indicator/chart.svg"])
@pytest.mark.parametrize("kind", HIDDEN)
def test_a_round_without_a_public_release_has_no_page(client: Client, kind: str, path: str) -> None:
    hidden_figure(kind)

    assert client.get(f"/en/survey/secret-round/{path}").status_code == 404


@pytest.mark.parametrize("path", ["nothing/", "nothing/chart.svg", "s1a%00/", "%E5%AD%A6/", f"{'a' * 5000}/"])
def test_an_indicator_the_release_does_not_tell_has_no_page(client: Client, loaded_source: None, path: str) -> None:
    IndicatorFactory(code="nothing")

    assert client.get(f"{ROUND}{path}").status_code == 404


@pytest.mark.parametrize("kind", HIDDEN)
def test_pages_and_panels_say_nothing_of_hidden_figures(client: Client, kind: str) -> None:
    hidden_figure(kind)
    theme = RecommendationFactory(theme=Theme.objects.get(number=9)).theme
    edition = publish(theme=theme)
    figure = public_figure(indicator__code="s1a", indicator__themes=[theme], value=57)
    hidden_beside(figure, note_en="secret-note")

    for path in ("", "survey/", "survey/sih-fy2008/", "survey/sih-fy2008/s1a/", "themes/9/", "recommendations/9/"):
        html = page(client, f"/en/{path}")
        assert [secret for secret in (*SECRETS, "secret-note", "123,456") if secret in html] == [], path
    assert "57%" in page(client, f"/en/practices/{edition.slug}/")
    assert "123,456" not in page(client, f"/en/practices/{edition.slug}/")


def test_theme_without_a_figure_says_so(client: Client) -> None:
    RecommendationFactory(theme=ThemeFactory(number=3))

    for path in ("themes/3/", "recommendations/3/"):
        assert "The survey has no figure for this theme." in page(client, f"/en/{path}")


@pytest.mark.parametrize("number", [3, 5, 6, 10])
def test_these_themes_have_no_figure_in_the_source(client: Client, loaded_source: None, number: int) -> None:
    assert "The survey has no figure for this theme." in page(client, f"/en/themes/{number}/")


@pytest.mark.parametrize("number", [1, 2, 4, 7, 8, 9])
def test_these_themes_have_figures_in_the_source(client: Client, loaded_source: None, number: int) -> None:
    html = page(client, f"/ja/themes/{number}/")

    assert 'class="evidence-figure"' in html
    assert "採択機関" in html


def test_panel_tells_the_newest_round_of_an_indicator(client: Client) -> None:
    theme = ThemeFactory(number=1)
    indicator = IndicatorFactory(themes=[theme], headline_en="{pilot} of the pilots")
    for code, year, value in (("old", 2008, 57), ("new", 2012, 61)):
        release = ReleaseFactory(round=RoundFactory(code=code, last_year=year))
        FigureFactory(release=release, indicator=indicator, value=value)

    html = page(client, "/en/themes/1/")

    assert "61% of the pilots" in html
    assert "57%" not in html


def test_home_page_sets_three_figures_side_by_side(client: Client, loaded_source: None) -> None:
    html = page(client, "/en/")

    assert html.count('class="result-card"') == 3


def test_home_page_names_the_rounds_that_its_figures_are_of(client: Client) -> None:
    hq, centres = (IndicatorFactory(code=code) for code in ("s1a", "s7"))
    for code, year, indicators in (("old", 2008, [hq, centres]), ("new", 2012, [hq])):
        release = ReleaseFactory(round=RoundFactory(code=code, last_year=year))
        for indicator in indicators:
            FigureFactory(release=release, indicator=indicator)

    panel = page(client, "/en/").partition('class="home-survey')[2].partition("</section>")[0]

    named = re.findall(r'<a href="/en/survey/(\w+)/">(The survey of \d+)</a>', panel)
    assert named == [("new", "The survey of 2012"), ("old", "The survey of 2008")]
    assert [panel.count(f"The survey of {year}") for year in (2008, 2012)] == [2, 2]


def test_home_page_without_figures_has_no_empty_section(client: Client) -> None:
    assert "How the pilots compare" not in page(client, "/en/")


def test_panel_costs_two_queries_and_an_empty_one_a_single_one(client: Client, loaded_source: None) -> None:
    for number, count in ((1, 2), (8, 2), (3, 1)):
        assert len([sql for sql in queries(client, f"/en/themes/{number}/") if "survey_" in sql]) == count


def queries(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        page(client, path)
    return [query["sql"] for query in captured.captured_queries]


def test_chart_file_stands_by_itself(client: Client, loaded_source: None) -> None:
    response = client.get("/ja/survey/sih-fy2008/s1a/chart.svg")

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Disposition"] == 'attachment; filename="sih-fy2008-s1a.svg"'
    drawing = ET.fromstring(response.content)
    title = drawing.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == "全学的な国際化を推進する本部等を設置しているのは、採択機関の100%、採択機関以外の57%"
    assert "http://127.0.0.1:8000/ja/survey/sih-fy2008/s1a/" in "".join(drawing.itertext())


def test_an_indicator_without_numbers_has_no_chart(client: Client, loaded_source: None) -> None:
    assert client.get(f"{ROUND}q4/chart.svg").status_code == 404
    assert "chart.svg" not in page(client, f"{ROUND}q4/")


def test_a_new_release_changes_page_and_tag(client: Client) -> None:
    figure: Any = public_figure(indicator__code="s1a", value=57)
    first = client.get(f"{ROUND}s1a/")
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"{ROUND}s1a/", headers=known).status_code == 304

    release = figure.release
    release.superseded_at = release.published_at
    release.save()
    FigureFactory(release=ReleaseFactory(round=release.round, number=2), indicator=figure.indicator, value=61)
    DataVersion.objects.bump()

    response = client.get(f"{ROUND}s1a/", headers=known)
    assert response.status_code == 200
    assert "61% of the pilots" in response.content.decode()


def test_points_to_know_stand_on_the_pages_they_concern(client: Client) -> None:
    figure = public_figure(indicator__code="s1a")
    other = FigureFactory(release=figure.release, indicator=IndicatorFactory(code="s1b"))
    caveat = CaveatFactory(round=figure.release.round, title_en="The base is another")
    caveat.indicators.add(other.indicator)

    shown = {path: caveat.title_en in page(client, f"{ROUND}{path}") for path in ("", "s1a/", "s1b/")}
    assert shown == {"": True, "s1a/": False, "s1b/": True}
