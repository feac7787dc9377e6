"""The verdicts are computed, and they are those of the analysis of section V."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

import pytest
from django.utils import translation

from survey import ledger
from survey.importing import PILOTS, printed_figures
from survey.ledger import Judgement, Key, Span, half_up, whole_counts
from survey.ledger.chart import centres
from survey.models import Verdict

LOST: Final = (
    "One of 20 numbers on the bars; which bar it belongs to is lost in the source text. Together they are 435: with "
    "the printed increases, 134–136 centres in FY2005 and 299–301 in FY2008 (132–134 and 301–303 if the pilots’ "
    "increase was divided by all 20 pilots)."
)
Judged = dict[Key, Judgement]


def printed(**changes: str) -> dict[Key, Decimal | None]:
    """The figures of the source; `t4_all_total_2005="81097"` changes one of them."""
    figures = {figure.key: figure.value for figure in printed_figures()}
    for name, value in changes.items():
        key = key_of(name)
        assert key in figures
        figures[key] = Decimal(value)
    return figures


def key_of(name: str) -> Key:
    indicator, group, measure, *period = name.split("_")
    return Key(indicator, group, measure, "".join(period))


def judged(**changes: str) -> Judged:
    return ledger.judge(printed(**changes), pilots=PILOTS)


def verdicts(judgements: Judged, keys: Iterable[Key]) -> set[str]:
    return {judgements[key].verdict for key in keys}


def note(judgements: Judged, name: str) -> str:
    with translation.override("en"):
        return str(judgements[key_of(name)])


def of(judgements: Judged, indicator: str, *measures: str, groups: Iterable[str] = ()) -> list[Key]:
    return [
        key
        for key in judgements
        if key.indicator == indicator and key.measure in measures and (not groups or key.group in groups)
    ]


def test_seventeen_and_167_contradict_185() -> None:
    judgements = judged()

    assert verdicts(judgements, of(judgements, "t4", "usable", groups=["all"])) == {Verdict.INCONSISTENT}
    assert verdicts(judgements, of(judgements, "t4", "usable", groups=["pilot", "other"])) == {Verdict.CONFIRMED}
    assert note(judgements, "t4_all_usable") == (
        "The printed averages fit no other N than 185. 17 + 167 = 184, but the source prints 185."
    )


def test_the_row_of_all_exceeds_the_groups_by_one_institution() -> None:
    judgements = judged()

    wrong = {key for key in judgements if key.indicator == "t4" and judgements[key].verdict == Verdict.INCONSISTENT}
    assert wrong == {
        Key("t4", "all", "usable"),
        *(Key("t4", "all", measure, year) for measure in ("total", "admin_staff") for year in ("2005", "2008")),
        Key("t4", "all", "educators", "2005"),
    }


def test_means_ratios_and_sums_are_confirmed() -> None:
    judgements = judged()

    for table in ("t4", "t6"):
        assert verdicts(judgements, of(judgements, table, "mean", "ratio")) == {Verdict.CONFIRMED}
    parts = of(judgements, "t4", "total", "educators", "admin_staff", groups=["pilot", "other"])
    assert (len(parts), verdicts(judgements, parts)) == (12, {Verdict.CONFIRMED})
    whole = of(judgements, "t6", "usable", "total")
    assert (len(whole), verdicts(judgements, whole)) == (9, {Verdict.CONFIRMED})
    assert verdicts(judgements, of(judgements, "t6", "minimum", "maximum", groups=["all"])) == {Verdict.CONFIRMED}
    assert of(judgements, "t6", "minimum", "maximum", groups=["pilot", "other"]) == []
    assert verdicts(judgements, of(judgements, "r0", "answered")) == {Verdict.CONFIRMED}


def test_sixty_percent_only_fits_those_with_a_headquarters() -> None:
    assert note(judged(), "s1b_other_share") == (
        "Of all 172 institutions it would be 103–104, more than the 97–98 with a headquarters. "
        "k inferred: 58 of 97 or 59 of 98 of those with a headquarters."
    )


def test_ninety_eight_of_172_is_inferred() -> None:
    judgements = judged()

    assert judgements[key_of("s1a_other_share")].verdict == Verdict.COMPATIBLE
    assert note(judgements, "s1a_other_share") == "k inferred: 98 if the base is 172 (97–98 if it is 171)."


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("s1c", "91–92 if the base is 172 (90–91 if it is 171)"),
        ("s1d", "94–95 if the base is 172 (94 if it is 171)"),
        ("s3", "51–52 if the base is 172 (51–52 if it is 171)"),
        ("s7", "48–49 if the base is 172 (48 if it is 171)"),
    ],
)
def test_shares_of_the_others_fit_whole_institutions(name: str, counts: str) -> None:
    assert counts in note(judged(), f"{name}_other_share")


def test_base_of_the_evaluation_is_open() -> None:
    told = note(judged(), "s2_other_share")

    assert "108–109 if it is all 172 institutions" in told
    assert "59–60 if it is those with goals and action plans (94–95)" in told


def test_growth_of_faculty_is_that_of_faculty_and_staff() -> None:
    judgements = judged()

    assert judgements[key_of("g4_pilot_increase_2005-2008")].verdict == Verdict.CONFIRMED
    assert judgements[key_of("g4_other_increase_2005-2008")].verdict == Verdict.INCONSISTENT
    assert verdicts(judgements, of(judgements, "g6", "increase")) == {Verdict.CONFIRMED}


def test_chart_is_not_recoverable_but_its_totals_are_bounded() -> None:
    judgements = judged()
    bars = [key for key in judgements if key.measure == "bar"]

    assert (len(bars), verdicts(judgements, bars)) == (20, {Verdict.NOT_RECOVERABLE})
    with translation.override("en"):
        told = {str(judgements[key]) for key in bars}
    assert told == {LOST}
    assert centres(printed(), {"pilot": 19, "other": 48}) == (Span(134, 136), Span(299, 301), 435)
    assert centres(printed(), {"pilot": 20, "other": 48}) == (Span(132, 134), Span(301, 303), 435)
    assert verdicts(judgements, of(judgements, "d7", "added")) == {Verdict.COMPATIBLE}
    assert "above 325, the most that the chart’s numbers allow" in note(judgements, "d7_other_added_2005-2008")


def test_nothing_is_said_where_nothing_can_be_checked() -> None:
    unchecked = {key.indicator for key in printed() if key not in judged()}

    assert unchecked == {"r0", "g5", "q4", "q6", "t6"}


@pytest.mark.parametrize(
    "changes",
    [
        {"t4_pilot_mean_2005": "2371"},
        {"t4_other_ratio_2005-2008": "1.03"},
        {"t6_other_total_2008": "9578"},
        {"t6_all_maximum_2008": "3081"},
        {"r0_all_answered": "193"},
        {"s3_pilot_share": "76"},
        {"s7_other_share": "29"},
        {"g6_other_increase_2005-2008": "8"},
        {"d7_other_added_2005-2008": "6.6"},
    ],
)
def test_another_number_is_found_out(changes: dict[str, str]) -> None:
    before, after = (
        {key for key, judgement in judgements.items() if judgement.verdict == Verdict.INCONSISTENT}
        for judgements in (judged(), judged(**changes))
    )

    assert after - before


@pytest.mark.parametrize(
    ("number", "decimals", "rounded"), [("1/2", 0, "1"), ("3/2", 0, "2"), ("5/2", 0, "3"), ("1005/1000", 2, "1.01")]
)
def test_halves_go_up(number: str, decimals: int, rounded: str) -> None:
    assert half_up(Fraction(number), decimals) == Decimal(rounded)


def test_whole_counts_are_exactly_those_that_print_the_share() -> None:
    assert whole_counts(Decimal(57), 172) == [98]
    assert whole_counts(Decimal(76), 20) == []
    assert whole_counts(Decimal(50), 0) == []
