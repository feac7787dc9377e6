"""Each rule at its borders, and with the rule switched off."""

from dataclasses import replace
from typing import Any

import pytest

from survey.disclosure import (
    Base,
    Kind,
    Mark,
    Reason,
    Rules,
    Statistic,
    base_of,
    marks_of_dependants,
    may_publish,
    refuses_release,
)
from survey.disclosure.rules import Tally, breach

RULES = Rules()


def total(institutions: int, total: int, first: int, second: int, is_exact: bool = True) -> Tally:
    return Tally(institutions, total, first, second, 0, institutions, is_exact)


def count(k: int, n: int, least: int = 0) -> Tally:
    return Tally(n, k, 1, 1, least, n)


@pytest.mark.parametrize(
    ("tally", "reason"),
    [
        (total(0, 0, 0, 0), None),
        (total(1, 500, 500, 0), Reason.FEW),
        (total(4, 400, 100, 100), Reason.FEW),
        (total(5, 500, 100, 100), None),
        (total(9, 2_100, 1_000, 1_000), None),
        (total(9, 2_099, 1_000, 1_000), Reason.DOMINANCE),
        (total(9, 1_101, 1_000, 1), None),
        (total(9, 1_100, 1_000, 1), Reason.DOMINANCE),
        (total(200, 1, 1, 0), Reason.DOMINANCE),
        (total(200, 0, 0, 0), Reason.ZERO),
    ],
)
def test_total_needs_five_contributors_and_no_giant(tally: Tally, reason: Reason | None) -> None:
    assert breach(Kind.TOTAL, tally, RULES) == reason


@pytest.mark.parametrize(
    ("k", "n", "reason"),
    [
        (2, 4, Reason.FEW),
        (4, 8, Reason.SHARE),
        (5, 10, None),
        (4, 100, Reason.SHARE),
        (0, 100, Reason.SHARE),
        (5, 100, None),
        (95, 100, None),
        (96, 100, Reason.SHARE),
        (100, 100, Reason.SHARE),
        (0, 0, None),
    ],
)
def test_share_needs_five_on_both_sides(k: int, n: int, reason: Reason | None) -> None:
    assert breach(Kind.COUNT, count(k, n), RULES) == reason


@pytest.mark.parametrize(
    ("change", "reason"), [(-5, Reason.SHARE), (-1, Reason.SHARE), (0, None), (1, Reason.SHARE), (5, Reason.SHARE)]
)
def test_change_of_a_share_lies_between_all_lost_and_all_gained(change: int, reason: Reason | None) -> None:
    tally = Tally(10, change, 1, 1, -5, 5)

    assert breach(Kind.COUNT, tally, RULES) == reason


def test_change_of_a_total_is_judged_by_what_the_largest_changes_leave() -> None:
    assert breach(Kind.TOTAL, total(9, -1_000, -900, 800), RULES) is None
    assert breach(Kind.TOTAL, total(9, -189, -900, 800), RULES) == Reason.DOMINANCE


def test_bounds_in_place_of_contributions_withhold_rather_more() -> None:
    exact, bounded = (total(9, 100, 900, -890, is_exact=True), total(9, 100, 900, 890, is_exact=False))

    assert breach(Kind.TOTAL, exact, RULES) is None
    assert breach(Kind.TOTAL, bounded, RULES) == Reason.DOMINANCE


@pytest.mark.parametrize(
    ("kind", "tally", "switched_off"),
    [
        (Kind.TOTAL, total(4, 400, 100, 100), {"fewest": None}),
        (Kind.COUNT, count(4, 100), {"fewest": None}),
        (Kind.TOTAL, total(9, 2_099, 1_000, 1_000), {"dominance": None}),
        (Kind.TOTAL, total(9, 0, 0, 0), {"dominance": None}),
    ],
)
def test_rule_can_be_switched_off_alone(kind: Kind, tally: Tally, switched_off: dict[str, Any]) -> None:
    assert breach(kind, tally, RULES) is not None
    assert breach(kind, tally, replace(RULES, **switched_off)) is None


def test_base_rule_binds_shares_where_the_count_rule_does_not() -> None:
    public = replace(RULES, fewest=None)

    assert breach(Kind.COUNT, count(9, 9), public) == Reason.BASE
    assert breach(Kind.COUNT, count(10, 10), public) is None
    assert breach(Kind.COUNT, count(9, 9), replace(public, base=None)) is None


def test_both_tables_of_the_printed_round_are_safe_whoever_comes_second() -> None:
    """Only the largest is printed, so it is taken twice."""
    pilots, others = total(18, 11_812, 2_718, 2_718), total(164, 8_979, 2_102, 2_102)

    assert [pilots.rest, others.rest] == [6_376, 4_775]
    assert [breach(Kind.TOTAL, tally, RULES) for tally in (pilots, others)] == [None, None]


@pytest.mark.parametrize(
    ("institutions", "base"),
    [(0, Base.WITHHELD), (9, Base.WITHHELD), (10, Base.SMALL), (19, Base.SMALL), (20, Base.FULL)],
)
def test_base_of_a_percentage(institutions: int, base: Base) -> None:
    assert base_of(institutions, RULES) == base


def test_base_rule_switched_off_leaves_the_mark() -> None:
    assert base_of(1, replace(RULES, base=None)) == Base.SMALL


@pytest.mark.parametrize("statistic", [Statistic.MINIMUM, Statistic.MAXIMUM])
def test_extremes_are_never_published(statistic: Statistic) -> None:
    """Table 6 prints them over 182 institutions: each is one university's own number."""
    assert not may_publish(statistic, 182, RULES)
    assert may_publish(statistic, 182, replace(RULES, extremes=False))


@pytest.mark.parametrize(
    ("statistic", "least"),
    [
        (Statistic.MEDIAN, 20),
        (Statistic.LOWER_QUARTILE, 20),
        (Statistic.UPPER_QUARTILE, 20),
        (Statistic.TENTH, 50),
        (Statistic.NINETIETH, 50),
    ],
)
def test_quantile_needs_its_institutions(statistic: Statistic, least: int) -> None:
    assert [may_publish(statistic, n, RULES) for n in (least - 1, least)] == [False, True]


@pytest.mark.parametrize(("differing", "refused"), [(0, False), (1, True), (4, True), (5, False)])
def test_release_waits_while_few_responses_differ(differing: int, refused: bool) -> None:
    assert refuses_release(differing, RULES) == refused


def test_release_does_not_wait_without_the_rule() -> None:
    assert not refuses_release(1, replace(RULES, differencing=False))


def test_dependants_are_withheld_with_what_they_hang_on() -> None:
    hangs_on = {"mean": ["a"], "ratio": ["a", "b"], "other ratio": ["c", "b"], "free": ["d"]}

    marks = marks_of_dependants(hangs_on, {"a": Mark.PRIMARY, "b": Mark.SECONDARY})

    assert marks == {"mean": Mark.PRIMARY, "ratio": Mark.PRIMARY, "other ratio": Mark.SECONDARY}
