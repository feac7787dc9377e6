"""What becomes of a mail after its turn, and what the desk decides about one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation

from survey import mailing
from survey.models import Delivery
from tests.factories.invitations import DeliveryFactory, InvitationFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
WRONG_STATE = r"The state of the mail does not allow it\."
SUPERSEDED = r"A later mail of this kind waits to be sent, or was sent\. Mark this one as settled\."


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def a_mail(state: str, **fields: Any) -> Delivery:
    return DeliveryFactory(state=state, **{"sent_at": NOW if state == "sent" else None, **fields})


def send_again(delivery: Delivery) -> None:
    mailing.send_again(delivery, at=NOW)


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

    mailing.send_again(delivery, at=NOW)
    mailing.deliver_next(at=NOW)

    assert states() == ["sent"]
    assert mail.outbox[0].to == ["corrected@example.ac.jp"]


@pytest.mark.parametrize(
    ("decide", "possible"),
    [
        (send_again, {"failed": "queued", "unclear": "queued"}),
        (mailing.note_arrival, {"unclear": "sent"}),
        (mailing.dismiss, {"failed": "cancelled", "unclear": "cancelled"}),
        (mailing.cancel, {"queued": "cancelled"}),
    ],
)
@pytest.mark.parametrize("state", ["queued", "sending", "sent", "failed", "unclear", "cancelled"])
def test_desk_decides_about_mails_in_their_states(
    decide: Callable[[Delivery], None], possible: dict[str, str], state: str
) -> None:
    delivery = a_mail(state, claimed_at=NOW)

    if state in possible:
        decide(delivery)
    else:
        with pytest.raises(mailing.NotSettled, match=WRONG_STATE):
            decide(delivery)

    assert states() == [possible.get(state, state)]


@pytest.mark.parametrize("later", ["queued", "sending", "sent"])
def test_nothing_is_sent_again_whose_place_a_later_mail_took(later: str) -> None:
    first = a_mail("unclear", queued_at=NOW - timedelta(hours=1))
    a_mail(later, invitation=first.invitation)

    with pytest.raises(mailing.NotSettled, match=SUPERSEDED):
        mailing.send_again(first, at=NOW)

    assert states() == ["unclear", later]


def test_nothing_is_sent_again_after_an_earlier_mail_that_was_sent_again() -> None:
    invitation = InvitationFactory()
    first = a_mail("failed", invitation=invitation, queued_at=NOW - timedelta(hours=2))
    second = a_mail("failed", invitation=invitation, queued_at=NOW - timedelta(hours=1))

    mailing.send_again(first, at=NOW)
    with pytest.raises(mailing.NotSettled, match=SUPERSEDED):
        mailing.send_again(second, at=NOW)

    assert states() == ["queued", "failed"]


@pytest.mark.parametrize(
    "other",
    [
        {"state": "sent", "sent_at": NOW - timedelta(days=7)},
        {"state": "failed"},
        {"state": "cancelled"},
        {"state": "sent", "sent_at": NOW, "kind": "reminder"},
    ],
)
def test_mail_whose_place_no_other_took_is_sent_again(other: dict[str, Any]) -> None:
    failed = a_mail("failed", queued_at=NOW - timedelta(hours=1))
    DeliveryFactory(invitation=failed.invitation, **other)

    mailing.send_again(failed, at=NOW)

    assert states()[0] == "queued"


def test_mail_that_is_settled_says_so_and_keeps_the_servers_words() -> None:
    refused, lost = a_mail("failed", error="550 unknown"), a_mail("unclear")

    for delivery in (refused, lost):
        mailing.dismiss(delivery)

    said = Delivery.objects.order_by("pk").values_list("error", flat=True)
    assert list(said) == ["550 unknown", "The desk settled it: nothing more is to be done."]
    assert mailing.unsettled() == 0


def test_desk_counts_a_doubtful_mail_as_arrived() -> None:
    delivery = DeliveryFactory(state="unclear", claimed_at=NOW)

    mailing.note_arrival(delivery)

    delivery.invitation.refresh_from_db()
    assert (states(), delivery.invitation.sent_at) == (["sent"], NOW)


def test_desk_is_told_of_mails_that_wait_too_long() -> None:
    DeliveryFactory(queued_at=NOW - timedelta(minutes=11))
    DeliveryFactory(queued_at=NOW - timedelta(minutes=9))
    DeliveryFactory(state="failed", queued_at=NOW - timedelta(days=1))

    assert (mailing.late(at=NOW), mailing.unsettled()) == (1, 1)


@pytest.mark.parametrize(("minutes", "count"), [(60, 0), (-9, 0), (-11, 1)])
def test_mail_that_the_server_put_off_waits_too_long_after_its_next_try(minutes: int, count: int) -> None:
    tried = {"attempts": 3, "not_before": NOW + timedelta(minutes=minutes)}
    DeliveryFactory(queued_at=NOW - timedelta(hours=2), **tried)

    assert mailing.late(at=NOW) == count


def test_desk_is_told_of_mails_that_wait_for_a_server_that_is_away(settings: Any) -> None:
    DeliveryFactory(queued_at=NOW - timedelta(minutes=11))
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "sih_portal.smtp.EmailBackend", "127.0.0.1", 1

    with pytest.raises(mailing.ServerAway):
        mailing.deliver_next(at=NOW)

    assert mailing.late(at=NOW) == 1
