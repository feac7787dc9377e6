"""What became of the mails, at the desk."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from survey.models import Delivery, DeliveryState
from tests.factories.invitations import DeliveryFactory
from tests.survey.desk import address, logged_in, text_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MAILS = "/admin/survey/delivery/"


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def test_mails_are_settled_by_the_desk(manager: Client) -> None:
    failed, doubtful, waiting, lost = (
        DeliveryFactory(state=state, claimed_at=NOW) for state in ("failed", "unclear", "queued", "failed")
    )
    steps = {
        "send_again": (failed, "queued", "Send again (what failed or is in doubt)"),
        "note_arrival": (doubtful, "sent", "It arrived (what is in doubt)"),
        "cancel": (waiting, "cancelled", "Cancel (what waits)"),
        "dismiss": (lost, "cancelled", "Mark as settled (what failed or is in doubt)"),
    }

    for action, (delivery, state, label) in steps.items():
        answer = manager.post(MAILS, {"action": action, "_selected_action": [delivery.pk]}, follow=True)
        delivery.refresh_from_db()
        entry = LogEntry.objects.get(object_id=delivery.pk)
        assert (delivery.state, entry.change_message) == (state, label)
        assert "Done for 1 of 1 mail." in text_of(answer)


def test_mail_that_can_not_be_settled_says_why(manager: Client) -> None:
    first = DeliveryFactory(state="unclear", queued_at=NOW - timedelta(hours=1))
    DeliveryFactory(state="sent", sent_at=NOW, invitation=first.invitation)

    answer = manager.post(MAILS, {"action": "send_again", "_selected_action": [first.pk]}, follow=True)

    assert "Done for 0 of 1 mail." in text_of(answer)
    assert f"{first.invitation}: A later mail of this kind waits to be sent, or was sent." in text_of(answer)
    assert LogEntry.objects.count() == 0


def test_mails_are_only_read(manager: Client) -> None:
    delivery = DeliveryFactory()

    answers = [
        manager.post(address("delivery_change", delivery.pk), {"state": "sent"}).status_code,
        manager.post(address("delivery_delete", delivery.pk), {"post": "yes"}).status_code,
        manager.get(address("delivery_add")).status_code,
    ]

    assert answers == [403] * 3
    assert Delivery.objects.get().state == DeliveryState.QUEUED


def test_reason_of_ours_is_told_in_the_readers_language(manager: Client) -> None:
    DeliveryFactory(state="cancelled", error="The institution declined.")
    DeliveryFactory(state="failed", error="550 5.1.1 unknown")

    text = text_of(manager.get(MAILS))

    assert "The institution declined." in text
    assert "550 5.1.1 unknown" in text


@pytest.mark.parametrize(("minutes", "is_told"), [(11, True), (9, False)])
def test_first_page_tells_of_mails_that_stand_still(minutes: int, is_told: bool, manager: Client) -> None:
    DeliveryFactory(queued_at=timezone.now() - timedelta(minutes=minutes))

    assert ("has waited for more than 10 minutes" in text_of(manager.get("/admin/"))) is is_told
    assert "has waited" not in text_of(logged_in("curator").get("/admin/"))
