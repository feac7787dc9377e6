"""What narrows the survey's lists, and which values are known."""

from typing import Any

import pytest
from django.test import Client

from survey.filters import FIGURES, INDICATORS
from survey.models import Figure, Release
from tests.factories.practices import ThemeFactory
from tests.factories.survey import FigureFactory, GroupFactory, IndicatorFactory, ReleaseFactory, RoundFactory
from tests.survey.hidden import HIDDEN, hidden_beside, hidden_figure, public_figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def release() -> Release:
    """A headquarters' share of two groups, and numbers of persons in two periods, on themes 1, 2 and 8."""
    one, two, eight = (ThemeFactory(number=number) for number in (1, 2, 8))
    s1a = IndicatorFactory(code="s1a", themes=[one, two])
    t4 = IndicatorFactory(code="t4", unit="persons", themes=[eight])
    release: Release = ReleaseFactory(round=RoundFactory(code="sih-fy2008"))
    pilot, other = GroupFactory(code="pilot", position=1), GroupFactory(code="other", position=2)
    FigureFactory(release=release, indicator=s1a, group=pilot, verdict="compatible")
    FigureFactory(release=release, indicator=s1a, group=other)
    FigureFactory(release=release, indicator=t4, group=pilot, measure="total", period="2005", verdict="confirmed")
    FigureFactory(release=release, indicator=t4, group=pilot, measure="total", period="2008", origin="computed")
    return release


def found(client: Client, query: str) -> list[str]:
    """Figures by what tells them apart in their round."""
    rows = client.get(f"/api/v1/survey/figures/?{query}").json()["results"]
    return [row["id"].partition(":")[2] for row in rows]


S1A = ["s1a:pilot:share", "s1a:other:share"]
T4 = ["t4:pilot:total:2005", "t4:pilot:total:2008"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [*S1A, *T4]),
        ("round=sih-fy2008", [*S1A, *T4]),
        ("indicator=s1a", S1A),
        ("indicator=s1a&indicator=t4", [*S1A, *T4]),
        ("theme=1", S1A),
        ("theme=8", T4),
        ("theme=1&theme=2", S1A),
        ("theme=1&theme=1", S1A),
        ("group=other", S1A[1:]),
        ("measure=total", T4),
        ("measure=bar", []),
        ("period=2008", T4[1:]),
        ("period=", [*S1A, *T4]),
        ("origin=computed", T4[1:]),
        ("verdict=compatible&verdict=confirmed", [S1A[0], T4[0]]),
        ("theme=2&group=pilot&measure=share&verdict=compatible", S1A[:1]),
    ],
)
def test_figures_are_narrowed(client: Client, release: Release, query: str, ids: list[str]) -> None:
    assert found(client, query) == ids


def test_figures_are_narrowed_by_round(client: Client, release: Release) -> None:
    public_figure("sih-fy2012", indicator__code="s9")

    assert found(client, "round=sih-fy2012") == ["s9:pilot:share"]
    assert found(client, "round=sih-fy2012&round=sih-fy2008") == [*S1A, *T4, "s9:pilot:share"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["s1a", "t4", "s9"]),
        ("round=sih-fy2008", ["s1a", "t4"]),
        ("round=sih-fy2012", ["s9"]),
        ("theme=1&theme=2", ["s1a"]),
        ("theme=8&round=sih-fy2012", []),
    ],
)
def test_indicators_are_narrowed(client: Client, release: Release, query: str, codes: list[str]) -> None:
    public_figure("sih-fy2012", indicator__code="s9")

    rows = client.get(f"/api/v1/survey/indicators/?{query}").json()["results"]

    assert [row["code"] for row in rows] == codes


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ("figures/?round=sih-fy1999", ["sih-fy2008"]),
        ("figures/?indicator=s9", ["s1a", "t4"]),
        ("figures/?theme=11", ["1", "2", "8"]),
        ("figures/?theme=01", ["1", "2", "8"]),
        ("figures/?group=everybody", ["pilot", "other"]),
        ("figures/?period=1999", ["2005", "2008"]),
        ("figures/?origin=guessed", ["printed", "computed"]),
        ("figures/?verdict=wrong", ["confirmed", "compatible", "inconsistent", "not_recoverable"]),
        ("indicators/?round=sih-fy1999", ["sih-fy2008"]),
        ("indicators/?theme=11", ["1", "2", "8"]),
    ],
)
def test_unknown_value_is_refused_with_the_allowed_ones(
    client: Client, release: Release, query: str, allowed: list[str]
) -> None:
    response = client.get(f"/api/v1/survey/{query}")

    assert response.status_code == 400
    assert [error["allowed"] for error in response.json()["errors"]] == [allowed]


@pytest.mark.parametrize("address", ["rounds/?year=2008", "indicators/?group=pilot", "figures/?item=funding"])
def test_unknown_name_is_refused(client: Client, release: Release, address: str) -> None:
    response = client.get(f"/api/v1/survey/{address}")

    assert response.status_code == 400
    assert [error["message"] for error in response.json()["errors"]] == ["This name is not known."]


@pytest.mark.parametrize(
    "value", ["9" * 30, "-1", "0", "NaN", "%EF%BC%91", "9223372036854775808", "%00", "%ff", "'", "a" * 5000, "%25"]
)
def test_odd_value_is_refused_by_every_name(client: Client, release: Release, value: str) -> None:
    queries = [f"figures/?{name.name}={value}" for name in FIGURES]
    queries += [f"indicators/?{name.name}={value}" for name in INDICATORS]

    assert {query: client.get(f"/api/v1/survey/{query}").status_code for query in queries} == dict.fromkeys(
        queries, 400
    )


@pytest.mark.parametrize("kind", HIDDEN)
@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ("figures/?round=secret-round", ["sih-fy2008"]),
        ("figures/?indicator=secret-indicator", ["s1a", "t4"]),
        ("figures/?group=secret-group", ["pilot", "other"]),
        ("figures/?period=1999", ["2005", "2008"]),
        ("indicators/?round=secret-round", ["sih-fy2008"]),
    ],
)
def test_value_of_a_hidden_release_is_as_unknown_as_any(
    client: Client, release: Release, kind: str, query: str, allowed: list[str]
) -> None:
    hidden_figure(kind)

    response = client.get(f"/api/v1/survey/{query}")

    assert response.status_code == 400
    assert [error["allowed"] for error in response.json()["errors"]] == [allowed]


@pytest.mark.parametrize("kind", ["none", *HIDDEN])
@pytest.mark.parametrize("rows", ["figures", "indicators"])
def test_theme_without_public_figures_is_known_and_finds_nothing(
    client: Client, release: Release, kind: str, rows: str
) -> None:
    if kind in HIDDEN:
        hidden_figure(kind)
    else:
        ThemeFactory(number=9)

    response = client.get(f"/api/v1/survey/{rows}/?theme=9")

    assert (response.status_code, response.json()["count"], response.json()["results"]) == (200, 0, [])


def test_indicator_is_not_of_a_round_that_will_tell_of_it(client: Client, release: Release) -> None:
    s9 = public_figure("sih-fy2012", indicator__code="s9").indicator
    hidden_beside(Figure.objects.filter(release=release).earliest("pk"), indicator=s9)

    body: Any = client.get("/api/v1/survey/indicators/?round=sih-fy2008").json()

    assert [row["code"] for row in body["results"]] == ["s1a", "t4"]
    assert client.get("/api/v1/survey/indicators/s9/").json()["rounds"] == ["sih-fy2012"]
