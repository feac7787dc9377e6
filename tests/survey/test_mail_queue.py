"""The queue of mails: who gets one, who does not and why."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone, translation

from survey import mailing
from survey.models import Delivery, Invitation, Outcome
from tests.factories.invitations import DeliveryFactory, InvitationFactory, OpenRoundFactory, ResponseFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def all_invitations() -> Any:
    return Invitation.objects.all()


def queue(kind: str = "invitation", **more: Any) -> mailing.Queued:
    return mailing.queue(all_invitations(), kind=kind, by=None, at=NOW, **{"batch": uuid4(), **more})


def test_button_pressed_twice_queues_once() -> None:
    InvitationFactory.create_batch(3, round=OpenRoundFactory())
    batch = uuid4()

    counts = [queue(batch=batch).count for _ in range(2)]

    assert counts == [3, 3]
    assert Delivery.objects.count() == 3


def test_two_buttons_queue_once() -> None:
    InvitationFactory.create_batch(3, round=OpenRoundFactory())

    with translation.override("en"):
        results = [queue() for _ in range(2)]

    assert [result.count for result in results] == [3, 0]
    assert {choice.reason for choice in results[1].skipped} == {"A mail of this kind is waiting to be sent."}


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        ("invitation", {"email": ""}, "There is no mail address."),
        ("invitation", {"outcome": Outcome.DECLINED}, "The institution declined."),
        ("reminder", {"outcome": Outcome.INELIGIBLE, "was_asked": True}, "The institution is not to be asked."),
        ("invitation", {"round__state": "closed"}, "The round is not open for answers."),
        ("invitation", {"round__closes_at": NOW - timedelta(minutes=1)}, "The deadline has passed: extend it."),
        ("invitation", {"was_asked": True}, "The request was sent before."),
        ("reminder", {}, "The first request was not sent yet."),
    ],
)
def test_invitation_is_skipped_with_its_reason(kind: str, fields: dict[str, Any], reason: str) -> None:
    InvitationFactory(**fields)

    with translation.override("en"):
        result = queue(kind)

    assert (result.count, [choice.reason for choice in result.skipped]) == (0, [reason])


@pytest.mark.parametrize(("state", "count"), [("draft", 1), ("submitted", 0), ("returned", 0), ("accepted", 0)])
def test_second_request_goes_to_those_who_have_not_submitted(state: str, count: int) -> None:
    sent = {} if state == "draft" else {"revision": 1, "submitted_at": NOW}
    ResponseFactory(state=state, **sent)

    assert queue("reminder").count == count


@pytest.mark.parametrize(
    ("is_taken_back", "reasons"),
    [
        (False, ["The answers were returned with questions. “Send a new link” sends them the questions again."]),
        (True, []),
    ],
)
def test_second_request_goes_to_those_who_took_their_answers_back_not_to_those_who_were_asked_back(
    is_taken_back: bool, reasons: list[str]
) -> None:
    ResponseFactory(state="returned", is_taken_back=is_taken_back, revision=2, submitted_at=NOW)

    with translation.override("en"):
        result = queue("reminder")

    assert [choice.reason for choice in result.skipped] == reasons
    assert result.count == 1 - len(reasons)


def test_second_request_that_waits_is_not_sent_once_the_answers_are_asked_back() -> None:
    delivery = DeliveryFactory(
        kind="reminder", invitation=ResponseFactory(state="returned", revision=1, submitted_at=NOW).invitation
    )

    mailing.deliver_next(at=NOW)

    delivery.refresh_from_db()
    assert (delivery.state, mail.outbox) == ("cancelled", [])


def test_choice_is_another_one_once_somebody_was_written_to() -> None:
    row = InvitationFactory(was_asked=True)

    def told() -> str:
        return mailing.fingerprint(mailing.choose(all_invitations(), kind="reminder", at=NOW))

    before = told()
    delivery = DeliveryFactory(invitation=row, kind="reminder", state="unclear", claimed_at=NOW)
    doubtful = told()
    mailing.note_arrival(delivery)

    assert len({before, doubtful, told()}) == 3


@pytest.mark.parametrize(("state", "count"), [("returned", 1), ("submitted", 0), ("accepted", 0)])
def test_questions_go_only_to_those_who_have_their_answers_back(state: str, count: int) -> None:
    ResponseFactory(state=state, revision=1, submitted_at=NOW)

    assert queue("returned").count == count


def test_request_may_be_repeated_when_somebody_says_so() -> None:
    InvitationFactory(was_asked=True)

    assert queue(again=True).count == 1


def test_queueing_costs_the_same_for_any_number(django_assert_num_queries: Any) -> None:
    InvitationFactory.create_batch(40, round=OpenRoundFactory())

    with django_assert_num_queries(4 + 2):
        queue()
