"""The same attacker against rounds from which one rule was taken away: it learns what the rule keeps."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from survey.disclosure import Rules
from survey.models import Calculation, Figure, Group, Invitation
from survey.releasing import releases

from .public_rounds import AREAS, YEARS, YES, Institution, Story, alike, story
from .test_public_attack import manager, only

pytestmark = pytest.mark.django_db
__all__ = ["manager"]
RULES = ("survey.disclosure.planning.Rules", "survey.releasing.releases.Rules", "survey.engine.computing.Rules")


def without(patch: pytest.MonkeyPatch, **switched_off: Any) -> None:
    for name in RULES:
        patch.setattr(name, partial(Rules, **switched_off))


def large() -> list[Institution]:
    """Every group and every part of two groups has ten."""
    return [
        *alike(range(1, 11), is_pilot=True, kind="national"),
        *alike(range(11, 21), is_pilot=True, kind="private"),
        *alike(range(21, 31), is_pilot=False, kind="national"),
        *alike(range(31, 41), is_pilot=False, kind="private"),
    ]


def published(by: User, client: Client, institutions: list[Institution]) -> Story:
    """One release, as the rules in force have it, read in files and the API."""
    one = story(by, institutions)
    one.accept(institutions)
    assert one.release(), one.refused
    one.read(client)
    return one


def whom(one: Story) -> set[int]:
    """Of whom something is known, of one to four institutions together."""
    return {number for whose, _known in one.revealed().get("about few", []) for number in whose}


@pytest.fixture
def dispatch(loaded_source: None) -> None:
    only("dispatch")


@pytest.fixture
def reception(loaded_source: None) -> None:
    only("reception")


def three_pilots() -> list[Institution]:
    return [*alike((1, 2, 3), is_pilot=True, kind="public"), *large()[20:]]


def test_three_pilots_are_known_without_the_rule_of_counts(
    dispatch: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert published(manager, client, three_pilots()).revealed() == {}

    without(monkeypatch, fewest=None)

    assert whom(published(manager, client, three_pilots())) == {1, 2, 3}


def one_giant() -> list[Institution]:
    """It outweighs the others of its groups, but not all the others."""
    giant, *others = large()
    return [replace(giant, said={**giant.said, **dict.fromkeys(("Q4.edu.2005", "Q4.edu.2008"), 15_000)}), *others]


@pytest.mark.parametrize("rule", [{"dominance": None}, {"complementary": False}])
def test_a_giant_is_guessed_without_the_rule(
    dispatch: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch, rule: dict[str, Any]
) -> None:
    """Its groups are told as they are; or withheld, while all less the other groups are told."""
    assert published(manager, client, one_giant()).revealed() == {}

    without(monkeypatch, **rule)

    found = published(manager, client, one_giant()).revealed()
    assert {one.cell.group for one in found.pop("guessed")} == {"pilot", "national"}
    assert found == {}


def test_who_is_in_no_group_is_known_without_the_rule_of_residuals(
    dispatch: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Figure.objects.filter(group__code="inter_university").delete()
    Group.objects.filter(code="inter_university").delete()
    institutions = [*alike([99], is_pilot=True, kind="inter_university"), *large()]
    assert published(manager, client, institutions).revealed() == {}

    without(monkeypatch, residuals=False)

    assert whom(published(manager, client, institutions)) == {99}


def corrected(one: Story, *numbers: int) -> None:
    rows = [one.accepted[number] for number in numbers]
    one.accept([replace(row, said={**row.said, "Q4.edu.2005": 55, "Q4.edu.2008": 66}) for row in rows])


def test_who_was_corrected_is_known_without_the_rule_of_differences(
    dispatch: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = published(manager, client, large())
    corrected(one, 1)
    assert (one.release(), one.refused) == (False, ["NotReleasable"])

    without(monkeypatch, differencing=False)
    assert one.release()
    one.read(client)

    assert whom(one) == {1}


def test_a_correction_in_one_group_is_withheld_against_the_release_before(
    dispatch: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six were corrected, one of them alone in its groups: enough for a release, too few for those groups."""
    kept, told = (published(manager, client, large()) for _time in range(2))
    for one in (kept, told):
        corrected(one, 1, 31, 32, 33, 34, 35)

    assert kept.release()
    kept.read(client)
    without(monkeypatch, differencing=False)
    assert told.release()
    told.read(client)

    assert (kept.revealed(), 1 in whom(told)) == ({}, True)


def test_smallest_and_largest_numbers_are_read_without_the_rule_of_extremes(
    reception: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert published(manager, client, large()).revealed() == {}

    without(monkeypatch, extremes=False)
    one = published(manager, client, large())

    ends = {row.place[1:4]: row.value for row in one.reads[0].statements if row.line[0] == "minimum"}
    assert ends["all", "minimum", "2005"] == min(row.said["Q6.recv.2005"] for row in large())
    assert set(one.revealed()) == {"in order"}


def test_quantiles_of_few_are_read_without_the_rule_of_their_bases(
    reception: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Groups have twenty: enough for a median, not for a tenth of them."""
    assert published(manager, client, large()).revealed() == {}

    without(monkeypatch, tails_from=0, quartiles_from=0)
    one = published(manager, client, large())

    assert {found.line[0] for found in one.revealed()["of few"]} == {"decile_1", "decile_9"}


def test_percentages_of_few_are_read_without_the_rule_of_the_base(
    loaded_source: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three pilots: what they set up is no secret, but a third is no percentage."""
    Calculation.objects.exclude(indicator__code__in=("r0", "s1a", "s1b")).delete()
    assert published(manager, client, three_pilots()).revealed() == {}

    without(monkeypatch, base=None)

    found = published(manager, client, three_pilots()).revealed()
    assert {one.group for one in found.pop("of few")} == {"pilot", "public"}
    assert found == {}


def national_giant() -> list[Institution]:
    """It stands in Kanto, five small ones in Kinki, and all others of its kind in Shikoku, where nobody else is."""
    national = [
        *in_place("13", alike([1], is_pilot=False, kind="national"), educators=11_002),
        *in_place("27", alike(range(2, 7), is_pilot=False, kind="national"), educators=16),
        *in_place("37", alike(range(11, 21), is_pilot=False, kind="national"), educators=333),
    ]
    others = (("13", range(31, 41), 900), ("27", range(41, 51), 700))
    return national + [
        row
        for place, numbers, educators in others
        for row in in_place(place, alike(numbers, is_pilot=False, kind="private"), educators=educators)
    ]


def in_place(prefecture: str, rows: list[Institution], **said: int) -> list[Institution]:
    educators = {f"Q4.edu.{year}": said["educators"] for year in YEARS}
    return [replace(row, prefecture=prefecture, said={**row.said, **educators}) for row in rows]


def national_choir() -> list[Institution]:
    """The same places: all six nationals outside Shikoku say yes."""
    return [
        replace(row, said={**row.said, **dict.fromkeys(AREAS, YES)}) if row.number <= 6 else row
        for row in in_places_alike()
    ]


def in_places_alike() -> list[Institution]:
    return [
        replace(row, said={**row.said, **{f"Q4.edu.{year}": 20 + row.number for year in YEARS}})
        for row in national_giant()
    ]


@pytest.mark.parametrize(("institutions", "attack"), [(national_giant, "guessed"), (national_choir, "one-sided")])
def test_who_is_left_of_a_kind_without_a_region_is_known_without_the_rule_of_residuals(
    dispatch: None,
    manager: User,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    institutions: Callable[[], list[Institution]],
    attack: str,
) -> None:
    """National less Shikoku, or all others less the regions that are known, are six."""
    assert published(manager, client, institutions()).revealed() == {}

    without(monkeypatch, residuals=False)

    found = published(manager, client, institutions()).revealed()
    assert {one.institutions for one in found[attack]} == {6}


def moved(one: Story, number: int, kind: str) -> None:
    Invitation.objects.filter(round=one.round, number=number).update(kind=kind)
    one.accepted[number] = replace(one.accepted[number], kind=kind)


def test_who_was_moved_is_known_without_the_rule_of_differences(
    dispatch: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its old group less what is left of it is the institution."""
    one = published(manager, client, large())
    moved(one, 1, "private")
    assert (one.release(), one.refused) == (False, ["NotReleasable"])

    without(monkeypatch, differencing=False)
    assert one.release()
    one.read(client)

    assert whom(one) == {1}


def test_who_is_no_longer_counted_is_known_without_a_memory_of_calculations(
    dispatch: None, manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First whoever told of educators, then only who told of staff as well: the difference is one institution's."""
    first, *others = large()
    silent = replace(first, said={code: number for code, number in first.said.items() if "adm" not in code})
    educators = Calculation.objects.filter(measure="educators")
    educators.update(rows="Q4.edu")
    Calculation.objects.filter(measure="admin_staff").delete()
    one = story(manager, large())
    one.accept([silent, *others])
    assert one.release()
    educators.update(rows="Q4.edu Q4.adm")
    before = released(client, one)
    assert (one.release(), one.refused) == (False, ["NotReleasable"])

    monkeypatch.setattr(releases, "incomparable", lambda *_what: "")
    assert one.release()

    assert before - released(client, one) == silent.said["Q4.edu.2005"]


def released(client: Client, one: Story) -> int:
    address = f"/api/v1/survey/figures/{one.round.code}:t4:all:educators:2005/"
    return int(client.get(address).json()["value"])
