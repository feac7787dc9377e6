"""What the summary printed of its own round, and what a new round with the same answers says: no ends, no leftover."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from survey import releasing, twin
from survey.models import Calculation, Figure, Invitation, Round
from survey.releasing import Revealing, findings
from tests.factories.staff import StaffFactory

from .public_reading import Reader

pytestmark = pytest.mark.django_db
CODE = "anew"
WHOLE, GROUPS = 81_096, 79_921


@pytest.fixture
def manager() -> User:
    return StaffFactory(roles=["survey_manager"])


def round_of(*, is_synthetic: bool) -> Round:
    """The twin's answers: they give every printed number."""
    survey_round = twin.make_round(CODE, twin.make(), at=timezone.now())
    Round.objects.filter(pk=survey_round.pk).update(is_synthetic=is_synthetic)
    survey_round.refresh_from_db()
    return survey_round


def figures_of(release: Any) -> dict[tuple[str, ...], Decimal | None]:
    rows = release.figures.select_related("indicator", "group").order_by("pk")
    return {(row.indicator.code, row.group.code, row.measure, row.period): row.value for row in rows}


def test_new_round_with_the_same_answers_tells_no_ends_and_no_leftover(
    loaded_source: None, manager: User, client: Client
) -> None:
    """All are those that the groups count, so that nothing is left of all less the groups."""
    Calculation.objects.exclude(indicator__code__in=("t4", "t6", "r0")).delete()
    survey_round = round_of(is_synthetic=False)
    release = releasing.compute(survey_round, by=manager, at=timezone.now())
    releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=timezone.now())

    reader = Reader(client, CODE)
    statements = reader.read()

    told = {one.place[:4]: one.value for one in statements}
    assert (reader.faults, {one.line[0] for one in statements} & {"minimum", "maximum"}) == ([], set())
    assert told["t4", "all", "total", "2005"] == GROUPS
    assert WHOLE not in told.values()
    assert told["t4", "all", "usable", ""] == 184


def test_printed_leftover_of_one_institution_is_refused_and_named(loaded_source: None, manager: User) -> None:
    """Counted as the summary counted, which only rounds made up for tests may: all less the groups is one."""
    Calculation.objects.exclude(indicator__code="t4").delete()
    release = releasing.compute(round_of(is_synthetic=True), by=manager, at=timezone.now())
    found = figures_of(release)
    whole, *groups = (found["t4", group, "total", "2005"] or 0 for group in ("all", "pilot", "other"))

    with pytest.raises(Revealing) as refused:
        releasing.publish(release, by=manager, at=timezone.now())

    assert [whole, sum(groups)] == [WHOLE, GROUPS]
    assert min(one.institutions for one in refused.value.disclosures) == 1
    named = [
        [f"{term.sign} {term.name.group} {term.name.figure}" for term in one.terms]
        for one in findings(release).prevented
        if one.institutions == 1
    ]
    assert [
        "+ 全体 教職員の海外派遣者数、合計、2005年度",
        "− 採択機関 教職員の海外派遣者数、合計、2005年度",
        "− 採択機関以外 教職員の海外派遣者数、合計、2005年度",
    ] in [sorted(one, key=lambda term: term[0] != "+") for one in named]


def test_institution_in_neither_group_is_refused_and_named(loaded_source: None, manager: User) -> None:
    """In a real round: a division has no group for the kind of one institution."""
    Calculation.objects.exclude(indicator__code="t4").delete()
    Figure.objects.filter(group__code="inter_university").delete()
    survey_round = round_of(is_synthetic=False)
    for row in Invitation.objects.filter(round=survey_round, kind="inter_university").order_by("number")[1:]:
        Invitation.objects.filter(pk=row.pk).update(kind="national")
    release = releasing.compute(survey_round, by=manager, at=timezone.now())

    with pytest.raises(Revealing):
        releasing.publish(release, by=manager, at=timezone.now())

    assert {one.institutions for one in findings(release).prevented} >= {1}
    assert figures_of(release)["t4", "all", "total", "2005"] == GROUPS


@pytest.mark.parametrize("measure", ["minimum", "maximum"])
def test_ends_that_somebody_adds_are_not_made_for_a_real_round(
    loaded_source: None, manager: User, measure: str
) -> None:
    Calculation.objects.exclude(indicator__code="t6").delete()
    survey_round = round_of(is_synthetic=False)
    assert Calculation.objects.filter(measure=measure).exists()

    release = releasing.compute(survey_round, by=manager, at=timezone.now())

    measures = {key[2] for key in figures_of(release)}
    assert (measure in measures, "total" in measures) == (False, True)
