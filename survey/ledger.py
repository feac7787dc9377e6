"""The ledger of a printed round: recomputes each figure from the others and says what that proves.

Whole numbers until the last step, halves upwards; neither Python's `round()` nor a database rounds a figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sih_portal.language import sentences

from .models import Measure, Verdict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WHOLE, PARTS = "all", ("pilot", "other")
KINDS: Final = ("national", "public", "private", "inter_university")
YEARS: Final = ("2005", "2008")
BOTH_YEARS: Final = "2005-2008"
TABLES: Final = ("t4", "t6")
SHARES: Final = ("s1a", "s1b", "s1c", "s1d", "s2", "s3", "s7")
# Shares whose base may be the institutions that another share counts.
SUB_BASES: Final = {"s1b": ("s1a",), "s2": ("s1d", "s1a")}
# What a figure can be said to be, the strongest last.
STRENGTH: Final = ("", Verdict.COMPATIBLE, Verdict.CONFIRMED, Verdict.NOT_RECOVERABLE, Verdict.INCONSISTENT)


class Key(NamedTuple):
    """What a figure tells: the columns that make it one of its release."""

    indicator: str
    group: str
    measure: str
    period: str = ""
    item: str = ""


Printed = Mapping[Key, Decimal | None]


@dataclass(frozen=True)
class Check:
    """One recomputation: what it proves of one figure, in a sentence with its numbers."""

    key: Key
    verdict: Verdict
    text: "StrOrPromise"
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return str(self.text) % {name: _told(value) for name, value in self.values.items()}


@dataclass
class Judgement:
    """Everything the ledger has to say of one figure."""

    checks: list[Check] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """The gravest of the checks' verdicts; "" where nothing can be checked."""
        return max((check.verdict for check in self.checks), key=STRENGTH.index, default="")

    def __str__(self) -> str:
        return sentences(str(check) for check in self.checks)


class Span(NamedTuple):
    """A whole number that lies between two others, both included."""

    least: int
    most: int

    def __str__(self) -> str:
        ends = {"least": f"{self.least:,}", "most": f"{self.most:,}"}
        return ends["least"] if self.least == self.most else gettext("%(least)s–%(most)s") % ends


class Centres(NamedTuple):
    """What the chart's numbers and the printed increases still say: all centres by year, and the sum of both."""

    first: Span
    last: Span
    both: int


def judge(printed: Printed, *, pilots: int) -> dict[Key, Judgement]:
    """What can be said of each figure, by key; figures that nothing checks are absent.

    `pilots` is how many institutions the programme had: the others are those that answered less the pilots.
    """
    judged: dict[Key, Judgement] = defaultdict(Judgement)
    for check in _checks(printed, pilots):
        judged[check.key].checks.append(check)
    return dict(judged)


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


def centres(printed: Printed) -> Centres:
    """The totals by year: the numbers on the bars add up to both years, the printed increases give the difference.

    An increase of the same parity as the sum is the only possible one: both totals are whole.
    """
    both = sum(_bars(printed))
    spans = [_added(printed, group) for group in PARTS]
    possible = [
        added
        for added in range(sum(span.least for span in spans), sum(span.most for span in spans) + 1)
        if (both - added) % 2 == 0
    ]
    first = Span((both - possible[-1]) // 2, (both - possible[0]) // 2)
    return Centres(first, Span(both - first.most, both - first.least), both)


def others(printed: Printed, pilots: int) -> int:
    """How many institutions answered that are not pilots, if all pilots answered."""
    return _whole(printed, Key("r0", WHOLE, Measure.ANSWERED)) - pilots


def _checks(printed: Printed, pilots: int) -> Iterator[Check]:
    yield from _kinds(printed)
    for group, base in (("pilot", pilots), ("other", others(printed, pilots))):
        for share in SHARES:
            yield from _share(printed, share, group, base)
    for table in TABLES:
        for group in (WHOLE, *PARTS):
            yield from _row(printed, table, group)
        yield from _column(printed, table)
    yield from _extremes(printed)
    yield from _increases(printed)
    yield from _centres_added(printed, pilots)
    yield from _lost_bars(printed)


def _kinds(printed: Printed) -> Iterator[Check]:
    keys = [Key("r0", group, Measure.ANSWERED) for group in KINDS]
    whole = Key("r0", WHOLE, Measure.ANSWERED)
    yield from _sum(printed, keys, whole)


def _sum(printed: Printed, parts: list[Key], whole: Key) -> Iterator[Check]:
    """The parts make the whole: all are confirmed. They do not: the whole contradicts them."""
    values = {"parts": " + ".join(_told(_whole(printed, key)) for key in parts), "whole": _whole(printed, whole)}
    total = sum(_whole(printed, key) for key in parts)
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
        yield _quotient(printed, mean, total, _whole(printed, usable))
        fits = _counts_with_mean(_whole(printed, total), printed[mean] or Decimal(0))
        fitting = fits if fitting is None else fitting & fits
    if fitting == {_whole(printed, usable)}:
        text = _("The printed averages fit no other N than %(usable)s.")
        yield Check(usable, Verdict.CONFIRMED, text, {"usable": printed[usable]})
    yield _quotient(
        printed,
        Key(table, group, Measure.RATIO, BOTH_YEARS),
        Key(table, group, Measure.TOTAL, YEARS[1]),
        _whole(printed, Key(table, group, Measure.TOTAL, YEARS[0])),
    )


def _quotient(printed: Printed, result: Key, dividend: Key, divisor: int) -> Check:
    told = _value(printed, result)
    exact = Fraction(_whole(printed, dividend), divisor)
    holds = half_up(exact, decimals(told)) == told
    return Check(
        result,
        Verdict.CONFIRMED if holds else Verdict.INCONSISTENT,
        _("%(dividend)s ÷ %(divisor)s = %(exact)s, printed %(told)s."),
        {"dividend": printed[dividend], "divisor": divisor, "exact": half_up(exact, decimals(told) + 2), "told": told},
    )


def _counts_with_mean(total: int, mean: Decimal) -> set[int]:
    """Every N over which the total has the printed average."""
    near = int(total / mean)
    return {count for count in range(max(1, near - 3), near + 4) if half_up(Fraction(total, count)) == mean}


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
            first, second = (_value(printed, Key("t6", group, measure, year)) for group in PARTS)
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
    first, last = (_whole(printed, Key(table, group, measure, year)) for year in YEARS)
    return Fraction(100 * (last - first), first)


def _share(printed: Printed, share: str, group: str, everybody: int) -> Iterator[Check]:
    """A whole number of institutions gives the printed percentage, on the base that the source means or may mean."""
    key = Key(share, group, Measure.SHARE)
    told = _value(printed, key)
    bases = [everybody] if group == "pilot" else [everybody, everybody - 1]
    subs = {sub: [_feasible(printed, sub, group, base) for base in bases] for sub in SUB_BASES.get(share, ())}
    if share == "s1b":
        yield _share_of_those_with(key, told, everybody, subs["s1a"])
    elif not whole_counts(told, everybody):
        text = _("No whole number of %(base)s institutions gives %(told)s%%.")
        yield Check(key, Verdict.INCONSISTENT, text, {"base": everybody, "told": told})
    elif subs:
        yield _share_of_unknown_base(key, told, everybody, subs)
    else:
        yield _share_of_all(key, told, bases)
    if share == "s7":
        yield _share_with_printed_count(printed, key, everybody)


def _feasible(printed: Printed, share: str, group: str, base: int) -> Span:
    counts = whole_counts(_value(printed, Key(share, group, Measure.SHARE)), base)
    return Span(counts[0], counts[-1])


def _share_of_all(key: Key, told: Decimal, bases: list[int]) -> Check:
    counts = [_span(whole_counts(told, base)) for base in bases]
    if len(bases) == 1:
        text = _("k inferred: %(k)s if the base is %(base)s.")
        return Check(key, Verdict.COMPATIBLE, text, {"k": counts[0], "base": bases[0]})
    text = _("k inferred: %(k)s if the base is %(base)s (%(k_less)s if it is %(base_less)s).")
    values = {"k": counts[0], "base": bases[0], "k_less": counts[1], "base_less": bases[1]}
    return Check(key, Verdict.COMPATIBLE, text, values)


def _share_of_those_with(key: Key, told: Decimal, everybody: int, headquarters: list[Span]) -> Check:
    """Those with a headquarters are the base: of all, more would have a head than have a headquarters."""
    of_all, base = _span(whole_counts(told, everybody)), headquarters[0].most
    values = {"of_all": of_all, "all": everybody, "base": base, "k": _span(whole_counts(told, base))}
    if of_all.least > base:
        text = _(
            "Of all %(all)s institutions it would be %(of_all)s, more than the %(base)s with a headquarters. "
            "k inferred: %(k)s of those %(base)s."
        )
    else:
        text = _("k inferred: %(k)s if the base is the %(base)s with a headquarters.")
    return Check(key, Verdict.COMPATIBLE, text, values)


def _share_of_unknown_base(key: Key, told: Decimal, everybody: int, subs: Mapping[str, list[Span]]) -> Check:
    text = _(
        "The base is not stated. k inferred: %(k)s if it is all %(all)s institutions, %(k_goals)s if it is those with "
        "goals and action plans (%(goals)s), %(k_hq)s if it is those with a headquarters (%(hq)s)."
    )
    goals, headquarters = subs["s1d"][0], subs["s1a"][0]
    values = {
        "k": _span(whole_counts(told, everybody)),
        "all": everybody,
        "k_goals": _counts_of_spans(told, goals),
        "goals": goals,
        "k_hq": _counts_of_spans(told, headquarters),
        "hq": headquarters,
    }
    return Check(key, Verdict.COMPATIBLE, text, values)


def _counts_of_spans(share: Decimal, bases: Span) -> Span:
    counts = [count for base in range(bases.least, bases.most + 1) for count in whole_counts(share, base)]
    return _span(sorted(counts))


def _share_with_printed_count(printed: Printed, key: Key, everybody: int) -> Check:
    """The chart prints how many institutions have centres."""
    count = _whole(printed, Key("c7", key.group, Measure.USABLE))
    exact = Fraction(100 * count, everybody)
    return Check(
        key,
        Verdict.COMPATIBLE if half_up(exact) == printed[key] else Verdict.INCONSISTENT,
        _("The chart’s N fits: %(count)s of %(base)s is %(exact)s%%."),
        {"count": count, "base": everybody, "exact": half_up(exact, 1)},
    )


def _centres_added(printed: Printed, pilots: int) -> Iterator[Check]:
    """Whether the numbers on the bars can give the printed increases: with those that have centres, not with all."""
    bars = sorted(_bars(printed))
    spans = {group: _added(printed, group) for group in PARTS}
    most = sum(bars[len(bars) // 2 :]) - sum(bars[: len(bars) // 2])
    of_all = sums(_value(printed, _added_key("other")), others(printed, pilots))
    for group, span in spans.items():
        count = _whole(printed, Key("c7", group, Measure.USABLE))
        text = _("%(span)s more centres at the %(count)s institutions with centres give it.")
        possible = spans["pilot"].least + spans["other"].least <= most
        verdict = Verdict.COMPATIBLE if possible else Verdict.INCONSISTENT
        yield Check(_added_key(group), verdict, text, {"span": span, "count": count})
        yield Check(Key("c7", group, Measure.USABLE), verdict, text, {"span": span, "count": count})
    if spans["pilot"].least + of_all.least > most:
        yield Check(
            _added_key("other"),
            Verdict.COMPATIBLE,
            _(
                "Per institution of all %(all)s it would be %(of_all)s more; with the pilots’ %(pilots)s that is above "
                "%(most)s, the most that the chart’s numbers allow."
            ),
            {"all": others(printed, pilots), "of_all": of_all, "pilots": spans["pilot"], "most": most},
        )


def _added_key(group: str) -> Key:
    return Key("d7", group, Measure.ADDED, BOTH_YEARS)


def _added(printed: Printed, group: str) -> Span:
    return sums(_value(printed, _added_key(group)), _whole(printed, Key("c7", group, Measure.USABLE)))


def _lost_bars(printed: Printed) -> Iterator[Check]:
    keys = [key for key in printed if key.measure == Measure.BAR]
    text = _("One of %(count)s numbers on the bars; which bar it belongs to is lost in the source text.")
    for key in keys:
        yield Check(key, Verdict.NOT_RECOVERABLE, text, {"count": len(keys)})


def _bars(printed: Printed) -> list[int]:
    return [_whole(printed, key) for key in printed if key.measure == Measure.BAR]


def _whole(printed: Printed, key: Key) -> int:
    return int(_value(printed, key))


def _value(printed: Printed, key: Key) -> Decimal:
    """:raises ValueError: for a figure that is stated without a number."""
    value = printed[key]
    if value is None:
        raise ValueError(f"{key} has no number")
    return value


def decimals(value: Decimal | None) -> int:
    """How many decimals a figure is printed with."""
    return 0 if value is None else max(0, -int(value.as_tuple().exponent))


def _span(counts: Iterable[int]) -> Span:
    found = list(counts)
    return Span(found[0], found[-1])


def _told(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value)
