"""The counts by kind, and both tables with what the text says of them: sums, averages, ratios, increases."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from survey.models import Measure, Verdict

from .arithmetic import decimals, half_up
from .figures import BOTH_YEARS, PARTS, WHOLE, YEARS, Check, Key, Printed, count_of, value_of, written

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS: Final = ("national", "public", "private", "inter_university")
TABLES: Final = ("t4", "t6")


def checks(printed: Printed) -> Iterator[Check]:
    yield from _kinds(printed)
    for table in TABLES:
        for group in (WHOLE, *PARTS):
            yield from _row(printed, table, group)
        yield from _column(printed, table)
    yield from _extremes(printed)
    yield from _increases(printed)


def _kinds(printed: Printed) -> Iterator[Check]:
    keys = [Key("r0", group, Measure.ANSWERED) for group in KINDS]
    whole = Key("r0", WHOLE, Measure.ANSWERED)
    yield from _sum(printed, keys, whole)


def _sum(printed: Printed, parts: list[Key], whole: Key) -> Iterator[Check]:
    """The parts make the whole: all are confirmed. They do not: the whole contradicts them."""
    values = {"parts": " + ".join(written(count_of(printed, key)) for key in parts), "whole": count_of(printed, whole)}
    total = sum(count_of(printed, key) for key in parts)
    if total == values["whole"]:
        for key in (*parts, whole):
            yield Check(key, Verdict.CONFIRMED, _("%(parts)s = %(whole)s."), values)
    else:
        text = _("%(parts)s = %(total)s, but the source prints %(whole)s.")
        yield Check(whole, Verdict.INCONSISTENT, text, {**values, "total": total})


def _row(printed: Printed, table: str, group: str) -> Iterator[Check]:
    """Parts, averages and ratio of one row of a table, and the only N that its averages allow."""
    usable = Key(table, group, Measure.USABLE)
    fitting: set[int] | None = None
    for year in YEARS:
        total, mean = Key(table, group, Measure.TOTAL, year), Key(table, group, Measure.MEAN, year)
        staff = [Key(table, group, part, year) for part in (Measure.EDUCATORS, Measure.ADMIN_STAFF)]
        if all(key in printed for key in staff):
            yield from _sum(printed, staff, total)
        yield _quotient(printed, mean, total, count_of(printed, usable))
        fits = _counts_with_mean(count_of(printed, total), printed[mean] or Decimal(0))
        fitting = fits if fitting is None else fitting & fits
    if fitting == {count_of(printed, usable)}:
        text = _("The printed averages fit no other N than %(usable)s.")
        yield Check(usable, Verdict.CONFIRMED, text, {"usable": printed[usable]})
    yield _quotient(
        printed,
        Key(table, group, Measure.RATIO, BOTH_YEARS),
        Key(table, group, Measure.TOTAL, YEARS[1]),
        count_of(printed, Key(table, group, Measure.TOTAL, YEARS[0])),
    )


def _quotient(printed: Printed, result: Key, dividend: Key, divisor: int) -> Check:
    told = value_of(printed, result)
    exact = Fraction(count_of(printed, dividend), divisor)
    holds = half_up(exact, decimals(told)) == told
    return Check(
        result,
        Verdict.CONFIRMED if holds else Verdict.INCONSISTENT,
        _("%(dividend)s ÷ %(divisor)s = %(exact)s, printed %(told)s."),
        {"dividend": printed[dividend], "divisor": divisor, "exact": half_up(exact, decimals(told) + 2), "told": told},
    )


def _counts_with_mean(total: int, mean: Decimal) -> set[int]:
    """Every N over which the total has the printed average: no other lies between the averages next to it."""
    most = total if mean <= 1 else int(total / (mean - 1))
    near = range(max(1, int(total / (mean + 1))), most + 1)
    return {count for count in near if half_up(Fraction(total, count)) == mean}


def _column(printed: Printed, table: str) -> Iterator[Check]:
    """Both groups make the row of all institutions."""
    columns = [(Measure.USABLE, "")]
    columns += [
        (measure, year) for measure in (Measure.TOTAL, Measure.EDUCATORS, Measure.ADMIN_STAFF) for year in YEARS
    ]
    for measure, year in columns:
        whole = Key(table, WHOLE, measure, year)
        if whole in printed:
            yield from _sum(printed, [Key(table, group, measure, year) for group in PARTS], whole)


def _extremes(printed: Printed) -> Iterator[Check]:
    choices: tuple[tuple[Measure, Any, StrOrPromise], ...] = (
        (Measure.MINIMUM, min, _("The smaller of %(first)s and %(second)s is %(told)s.")),
        (Measure.MAXIMUM, max, _("The larger of %(first)s and %(second)s is %(told)s.")),
    )
    for year in YEARS:
        for measure, choose, text in choices:
            key = Key("t6", WHOLE, measure, year)
            first, second = (value_of(printed, Key("t6", group, measure, year)) for group in PARTS)
            holds = choose(first, second) == printed[key]
            verdict = Verdict.CONFIRMED if holds else Verdict.INCONSISTENT
            yield Check(key, verdict, text, {"first": first, "second": second, "told": choose(first, second)})


def _increases(printed: Printed) -> Iterator[Check]:
    for group in PARTS:
        yield _increase_of_totals(printed, group)
        yield _increase_of_faculty(printed, group)


def _increase_of_totals(printed: Printed, group: str) -> Check:
    key = Key("g6", group, Measure.INCREASE, BOTH_YEARS)
    exact = _growth(printed, "t6", group, Measure.TOTAL)
    holds = half_up(exact) == printed[key]
    return Check(
        key,
        Verdict.CONFIRMED if holds else Verdict.INCONSISTENT,
        _("The table’s totals give %(exact)s%%, printed %(told)s%%."),
        {"exact": half_up(exact, 1), "told": printed[key]},
    )


def _increase_of_faculty(printed: Printed, group: str) -> Check:
    """The text says "faculty members"; the number fits faculty and staff together."""
    key = Key("g4", group, Measure.INCREASE, BOTH_YEARS)
    totals, faculty = (_growth(printed, "t4", group, measure) for measure in (Measure.TOTAL, Measure.EDUCATORS))
    fits_both = half_up(totals) == printed[key] == half_up(faculty)
    return Check(
        key,
        Verdict.CONFIRMED if fits_both else Verdict.INCONSISTENT,
        _(
            "Faculty and staff together grew by %(totals)s%%, faculty alone by %(faculty)s%%; printed for faculty: "
            "%(told)s%%."
        ),
        {"totals": half_up(totals, 1), "faculty": half_up(faculty, 1), "told": printed[key]},
    )


def _growth(printed: Printed, table: str, group: str, measure: Measure) -> Fraction:
    first, last = (count_of(printed, Key(table, group, measure, year)) for year in YEARS)
    return Fraction(100 * (last - first), first)
