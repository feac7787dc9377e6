"""Numbers that add up to a total, within bounds."""

from random import Random

import pytest

from survey.twin.spreading import dealt, grown, shared, spread


@pytest.mark.parametrize(
    ("total", "count", "low", "high"),
    [(9_069, 16, 26, 2_717), (100, 100, 1, None), (100, 10, 0, 10), (0, 5, 0, None), (7, 3, 2, 3)],
)
def test_numbers_add_up_within_their_bounds(total: int, count: int, low: int, high: int | None) -> None:
    numbers = spread(total, count, rng=Random(1), low=low, high=high)

    assert (len(numbers), sum(numbers)) == (count, total)
    assert low <= min(numbers) <= max(numbers) <= (total if high is None else high)


@pytest.mark.parametrize(("total", "low", "high"), [(5, 2, 3), (10, 2, 3)])
def test_total_that_does_not_fit_is_refused(total: int, low: int, high: int) -> None:
    with pytest.raises(ValueError, match="can't be shared"):
        shared(total, [1, 1, 1], low=low, high=high)


def test_later_year_stays_near_the_one_before() -> None:
    before = spread(10_000, 50, rng=Random(1))

    after = grown(before, 11_000, rng=Random(2))

    assert sum(after) == 11_000
    assert after.index(max(after)) in sorted(range(50), key=before.__getitem__)[-5:]


def test_few_things_are_dealt_whole() -> None:
    numbers = dealt(3, [1.0] * 20, rng=Random(1))

    assert (len(numbers), sum(numbers)) == (20, 3)
