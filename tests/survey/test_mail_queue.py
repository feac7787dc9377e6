"""The queue of mails: who gets one, who does not and why, and what the desk does with one."""

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


@pytest.mark.parametrize(("state", "count"), [("draft", 1), ("submitted", 0), ("returned", 1), ("accepted", 0)])
def test_second_request_goes_to_those_who_have_not_submitted(state: str, count: int) -> None:
    sent = {} if state == "draft" else {"revision": 1, "submitted_at": NOW}
    ResponseFactory(state=state, **sent)

    assert queue("reminder").count == count


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


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_mail_of_a_killed_sender_is_left_to_the_desk() -> None:
    left, _fresh = DeliveryFactory.create_batch(2, state="sending", claimed_at=NOW)
    Delivery.objects.filter(pk=left.pk).update(claimed_at=NOW - timedelta(minutes=10, seconds=1))

    assert mailing.deliver_next(at=NOW) is None

    assert states() == ["unclear", "sending"]
    assert mail.outbox == []


def test_desk_sends_again_what_failed_to_the_address_of_today() -> None:
    delivery = DeliveryFactory(state="failed", attempts=3, error="550 unknown")
    delivery.invitation.email = "corrected@example.ac.jp"
    delivery.invitation.save()

    assert mailing.send_again(delivery, at=NOW)
    mailing.deliver_next(at=NOW)

    assert states() == ["sent"]
    assert mail.outbox[0].to == ["corrected@example.ac.jp"]


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "cancelled"])
def test_desk_sends_nothing_again_that_is_under_way_or_done(state: str) -> None:
    delivery = DeliveryFactory(state=state, sent_at=NOW if state == "sent" else None)

    assert not mailing.send_again(delivery, at=NOW)
    assert states() == [state]


def test_desk_counts_a_doubtful_mail_as_arrived() -> None:
    delivery = DeliveryFactory(state="unclear", claimed_at=NOW)

    assert mailing.note_arrival(delivery)
    assert not mailing.note_arrival(delivery)

    delivery.invitation.refresh_from_db()
    assert (states(), delivery.invitation.sent_at) == (["sent"], NOW)


def test_desk_cancels_what_waits_and_nothing_else() -> None:
    waiting, sent = DeliveryFactory(), DeliveryFactory(state="sent", sent_at=NOW)

    assert [mailing.cancel(row) for row in (waiting, sent)] == [True, False]
    assert states() == ["cancelled", "sent"]


def test_desk_is_told_of_mails_that_wait_too_long() -> None:
    DeliveryFactory(queued_at=NOW - timedelta(minutes=11))
    DeliveryFactory(queued_at=NOW - timedelta(minutes=9))
    DeliveryFactory(state="failed", queued_at=NOW - timedelta(days=1))

    assert (mailing.late(at=NOW), mailing.unsettled()) == (1, 1)
