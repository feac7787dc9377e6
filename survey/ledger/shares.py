"""The shares: which whole numbers of institutions give the printed percentage, and of which base."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from survey.models import Measure, Verdict

from .arithmetic import Span, half_up, span_of, whole_counts
from .figures import Check, Key, Printed, count_of, others, value_of

SHARES: Final = ("s1a", "s1b", "s1c", "s1d", "s2", "s3", "s7")
# Shares whose base may be the institutions that another share counts.
SUB_BASES: Final = {"s1b": ("s1a",), "s2": ("s1d", "s1a")}
# By whether it is uncertain how many institutions are all.
UNKNOWN_BASE: Final = {
    False: _(
        "The base is not stated. k inferred: %(k)s if it is all %(all)s institutions, %(k_goals)s if it is those with "
        "goals and action plans (%(goals)s), %(k_hq)s if it is those with a headquarters (%(hq)s)."
    ),
    True: _(
        "The base is not stated. k inferred: %(k)s if it is all %(all)s institutions (%(k_less)s if they are "
        "%(all_less)s), %(k_goals)s if it is those with goals and action plans (%(goals)s), %(k_hq)s if it is those "
        "with a headquarters (%(hq)s)."
    ),
}


@dataclass(frozen=True)
class Inferred:
    """Counts that give a share, each with its base."""

    pairs: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        words = (gettext("%(k)s of %(base)s") % {"k": count, "base": base} for count, base in self.pairs)
        return gettext(" or ").join(words)


def checks(printed: Printed, pilots: int) -> Iterator[Check]:
    for group, base in (("pilot", pilots), ("other", others(printed, pilots))):
        for share in SHARES:
            yield from _share(printed, share, group, base)


def _share(printed: Printed, share: str, group: str, everybody: int) -> Iterator[Check]:
    """A whole number of institutions gives the printed percentage, on the base that the source means or may mean."""
    key = Key(share, group, Measure.SHARE)
    told = value_of(printed, key)
    bases = [everybody] if group == "pilot" else [everybody, everybody - 1]
    subs = {sub: [_feasible(printed, sub, group, base) for base in bases] for sub in SUB_BASES.get(share, ())}
    if share == "s1b":
        yield _share_of_those_with(key, told, everybody, subs["s1a"])
    elif not whole_counts(told, everybody):
        text = _("No whole number of %(base)s institutions gives %(told)s%%.")
        yield Check(key, Verdict.INCONSISTENT, text, {"base": everybody, "told": told})
    elif subs:
        yield _share_of_unknown_base(key, told, bases, subs)
    else:
        yield _share_of_all(key, told, bases)
    if share == "s7":
        yield _share_with_printed_count(printed, key, everybody)


def _feasible(printed: Printed, share: str, group: str, base: int) -> Span:
    counts = whole_counts(value_of(printed, Key(share, group, Measure.SHARE)), base)
    return Span(counts[0], counts[-1])


def _share_of_all(key: Key, told: Decimal, bases: list[int]) -> Check:
    counts = [span_of(whole_counts(told, base)) for base in bases]
    if len(bases) == 1:
        text = _("k inferred: %(k)s if the base is %(base)s.")
        return Check(key, Verdict.COMPATIBLE, text, {"k": counts[0], "base": bases[0]})
    text = _("k inferred: %(k)s if the base is %(base)s (%(k_less)s if it is %(base_less)s).")
    values = {"k": counts[0], "base": bases[0], "k_less": counts[1], "base_less": bases[1]}
    return Check(key, Verdict.COMPATIBLE, text, values)


def _share_of_those_with(key: Key, told: Decimal, everybody: int, headquarters: list[Span]) -> Check:
    """Those with a headquarters are the base: of all, more would have a head than have a headquarters."""
    of_all, base = span_of(whole_counts(told, everybody)), _from_least_to_most(headquarters)
    pairs = [(count, one) for one in range(base.least, base.most + 1) for count in whole_counts(told, one)]
    values = {"of_all": of_all, "all": everybody, "base": base, "inferred": Inferred(tuple(pairs))}
    if of_all.least > base.most:
        text = _(
            "Of all %(all)s institutions it would be %(of_all)s, more than the %(base)s with a headquarters. "
            "k inferred: %(inferred)s of those with a headquarters."
        )
    else:
        text = _("k inferred: %(inferred)s of those with a headquarters.")
    return Check(key, Verdict.COMPATIBLE, text, values)


def _share_of_unknown_base(key: Key, told: Decimal, bases: list[int], subs: Mapping[str, list[Span]]) -> Check:
    goals, headquarters = _from_least_to_most(subs["s1d"]), _from_least_to_most(subs["s1a"])
    values = {
        "k": span_of(whole_counts(told, bases[0])),
        "all": bases[0],
        "k_less": span_of(whole_counts(told, bases[-1])),
        "all_less": bases[-1],
        "k_goals": _counts_of_spans(told, goals),
        "goals": goals,
        "k_hq": _counts_of_spans(told, headquarters),
        "hq": headquarters,
    }
    return Check(key, Verdict.COMPATIBLE, UNKNOWN_BASE[len(bases) > 1], values)


def _from_least_to_most(spans: list[Span]) -> Span:
    return Span(min(span.least for span in spans), max(span.most for span in spans))


def _counts_of_spans(share: Decimal, bases: Span) -> Span:
    counts = [count for base in range(bases.least, bases.most + 1) for count in whole_counts(share, base)]
    return span_of(sorted(counts))


def _share_with_printed_count(printed: Printed, key: Key, everybody: int) -> Check:
    """The chart prints how many institutions have centres."""
    count = count_of(printed, Key("c7", key.group, Measure.COUNTED))
    exact = Fraction(100 * count, everybody)
    return Check(
        key,
        Verdict.COMPATIBLE if half_up(exact) == printed[key] else Verdict.INCONSISTENT,
        _("The chart’s N fits: %(count)s of %(base)s is %(exact)s%%."),
        {"count": count, "base": everybody, "exact": half_up(exact, 1)},
    )
