"""The mirror: an institution's values as the release counted them, beside the figures of its own groups."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from openpyxl import load_workbook

from survey import releasing
from survey.answering import sheet_of
from survey.mirroring import Mirror, Value, mirror_of, mirror_sheet, public_release
from survey.mirroring.mirror import SHAPES
from survey.mirroring.own import own_of
from survey.models import Calculation, Figure, Indicator, Release, Response, Round
from tests.factories.answers import a_response, answered, the_form
from tests.factories.staff import StaffFactory
from tests.factories.survey import IndicatorFactory
from tests.survey.test_releasing import (
    NOW,
    closed,
    corrected,
    groups,
    indicators,
    institutions,
    large_round,
    revealing_round,
)

pytestmark = pytest.mark.django_db
__all__ = ["groups", "indicators"]
YEARS = (2005, 2008)
NUMBERS = {"Q4.edu.2005": "10", "Q4.edu.2008": "25", "Q4.adm.2005": "0", "Q4.adm.2008": "2"}


def published(survey_round: Round, *, at: Any = NOW) -> Round:
    by: User = StaffFactory(roles=["survey_manager"])
    release = releasing.compute(survey_round, by=by, at=at)
    releasing.withhold(release, by=by)
    releasing.publish(release, by=by, at=at)
    return survey_round


def mirrored(response: Response) -> Mirror | None:
    release = public_release(response.invitation.round)
    assert release
    fresh = Response.objects.select_related("invitation__round__questionnaire").get(pk=response.pk)
    return mirror_of(fresh, the_form(fresh), release)


def mirror(response: Response) -> Mirror:
    found = mirrored(response)
    assert found
    return found


def values(found: Mirror) -> Mapping[tuple[str, str, str], Value]:
    return {(part.indicator.code, value.measure, value.period): value for part in found.parts for value in part.values}


def one_of(survey_round: Round, **more: Any) -> Response:
    return Response.objects.filter(invitation__round=survey_round, **more).earliest("pk")


@pytest.mark.parametrize(
    ("said", "row", "told"),
    [
        ({"Q1.hq": "1"}, {"measure": "share", "condition": "Q1.hq = 1"}, "該当する"),
        ({"Q1.hq": "2"}, {"measure": "share", "condition": "Q1.hq = 1"}, "該当しない"),
        ({}, {"measure": "share", "condition": "Q1.hq = 1"}, "無回答"),
        ({"Q1.hq": "2"}, {"measure": "share", "base": "Q1.hq = 1", "condition": "Q1.head = 1"}, "集計対象外"),
        ({}, {"measure": "share", "base": "Q1.hq = 1", "condition": "Q1.head = 1"}, "無回答"),
        ({"Q1.hq": "1"}, {"measure": "share", "base": "Q1.hq = 1", "condition": "Q1.head = 1"}, "無回答"),
        (NUMBERS, {"measure": "mean", "rows": "Q4.edu Q4.adm"}, "27"),
        (NUMBERS, {"measure": "total", "rows": "Q4.edu Q4.adm", "parts": "Q4.adm"}, "2"),
        (NUMBERS, {"measure": "ratio", "rows": "Q4.edu", "decimals": 2}, "2.50"),
        (NUMBERS, {"measure": "increase", "rows": "Q4.edu"}, "150%"),
        (NUMBERS, {"measure": "added", "rows": "Q4.edu", "decimals": 1}, "15"),
        (NUMBERS, {"measure": "ratio", "rows": "Q4.adm"}, "初年度が0"),
        (NUMBERS | {"Q4.adm.2005": "nc"}, {"measure": "mean", "rows": "Q4.edu Q4.adm"}, "未回答あり"),
        ({"Q4.edu.2005": "1000", "Q4.edu.2008": "999"}, {"measure": "increase", "rows": "Q4.edu"}, "0%"),
        ({"Q4.edu.2005": "8", "Q4.edu.2008": "6"}, {"measure": "increase", "rows": "Q4.edu"}, "-25%"),
    ],
)
def test_own_value_is_what_the_calculation_counts(said: dict[str, str], row: dict[str, Any], told: str) -> None:
    response = a_response()
    answered(response, said)
    calculation = Calculation(indicator=IndicatorFactory(), **row)

    own = own_of(calculation, sheet_of(response, the_form(response), is_pilot=False), YEARS, "2008")

    assert (own.lack or own.told) == told
    assert (own.value is None) == bool(own.lack)


def test_own_values_of_all_make_the_published_figures() -> None:
    """The engine counts in SQL, the mirror in Python: each checks the other."""
    survey_round = published(large_round())
    mirrors = [values(mirror(row)) for row in Response.objects.filter(invitation__round=survey_round)]

    told = Figure.objects.public().filter(group__code="all")
    for year in ("2005", "2008"):
        own = [found["t4", "mean", year].own.value for found in mirrors]
        assert sum(filter(None, own)) == told.get(measure="total", period=year).value
    shares = [found["q6", "share", ""].own.value for found in mirrors]
    assert shares.count(Decimal(100)) == told.get(indicator__code="q6").numerator == 13


def test_groups_are_those_that_the_institution_belongs_to() -> None:
    survey_round = published(large_round())

    pilot, other = (mirror(one_of(survey_round, invitation__is_pilot=is_pilot)) for is_pilot in (True, False))

    assert [group.code for group, _shape in pilot.groups] == ["all", "national", "pilot"]
    assert [group.code for group, _shape in other.groups] == ["all", "other", "private"]
    figures = Figure.objects.public().filter(indicator__code="t4", measure="mean", period="2005")
    expected = [str(figures.get(group__code=group.code).printed) for group, _shape in other.groups]
    assert [one.told for one in values(other)["t4", "mean", "2005"].groups] == expected
    assert [one.n for one in values(other)["t4", "mean", "2005"].groups] == [26, 14, 14]


def test_what_is_withheld_from_the_world_is_withheld_here() -> None:
    found = mirror(one_of(published(revealing_round()), invitation__is_pilot=True))

    means = {one.group.code: one.told for one in values(found)["t4", "mean", "2005"].groups}
    assert (means["pilot"], found.has_withheld) == ("x", True)
    assert {one.group.code: one.told for one in values(found)["s1a", "share", ""].groups}["pilot"] == "—"


def test_totals_are_told_as_averages() -> None:
    indicator = IndicatorFactory(code="c7", sensitivity="A")
    indicator.calculations.create(measure="total", rows="Q4.edu", parts="Q4.edu")

    found = mirror(one_of(published(large_round())))

    total = Figure.objects.public().get(indicator=indicator, group__code="all", period="2005")
    assert total.value is not None
    beside = values(found)["c7", "total", "2005"].groups[0]
    average = beside.number
    assert average is not None
    assert abs(average - total.value / 26) <= Decimal("0.05")
    assert (beside.told, found.has_averages) == (str(average), True)


def test_mirror_shows_what_counted_then_whatever_was_answered_since() -> None:
    survey_round = published(large_round())
    response = one_of(survey_round)
    before = values(mirror(response))["t4", "mean", "2005"].own.value
    Round.objects.filter(pk=survey_round.pk).update(state="open")

    corrected(response, {"Q4.edu.2005": "9000"}, at=NOW + timedelta(hours=1))
    after = values(mirror(response))["t4", "mean", "2005"].own.value
    Response.objects.filter(pk=response.pk).update(state="returned")

    assert after == before
    assert values(mirror(response))["t4", "mean", "2005"].own.value == before


def test_answers_that_did_not_count_have_no_mirror() -> None:
    survey_round = published(large_round())
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    survey_round.refresh_from_db()
    [late] = institutions(survey_round, 1, is_pilot=False, kind="private")
    late.snapshots.update(at=NOW + timedelta(hours=1))

    assert mirrored(late) is None
    assert mirrored(a_response(round=survey_round)) is None


def test_only_a_public_release_of_a_real_round_is_mirrored() -> None:
    survey_round = large_round()
    by: User = StaffFactory(roles=["survey_manager"])
    release = releasing.compute(survey_round, by=by, at=NOW)

    draft = public_release(survey_round)
    releasing.publish(release, by=by, at=NOW)
    public = public_release(survey_round)
    Release.objects.filter(pk=release.pk).update(superseded_at=timezone.now())
    superseded = public_release(survey_round)
    Release.objects.filter(pk=release.pk).update(superseded_at=None)
    Round.objects.filter(pk=survey_round.pk).update(is_synthetic=True)

    assert (draft, public, superseded, public_release(survey_round)) == (None, release, None, None)


def test_indicators_for_the_offices_alone_are_not_mirrored() -> None:
    survey_round = published(large_round())
    Indicator.objects.filter(code="q6").update(sensitivity="C")

    found = mirror(one_of(survey_round))

    assert [part.indicator.code for part in found.parts] == ["t4", "s1a"]


def test_mirror_costs_the_same_for_any_number_of_figures(django_assert_num_queries: Any) -> None:
    survey_round = published(large_round())
    response = one_of(survey_round)
    response = Response.objects.select_related("invitation__round__questionnaire").get(pk=response.pk)
    form, release = the_form(response), public_release(survey_round)
    assert release

    with django_assert_num_queries(8):
        mirror_of(response, form, release)


def test_excel_holds_numbers_as_numbers_and_no_formulas() -> None:
    survey_round = published(closed(large_round()))
    response = one_of(survey_round, invitation__is_pilot=False)
    response.invitation.name_ja = '=HYPERLINK("http://evil.example")'
    found = mirror(response)

    with mirror_sheet(found, response.invitation) as file:
        sheet: Any = load_workbook(file).worksheets[0]

    rows = list(sheet.iter_rows(values_only=True))
    [top] = [place for place, row in enumerate(rows) if row[0] == "指標"]
    assert rows[top] == ("指標", "項目", "年度", "貴機関", "注記", "all", "N", "other", "N", "private", "N")
    values_of = {(row[1], row[2]): row[3:] for row in rows[top + 1 :]}
    mean = values(found)["t4", "mean", "2005"]
    assert values_of["1機関当たりの平均", "2005年度"][:2] == (mean.own.value, None)
    assert values_of["1機関当たりの平均", "2005年度"][2:4] == (mean.groups[0].number, 26)
    own = sheet["B2"]
    assert (own.value, own.data_type) == ('=HYPERLINK("http://evil.example")', "s")


def test_no_mark_of_a_group_looks_like_the_x_of_what_is_withheld() -> None:
    assert len(set(SHAPES)) == len(SHAPES)
    assert [shape.name for shape in SHAPES if not shape.value.endswith("Z")] == []
