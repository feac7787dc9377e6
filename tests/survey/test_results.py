"""What pages say of a release: headlines with their numbers, tables, verdicts, who answered."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from survey.models import Figure, Release
from survey.results import Result, period_label, response_of, results, results_of, tell
from tests.factories.survey import FigureFactory, GroupFactory, IndicatorFactory, ItemFactory, ReleaseFactory

pytestmark = pytest.mark.django_db


def result_of(*told: dict[str, Any], **indicator: Any) -> Result:
    """A result with these figures, pilots' unless they say otherwise."""
    release, row = ReleaseFactory(), IndicatorFactory(**indicator)
    for place, fields in enumerate(told):
        group = GroupFactory(code=fields.pop("group", "pilot"))
        FigureFactory(release=release, indicator=row, group=group, position=place, **fields)
    [result] = results(release)
    return result


def loaded() -> dict[str, Result]:
    release = Release.objects.public().select_related("round").get()
    return {result.indicator.code: result for result in results(release)}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"value": Decimal(57)}, "57%"),
        ({"value": Decimal("1.05"), "decimals": 2, "measure": "ratio"}, "1.05"),
        ({"value": Decimal(2372), "measure": "mean", "indicator__unit": "persons"}, "2,372"),
        ({"value": Decimal(11), "measure": "increase", "indicator__unit": "increase"}, "11%"),
        ({"value": Decimal(0), "measure": "minimum", "indicator__unit": "persons"}, "0"),
        ({"value": None}, "—"),
        ({"value": None, "confidentiality": "C"}, "x"),
    ],
)
def test_a_figure_is_told_with_its_unit_and_its_decimals(fields: dict[str, Any], told: str) -> None:
    assert tell(FigureFactory(**fields)) == told


@pytest.mark.parametrize(
    ("period", "in_english", "in_japanese"),
    [("", "", ""), ("2005", "FY2005", "2005年度"), ("2005-2008", "FY2005 to FY2008", "2005年度～2008年度")],
)
def test_a_period_is_told_in_fiscal_years(period: str, in_english: str, in_japanese: str) -> None:
    with override("en"):
        assert period_label(period) == in_english
    with override("ja"):
        assert period_label(period) == in_japanese


def test_a_headline_is_filled_with_its_figures() -> None:
    result = result_of(
        {"value": 100},
        {"value": 57, "group": "other"},
        headline_en="{pilot} here, {other/share} there",
    )

    with override("en"):
        assert str(result.headline) == "100% here, 57% there"


@pytest.mark.parametrize("fields", [{"value": None}, {"value": None, "confidentiality": "C"}, {"group": "other"}])
def test_a_headline_without_its_figure_is_the_title(fields: dict[str, Any]) -> None:
    result = result_of(fields, title_en="A headquarters", headline_en="{pilot} have one")

    with override("en"):
        assert str(result.headline) == "A headquarters"


def test_a_headline_in_the_other_language_says_so() -> None:
    result = result_of({"value": 57}, headline_en="", headline_ja="{pilot}が設置")

    with override("en"):
        assert (result.headline.value, result.headline.lang, result.headline.is_fallback) == ("57%が設置", "ja", True)


def test_a_table_has_a_column_for_each_group_and_a_gap_where_nothing_is_told() -> None:
    result = result_of(
        {"value": 57, "group": "other"}, {"value": 100}, {"value": 17, "measure": "usable"}, title_en="A headquarters"
    )

    [shown] = result.tables
    table = {line.measure: [cell and cell.printed for cell in line.cells] for line in shown.lines}
    columns = [group.code for group in shown.columns]
    assert {measure: dict(zip(columns, cells, strict=True)) for measure, cells in table.items()} == {
        "share": {"pilot": 100, "other": 57},
        "usable": {"pilot": 17, "other": None},
    }


def test_a_line_is_called_by_its_item() -> None:
    indicator = IndicatorFactory()
    ItemFactory(indicator=indicator, code="funding", label_en="Money", label_ja="資金")
    FigureFactory(indicator=indicator, item="funding", value=None)
    [result] = results(Release.objects.get())

    with override("en"):
        assert [line.label for table in result.tables for line in table.lines] == ["Money"]


def test_figures_checked_alike_share_an_entry() -> None:
    told = {"measure": "bar", "verdict": "not_recoverable"}
    result = result_of(
        {**told, "item": "number-1", "value": 3},
        {**told, "item": "number-2", "value": 4},
        {**told, "item": "number-3", "value": 5, "note_en": "Another reason."},
    )

    assert [[figure.printed for figure in entry.figures] for entry in result.ledger] == [[3, 4], [5]]


@pytest.mark.parametrize(("number", "is_small"), [(9, False), (10, True), (19, True), (20, False)])
def test_few_usable_answers_are_a_small_base(number: int, is_small: bool) -> None:
    result = result_of({"measure": "usable", "value": number})

    assert list(result.small_bases.values()) == [number] * is_small


@pytest.mark.parametrize(("number", "is_small"), [(9, False), (10, True), (19, True), (20, False)])
def test_share_of_few_is_a_small_base(number: int, is_small: bool) -> None:
    result = result_of({"value": 60, "n_valid": number, "n_base": 30})

    assert list(result.small_bases.values()) == [number] * is_small


def test_the_gravest_verdict_stands_for_the_indicator(loaded_source: None) -> None:
    verdicts = {code: result.verdict.verdict for code, result in loaded().items()}

    shares = dict.fromkeys(("s1a", "s1b", "s1c", "s1d", "s2", "s3", "s7", "d7"), "compatible")
    assert verdicts == {
        **shares,
        **dict.fromkeys(("r0", "t6", "g6"), "confirmed"),
        **dict.fromkeys(("t4", "g4"), "inconsistent"),
        **dict.fromkeys(("q4", "q6", "g5"), ""),
        "c7": "not_recoverable",
    }


def test_two_branches_lead_from_192_to_185_and_to_182(loaded_source: None) -> None:
    response = response_of(list(loaded().values()))

    assert response is not None
    assert (tell(response.asked), tell(response.answered), response.rate) == ("234", "192", Decimal("82.1"))
    [(scheme, kinds)] = response.divisions
    assert (scheme.code, [(kind.group.code, tell(kind)) for kind in kinds]) == (
        "kind", [("national", "72"), ("public", "23"), ("private", "95"), ("inter_university", "2")]
    )  # fmt: skip
    assert [(branch.result.indicator.code, tell(branch.usable), branch.lost) for branch in response.branches] == [
        ("t4", "185", 7), ("t6", "182", 10)
    ]  # fmt: skip


def test_who_answered_is_unsaid_where_the_round_does_not_tell() -> None:
    assert response_of([result_of({"value": 57})]) is None


@pytest.mark.parametrize("withheld", ["asked", "answered"])
def test_who_answered_is_unsaid_where_a_number_is_withheld(loaded_source: None, withheld: str) -> None:
    Figure.objects.filter(measure=withheld, group__code="all").update(value=None, confidentiality="C")

    assert response_of(list(loaded().values())) is None


def test_a_withheld_n_has_no_branch(loaded_source: None) -> None:
    Figure.objects.filter(indicator__code="t4", measure="usable").update(value=None, confidentiality="C")

    response = response_of(list(loaded().values()))

    assert response is not None
    assert [branch.result.indicator.code for branch in response.branches] == ["t6"]


def test_every_headline_of_the_source_finds_its_figures(loaded_source: None) -> None:
    for language in ("ja", "en"):
        with override(language):
            headlines = {code: result.headline for code, result in loaded().items()}
        titles = {getattr(result.indicator, f"title_{language}") for result in loaded().values()}
        assert len(headlines) == 17
        assert [text.value for text in headlines.values() if "{" in text.value or text.value in titles] == []
        assert not any(text.is_fallback for text in headlines.values())


def test_results_are_told_apart_by_release() -> None:
    indicator = IndicatorFactory()
    for code in ("one", "two"):
        FigureFactory(indicator=indicator, release=ReleaseFactory(round__code=code))

    found = results_of(Figure.objects.with_labels().in_order())

    assert [(result.release.round.code, len(result.figures)) for result in found] == [("one", 1), ("two", 1)]
