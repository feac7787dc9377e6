"""Releases with figures by region: who is in none, who moved between two releases, and rounds that know no place."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from survey import releasing
from survey.models import Figure, Group, GroupScheme, Invitation, Membership, Response, Round
from survey.releasing import NotReleasable, Revealing
from tests.factories.answers import a_questionnaire
from tests.factories.staff import StaffFactory
from tests.survey.test_engine import compared_round
from tests.survey.test_releasing import NOW, closed, corrected, groups, indicators, institutions, public

__all__ = ["groups", "indicators"]
pytestmark = pytest.mark.django_db
REGIONS = ("hokkaido", "kanto", "chubu", "kinki")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def manager() -> User:
    return StaffFactory(roles=["survey_manager"])


@pytest.fixture(autouse=True)
def regions(groups: None) -> None:
    row = GroupScheme.objects.create(code="region")
    for position, code in enumerate(REGIONS, 1):
        Group.objects.create(scheme=row, code=code, name_ja=code, position=position)


def placed_round(counts: dict[str, int]) -> Round:
    """So many institutions in each prefecture, all of one kind."""
    survey_round = compared_round(questionnaire=a_questionnaire())
    rows = institutions(survey_round, sum(counts.values()), is_pilot=False, kind="private")
    places = [prefecture for prefecture, count in counts.items() for _institution in range(count)]
    for row, prefecture in zip(rows, places, strict=True):
        move([row.invitation], prefecture)
    return closed(survey_round)


def move(invitations: Iterable[Invitation], prefecture: str) -> None:
    Invitation.objects.filter(pk__in=[row.pk for row in invitations]).update(prefecture=prefecture)


def those_in(prefecture: str, count: int) -> list[Invitation]:
    return list(Invitation.objects.filter(prefecture=prefecture).order_by("number")[:count])


def published(survey_round: Round, by: User, *, at: Any = NOW) -> None:
    release = releasing.compute(survey_round, by=by, at=at)
    releasing.withhold(release, by=by)
    releasing.publish(release, by=by, at=at)


def told_groups(survey_round: Round) -> set[str]:
    rows = Figure.objects.filter(release__round=survey_round, release__superseded_at=None)
    return set(rows.order_by().values_list("group__code", flat=True))


def test_one_institution_of_no_region_is_not_what_is_left_of_all(manager: User) -> None:
    survey_round = placed_round({"13": 12, "27": 14, "": 1})
    release = releasing.compute(survey_round, by=manager, at=NOW)

    with pytest.raises(Revealing) as refused:
        releasing.publish(release, by=manager, at=NOW)
    releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=NOW)

    found = public(survey_round)
    assert {one.institutions for one in refused.value.disclosures} == {1}
    assert "x" in {found[f"t4:{group}:total:2005"] for group in ("all", "kanto", "kinki")}
    assert (found["t4:kanto:usable"], found["t4:kinki:usable"], found["t4:all:usable"]) == ("12", "14", "27")


def test_enough_institutions_of_no_region_hide_each_other(manager: User) -> None:
    survey_round = placed_round({"13": 12, "27": 14, "": 10})

    release = releasing.compute(survey_round, by=manager, at=NOW)

    assert (release.plan["marks"], release.plan["disclosures"], release.plan["blocked"]) == ({}, [], [])
    assert releasing.publish(release, by=manager, at=NOW).published_at == NOW


def test_region_of_a_few_is_withheld_with_another(manager: User) -> None:
    survey_round = placed_round({"01": 3, "13": 12, "27": 14})

    published(survey_round, manager)

    found = public(survey_round)
    assert found["t4:hokkaido:total:2005"] == "x"
    assert [found[f"t4:{group}:total:2005"] for group in ("all", "kanto", "kinki")].count("x") == 1


def test_round_that_knows_no_place_tells_of_no_region(manager: User) -> None:
    survey_round = placed_round({"": 12})

    published(survey_round, manager)

    assert told_groups(survey_round) == {"all", "other", "private"}


def test_place_that_is_corrected_is_not_told_by_the_difference_of_two_releases(manager: User) -> None:
    survey_round = placed_round({"13": 12, "27": 14})
    published(survey_round, manager)
    move(those_in("13", 1), "27")
    release = releasing.compute(survey_round, by=manager, at=LATER)

    with pytest.raises(NotReleasable):
        releasing.publish(release, by=manager, at=LATER)


def test_one_that_moved_is_not_told_among_several(manager: User) -> None:
    """Ten left a region for another, and one left a third: that region's two totals would give it away."""
    survey_round = placed_round({"13": 24, "27": 14, "23": 12, "01": 12})
    published(survey_round, manager)
    move(those_in("13", 10), "27")
    move(those_in("23", 1), "01")
    release = releasing.compute(survey_round, by=manager, at=LATER)

    with pytest.raises(Revealing) as refused:
        releasing.publish(release, by=manager, at=LATER)
    releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=LATER)

    found = public(survey_round)
    assert {one.institutions for one in refused.value.disclosures} == {1}
    assert (found["t4:chubu:total:2005"], found["t4:hokkaido:total:2005"]) == ("x", "x")
    assert found["t4:kanto:total:2005"] != "x"


def test_regions_are_told_once_places_are_known(manager: User) -> None:
    survey_round = placed_round({"": 26})
    published(survey_round, manager)
    move(those_in("", 12), "13")
    move(those_in("", 14), "27")

    published(survey_round, manager, at=LATER)

    assert told_groups(survey_round) == {"all", "other", "private", "kanto", "kinki"}
    assert public(survey_round)["t4:kanto:total:2005"] != "x"


def test_new_places_hide_no_answer_that_changed(manager: User) -> None:
    survey_round = placed_round({"": 26})
    published(survey_round, manager)
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    corrected(Response.objects.earliest("pk"), {"Q4.edu.2005": "61"}, at=LATER)
    move(those_in("", 26), "13")
    closed(survey_round)
    release = releasing.compute(survey_round, by=manager, at=LATER)

    with pytest.raises(NotReleasable):
        releasing.publish(release, by=manager, at=LATER)


def test_region_is_a_group_of_the_api(manager: User) -> None:
    survey_round = placed_round({"13": 12, "27": 14})
    published(survey_round, manager)

    answer = Client().get("/api/v1/survey/figures/", {"group": "kinki", "measure": "usable"})

    assert [(row["group"], float(row["value"])) for row in answer.json()["results"]] == [("kinki", 14)]


def test_release_keeps_to_which_groups_institutions_belonged(manager: User) -> None:
    survey_round = placed_round({"13": 3, "": 2})
    releasing.compute(survey_round, by=manager, at=NOW)
    releasing.compute(survey_round, by=manager, at=NOW)

    move(those_in("13", 3), "47")

    rows = Membership.objects.order_by("invitation__number").values_list("prefecture", "kind", "is_pilot")
    assert list(rows) == [*[("13", "private", False)] * 3, *[("", "private", False)] * 2]
