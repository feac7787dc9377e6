"""The chart of overseas centres: its numbers have lost their bars, yet with the increases they still say something."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from survey.models import Measure, Verdict

from .arithmetic import Span, sums
from .figures import BOTH_YEARS, PARTS, Check, Key, Printed, count_of, others, value_of


class Centres(NamedTuple):
    """What the chart's numbers and the printed increases still say: all centres by year, and the sum of both."""

    first: Span
    last: Span
    both: int


def centres(printed: Printed, counts: Mapping[str, int]) -> Centres:
    """The totals by year: the numbers on the bars add up to both years, the printed increases give the difference.

    `counts`: by how many institutions of each group its increase was divided. An increase of the same parity as the
    sum is the only possible one: both totals are whole.
    """
    both = sum(_bars(printed))
    spans = [sums(value_of(printed, _added_key(group)), counts[group]) for group in PARTS]
    possible = [
        added
        for added in range(sum(span.least for span in spans), sum(span.most for span in spans) + 1)
        if (both - added) % 2 == 0
    ]
    first = Span((both - possible[-1]) // 2, (both - possible[0]) // 2)
    return Centres(first, Span(both - first.most, both - first.least), both)


def checks(printed: Printed, pilots: int) -> Iterator[Check]:
    yield from _centres_added(printed, pilots)
    yield from _lost_bars(printed, pilots)


def _centres_added(printed: Printed, pilots: int) -> Iterator[Check]:
    """Whether the numbers on the bars can give the printed increases: with those that have centres, not with all."""
    bars = sorted(_bars(printed))
    spans = {group: _added(printed, group) for group in PARTS}
    most = sum(bars[len(bars) // 2 :]) - sum(bars[: len(bars) // 2])
    of_all = sums(value_of(printed, _added_key("other")), others(printed, pilots))
    for group, span in spans.items():
        count = count_of(printed, Key("c7", group, Measure.COUNTED))
        text = _("%(span)s more centres at the %(count)s institutions with centres give it.")
        possible = spans["pilot"].least + spans["other"].least <= most
        verdict = Verdict.COMPATIBLE if possible else Verdict.INCONSISTENT
        yield Check(_added_key(group), verdict, text, {"span": span, "count": count})
        yield Check(Key("c7", group, Measure.COUNTED), verdict, text, {"span": span, "count": count})
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
    return sums(value_of(printed, _added_key(group)), _with_centres(printed, group))


def _with_centres(printed: Printed, group: str) -> int:
    return count_of(printed, Key("c7", group, Measure.COUNTED))


def _lost_bars(printed: Printed, pilots: int) -> Iterator[Check]:
    keys = [key for key in printed if key.measure == Measure.BAR]
    counts = {group: _with_centres(printed, group) for group in PARTS}
    likely, possible = centres(printed, counts), centres(printed, {**counts, "pilot": pilots})
    text = _(
        "One of %(count)s numbers on the bars; which bar it belongs to is lost in the source text. Together they are "
        "%(both)s: with the printed increases, %(first)s centres in FY2005 and %(last)s in FY2008 (%(other_first)s and "
        "%(other_last)s if the pilots’ increase was divided by all %(pilots)s pilots)."
    )
    values = {
        "count": len(keys),
        "both": likely.both,
        "first": likely.first,
        "last": likely.last,
        "other_first": possible.first,
        "other_last": possible.last,
        "pilots": pilots,
    }
    yield from (Check(key, Verdict.NOT_RECOVERABLE, text, values) for key in keys)


def _bars(printed: Printed) -> list[int]:
    return [count_of(printed, key) for key in printed if key.measure == Measure.BAR]
