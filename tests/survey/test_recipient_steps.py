"""What the desk does with one of those who are asked."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from survey import mailing
from survey.models import Delivery, Invitation, Outcome
from survey.recipients import (
    NotPossible,
    extend,
    note_outcome,
    note_post,
    reissue,
    revoke_links,
    wait_again,
)
from tests.factories.invitations import DeliveryFactory, InvitationFactory, OpenRoundFactory, ResponseFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def test_more_time_is_given_to_one_institution() -> None:
    survey_round = OpenRoundFactory()
    row, other = InvitationFactory.create_batch(2, round=survey_round)
    later = survey_round.closes_at + timedelta(days=7)

    extend(row.pk, until=later, at=NOW)

    row.refresh_from_db()
    assert (row.deadline, other.deadline) == (later, survey_round.closes_at)


def test_later_deadline_of_the_round_is_everybodys() -> None:
    row = InvitationFactory(due_at=NOW + timedelta(days=2), round__closes_at=NOW + timedelta(days=9))

    assert row.deadline == row.round.closes_at


@pytest.mark.parametrize(
    ("days", "reason"), [(-40, "This moment has passed."), (3, "The round's own deadline is not before this moment.")]
)
def test_moment_that_gives_no_more_time_is_refused(days: int, reason: str) -> None:
    row = InvitationFactory()

    with pytest.raises(NotPossible, match=reason):
        extend(row.pk, until=NOW + timedelta(days=days), at=NOW)


def test_those_who_have_answered_need_no_more_time_and_decline_no_more() -> None:
    row = ResponseFactory(is_submitted=True).invitation

    for step in (
        lambda: extend(row.pk, until=NOW + timedelta(days=90), at=NOW),
        lambda: note_outcome(row.pk, outcome=Outcome.DECLINED),
    ):
        with pytest.raises(NotPossible, match=r"The answers have been submitted\."):
            step()


def test_institution_that_declined_is_expected_again() -> None:
    row = InvitationFactory()

    note_outcome(row.pk, outcome=Outcome.DECLINED)
    declined = Invitation.objects.get().outcome
    wait_again(row.pk)

    assert (declined, Invitation.objects.get().outcome) == ("declined", "")
    with pytest.raises(NotPossible, match=r"An answer is expected already\."):
        wait_again(row.pk)


def test_request_by_post_counts_once() -> None:
    row = InvitationFactory(email="")

    note_post(row.pk, at=NOW)

    assert Invitation.objects.asked().count() == 1
    with pytest.raises(NotPossible, match=r"The request was sent before\."):
        note_post(row.pk, at=NOW)


def test_new_link_takes_the_place_of_the_old_ones() -> None:
    row = InvitationFactory(was_asked=True)
    token, batch = mailing.issue(row, at=NOW - timedelta(days=1)), uuid4()

    reissue(row.pk, by=None, at=NOW, batch=batch)
    mailing.deliver_next(at=NOW)
    reissue(row.pk, by=None, at=NOW, batch=batch)

    assert mailing.find_link(token) is None
    assert row.links.filter(revoked_at=None).count() == 1
    assert list(Delivery.objects.values_list("kind", "state")) == [("invitation", "sent")]


def test_each_of_several_institutions_gets_its_new_link() -> None:
    rows, batch = InvitationFactory.create_batch(2, was_asked=True, round=OpenRoundFactory()), uuid4()

    for row in rows:
        reissue(row.pk, by=None, at=NOW, batch=batch)

    assert Delivery.objects.filter(invitation__in=rows).count() == 2


def test_new_link_after_questions_comes_with_the_questions() -> None:
    row = ResponseFactory(state="returned", revision=1, submitted_at=NOW).invitation

    reissue(row.pk, by=None, at=NOW, batch=uuid4())

    assert Delivery.objects.get().kind == "returned"


def test_links_stay_open_where_no_new_one_can_be_sent() -> None:
    row = InvitationFactory(email="", was_asked=True)
    token = mailing.issue(row, at=NOW)

    with pytest.raises(NotPossible, match=r"There is no mail address\."):
        reissue(row.pk, by=None, at=NOW, batch=uuid4())

    assert mailing.find_link(token)


def test_links_are_closed_once() -> None:
    row = DeliveryFactory().invitation
    token = mailing.issue(row, at=NOW)

    revoke_links(row.pk, at=NOW)

    assert mailing.find_link(token) is None
    with pytest.raises(NotPossible, match=r"No link is open\."):
        revoke_links(row.pk, at=NOW)
