"""Whole numbers for many institutions that add up to a printed total: spread as such numbers are, exact to the last."""

from collections.abc import Sequence
from random import Random
from typing import Final

# Few institutions have most of what is counted; from one year to another each stays near what it had.
SIGMA: Final = 1.1
DRIFT: Final = 0.25


def spread(total: int, count: int, *, rng: Random, low: int = 0, high: int | None = None) -> list[int]:
    """`count` numbers from `low` to `high` that add up to `total`.

    :raises ValueError: when there are none.
    """
    return shared(total, [rng.lognormvariate(0, SIGMA) for _ in range(count)], low=low, high=high)


def grown(before: Sequence[int], total: int, *, rng: Random, low: int = 0, high: int | None = None) -> list[int]:
    """What the same institutions have in a later year: near their shares of before.

    :raises ValueError: when there are no such numbers.
    """
    return shared(total, [(one + 0.5) * rng.lognormvariate(0, DRIFT) for one in before], low=low, high=high)


def shared(total: int, weights: Sequence[float], *, low: int = 0, high: int | None = None) -> list[int]:
    """The total by weights, within bounds; what rounding leaves goes one by one to whoever has room, in turn.

    :raises ValueError: when it does not fit within the bounds.
    """
    most = total if high is None else high
    if not low * len(weights) <= total <= most * len(weights):
        raise ValueError(f"{total} can't be shared by {len(weights)} between {low} and {most}")
    whole = sum(weights)
    numbers = [min(most, max(low, round(total * weight / whole))) for weight in weights]
    while rest := total - sum(numbers):
        step = 1 if rest > 0 else -1
        room = [place for place, number in enumerate(numbers) if low <= number + step <= most]
        for place in room[: abs(rest)]:
            numbers[place] += step
    return numbers


def dealt(total: int, weights: Sequence[float], *, rng: Random) -> list[int]:
    """A few things among many, each to one of them by chance; most get none."""
    numbers = [0] * len(weights)
    for place in rng.choices(range(len(weights)), weights, k=total):
        numbers[place] += 1
    return numbers
