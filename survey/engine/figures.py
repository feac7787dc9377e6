"""A computed figure, and the arithmetic of its last step: exact fractions, halves away from zero."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from survey.ledger import Key, half_up


@dataclass(frozen=True)
class Computed:
    """A figure before it is stored. `value` is None where nothing can be divided, or nobody is counted.

    `numerator` over `denominator` is the value before rounding (shares and increases: in hundredths).
    """

    key: Key
    value: Decimal | None
    decimals: int
    n_base: int
    n_valid: int
    numerator: int | None = None
    denominator: int | None = None


def divided(numerator: int, denominator: int, *, times: int = 1, less: int = 0, decimals: int) -> Decimal | None:
    """`times * (numerator / denominator - less)`, rounded; None where there is nothing to divide by."""
    return None if denominator == 0 else rounded(times * (Fraction(numerator, denominator) - less), decimals)


def rounded(number: Fraction, decimals: int) -> Decimal:
    return half_up(number, decimals) if number >= 0 else -half_up(-number, decimals)
