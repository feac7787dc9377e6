"""Sets of five institutions or more that additions and subtractions tell apart, and what may not be known of them."""

from collections.abc import Mapping, Sequence
from itertools import product
from random import Random

import pytest

from survey.disclosure import Cell, Concern, Gathered, Kind, Reason, Rules, Unit, gather, plan, remaining
from survey.disclosure.derived import smallest_sets

from .attacker import Attacker, Combination, Equation

DIVISIONS = ("national private", "kanto kinki shikoku", "pilot other")
KEYS = ["all", *" ".join(DIVISIONS).split()]


def release(kind: Kind, given: Mapping[str, Sequence[int]]) -> Gathered:
    rows = [(keys, value) for keys, values in given.items() for value in values]
    units = (Unit(number, "x", frozenset(f"all {keys}".split()), value) for number, (keys, value) in enumerate(rows))
    return gather([Cell(key, kind, ("x",)) for key in KEYS], units)


def one_giant() -> Gathered:
    """Shikoku has national universities alone; without it the giant stands among five small ones."""
    return release(
        Kind.TOTAL,
        {
            "national kanto": [11_002],
            "national kinki": [16] * 5,
            "national shikoku": [333] * 10,
            "private kanto": [900] * 10,
            "private kinki": [700] * 10,
        },
    )


def six_of_six() -> Gathered:
    return release(
        Kind.COUNT,
        {
            "national kanto": [1],
            "national kinki": [1] * 5,
            "national shikoku": [1] * 5 + [0] * 5,
            "private kanto": [1] * 8 + [0] * 7,
            "private kinki": [1] * 8 + [0] * 7,
        },
    )


@pytest.mark.parametrize(("made", "reason"), [(one_giant(), Reason.DOMINANCE), (six_of_six(), Reason.SHARE)])
def test_six_nationals_outside_a_region_of_nationals_are_told_apart(made: Gathered, reason: Reason) -> None:
    found = {(one.concern, one.institutions, one.reason) for one in remaining(made, [])}

    assert found == {(Concern.STRAY, 6, reason)}
    assert remaining(made, [], rules=Rules(residuals=False)) == []


@pytest.mark.parametrize("made", [one_giant(), six_of_six()])
def test_plan_withholds_against_sets_that_are_told_apart(made: Gathered) -> None:
    planned = plan(made)

    assert (planned.blocked, planned.reasons) == ((), {})
    assert 0 < len(planned.marks) < len(KEYS)
    assert remaining(made, planned.marks) == []


def test_region_that_covers_a_kind_but_for_a_few_of_another_is_no_set() -> None:
    """Nationals less Shikoku would take off somebody who is not among them."""
    made = release(
        Kind.TOTAL,
        {
            "national kanto": [11_002],
            "national kinki": [16] * 5,
            "national shikoku": [333] * 10,
            "private shikoku": [400],
            "private kanto": [9000] * 10,
            "private kinki": [700] * 10,
        },
    )

    assert [one.institutions for one in remaining(made, ["all"])] == []


def sets_by_trying(known: Sequence[int], width: int) -> set[int]:
    """All sets that are a sum of known ones, each added, taken off or left out."""
    found = set()
    for signs in product((-1, 0, 1), repeat=len(known)):
        counts = [sum(sign * (one >> bit & 1) for sign, one in zip(signs, known, strict=True)) for bit in range(width)]
        if set(counts) <= {0, 1}:
            found.add(sum(count << bit for bit, count in enumerate(counts)))
    return found - {0}


@pytest.mark.parametrize("seed", range(25))
def test_smallest_sets_make_up_every_set_that_trying_finds(seed: int) -> None:
    random, width = Random(seed), 12
    atoms = [tuple(random.choice(division.split()) for division in DIVISIONS) for _atom in range(width)]
    sets = {key: sum(1 << bit for bit, atom in enumerate(atoms) if key in atom) for key in KEYS[1:]}
    known = tuple(random.sample(sorted(sets.values()), 6))

    smallest = smallest_sets(known)

    for one in sets_by_trying(known, width):
        assert put_together(one, smallest)
    assert not any(one != other and one & other == one for one in smallest for other in smallest)
    attacker = Attacker(Equation(answers(one), one.bit_count()) for one in known)
    assert all(attacker.value_of(answers(one)) == one.bit_count() for one in smallest)


def put_together(one: int, smallest: Sequence[int]) -> bool:
    return not one or any(small & one == small and put_together(one ^ small, smallest) for small in smallest)


def answers(one: int) -> Combination:
    return {(bit, "x", 1): 1 for bit in range(one.bit_length()) if one >> bit & 1}
