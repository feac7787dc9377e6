"""Every list page and endpoint costs the same number of queries at 1 and at 30 rows."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practices.models import Chapter, Event, ProgrammeAction, Publication, Theme
from survey.models import Indicator, Release
from tests.factories.practices import (
    ConceptFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    publish,
)
from tests.factories.survey import (
    CaveatFactory,
    FigureFactory,
    GroupFactory,
    IndicatorFactory,
    ItemFactory,
    ReleaseFactory,
    RoundFactory,
)
from tests.factories.universities import AliasFactory, HeadquartersFactory, OverseasBaseFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
LISTS = (
    *(
        "/ja/",
        "/en/",
        "/ja/about/",
        "/ja/practices/",
        "/ja/practices/?view=table",
        "/ja/practices/?q=%E5%AE%9F%E8%B7%B5",
        "/ja/practices/?format=xlsx",
    ),
    *("/ja/practices/?q=nothing-of-the-kind", "/ja/practices/?kind=national&sort=title", "/ja/practices/case-0/"),
    "/ja/practices/case-0/versions/1/",
    *("/ja/practices/compare/", "/ja/practices/compare/?p=case-0", "/ja/practices/case-0/?format=docx"),
    *("/ja/themes/", "/ja/themes/201/", "/ja/recommendations/", "/ja/recommendations/201/"),
    *("/ja/institutions/", "/en/institutions/", "/ja/institutions/institution-0/", "/sitemap.xml"),
    *("/ja/practices/feed/?page_size=100", "/ja/practices/feed/?q=%E5%AE%9F%E8%B7%B5&sort=title"),
    *("/ja/survey/", "/ja/survey/round-0/", "/ja/survey/round-0/indicator-0/"),
    "/ja/survey/round-0/indicator-0/chart.svg",
    *("/ja/publications/", "/ja/publications/report-0/", "/ja/events/"),
    *(
        f"/api/v1/{endpoint}/?page_size=100{more}"
        for more in ("", "&format=csv", "&format=jsonl", "&format=xlsx")
        for endpoint in (
            *("institutions", "headquarters", "programmes", "themes", "recommendations", "practices"),
            *("actions", "effects", "concepts", "publications", "events"),
            *("survey/rounds", "survey/indicators", "survey/figures"),
        )
    ),
    "/api/v1/survey/figures/?format=json-stat",
    "/api/v1/survey/figures/?theme=201&round=round-0&group=pilot&period=2008&indicator=indicator-0&page_size=100",
    "/api/v1/survey/indicators/?theme=201&round=round-0&page_size=100",
    *("/api/v1/survey/rounds/round-0/", "/api/v1/survey/indicators/indicator-0/"),
    "/api/v1/practices/?q=%E5%AE%9F%E8%B7%B5&page_size=100",
    "/api/v1/practices/?updated_since=2020-01-01&page_size=100",
    "/api/v1/practices/case-0/",
    "/ja/overview.xlsx",
    *("/ja/words/", "/ja/words/suggestions/?q=%E5%AE%9F%E8%B7%B5", "/en/words/suggestions/?q=institution"),
)


def add_rows(numbers: range) -> None:
    """One more of everything that lists show, all linked with each other."""
    for number in numbers:
        headquarters = HeadquartersFactory(participation__institution__slug=f"institution-{number}")
        institution = headquarters.participation.institution
        AliasFactory(institution=institution)
        OverseasBaseFactory(institution=institution)
        recommendation = RecommendationFactory(theme=ThemeFactory(number=201 + number))
        publication = PublicationFactory(slug=f"report-{number}")
        chapter = Chapter.objects.create(publication=publication, number=1, title_en="One")
        chapter.themes.add(recommendation.theme)
        ProgrammeAction.objects.create(
            theme=recommendation.theme, number=1, text_en="Published.", publication=publication,
            provenance="summary", locator="III-10",
        )  # fmt: skip
        Event.objects.create(slug=f"event-{number}", kind="seminar", year=2008, provenance="summary", locator="I")
        ProgrammeFactory(slug=f"programme-{number}")
        publish(
            slug=f"case-{number}",
            institution=institution,
            headquarters=headquarters,
            theme=recommendation.theme,
            themes=[ThemeFactory(number=601 + number)],
            publication=publication,
            concepts=[ConceptFactory(synonyms=[f"synonym{number}"])],
        )
        add_figures(number, publication, recommendation.theme)


def add_figures(number: int, publication: Publication, theme: Theme) -> None:
    """A round with an indicator of its own; in the first round another one too, and one more group of the first."""
    indicator = IndicatorFactory(code=f"indicator-{number}", themes=[theme])
    item = ItemFactory(indicator=indicator)
    release = ReleaseFactory(round=RoundFactory(code=f"round-{number}", publication=publication))
    FigureFactory(release=release, indicator=indicator, period="2008", item=item.code)
    first = Release.objects.get(round__code="round-0")
    beside = IndicatorFactory(code=f"beside-{number}", themes=[Theme.objects.get(number=201)])
    FigureFactory(release=first, indicator=beside)
    caveat = CaveatFactory(round=first.round)
    caveat.indicators.add(Indicator.objects.get(code="indicator-0"), beside)
    FigureFactory(
        release=first,
        indicator=Indicator.objects.get(code="indicator-0"),
        group=GroupFactory(code=f"group-{number}"),
        period="2008",
    )


def cost(path: str) -> int:
    """As a program asks: counting a reader's search without a result costs more the first time."""
    client = Client(headers={"User-Agent": "a robot"})
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
        read_all(response)
    assert response.status_code == 200, path
    return len(queries)


def read_all(response: object) -> None:
    stream: Iterator[bytes] = getattr(response, "streaming_content", iter(()))
    for _chunk in stream:
        pass


def test_lists_cost_the_same_for_any_number_of_rows() -> None:
    cost("/ja/practices/?q=nothing-of-the-kind")  # fruitless: the first time a row is made for it
    add_rows(range(1))
    few = {path: cost(path) for path in LISTS}
    add_rows(range(1, 30))

    many = {path: cost(path) for path in LISTS}

    assert {path: (few[path], many[path]) for path in LISTS if few[path] != many[path]} == {}
