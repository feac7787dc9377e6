"""What one institution said, read as a calculation counts it: its share of one, its numbers, their ratio.

As in every round that is public, a sum counts only those who answered all of its rows in both years.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from survey import rules
from survey.answering import Sheet
from survey.engine.figures import divided
from survey.models import Calculation, Measure
from survey.results import NO_VALUE

INCOMPLETE: Final = gettext_lazy("incomplete")
YES, NO = Decimal(100), Decimal(0)  # percent: of one institution


@dataclass(frozen=True)
class Own:
    """`value` is None where nothing of it counts: `lack` says why then."""

    value: Decimal | None
    told: str
    lack: str = ""

    @property
    def is_incomplete(self) -> bool:
        return self.lack == str(INCOMPLETE)


def own_of(calculation: Calculation, sheet: Sheet, years: tuple[int, int], period: str) -> Own:
    """What the institution itself has where its groups have a figure of this calculation and period. No query."""
    is_in = rules.read(calculation.base).holds(sheet.facts) if calculation.base else True
    if is_in is None:
        return _lacking(_("not answered"))
    if not is_in:
        return _lacking(_("not in the base"))
    if calculation.measure == Measure.SHARE:
        return _share(calculation, sheet)
    return _number(calculation, sheet, years, period)


def _share(calculation: Calculation, sheet: Sheet) -> Own:
    holds = rules.read(calculation.condition).holds(sheet.facts)
    if holds is None:
        return _lacking(_("not answered"))
    return Own(YES, pgettext("mirror", "yes")) if holds else Own(NO, pgettext("mirror", "no"))


def _number(calculation: Calculation, sheet: Sheet, years: tuple[int, int], period: str) -> Own:
    numbers, rows = sheet.facts.numbers, calculation.rows.split()
    if any(f"{row}.{year}" not in numbers for row in rows for year in years):
        return _lacking(INCOMPLETE)
    parts = calculation.parts.split() or rows
    first, last = (sum(numbers.get(f"{part}.{year}", 0) for part in parts) for year in years)
    decimals = calculation.decimals
    match calculation.measure:
        case Measure.RATIO:
            return _divided(divided(last, first, decimals=decimals))
        case Measure.INCREASE:
            return _divided(divided(last, first, times=100, less=1, decimals=decimals), unit="%")
        case Measure.ADDED:
            return _told(Decimal(last - first))
    return _told(Decimal(first if period == str(years[0]) else last))


def _divided(value: Decimal | None, unit: str = "") -> Own:
    return _lacking(_("first year is 0")) if value is None else _told(value, unit)


def _told(value: Decimal, unit: str = "") -> Own:
    # What is rounded from below zero to zero has a sign that nobody wants to read.
    return Own(value + 0, f"{value + 0:,}{unit}")


def _lacking(reason: object) -> Own:
    return Own(None, NO_VALUE, str(reason))
