"""What the database refuses, and what the gate of the figures lets through."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from survey.models import Figure, Indicator, Release, Round
from tests.factories.survey import FigureFactory, IndicatorFactory, ReleaseFactory, RoundFactory

pytestmark = pytest.mark.django_db
A_MOMENT = timezone.now()


@pytest.mark.parametrize(
    "broken",
    [
        {"first_year": 2009},
        {"first_year": 5},
        {"state": "secret"},
        {"locator": ""},
    ],
)
def test_round_that_cannot_be_is_refused_by_the_database(broken: dict[str, Any]) -> None:
    survey_round = RoundFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=survey_round.pk).update(**broken)


@pytest.mark.parametrize("broken", [{"unit": "apples"}, {"sensitivity": "X"}])
def test_indicator_that_cannot_be_is_refused_by_the_database(broken: dict[str, Any]) -> None:
    indicator = IndicatorFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(pk=indicator.pk).update(**broken)


@pytest.mark.parametrize(
    "broken",
    [
        {"locator": ""},
        {"verdict": "probably"},
        {"confidentiality": "C"},
        {"confidentiality": "X"},
        {"numerator": 98},
        {"n_base": 17, "n_valid": 18},
    ],
)
def test_figure_that_cannot_be_is_refused_by_the_database(broken: dict[str, Any]) -> None:
    figure = FigureFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.filter(pk=figure.pk).update(**broken)


def test_figure_stands_once_in_its_release() -> None:
    first = FigureFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        FigureFactory(release=first.release, indicator=first.indicator, group=first.group)


def test_round_has_one_current_release() -> None:
    first = ReleaseFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseFactory(round=first.round, number=2)


@pytest.mark.parametrize("published_at", [None, A_MOMENT + timedelta(days=1)])
def test_release_is_not_superseded_before_it_was_published(published_at: Any) -> None:
    release = ReleaseFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(published_at=published_at, superseded_at=A_MOMENT)


@pytest.mark.parametrize(
    ("hidden", "of_round"),
    [
        ({"published_at": None}, {}),
        ({"published_at": A_MOMENT, "superseded_at": A_MOMENT}, {}),
        ({}, {"is_synthetic": True}),
    ],
)
def test_only_the_current_release_of_a_real_round_is_public(hidden: dict[str, Any], of_round: dict[str, Any]) -> None:
    figure = FigureFactory()
    FigureFactory(release=ReleaseFactory(round=RoundFactory(**of_round), **hidden))

    assert list(Release.objects.public()) == [figure.release]
    assert list(Round.objects.public()) == [figure.release.round]
    assert list(Figure.objects.public()) == [figure]
    assert list(Indicator.objects.public()) == [figure.indicator]


@pytest.mark.parametrize(("sensitivity", "is_public"), [("P", True), ("A", True), ("C", False)])
def test_internal_indicator_is_not_public_in_a_public_release(sensitivity: str, is_public: bool) -> None:
    figure = FigureFactory(indicator__sensitivity=sensitivity)

    assert list(Release.objects.public()) == [figure.release]
    assert Figure.objects.public().exists() is is_public
    assert Indicator.objects.public().exists() is is_public


def test_figure_is_told_with_its_decimals() -> None:
    assert str(FigureFactory(value=Decimal("1.1"), decimals=2).printed) == "1.10"
    assert FigureFactory(value=None).printed is None
