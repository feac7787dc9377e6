"""How far a round has come, in numbers."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from survey.models import InvitationStatus, Round
from survey.statistics import progress_of, progress_of_each
from tests.factories.invitations import InvitationFactory, OpenRoundFactory, ResponseFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
STATES: dict[str, dict[str, Any]] = {
    "opened": {},
    "drafting": {"saved_at": NOW},
    **{state: {"state": state, "revision": 1, "submitted_at": NOW} for state in ("submitted", "returned", "accepted")},
}


def add(survey_round: Round, status: str, *, was_asked: bool = True, **values: Any) -> None:
    """An institution that stands at this status."""
    outcome = status if status in {"declined", "ineligible"} else ""
    is_asked = was_asked and status != "prepared"
    row = InvitationFactory(round=survey_round, was_asked=is_asked, outcome=outcome, **values)
    if status in STATES:
        ResponseFactory(invitation=row, **STATES[status])


def test_round_without_anybody_gives_zeros() -> None:
    progress = progress_of(OpenRoundFactory())

    assert {group.code for group in progress.groups} == {
        *("all", "national", "public", "private", "inter_university", "pilot", "other")
    }
    assert {(group.asked, group.answered, group.accepted, group.listed) for group in progress.groups} == {(0, 0, 0, 0)}
    assert {(group.rate, group.told_rate) for group in progress.groups} == {(None, "—")}


@pytest.mark.parametrize(
    ("status", "asked", "answered", "accepted"),
    [
        *((status, 1, 0, 0) for status in ("invited", "opened", "drafting", "returned", "declined")),
        ("prepared", 0, 0, 0),
        ("ineligible", 0, 0, 0),
        ("submitted", 1, 1, 0),
        ("accepted", 1, 1, 1),
    ],
)
def test_institution_counts_by_its_status(status: str, asked: int, answered: int, accepted: int) -> None:
    survey_round = OpenRoundFactory()
    add(survey_round, status)

    whole = progress_of(survey_round).whole

    assert (whole.asked, whole.answered, whole.accepted, whole.listed) == (asked, answered, accepted, 1)
    assert whole.counts == {**dict.fromkeys(InvitationStatus.values, 0), status: 1}


def test_answers_of_somebody_who_was_not_asked_make_no_rate_above_all() -> None:
    survey_round = OpenRoundFactory()
    add(survey_round, "accepted", was_asked=False)
    add(survey_round, "accepted")

    whole = progress_of(survey_round).whole

    assert (whole.asked, whole.answered, whole.accepted, whole.counts["accepted"]) == (1, 1, 1, 2)


def test_institutions_are_told_by_kind_and_by_participation() -> None:
    survey_round = OpenRoundFactory()
    add(survey_round, "accepted", kind="national", is_pilot=True)
    add(survey_round, "submitted", kind="private", is_pilot=True)
    add(survey_round, "invited", kind="private")
    add(OpenRoundFactory(), "accepted", kind="public")

    groups = {group.code: (group.asked, group.answered, group.accepted) for group in progress_of(survey_round).groups}

    assert groups == {
        "all": (3, 2, 1),
        "national": (1, 1, 1),
        "public": (0, 0, 0),
        "private": (2, 1, 0),
        "inter_university": (0, 0, 0),
        "pilot": (2, 2, 1),
        "other": (1, 0, 0),
    }


@pytest.mark.parametrize(
    ("answered", "asked", "rate"),
    [(192, 234, "82.1"), (0, 7, "0.0"), (7, 7, "100.0"), (1, 8, "12.5"), (1, 2000, "0.1"), (1, 2001, "0.0")],
)
def test_rate_is_rounded_half_up(answered: int, asked: int, rate: str) -> None:
    survey_round = OpenRoundFactory()
    whole = progress_of(survey_round).whole

    told = type(whole)("all", "", asked, answered, 0, {})

    assert (told.rate, told.told_rate) == (Decimal(rate), f"{rate}%")


def test_rounds_are_told_in_their_order_and_at_the_cost_of_one() -> None:
    rounds = [OpenRoundFactory() for _ in range(3)]
    for number, survey_round in enumerate(rounds, 1):
        for _ in range(number):
            add(survey_round, "submitted")

    with CaptureQueriesContext(connection) as queries:
        told = progress_of_each(rounds[::-1])

    assert [(progress.round, progress.whole.answered) for progress in told] == [
        *((rounds[2], 3), (rounds[1], 2), (rounds[0], 1))
    ]
    assert len(queries) == 1
