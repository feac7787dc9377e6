"""The synthetic twin: it gives every printed number, goes out and comes in again, and nobody outside ever sees it."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from sih_portal import loading
from survey import twin
from survey.importing import QUESTIONNAIRE_FILE, printed_figures
from survey.models import Answer, Invitation, Response, Round, Snapshot
from survey.questionnaires.content import QUESTIONNAIRES
from survey.questionnaires.source import record_of
from tests.factories.survey import FigureFactory, ReleaseFactory
from tests.survey.desk import logged_in
from tests.survey.imported import file_of, stored, take_over, target
from tests.survey.twin_figures import as_printed, bars, figure, members_of

pytestmark = pytest.mark.django_db
CODE = "synthetic-fy2008"


@pytest.fixture
def questionnaire() -> None:
    loading.apply([loading.plan(QUESTIONNAIRES, [record_of(QUESTIONNAIRE_FILE)])], progress=lambda _line: None)


@pytest.fixture
def synthetic(questionnaire: None) -> Round:
    return twin.make_round(CODE, twin.make(), at=timezone.now())


def made(*arguments: str) -> str:
    out = StringIO()
    call_command("make_synthetic_round", *arguments, stdout=out)
    return out.getvalue()


def test_every_printed_number_comes_out(synthetic: Round) -> None:
    members = members_of(synthetic)
    printed = [one for one in printed_figures() if one.value is not None and one.key.measure != "bar"]

    found = {one.key: as_printed(figure(one.key, members), one.value) for one in printed if one.value is not None}

    assert {one.key: found[one.key] for one in printed if found[one.key] != one.value} == {}
    assert len(found) == 90
    assert bars(members) == sorted(int(one.value or 0) for one in printed_figures() if one.key.measure == "bar")


def test_engine_gives_every_printed_figure(loaded_source: None) -> None:
    made()
    out = StringIO()

    call_command("compare_figures", stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[-1] == "110 of 110 printed figures come out."
    assert [line for line in lines if "DIFFERS" in line] == []
    assert [line.split() for line in lines if line.startswith("t4 all usable")] == [
        ["t4", "all", "usable", "printed", "185", "computed", "185", "="]
    ]


def test_figures_that_differ_are_an_error(loaded_source: None) -> None:
    made()
    Answer.objects.filter(cell__code="Q4.edu.2005", number=1174).update(number=9_999)
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("compare_figures", stdout=out)

    assert [line.split()[:4] for line in out.getvalue().splitlines() if line.endswith("DIFFERS")] == [
        ["t4", "all", "total", "2005"],
        ["t4", "all", "mean", "2005"],
        ["t4", "all", "educators", "2005"],
        ["t4", "all", "ratio", "2005-2008"],
    ]


def test_figures_of_no_round_are_an_error() -> None:
    with pytest.raises(CommandError, match="make_synthetic_round"):
        call_command("compare_figures")


def test_pilots_do_better_where_only_that_is_printed(synthetic: Round) -> None:
    members = members_of(synthetic)
    keys = [one.key for one in printed_figures() if one.key.indicator in {"q4", "q6"}]

    shares = {(key.indicator, key.item, key.group): figure(key, members) for key in keys}

    areas = {(indicator, item) for indicator, item, _group in shares}
    assert len(areas) == 9
    assert [area for area in areas if shares[*area, "pilot"] <= shares[*area, "other"]] == []


def test_one_institution_counts_in_neither_row(synthetic: Round) -> None:
    """Its blank is why the "all" row is not the sum of its groups."""
    [half] = Answer.objects.filter(response__invitation__round=synthetic, cell__code="Q4.edu.2005", number=1174)

    told = half.response.answers.filter(cell__code__startswith="Q4.").filter(cell__code__regex="edu|adm")

    assert dict(told.values_list("cell__code", "number")) == {
        "Q4.edu.2005": 1174,
        "Q4.adm.2005": 1,
        "Q4.adm.2008": 1,
    }


def test_institutions_are_made_up_and_told_apart(synthetic: Round) -> None:
    rows = Invitation.objects.filter(round=synthetic).order_by("number")

    assert (rows.count(), rows.filter(response__state="accepted").count()) == (234, 192)
    assert [rows[0].name_en, rows[233].name_en, rows[0].name_ja] == ["Synthetic 001", "Synthetic 234", "模擬機関 001"]
    assert rows.filter(institution__isnull=False).count() == 0
    assert (rows[0].prefecture, rows[46].prefecture, rows.filter(prefecture="").count()) == ("01", "47", 4)
    assert rows.filter(sent_at=None).count() == 0
    assert Snapshot.objects.filter(response__invitation__round=synthetic, step="accepted").count() == 192


def test_reasons_for_no_answer_stand_there(synthetic: Round) -> None:
    statuses = Answer.objects.filter(response__invitation__round=synthetic).values_list("status", flat=True)

    assert set(statuses) == {"ok", "nc", "u", "x"}
    assert (synthetic.state, synthetic.is_synthetic) == ("closed", True)


def test_it_is_the_same_every_time() -> None:
    assert twin.wide_csv(twin.make()) == twin.wide_csv(twin.make())
    assert twin.wide_csv(twin.make()) != twin.wide_csv(twin.make(seed=1))


@pytest.mark.parametrize("part", ["wide", "xlsx"])
def test_export_and_import_give_the_same_answers(part: str, synthetic: Round) -> None:
    manager = logged_in("survey_manager")
    second = target(synthetic, code="second", is_synthetic=True)

    take_over(manager, second, file_of(manager, synthetic, part), part)

    assert stored(second) == stored(synthetic)
    assert len(stored(second)) == 192


def test_nothing_of_it_is_public(synthetic: Round) -> None:
    """Not even where somebody releases figures of it."""
    FigureFactory(release=ReleaseFactory(round=synthetic), indicator__code="s1a")
    client = Client()

    pages = {
        path: client.get(path)
        for path in ("/ja/survey/", "/en/survey/", "/sitemap.xml", "/api/v1/survey/rounds/", "/api/v1/survey/figures/")
    }
    places = (f"/ja/survey/{CODE}/", f"/ja/survey/{CODE}/s1a/", f"/api/v1/survey/rounds/{CODE}/")

    words = (CODE, "Synthetic", "模擬")
    assert [path for path, answer in pages.items() if any(word in answer.content.decode() for word in words)] == []
    assert [answer.status_code for answer in pages.values()] == [200] * len(pages)
    assert [client.get(path).status_code for path in places] == [404] * len(places)


def test_command_makes_it_once(questionnaire: None) -> None:
    assert made() == f"Round {CODE}: 234 institutions, 192 of them answered.\n"

    with pytest.raises(CommandError, match=f"a round with the code {CODE} already"):
        made()

    assert (Round.objects.count(), Response.objects.count()) == (1, 192)


def test_command_needs_the_questionnaire() -> None:
    with pytest.raises(CommandError, match="first questionnaire is not there"):
        made()

    assert Round.objects.count() == 0


def test_production_gets_no_made_up_answers(questionnaire: None, settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="never written in production"):
        made()

    assert Round.objects.count() == 0


def test_file_that_is_not_right_makes_no_round(questionnaire: None) -> None:
    unit = twin.Unit(1, "national", is_pilot=True, answers={"Q1.hq": "9"})

    with pytest.raises(twin.NotMade, match="2H: "):
        twin.make_round(CODE, [unit], at=timezone.now())

    assert Round.objects.count() == 0
