"""Where the pieces of a chart stand: lengths follow the numbers, groups are told apart without colour."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from survey.charts import Chart, Kind, Placed, Row, brief_chart_of, chart_of
from survey.models import Figure, Release
from survey.results import Result, results
from tests.survey.test_results import loaded, result_of

pytestmark = pytest.mark.django_db


def chart(result: Result) -> Chart:
    found = chart_of(result)
    assert found is not None
    return found


def widths(found: Chart) -> list[tuple[str, float]]:
    return [(row.value, float(row.end)) for row in found.rows if row.pieces]


def test_a_share_is_as_long_as_its_percentage() -> None:
    assert widths(chart(result_of({"value": 90}, {"value": 57, "group": "other"}))) == [("90%", 90), ("57%", 57)]


def test_other_numbers_are_as_long_as_their_part_of_the_largest() -> None:
    told = [{"value": 4, "measure": "added"}, {"value": 1, "measure": "added", "group": "other"}]

    assert widths(chart(result_of(*told, unit="centres"))) == [("4", 100), ("1", 25)]


@pytest.mark.parametrize("value", [0, None])
def test_nothing_is_drawn_longer_than_it_is(value: int | None) -> None:
    found = chart_of(result_of({"value": value}))

    assert found is None if value is None else widths(chart(result_of({"value": 0}, code="nought"))) == [("0%", 0)]


def test_parts_of_a_total_stand_end_to_end(loaded_source: None) -> None:
    with override("en"):
        rows = chart(loaded()["t4"]).rows

    [row] = [row for row in rows if row.value == "40,321"]
    first, second = row.pieces
    assert (first.start, second.start) == (Decimal(0), first.width)
    whole = Decimal(40321) * 100 / 85159
    assert abs(row.end - whole) < Decimal("0.02")


def test_groups_differ_in_their_filling(loaded_source: None) -> None:
    fills = {piece.tone: piece.fill for row in chart(loaded()["t4"]).rows for piece in row.pieces}

    assert fills == {"all": "#767676", "pilot": "#0017c1", "part": "#ffffff", "other": ""}


def test_only_the_parts_of_a_total_are_explained_by_samples(loaded_source: None) -> None:
    with override("en"):
        rows = [row for code in ("t4", "t6") for row in chart(loaded()[code]).rows if row.kind == Kind.NOTE]

    samples = {(row.label.partition(":")[0], row.sample.tone) for row in rows if row.sample}
    tones = ("all", "pilot", "other")
    assert samples == {("administrative staff", "part"), *(("educators and researchers", tone) for tone in tones)}
    others = {"ratio to the first year", "smallest number", "largest number"}
    assert {row.label.partition(":")[0] for row in rows if not row.sample} == others


def test_no_group_but_the_others_is_hatched(loaded_source: None) -> None:
    tones = {code: {piece.tone for row in chart(loaded()[code]).rows for piece in row.pieces} for code in ("r0", "c7")}

    assert tones == {"r0": {"all", "part"}, "c7": {"part"}}


def test_a_long_chart_is_cut_between_its_headings_and_nothing_is_lost(loaded_source: None) -> None:
    with override("en"):
        charts = {code: found for code, result in loaded().items() if (found := chart_of(result))}
        sections = {code: found.sections for code, found in charts.items()}

    cut = {code: [each.title for each in parts] for code, parts in sections.items() if len(parts) > 1}
    assert {code: [title.rpartition(": ")[2] for title in titles] for code, titles in cut.items()} == {
        code: ["Average per institution", "Totals"] for code in ("t4", "t6")
    }
    for code, parts in sections.items():
        assert [row for each in parts for row in each.rows] == list(charts[code].rows)
        assert len({each.name for each in parts}) == len(parts)


def test_a_brief_chart_sets_pilots_beside_the_others(loaded_source: None) -> None:
    with override("en"):
        briefs = {code: brief_chart_of(result) for code, result in loaded().items()}

    told = {code: [row.value for row in brief.rows] for code, brief in briefs.items() if brief}
    assert told["s1a"] == ["100%", "57%"]
    assert told["t4"] == ["2,372", "2,635", "237", "242"]
    assert told["r0"] == ["234", "192"]
    assert sorted(set(briefs) - set(told)) == ["c7", "q4", "q6"]


def test_rows_stand_below_each_other(loaded_source: None) -> None:
    for result in loaded().values():
        found = chart_of(result)
        if found is None:
            continue
        ends = [placed.top + placed.row.height for placed in found.placed]
        assert [placed.top for placed in found.placed] == [0, *ends[:-1]]
        assert found.height == ends[-1]
        assert all(placed.top < placed.line < placed.top + placed.row.words_height for placed in words_of(found))


def words_of(found: Chart) -> list[Any]:
    return [placed for placed in found.placed if placed.row.label]


def test_charts_of_one_page_have_names_of_their_own(loaded_source: None) -> None:
    found = [made(result) for result in loaded().values() for made in (chart_of, brief_chart_of)]

    names = [each.name for each in found if each]
    assert len(names) == len(set(names)) == 29


def test_description_says_every_number(loaded_source: None) -> None:
    release = Release.objects.public().get()
    with override("en"):
        for result in results(release):
            found = chart_of(result)
            told = found.description if found else ""
            assert [str(row) for row in numbers_of(result) if f"{row.printed:,}" not in told] == []


def numbers_of(result: Result) -> list[Figure]:
    return [figure for figure in result.figures if figure.value is not None]


def test_lost_bars_have_no_label(loaded_source: None) -> None:
    rows = chart(loaded()["c7"]).rows

    bars = [row for row in rows if row.kind == Kind.BAR]
    assert [row.label for row in bars] == [""] * 20
    assert [int(row.value) for row in bars] == sorted(int(row.value) for row in bars)


@pytest.mark.parametrize(("confidentiality", "is_withheld"), [("F", False), ("C", True)])
def test_chart_says_whether_something_on_it_is_withheld(confidentiality: str, is_withheld: bool) -> None:
    found = chart(result_of({"value": 60}, {"value": None, "group": "other", "confidentiality": confidentiality}))

    assert found.has_withheld == is_withheld


def test_number_below_zero_is_drawn_to_the_other_side_of_zero() -> None:
    told = [{"value": -60, "measure": "increase"}, {"value": 40, "measure": "increase", "group": "other"}]

    pieces = [row.pieces[0] for row in chart(result_of(*told, unit="increase")).rows if row.pieces]

    assert [(float(piece.start), float(piece.width)) for piece in pieces] == [(0, 60), (60, 40)]


def test_parts_of_a_withheld_total_stay_inside_the_chart() -> None:
    told: list[dict[str, Any]] = [
        {"value": None, "measure": "total", "confidentiality": "C"},
        {"value": 80, "measure": "educators"},
        {"value": 70, "measure": "admin_staff"},
        {"value": 30, "measure": "total", "group": "other"},
    ]

    ends = [float(row.end) for row in chart(result_of(*told, unit="persons")).rows if row.pieces]

    assert sorted(ends) == [20, 100]


@pytest.mark.parametrize(("other", "told"), [({"value": 70}, ["x", "70%"]), ({"confidentiality": "C"}, ["58%"])])
def test_brief_chart_shows_all_where_pilots_and_others_are_withheld(other: dict[str, Any], told: list[str]) -> None:
    withheld = {"value": None, "confidentiality": "C"}

    found = brief_chart_of(
        result_of({"value": 58, "group": "all"}, withheld, {"value": None, "group": "other", **other})
    )

    assert found is not None
    assert sorted(row.value for row in found.rows if row.pieces) == sorted(told)


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("national universities", ["National universities"]),
        (
            "inter-university research institutes: institutions that answered",
            ["Inter-university research institutes:", "institutions that answered"],
        ),
        (
            "海外研修の機会を提供し、海外での経験を学内で生かす環境を整備する取組",
            ["海外研修の機会を提供し、海外での経験を学内で生かす環境を整備する取組"],
        ),
        ("", []),
    ],
)
def test_long_words_stand_in_lines_that_a_phone_holds(label: str, lines: list[str]) -> None:
    row = Row(Kind.NOTE, label)

    assert row.lines == lines
    assert row.words_height == (19 + 18 * (len(lines) - 1) if label else 0)
    assert Placed(row, 100).line + 18 * len(lines[1:]) == 100 + row.words_height - 6
