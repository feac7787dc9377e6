"""Releases after the first: comparable with what was told before, different enough, corrected by the usual steps."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from survey import answering, releasing, workflow
from survey.models import (
    Calculation,
    Invitation,
    Release,
    Response,
    Round,
)
from survey.releasing import NotReleasable, Revealing
from survey.workflow import Asked
from tests.factories.answers import COMPLETE, changes, the_form
from tests.factories.survey import IndicatorFactory
from tests.survey import handed_in
from tests.survey.test_releasing import (
    NOW,
    closed,
    corrected,
    groups,
    indicators,
    large_round,
    manager,
    public,
)

__all__ = ["groups", "indicators", "manager"]
pytestmark = pytest.mark.django_db


def test_release_waits_until_it_can_be_compared_with_the_one_before(manager: User) -> None:
    """What an institution said is all less those who count no more."""
    survey_round = large_round()
    releasing.publish(releasing.compute(survey_round, by=manager, at=NOW), by=manager, at=NOW)
    IndicatorFactory(code="x1", sensitivity="A").calculations.create(measure="share", condition="Q6.count > 1")
    Calculation.objects.filter(measure="educators").update(rows="Q4.edu")
    release = releasing.compute(survey_round, by=manager, at=NOW)
    releasing.withhold(release, by=manager)

    with pytest.raises(NotReleasable, match="算出方法が第1回"):
        releasing.publish(release, by=manager, at=NOW)


def test_release_after_one_was_moved_to_another_group_is_refused(manager: User) -> None:
    """What it said is its old group of then less that of now."""
    survey_round = large_round()
    releasing.publish(releasing.compute(survey_round, by=manager, at=NOW), by=manager, at=NOW)
    IndicatorFactory(code="x1", sensitivity="A").calculations.create(measure="share", condition="Q6.count > 1")
    Invitation.objects.filter(response=Response.objects.earliest("pk")).update(kind="private")
    release = releasing.compute(survey_round, by=manager, at=NOW)
    releasing.withhold(release, by=manager)

    with pytest.raises(NotReleasable, match="回答又は集計区分"):
        releasing.publish(release, by=manager, at=NOW)


def test_release_with_more_indicators_is_published(manager: User) -> None:
    survey_round = large_round()
    releasing.publish(releasing.compute(survey_round, by=manager, at=NOW), by=manager, at=NOW)
    IndicatorFactory(code="x1", sensitivity="A").calculations.create(measure="share", condition="Q1.hq = 1")
    release = releasing.compute(survey_round, by=manager, at=NOW)
    releasing.withhold(release, by=manager)

    releasing.publish(release, by=manager, at=NOW)

    assert Release.objects.public().get().number == 2


@pytest.mark.parametrize(("count", "is_refused"), [(0, False), (1, True), (4, True), (5, False)])
def test_second_release_waits_until_enough_answers_changed(manager: User, count: int, is_refused: bool) -> None:
    survey_round = large_round()
    releasing.publish(releasing.compute(survey_round, by=manager, at=NOW), by=manager, at=NOW)
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    private = Response.objects.filter(invitation__kind="private").order_by("pk")
    for response in private[:count]:
        corrected(response, {"Q4.edu.2005": "61", "Q4.edu.2008": "62"}, at=NOW + timedelta(hours=1))
    closed(survey_round)
    release = releasing.compute(survey_round, by=manager, at=NOW + timedelta(hours=2))

    if is_refused:
        with pytest.raises(NotReleasable):
            releasing.publish(release, by=manager, at=NOW)
        return
    releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=NOW + timedelta(hours=3))

    states = Release.objects.order_by("number").values_list("number", "superseded_at")
    assert [(number, superseded is None) for number, superseded in states] == [(1, False), (2, True)]
    assert public(survey_round)["t4:all:usable"] == "26"


def test_change_of_one_is_not_told_by_the_difference_of_two_releases(manager: User) -> None:
    """Five institutions of one group changed and one of another: that group's total would give its change away."""
    survey_round = large_round()
    releasing.publish(releasing.compute(survey_round, by=manager, at=NOW), by=manager, at=NOW)
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    rows = [*Response.objects.filter(invitation__kind="private").order_by("pk")[:5]]
    rows.append(Response.objects.filter(invitation__kind="national").earliest("pk"))
    for response in rows:
        corrected(response, {"Q4.edu.2005": "61", "Q4.edu.2008": "62"}, at=NOW + timedelta(hours=1))
    closed(survey_round)
    release = releasing.compute(survey_round, by=manager, at=NOW + timedelta(hours=2))

    with pytest.raises(Revealing):
        releasing.publish(release, by=manager, at=NOW)
    releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=NOW + timedelta(hours=3))

    assert public(survey_round)["t4:pilot:educators:2005"] == "x"


def test_release_whose_sums_are_not_on_record_is_followed_by_none(manager: User) -> None:
    survey_round = large_round()
    releasing.publish(releasing.compute(survey_round, by=manager, at=NOW), by=manager, at=NOW)
    Release.objects.update(plan={"marks": {}, "disclosures": [], "blocked": []})
    release = releasing.compute(survey_round, by=manager, at=NOW)

    with pytest.raises(NotReleasable, match="算出方法が第1回"):
        releasing.publish(release, by=manager, at=NOW)


def test_published_answers_are_corrected_in_the_next_release(manager: User) -> None:
    """By the steps that everybody takes: opened again, returned, corrected, submitted, accepted, closed, published."""
    survey_round = large_round()
    releasing.publish(releasing.compute(survey_round, by=manager, at=NOW), by=manager, at=NOW)
    workflow.open_round(survey_round, closes_at=timezone.now() + timedelta(days=9), by=manager, at=timezone.now())
    assert public(survey_round)

    for response in Response.objects.filter(invitation__is_pilot=True).order_by("pk"):
        form, asked = the_form(response), [Asked("件数を再度ご確認ください。")]
        workflow.return_with_questions(response, form=form, questions=asked, until=None, by=manager, at=timezone.now())
        said = {**COMPLETE, "Q4.edu.2005": "95", "Q4.edu.2008": "96"}
        seen = dict.fromkeys(response.answers.values_list("cell__code", flat=True), 1)
        answering.save(response, changes(form, said, seen), form=form, by="", at=timezone.now())
        handed_in.explain(response)
        handed_in.submit(response)
        response.refresh_from_db()
        workflow.accept(response, form=form, revision=response.revision, by=manager, at=timezone.now())
    workflow.close_round(survey_round, by=manager)
    release = releasing.compute(survey_round, by=manager, at=timezone.now())
    releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=timezone.now())

    assert public(survey_round)["t4:pilot:educators:2005"] == str(12 * 95)
