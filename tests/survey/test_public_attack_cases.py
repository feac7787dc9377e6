"""Rounds made to be attacked by other ways than subtraction: marks, bounds, and whom an N counts."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from survey import releasing, twin
from survey.models import Calculation, Indicator, Question
from survey.releasing import NotReleasable

from .public_reading import Statement
from .public_rounds import AREAS, NO, YEARS, YES, Institution, Story, alike, story
from .test_public_attack import manager, only
from .test_public_attack_controls import published

pytestmark = pytest.mark.django_db
__all__ = ["manager"]


@pytest.fixture(autouse=True)
def dispatch(loaded_source: None) -> None:
    only("dispatch")


def told(one: Story) -> dict[str, Statement]:
    return {statement.id.partition(":")[2]: statement for statement in one.reads[-1].statements}


def saying(choice: int, rows: Iterable[Institution], **more: int) -> list[Institution]:
    educators = {f"Q4.edu.{year}": more["educators"] for year in YEARS if "educators" in more}
    return [replace(row, said={**row.said, **dict.fromkeys(AREAS, choice), **educators}) for row in rows]


def test_marks_do_not_tell_which_figure_is_withheld_for_another(manager: User, client: Client) -> None:
    """One pilot among 32: if the others were said to break no rule, all five who said no would be among them."""
    others = alike(range(1, 32), is_pilot=False, kind="national")
    rows = [*saying(NO, others[:5]), *saying(YES, others[5:])]
    rows += saying(YES, alike([32], is_pilot=True, kind="national"))

    found = told(published(manager, client, rows))

    share = "q4:{}:share::funding".format
    assert [found[share(group)].numerator for group in ("all", "pilot", "other")] == [27, None, None]
    assert {one.confidentiality for one in found.values() if one.is_withheld} == {"C"}


def test_sum_that_counts_one_institution_twice_bounds_nobody(manager: User, client: Client) -> None:
    """National and pilots less Kanto: a national pilot in Kinki, twice, and ten small ones."""

    def some(numbers: range, kind: str, *, is_pilot: bool, place: str) -> list[Institution]:
        return [replace(row, prefecture=place) for row in alike(numbers, is_pilot=is_pilot, kind=kind)]

    def half(rows: list[Institution]) -> list[Institution]:
        return [*saying(YES, rows[::2], educators=900), *saying(NO, rows[1::2], educators=900)]

    rows = [
        *half(some(range(1, 11), "national", is_pilot=False, place="13")),
        *half(some(range(11, 21), "private", is_pilot=True, place="13")),
        *saying(NO, some(range(21, 22), "national", is_pilot=True, place="27"), educators=11_000),
        *saying(NO, some(range(22, 27), "national", is_pilot=False, place="27"), educators=16),
        *saying(NO, some(range(27, 32), "private", is_pilot=True, place="27"), educators=16),
        *half(some(range(32, 52), "private", is_pilot=False, place="27")),
    ]

    found = told(published(manager, client, rows))

    for figure in ("q4:{}:share::funding", "t4:{}:educators:2005"):
        of_groups = [found[figure.format(group)] for group in ("national", "pilot", "kanto")]
        assert any(one.is_withheld for one in of_groups), figure


def test_share_of_two_bases_does_not_tell_who_is_in_one_alone(manager: User, client: Client) -> None:
    """All 60, and the 58 with a headquarters."""
    own = {"base": "Q1.hq = 1", "condition": "Q4.area3 = 1"}
    indicator = Indicator.objects.get(code="q4")
    Calculation.objects.create(indicator=indicator, measure="share", item="of-hq", position=9, **own)
    rows = alike(range(1, 61), is_pilot=False, kind="national")
    rows = [
        replace(row, said={**row.said, "Q1.hq": NO if row.number in (2, 4) else YES, "Q4.area3": 1 + row.number % 2})
        for row in rows
    ]
    one = story(manager, rows)
    one.accept(rows)
    assert one.release(), one.refused

    figures = one.round.releases.get().figures.filter(group__code="all", indicator__code="q4")
    found = dict(figures.values_list("item", "numerator"))

    assert None in {found["funding"], found["of-hq"]}


@pytest.mark.parametrize("condition", ["Q4.area3 = 1 or Q4.area4 = 1", "Q4.area3 = 1 and not Q4.area4 = 1"])
def test_condition_that_one_answer_may_decide_is_refused(manager: User, condition: str) -> None:
    """Where the other is missing, N would tell what that answer was."""
    Calculation.objects.filter(indicator__code="q4", item="funding").update(condition=condition)

    with pytest.raises(NotReleasable, match="q4/share/funding"):
        published(manager, Client(), alike(range(1, 61), is_pilot=False, kind="national"))


def test_universe_that_reads_what_is_told_in_sums_alone_is_refused(manager: User) -> None:
    """N of the areas of dispatch would tell who dispatched anybody."""
    Question.objects.filter(code="D2").update(universe="Q4.edu.2008 > 0")

    with pytest.raises(NotReleasable, match="q4/share"):
        published(manager, Client(), alike(range(1, 61), is_pilot=False, kind="national"))


def test_universe_that_reads_public_facts_is_not_refused(manager: User) -> None:
    Question.objects.filter(code="D2").update(universe="Q1.hq = 1")

    published(manager, Client(), alike(range(1, 61), is_pilot=False, kind="national"))


@pytest.mark.usefixtures("loaded_source")
def test_twin_is_computed_as_a_release(manager: User) -> None:
    release = releasing.compute(twin.make_round("anew", twin.make(), at=timezone.now()), by=manager, at=timezone.now())

    totals = release.figures.filter(group__code="all", measure="total", period="2005", indicator__code="t4")
    assert [*totals.values_list("value", flat=True)] == [81_096]
