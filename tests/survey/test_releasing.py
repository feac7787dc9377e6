"""Releases of computed figures: made, checked as a whole, withheld from, published and superseded."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from survey import answering, releasing
from survey.models import (
    Answer,
    Calculation,
    Confidentiality,
    Figure,
    Group,
    GroupScheme,
    Indicator,
    Invitation,
    Release,
    Response,
    Round,
    Snapshot,
)
from survey.releasing import Changed, NotReleasable, Revealing, releases
from tests.factories.answers import a_questionnaire, a_response, answered, changes, the_form
from tests.factories.staff import StaffFactory
from tests.factories.survey import IndicatorFactory
from tests.survey.test_engine import compared_round

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def manager() -> User:
    return StaffFactory(roles=["survey_manager"])


@pytest.fixture(autouse=True)
def groups() -> None:
    for scheme, codes in (("whole", ["all"]), ("participation", ["pilot", "other"]), ("kind", ["national", "private"])):
        row = GroupScheme.objects.create(code=scheme)
        for code in codes:
            Group.objects.create(scheme=row, code=code, name_ja=code)


@pytest.fixture(autouse=True)
def indicators() -> None:
    """Dispatches as class A with totals, rows apart, mean, ratio and median; the headquarters as a public fact."""
    sent, rows = IndicatorFactory(code="t4", sensitivity="A"), {"rows": "Q4.edu Q4.adm"}
    for position, (measure, parts) in enumerate(
        (
            *(("usable", ""), ("total", "Q4.edu Q4.adm"), ("mean", "Q4.edu Q4.adm"), ("educators", "Q4.edu")),
            *(("admin_staff", "Q4.adm"), ("ratio", "Q4.edu Q4.adm"), ("median", "Q4.edu Q4.adm")),
        )
    ):
        sent.calculations.create(position=position, measure=measure, parts=parts, **rows)
    IndicatorFactory(code="s1a", sensitivity="P").calculations.create(measure="share", condition="Q1.hq = 1")
    IndicatorFactory(code="q6", sensitivity="A").calculations.create(measure="share", condition="Q6.count > 0")


def accepted(response: Response, *, at: Any = NOW) -> None:
    """As accepting leaves it, without the mails and the submission before it."""
    sheet = answering.sheet_of(response, the_form(response), is_pilot=False)
    Snapshot.objects.create(
        response=response, revision=1, step="accepted", answers=sheet.as_json(), sha256=sheet.fingerprint, at=at
    )
    Response.objects.filter(pk=response.pk).update(state="accepted", revision=1, submitted_at=at)


def institutions(survey_round: Round, count: int, *, is_pilot: bool, kind: str, **said: str) -> list[Response]:
    chance = random.Random(count)
    rows: list[Response] = []
    for _institution in range(count):
        response = a_response(round=survey_round, invitation__is_pilot=is_pilot, invitation__kind=kind)
        numbers = {f"Q4.{row}.{year}": str(chance.randint(20, 90)) for row in ("edu", "adm") for year in (2005, 2008)}
        answered(response, {"Q1.hq": "1", "Q6.count": str(len(rows) % 2), **numbers, **said})
        accepted(response)
        rows.append(response)
    return rows


def closed(survey_round: Round) -> Round:
    Round.objects.filter(pk=survey_round.pk).update(state="closed")
    survey_round.refresh_from_db()
    return survey_round


def large_round() -> Round:
    """Nothing in it is told of fewer than ten."""
    survey_round = compared_round(questionnaire=a_questionnaire())
    institutions(survey_round, 12, is_pilot=True, kind="national")
    institutions(survey_round, 14, is_pilot=False, kind="private")
    return closed(survey_round)


def revealing_round() -> Round:
    """Three institutions in a group: what they dispatched would be all groups less the others."""
    survey_round = compared_round(questionnaire=a_questionnaire())
    institutions(survey_round, 3, is_pilot=True, kind="national")
    institutions(survey_round, 12, is_pilot=False, kind="national")
    institutions(survey_round, 14, is_pilot=False, kind="private")
    return closed(survey_round)


def public(survey_round: Round) -> dict[str, str]:
    rows = Figure.objects.public().filter(release__round=survey_round).select_related("release__round")
    found = rows.select_related("release__round", "indicator", "group").order_by("pk")
    return {row.public_id.partition(":")[2]: str(row.printed) if row.value is not None else "x" for row in found}


def test_release_is_computed_and_published(manager: User) -> None:
    survey_round = large_round()

    release = releasing.compute(survey_round, by=manager, at=NOW)
    before = public(survey_round)
    releasing.publish(release, by=manager, at=NOW)

    survey_round.refresh_from_db()
    found = public(survey_round)
    assert (before, release.plan["marks"], survey_round.state) == ({}, {}, "published")
    assert (found["t4:all:usable"], found["s1a:pilot:share"], found["q6:other:share"]) == ("26", "100", "50")


def test_release_that_reveals_is_refused_until_it_is_withheld(manager: User) -> None:
    survey_round = revealing_round()
    release = releasing.compute(survey_round, by=manager, at=NOW)

    with pytest.raises(Revealing) as refused:
        releasing.publish(release, by=manager, at=NOW)
    count = releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=NOW)

    found = public(survey_round)
    assert min(one.institutions for one in refused.value.disclosures) == 3
    assert count == len(release.plan["marks"]) > 0
    assert (found["t4:pilot:total:2005"], found["t4:pilot:mean:2005"]) == ("x", "x")
    assert found["t4:other:total:2005"] == "x" or found["t4:all:total:2005"] == "x"
    assert found["t4:private:total:2005"] != "x"
    assert (found["t4:pilot:usable"], found["s1a:other:share"]) == ("3", "100")


def test_what_the_plan_asks_for_is_withheld_before_it_is_published_though_it_would_reveal_nothing(
    manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey_round = large_round()
    harmless = f"{survey_round.code}:q6:other:share"
    monkeypatch.setattr(releases, "marks_of_dependants", lambda *_plan: {harmless: Confidentiality.CONFIDENTIAL})
    release = releasing.compute(survey_round, by=manager, at=NOW)

    with pytest.raises(NotReleasable, match="まだ秘匿されていません"):
        releasing.publish(release, by=manager, at=NOW)
    releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=NOW)

    assert public(survey_round)["q6:other:share"] == "x"


def test_of_few_a_public_fact_is_told_without_a_percentage(manager: User) -> None:
    survey_round = revealing_round()

    release = releasing.compute(survey_round, by=manager, at=NOW)
    releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=NOW)

    told = release.figures.get(indicator__code="s1a", group__code="pilot")
    assert (told.value, told.numerator, told.denominator, told.confidentiality) == (None, 3, 3, "F")


def test_what_was_published_is_never_changed(manager: User) -> None:
    survey_round = large_round()
    release = releasing.compute(survey_round, by=manager, at=NOW)
    releasing.publish(release, by=manager, at=NOW)

    for change in (releasing.withhold, lambda row, by: releasing.publish(row, by=by, at=NOW)):
        with pytest.raises(NotReleasable):
            change(release, by=manager)


def test_draft_makes_room_for_the_next_one(manager: User) -> None:
    survey_round = large_round()
    first = releasing.compute(survey_round, by=manager, at=NOW)

    second = releasing.compute(survey_round, by=manager, at=NOW)

    assert list(Release.objects.filter(round=survey_round)) == [second]
    assert (first.number, second.number) == (1, 1)


def test_answers_accepted_since_are_computed_first(manager: User) -> None:
    survey_round = large_round()
    release = releasing.compute(survey_round, by=manager, at=NOW)
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    institutions(survey_round, 1, is_pilot=False, kind="private")
    closed(survey_round)

    with pytest.raises(Changed):
        releasing.publish(release, by=manager, at=NOW)


@pytest.mark.parametrize("what", ["sensitivity", "group", "region", "calculation", "years"])
def test_what_is_computed_otherwise_now_is_computed_first(manager: User, what: str) -> None:
    survey_round = large_round()
    release = releasing.compute(survey_round, by=manager, at=NOW)
    if what == "sensitivity":
        Indicator.objects.filter(code="s1a").update(sensitivity="A")
    elif what in {"group", "region"}:
        response = Response.objects.earliest("pk")
        changed: dict[str, Any] = {"is_pilot": False} if what == "group" else {"prefecture": "13"}
        Invitation.objects.filter(response=response).update(**changed)
    elif what == "years":
        Round.objects.filter(pk=survey_round.pk).update(last_year=2007)
    else:
        Calculation.objects.filter(measure="educators").delete()

    with pytest.raises(Changed):
        releasing.publish(release, by=manager, at=NOW)


def test_draft_that_is_gone_is_not_published(manager: User) -> None:
    survey_round = large_round()
    first = releasing.compute(survey_round, by=manager, at=NOW)
    releasing.compute(survey_round, by=manager, at=NOW)

    with pytest.raises(NotReleasable):
        releasing.publish(first, by=manager, at=NOW)


def test_number_below_zero_is_named(manager: User) -> None:
    survey_round = large_round()
    Answer.objects.filter(response=Response.objects.earliest("pk"), cell__code="Q4.edu.2005").update(number=-7)

    with pytest.raises(NotReleasable, match=r"Q4\.edu\.2005に-7"):
        releasing.compute(survey_round, by=manager, at=NOW)
    assert not Release.objects.filter(round=survey_round).exists()


def test_answers_accepted_while_it_was_computed_are_computed_first(manager: User) -> None:
    """Later releases could not tell that they were counted."""
    survey_round = large_round()
    accepted(Response.objects.earliest("pk"), at=NOW + timedelta(seconds=1))
    release = releasing.compute(survey_round, by=manager, at=NOW)

    with pytest.raises(Changed):
        releasing.publish(release, by=manager, at=NOW)


def corrected(response: Response, said: dict[str, str], *, at: Any) -> None:
    """Given back, corrected and accepted again."""
    form = the_form(response)
    Response.objects.filter(pk=response.pk).update(state="returned")
    seen = dict.fromkeys(said, 1)
    saved = answering.save(response, changes(form, said, seen), form=form, by="", at=NOW)
    assert saved.conflicts == []
    accepted(response, at=at)


@pytest.mark.parametrize("state", ["draft", "open"])
def test_round_has_to_be_closed_first(manager: User, state: str) -> None:
    survey_round = compared_round(questionnaire=a_questionnaire(), state=state)

    with pytest.raises(NotReleasable):
        releasing.compute(survey_round, by=manager, at=NOW)


def test_round_without_a_questionnaire_is_not_computed(manager: User) -> None:
    survey_round = closed(compared_round(questionnaire=a_questionnaire()))
    Round.objects.filter(pk=survey_round.pk).update(questionnaire=None)

    with pytest.raises(NotReleasable):
        releasing.compute(survey_round, by=manager, at=NOW)


def test_only_managers_of_the_survey_release() -> None:
    survey_round, stranger = large_round(), StaffFactory(roles=["publisher"])

    with pytest.raises(NotReleasable):
        releasing.compute(survey_round, by=stranger, at=NOW)
    assert not Release.objects.filter(round=survey_round).exists()


def test_synthetic_round_is_never_public(manager: User) -> None:
    survey_round = large_round()
    Round.objects.filter(pk=survey_round.pk).update(is_synthetic=True)

    releasing.publish(releasing.compute(survey_round, by=manager, at=NOW), by=manager, at=NOW)

    assert public(survey_round) == {}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("s1a", {"condition": "Q6.count > 0"}),
        ("s1a", {"condition": "answered(F4.name)"}),
        ("q6", {"base": "Q6.count > 0"}),
        ("t4", {"base": "answered(F4.name)"}),
    ],
)
def test_calculation_that_reads_what_it_must_not_tell_is_refused(
    manager: User, code: str, changes: dict[str, str]
) -> None:
    survey_round = large_round()
    Calculation.objects.filter(indicator__code=code).update(**changes)

    with pytest.raises(NotReleasable, match=f"{code}/.*使用できない回答"):
        releasing.compute(survey_round, by=manager, at=NOW)


def test_figures_need_two_years(manager: User) -> None:
    survey_round = large_round()
    Round.objects.filter(pk=survey_round.pk).update(first_year=2008)

    with pytest.raises(NotReleasable, match="異なる2つの年度"):
        releasing.compute(survey_round, by=manager, at=NOW)


def test_nobody_adds_up_to_nothing_and_not_to_zero(manager: User) -> None:
    survey_round = large_round()
    Group.objects.create(scheme=GroupScheme.objects.get(code="kind"), code="public", name_ja="public")
    Invitation.objects.filter(response__isnull=True).update(kind="public")
    a_response(round=survey_round, invitation__is_pilot=False, invitation__kind="public")

    release = releasing.compute(survey_round, by=manager, at=NOW)

    of_nobody = release.figures.filter(group__code="public").exclude(measure__in=["usable", "asked", "answered"])
    assert set(of_nobody.values_list("value", "confidentiality")) == {(None, "F")}
    assert [key for key in release.plan["marks"] if ":public:" in key] == []
