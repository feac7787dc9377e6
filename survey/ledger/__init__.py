"""The ledger of a printed round: recomputes each figure from the others and says what that proves."""

from collections import defaultdict

from . import chart, shares, tables
from .arithmetic import Span, decimals, half_up, sums, whole_counts
from .figures import PARTS, STRENGTH, WHOLE, Check, Judgement, Key, Printed

__all__ = [
    "PARTS",
    "STRENGTH",
    "WHOLE",
    "Check",
    "Judgement",
    "Key",
    "Printed",
    "Span",
    "decimals",
    "half_up",
    "judge",
    "sums",
    "whole_counts",
]


def judge(printed: Printed, *, pilots: int) -> dict[Key, Judgement]:
    """What can be said of each figure, by key; figures that nothing checks are absent.

    `pilots` is how many institutions the programme had: the others are those that answered less the pilots.
    """
    judged: dict[Key, Judgement] = defaultdict(Judgement)
    for check in (*tables.checks(printed), *shares.checks(printed, pilots), *chart.checks(printed, pilots)):
        judged[check.key].checks.append(check)
    return dict(judged)
