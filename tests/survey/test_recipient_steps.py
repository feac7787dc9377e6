"""What the desk does with one of those who are asked."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from survey import mailing
from survey.models import Delivery, Invitation, Outcome
from survey.recipients import (
    NotPossible,
    extend,
    note_outcome,
    note_post,
    reissue,
    remind,
    revoke_links,
    wait_again,
)
from tests.factories.answers import a_response, answered
from tests.factories.invitations import DeliveryFactory, InvitationFactory, OpenRoundFactory, ResponseFactory
from tests.survey.handed_in import submit

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def marks(row: Invitation, kind: str = "invitation") -> list[str]:
    """What a page that shows this invitation now brings back."""
    chosen = Invitation.objects.filter(pk=row.pk)
    return [choice.mark for choice in mailing.choose(chosen, kind=kind, at=NOW, again=True)]


def a_new_link(
    row: Invitation, *, at: datetime = NOW, batch: UUID | None = None, seen: Collection[str] | None = None
) -> None:
    reissue(row.pk, by=None, at=at, batch=batch or uuid4(), seen=marks(row) if seen is None else seen)


def reminded(row: Invitation, seen: Collection[str]) -> None:
    remind(row.pk, by=None, at=NOW, batch=uuid4(), seen=seen)


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
    token, batch, seen = mailing.issue(row, at=NOW - timedelta(days=1)), uuid4(), marks(row)

    a_new_link(row, batch=batch, seen=seen)
    mailing.deliver_next(at=NOW)
    a_new_link(row, batch=batch, seen=seen)

    assert mailing.find_link(token) is None
    assert row.links.filter(revoked_at=None).count() == 1
    assert list(Delivery.objects.values_list("kind", "state")) == [("invitation", "sent")]


def test_each_of_several_institutions_gets_its_new_link() -> None:
    rows, batch = InvitationFactory.create_batch(2, was_asked=True, round=OpenRoundFactory()), uuid4()

    for row in rows:
        a_new_link(row, batch=batch)

    assert Delivery.objects.filter(invitation__in=rows).count() == 2


def test_new_link_after_questions_comes_with_the_questions() -> None:
    row = ResponseFactory(state="returned", revision=1, submitted_at=NOW).invitation

    a_new_link(row)

    assert Delivery.objects.get().kind == "returned"


def test_new_link_of_those_who_took_their_answers_back_comes_without_questions() -> None:
    response = ResponseFactory(state="returned", is_taken_back=True, revision=1, submitted_at=NOW)

    a_new_link(response.invitation)

    assert Delivery.objects.get().kind == "invitation"


def test_links_stay_open_where_no_new_one_can_be_sent() -> None:
    row = InvitationFactory(email="", was_asked=True)
    token = mailing.issue(row, at=NOW)

    with pytest.raises(NotPossible, match=r"There is no mail address\."):
        a_new_link(row)

    assert mailing.find_link(token)


def test_new_link_that_somebody_sent_meanwhile_stays_the_last_one() -> None:
    row = InvitationFactory(was_asked=True)
    seen = marks(row)
    a_new_link(row, seen=seen)
    mailing.deliver_next(at=NOW)

    with pytest.raises(NotPossible, match=r"Somebody wrote to it since you opened the page\. Please look again\."):
        a_new_link(row, seen=seen)

    assert row.links.filter(revoked_at=None).count() == 1


def test_second_request_that_somebody_sent_meanwhile_is_sent_once() -> None:
    row = InvitationFactory(was_asked=True)
    seen = marks(row, "reminder")
    reminded(row, seen)
    mailing.deliver_next(at=NOW)

    with pytest.raises(NotPossible, match=r"Somebody wrote to it since you opened the page\. Please look again\."):
        reminded(row, seen)
    reminded(row, marks(row, "reminder"))

    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "queued"]


def test_second_request_is_not_sent_by_a_page_that_showed_nobody() -> None:
    row = InvitationFactory(was_asked=True)

    with pytest.raises(NotPossible, match=r"Somebody wrote to it"):
        reminded(row, [])

    assert Delivery.objects.count() == 0


def test_links_are_closed_once() -> None:
    row = DeliveryFactory().invitation
    token = mailing.issue(row, at=NOW)

    revoke_links(row.pk, at=NOW)

    assert mailing.find_link(token) is None
    with pytest.raises(NotPossible, match=r"No link is open\."):
        revoke_links(row.pk, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_outcome_waits_for_a_submission_that_is_under_way() -> None:
    response = a_response()
    answered(response)

    def decline() -> str:
        try:
            note_outcome(response.invitation.pk, outcome=Outcome.DECLINED)
        except NotPossible:
            return "refused"
        finally:
            connection.close()
        return "noted"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            submit(response)
            declining = pool.submit(decline)
            wait([declining], timeout=1)
            has_waited = not declining.done()
        told = declining.result(timeout=60)

    assert (has_waited, told, Invitation.objects.get().outcome) == (True, "refused", "")
