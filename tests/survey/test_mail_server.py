"""Mail servers that refuse, put off, hang up or are away: no mail is lost, and none is sent twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from survey import mailing
from survey.models import Delivery, InvitationLink
from tests.factories.invitations import DeliveryFactory
from tests.survey import smtp_stub
from tests.survey.smtp_stub import DROP_EARLY, DROP_LATE, LATER, REFUSE, SPURN, TAKE

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def by_smtp(settings: Any) -> Any:
    """Sends everything that waits now to a server that behaves as planned."""

    def send(*plan: str, **more: Any) -> smtp_stub.Stub:
        with smtp_stub.smtp_stub(*plan) as stub:
            settings.EMAIL_BACKEND = "sih_portal.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", stub.port, 5
            post = mailing.Post()
            while mailing.deliver_next(at=NOW, post=post):
                pass
            post.close()
            return stub

    return send


def test_mails_go_over_one_connection(by_smtp: Any) -> None:
    DeliveryFactory.create_batch(5)

    stub = by_smtp(TAKE)

    assert (stub.connections, len(stub.arrived), states()) == (1, 5, ["sent"] * 5)


def test_server_that_refuses_every_third_and_hangs_up_gets_each_mail_once(by_smtp: Any) -> None:
    DeliveryFactory.create_batch(12)

    stub = by_smtp(TAKE, TAKE, REFUSE, TAKE, DROP_LATE, REFUSE, DROP_EARLY, LATER, REFUSE)

    assert states() == [
        *("sent", "sent", "failed", "sent", "unclear", "failed"),
        *("queued", "queued", "failed", "sent", "sent", "failed"),
    ]
    assert len(stub.arrived) == len(set(stub.arrived)) == 6


def test_what_the_server_said_is_kept_without_addresses_of_others(by_smtp: Any) -> None:
    delivery = DeliveryFactory()

    by_smtp(REFUSE)

    delivery.refresh_from_db()
    assert delivery.error == f"550 5.1.1 <{delivery.email}> unknown, ask …"


def test_token_that_the_server_repeats_is_not_kept(by_smtp: Any) -> None:
    delivery = DeliveryFactory()

    by_smtp(SPURN)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error.partition("/ja/")[2]) == ("failed", "answer/open/…/")
    assert InvitationLink.objects.count() == 0


def test_link_of_a_mail_that_never_left_is_forgotten_and_that_of_a_doubtful_one_is_not(by_smtp: Any) -> None:
    deliveries = DeliveryFactory.create_batch(4)

    by_smtp(REFUSE, LATER, DROP_LATE, TAKE)

    linked = set(InvitationLink.objects.values_list("invitation", flat=True))
    assert linked == {deliveries[2].invitation_id, deliveries[3].invitation_id}


def test_mail_that_is_put_off_waits_longer_each_time_and_then_has_failed(by_smtp: Any) -> None:
    delivery = DeliveryFactory()
    pauses = []
    for _ in range(7):
        Delivery.objects.update(not_before=None)
        by_smtp(LATER)
        delivery.refresh_from_db()
        pauses.append((delivery.not_before - NOW).total_seconds() / 60 if delivery.not_before else None)

    assert pauses == [1, 5, 15, 60, 180, 360, None]
    assert (delivery.state, delivery.error) == ("failed", "451 4.7.1 Try again later")


def test_mail_that_is_put_off_is_not_tried_before_its_time(by_smtp: Any) -> None:
    DeliveryFactory()
    by_smtp(LATER)

    assert mailing.deliver_next(at=NOW + timedelta(seconds=59)) is None


def test_server_that_is_away_keeps_every_mail_in_the_queue(settings: Any) -> None:
    DeliveryFactory.create_batch(2)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "sih_portal.smtp.EmailBackend", "127.0.0.1", 1

    with pytest.raises(mailing.ServerAway):
        mailing.deliver_next(at=NOW)

    first = Delivery.objects.earliest("pk")
    assert states() == ["queued", "queued"]
    assert (first.error, first.attempts) == ("[Errno 111] Connection refused", 0)
    assert InvitationLink.objects.count() == 0


def test_server_without_tls_gets_no_mail_where_tls_was_asked_for(settings: Any, by_smtp: Any) -> None:
    DeliveryFactory.create_batch(2)
    settings.EMAIL_USE_TLS = True
    post = mailing.Post()
    with smtp_stub.smtp_stub(TAKE) as stub:
        settings.EMAIL_BACKEND = "sih_portal.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", stub.port
        for _ in range(2):
            with pytest.raises(mailing.ServerAway):
                mailing.deliver_next(at=NOW, post=post)

    assert (stub.arrived, states()) == ([], ["queued", "queued"])
    assert "STARTTLS" in Delivery.objects.earliest("pk").error
