"""Exact arithmetic with printed numbers: halves upwards, and everything that rounds to what is printed.

Neither Python's `round()` nor a database rounds a figure.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext


class Span(NamedTuple):
    """A whole number that lies between two others, both included."""

    least: int
    most: int

    def __str__(self) -> str:
        ends = {"least": f"{self.least:,}", "most": f"{self.most:,}"}
        return ends["least"] if self.least == self.most else gettext("%(least)s–%(most)s") % ends


def half_up(number: Fraction, decimals: int = 0) -> Decimal:
    """A number that is not negative, rounded as offices do: halves upwards."""
    scaled = number * 10**decimals
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-decimals)


def whole_counts(share: Decimal, base: int) -> list[int]:
    """The numbers of institutions out of `base` whose share prints as the percentage `share`."""
    return [count for count in range(base + 1) if base and half_up(Fraction(100 * count, base)) == share]


def sums(mean: Decimal, count: int) -> Span:
    """The whole totals whose mean over `count` institutions prints as `mean`, with its decimals."""
    half = Fraction(1, 2 * 10 ** decimals(mean))
    least, beyond = ((Fraction(mean) + shift) * count for shift in (-half, half))
    return Span(-(-least.numerator // least.denominator), -(-beyond.numerator // beyond.denominator) - 1)


def decimals(value: Decimal | None) -> int:
    """How many decimals a figure is printed with."""
    return 0 if value is None else max(0, -int(value.as_tuple().exponent))


def span_of(counts: Iterable[int]) -> Span:
    found = list(counts)
    return Span(found[0], found[-1])
