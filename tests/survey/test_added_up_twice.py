"""A figure that is not what its answers make is neither written nor published."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F

from survey import engine, releasing
from survey.engine import Computed
from survey.models import Figure, Release
from survey.releasing import Changed, NotReleasable, releases
from tests.survey.test_releasing import NOW, groups, indicators, large_round, manager, public

pytestmark = pytest.mark.django_db
__all__ = ["groups", "indicators", "manager"]


@pytest.mark.parametrize(
    ("of", "changed"),
    [
        ({"measure": "total", "group__code": "pilot", "period": "2005"}, {"value": F("value") + 1}),
        ({"measure": "mean", "group__code": "other", "period": "2008"}, {"denominator": F("denominator") - 1}),
        ({"measure": "ratio", "group__code": "all"}, {"value": F("value") + 1}),
        ({"measure": "share", "indicator__code": "s1a", "group__code": "all"}, {"numerator": F("numerator") - 1}),
        ({"measure": "median", "group__code": "all", "period": "2005"}, {"n_valid": F("n_valid") - 1}),
    ],
)
def test_figure_that_was_changed_since_is_not_published(
    manager: User, of: dict[str, Any], changed: dict[str, Any]
) -> None:
    survey_round = large_round()
    release = releasing.compute(survey_round, by=manager, at=NOW)
    assert release.figures.filter(**of).update(**changed) == 1

    with pytest.raises(Changed):
        releasing.publish(release, by=manager, at=NOW)

    assert public(survey_round) == {}


@pytest.mark.parametrize(
    ("measure", "changed"),
    [
        ("educators", {"value": Decimal(1)}),
        ("mean", {"numerator": 1}),
        ("ratio", {"denominator": 1}),
        ("share", {"numerator": 1}),
        ("median", {"n_valid": 25}),
    ],
)
def test_sums_that_differ_are_not_written(
    manager: User, monkeypatch: pytest.MonkeyPatch, measure: str, changed: dict[str, Any]
) -> None:
    def wrong(*args: Any, **more: Any) -> Iterator[Computed]:
        for figure in engine.computed(*args, **more):
            is_one = figure.key.measure == measure and figure.key.group == "all" and figure.key.indicator != "s1a"
            yield replace(figure, **changed) if is_one else figure

    monkeypatch.setattr(releases, "computed", wrong)

    with pytest.raises(NotReleasable, match=f":all:{measure}"):
        releasing.compute(large_round(), by=manager, at=NOW)

    assert (Release.objects.count(), Figure.objects.count()) == (0, 0)


def test_order_of_numbers_is_no_sum(manager: User) -> None:
    survey_round = large_round()
    release = releasing.compute(survey_round, by=manager, at=NOW)

    releasing.publish(release, by=manager, at=NOW)

    assert {"t4:all:median:2005", "t4:pilot:total:2005"} <= set(public(survey_round))
