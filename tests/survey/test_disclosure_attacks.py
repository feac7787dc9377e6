"""Random rounds: with all rules nobody is revealed to an attacker who solves everything; without any one, some are."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pytest

from survey.disclosure import Disclosure, Rules, gather, plan, remaining

from .attacker import Attacker, guesses
from .random_rounds import RandomRound, Value, random_round

ROUNDS, AT_ONCE = 200, 25


@dataclass(frozen=True)
class Published:
    """A round with both of its releases out, the keys withheld in each, and what no withholding prevents."""

    round: RandomRound
    withheld: Mapping[int, Collection[str]]
    remaining: Sequence[Disclosure] = ()

    @cached_property
    def attacker(self) -> Attacker:
        return Attacker([one for release, keys in self.withheld.items() for one in self.round.public(release, keys)])

    def all_keys(self) -> Iterable[str]:
        return (key for release in self.withheld for key in self.round.keys(release))

    def is_shown(self, key: str) -> bool:
        return all(key not in keys for keys in self.withheld.values())


def published(seed: int, rules: Rules | None = None) -> Published:
    """Both releases as planned."""
    survey_round, withheld, left = random_round(seed), {1: set[str](), 2: set[str]()}, list[Disclosure]()
    for release in (1, 2):
        gathered = gather(survey_round.cells(release, withheld[1]), survey_round.units(release))
        made = plan(gathered, sums=survey_round.sums(release), rules=rules)
        left += remaining(gathered, made.marks, sums=survey_round.sums(release), rules=rules)
        withheld[release] = set(made.marks)
    return Published(survey_round, withheld, tuple(left))


def institutions(values: Iterable[Value]) -> int:
    return len({institution for institution, _column, _first in values})


def revealed_cells(one: Published) -> list[str]:
    """Cells over one to four institutions, or with one to four on a side of a share, that are known."""
    found = []
    for key in one.all_keys():
        members = one.round.members(key)
        smallest = institutions(members)
        if "/grew/" in key:
            smallest = min(one.round.total(key), smallest - one.round.total(key))
        if members and smallest < 5 and one.attacker.sum_of(members) is not None:
            found.append(key)
    return found


def revealed_values(one: Published) -> list[Any]:
    """What a single university answered, in one column or in both together, or how it changed its answer."""
    values = sorted({value for key in one.all_keys() for value in one.round.members(key)})
    combinations = [{value: 1} for value in values]
    for institution, column, first in values:
        combinations.append({(institution, column, first): 1, (institution, column, 3 - first): -1})
        combinations += [{(institution, "edu", first): 1, (institution, "adm", other): 1} for other in (1, 2)]
    return [combination for combination in combinations if one.attacker.value_of(combination) is not None]


def revealed_leftovers(one: Published) -> list[str]:
    """Sums over the one to four that are in the row of all and in no group."""
    found = []
    for release in one.withheld:
        for whole, *parts in ((cell.whole, *cell.parts) for cell in one.round.sums(release)):
            left = set(one.round.members(whole)).difference(*map(one.round.members, parts))
            if 0 < institutions(left) < 5 and one.attacker.sum_of(left) is not None:
                found.append(whole)
    return found


def revealed_changes(one: Published) -> list[str]:
    """Cells in which one to four universities came, went or changed their answer, and the change is known."""
    found = []
    for key in one.round.keys(2):
        now, before = (set(one.round.members(f"{release}{key[1:]}")) for release in (2, 1))
        change = {**dict.fromkeys(now - before, 1), **dict.fromkeys(before - now, -1)}
        if 0 < institutions(change) < 5 and one.attacker.value_of(change) is not None:
            found.append(key)
    return found


def guessed(one: Published) -> list[str]:
    """Published totals in which some university knows another's number to less than a tenth."""
    found = []
    for key in (key for key in one.all_keys() if one.is_shown(key) and "/grew/" not in key):
        contributions: dict[int, int] = {}
        for value in one.round.members(key):
            contributions[value[0]] = contributions.get(value[0], 0) + one.round.truth(value)
        if guesses(one.round.total(key), contributions):
            found.append(key)
    return found


ATTACKS = (revealed_cells, revealed_values, revealed_leftovers, revealed_changes, guessed)


@pytest.mark.parametrize("first", range(0, ROUNDS, AT_ONCE))
def test_nobody_is_revealed_in_random_rounds(first: int) -> None:
    rounds = [published(seed) for seed in range(first, first + AT_ONCE)]

    shown = [one.is_shown(key) for one in rounds for key in one.all_keys()]
    found = {(seed, attack.__name__): attack(one) for seed, one in enumerate(rounds, first) for attack in ATTACKS}

    assert [one.remaining for one in rounds if one.remaining] == []
    assert {where: what for where, what in found.items() if what} == {}
    assert min(shown.count(True), shown.count(False)) > AT_ONCE


@pytest.mark.parametrize(
    ("switched_off", "attack"),
    [
        ({"fewest": None}, revealed_cells),
        ({"dominance": None}, guessed),
        ({"complementary": False}, revealed_cells),
        ({"residuals": False}, revealed_leftovers),
        ({"differencing": False}, revealed_changes),
        ({"differencing": False}, revealed_values),
    ],
)
def test_attack_succeeds_without_the_rule(
    switched_off: dict[str, Any], attack: Callable[[Published], list[Any]]
) -> None:
    rules = replace(Rules(), **switched_off)

    assert any(attack(published(seed, rules)) for seed in range(40))


def test_release_is_not_blocked_for_what_an_earlier_one_said_already() -> None:
    """Release 1 of this round gives a relation among four that its own echelon form has in no row."""
    assert published(1_019).remaining == ()


def test_withheld_cell_that_follows_from_other_tables_protects_nobody() -> None:
    """In release 1 a region follows from its staff of both kinds; three and one, the rest of all, stood alone."""
    assert published(2_182).remaining == ()


def test_attacker_finds_the_values_that_publishing_everything_tells() -> None:
    survey_round = random_round(1)
    everything = Published(survey_round, {1: (), 2: ()})

    found = [value for combination in revealed_values(everything) for value in combination if len(combination) == 1]

    assert found
    assert all(everything.attacker.sum_of([value]) == survey_round.truth(value) for value in found)
