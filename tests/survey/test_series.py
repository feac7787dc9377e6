"""Indicators over the rounds: comparable where the questions are the same or continue each other without a break."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from survey.models import Indicator, Question, Questionnaire
from survey.questionnaires import next_version
from survey.results import tell
from survey.series import CHANGED, RECOMPUTED, UNKNOWN, breaks_of, equivalence, series_of
from tests.factories.answers import a_questionnaire
from tests.factories.survey import FigureFactory, GroupFactory, IndicatorFactory, ReleaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> Indicator:
    """Computed from two rows of one question, of those that another question leads to it."""
    indicator = IndicatorFactory(code="t4", unit="persons", title_en="Sent overseas")
    indicator.calculations.create(measure="mean", base="Q1.hq = 1", rows="Q4.edu Q4.adm")
    return indicator


def published(indicator: Indicator, year: int, questionnaire: Questionnaire | None, **told: Any) -> Any:
    release = ReleaseFactory(
        round__code=f"round-{year}",
        round__first_year=year - 3,
        round__last_year=year,
        round__questionnaire=questionnaire,
    )
    figure = {"measure": "mean", "period": str(year), "value": year, "group": GroupFactory(code="pilot")}
    return FigureFactory(release=release, indicator=indicator, **{**figure, **told}).release


def breaks(indicator: Indicator, *questionnaires: Questionnaire | None) -> list[str]:
    rounds = [published(indicator, 2008 + number, each).round for number, each in enumerate(questionnaires)]
    return breaks_of(indicator, rounds, equivalence())


def question_of(questionnaire: Questionnaire, code: str) -> Any:
    return Question.objects.filter(section__questionnaire=questionnaire, cells__code__startswith=code)


def test_same_questionnaire_and_its_copies_make_one_series(sent: Indicator) -> None:
    first = a_questionnaire()
    second = next_version(first)

    assert breaks(sent, first, first, second, next_version(second)) == ["", "", "", ""]


@pytest.mark.parametrize("code", ["Q1.hq", "Q4.edu"])
def test_question_that_breaks_its_series_breaks_that_of_the_indicator(sent: Indicator, code: str) -> None:
    first = a_questionnaire()
    second = next_version(first)
    question_of(second, code).update(breaks_series=True)
    third = next_version(second)

    assert breaks(sent, first, second, third) == ["", CHANGED, ""]
    assert breaks_of(sent, [published(sent, 2020, first).round, published(sent, 2021, third).round], equivalence()) == [
        "", CHANGED
    ]  # fmt: skip


def test_question_of_its_own_breaks_the_series(sent: Indicator) -> None:
    first = a_questionnaire()
    second = next_version(first)
    question_of(second, "Q4.edu").update(follows=None)

    assert breaks(sent, first, second) == ["", CHANGED]


def test_other_questions_break_nothing(sent: Indicator) -> None:
    first = a_questionnaire()
    second = next_version(first)
    others = Question.objects.filter(section__questionnaire=second).exclude(cells__code__startswith="Q4.")
    others.exclude(cells__code="Q1.hq").update(breaks_series=True)

    assert breaks(sent, first, second) == ["", ""]


@pytest.mark.parametrize(
    ("then", "now", "gap"),
    [
        ({"t4/mean": ["A", ""]}, {"t4/mean": ["A", "Q1.hq = 1"]}, RECOMPUTED),
        ({"t4/mean": ["A", ""]}, {"t4/mean": ["A", ""], "t4/median": ["A", ""]}, ""),
        ({"t40/mean": ["A", ""]}, {"t40/mean": ["A", "Q1.hq = 1"]}, ""),
    ],
)
def test_other_way_to_compute_the_same_breaks_the_series(
    sent: Indicator, then: dict[str, Any], now: dict[str, Any], gap: str
) -> None:
    first = a_questionnaire()
    releases = [published(sent, year, first) for year in (2008, 2011)]
    for release, how in zip(releases, (then, now), strict=True):
        release.plan = {"how": how}
        release.save()

    assert breaks_of(sent, [release.round for release in releases], equivalence()) == ["", gap]


def test_round_without_a_questionnaire_can_not_be_compared_for_sure(sent: Indicator) -> None:
    assert breaks(sent, None, a_questionnaire()) == ["", UNKNOWN]


def test_series_tells_each_round_from_the_earliest_on(sent: Indicator) -> None:
    first = a_questionnaire()
    published(sent, 2012, first)
    published(sent, 2008, None)

    series = series_of(sent)

    assert series is not None
    told = [
        (wave.result.release.round.code, bool(wave.gap), [tell(cell) for line in lines for cell in line.cells if cell])
        for wave, lines in series.told
    ]
    assert told == [("round-2008", False, ["2,008"]), ("round-2012", True, ["2,012"])]


def test_one_round_is_no_series(sent: Indicator) -> None:
    published(sent, 2008, None)

    assert series_of(sent) is None


def test_hidden_release_is_in_no_series(sent: Indicator) -> None:
    published(sent, 2008, None)
    release = published(sent, 2012, None)
    release.published_at = None
    release.save()

    assert series_of(sent) is None


@pytest.mark.parametrize(("language", "words"), [("ja", "系列の断絶"), ("en", "Break in the series")])
def test_page_shows_the_series_with_its_break(sent: Indicator, client: Client, language: str, words: str) -> None:
    published(sent, 2008, None)
    published(sent, 2012, a_questionnaire())

    text = client.get(f"/{language}/survey/round-2012/t4/").content.decode()

    with override(language):
        assert words in text
    assert text.count('<span class="across">') == 3
    assert f'href="/{language}/survey/round-2008/t4/"' in text
