"""Sets of five institutions or more that additions and subtractions tell apart, and what may not be known of them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from random import Random

import pytest

from survey.disclosure import (
    Cell,
    Concern,
    Gathered,
    Kind,
    Reason,
    Rules,
    TooMany,
    Unit,
    derived,
    gather,
    plan,
    remaining,
)
from survey.disclosure.derived import smallest_sums

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


def sums_by_trying(known: Sequence[int], width: int, top: int) -> list[tuple[int, ...]]:
    """All sums of known sets, each added, taken off or left out, that count no atom below 0 or above `top`."""
    found = set()
    for signs in product((-1, 0, 1), repeat=len(known)):
        counts = [sum(sign * (one >> bit & 1) for sign, one in zip(signs, known, strict=True)) for bit in range(width)]
        if all(0 <= count <= top for count in counts):
            found.add(tuple(counts))
    return sorted(found - {(0,) * width})


@pytest.mark.parametrize("top", [1, 2])
@pytest.mark.parametrize("seed", range(15))
def test_smallest_sums_make_up_every_sum_that_trying_finds(seed: int, top: int) -> None:
    random, width = Random(seed), 12
    atoms = [tuple(random.choice(division.split()) for division in DIVISIONS) for _atom in range(width)]
    sets = {key: sum(1 << bit for bit, atom in enumerate(atoms) if key in atom) for key in KEYS[1:]}
    known = tuple(random.sample(sorted(sets.values()), 6))

    smallest = [tuple(one.get(bit, 0) for bit in range(width)) for one in smallest_sums(known, top)]

    for one in sums_by_trying(known, width, top):
        assert is_put_together(one, smallest)
    assert not any(one != other and is_part(one, other) for one in smallest for other in smallest)
    attacker = Attacker(Equation(answers(one >> bit & 1 for bit in range(width)), one.bit_count()) for one in known)
    assert all(attacker.value_of(answers(one)) == sum(one) for one in smallest)


def is_part(small: Sequence[int], one: Sequence[int]) -> bool:
    return all(part <= whole for part, whole in zip(small, one, strict=True))


def is_put_together(one: Sequence[int], smallest: Sequence[Sequence[int]]) -> bool:
    if not any(one):
        return True
    left = ([whole - part for whole, part in zip(one, small, strict=True)] for small in smallest if is_part(small, one))
    return any(is_put_together(rest, smallest) for rest in left)


def answers(counts: Iterable[int]) -> Combination:
    return {(bit, "x", 1): count for bit, count in enumerate(counts) if count}


def test_search_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "MOST", 5)
    smallest_sums.cache_clear()

    with pytest.raises(TooMany):
        remaining(one_giant(), [])
    smallest_sums.cache_clear()


def test_national_counted_twice_is_bounded_by_a_sum_that_follows() -> None:
    """National and pilots less Kanto leaves the national pilot of Kinki, twice, and ten small ones."""
    made = release(
        Kind.TOTAL,
        {
            "national kanto other": [900] * 10,
            "private kanto pilot": [900] * 10,
            "national kinki pilot": [11_000],
            "national kinki other": [16] * 5,
            "private kinki pilot": [16] * 5,
            "private kinki other": [900] * 20,
        },
    )

    found = remaining(made, ["all", "private", "other", "kinki", "shikoku"])

    assert [(one.institutions, one.reason) for one in found] == [(11, Reason.DOMINANCE)]
    assert {term.cell: term.coefficient for term in found[0].terms} == {"national": 1, "pilot": 1, "kanto": -1}
