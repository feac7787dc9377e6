"""Who comes into the rooms of those who are asked: only the survey's managers."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sih_portal.roles import Role
from survey import mailing
from survey.models import Delivery, Invitation, Letter, LetterKind, Round
from tests.factories.invitations import DeliveryFactory
from tests.survey.desk import LIST, act, address, logged_in, status_of, text_of

pytestmark = pytest.mark.django_db
MAILS = "/admin/survey/delivery/"
SHEET = "番号,機関名,設置形態,メールアドレス\n1,ある大学,国立大学,office@example.ac.jp\n2,別の大学,私立大学,\n"


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


@pytest.fixture
def rooms() -> list[str]:
    """Every address at which somebody's name or address stands."""
    delivery = DeliveryFactory(state="failed", error="550 unknown")
    row = delivery.invitation
    letter = mailing.keep_letter(row.round, LetterKind.REMINDER)
    return [
        *(LIST, MAILS, "/admin/survey/letter/", address("invitation_add")),
        *(address(f"invitation_{name}", row.pk) for name in ("change", "history", "delete", "request_letter")),
        *(address(f"letter_{name}", letter.pk) for name in ("change", "history", "delete")),
        address("delivery_change", delivery.pk),
        *(address(f"round_{name}", row.round.pk) for name in ("recipients", "letters", "request_letters")),
        *(address("round_mail", row.round.pk, kind) for kind in ("invitation", "reminder")),
        address("round_recipients_sheet", row.round.pk),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SURVEY_MANAGER])
def test_other_roles_see_no_address_and_no_name_of_a_person(role: Role, rooms: list[str]) -> None:
    client = logged_in(role)
    Invitation.objects.update(contact_name="kanaria1", email="kanaria2@example.ac.jp")

    answers = {path: client.get(path) for path in rooms}
    desk = [client.get(path) for path in ("/admin/", "/admin/survey/", address("round_change", Round.objects.get().pk))]

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(rooms, 403)
    assert [page.status_code for page in desk] == [200] * 3
    assert [path for path, answer in answers.items() if "kanaria" in text_of(answer)] == []
    assert ["kanaria" in text_of(page) or "/mail/invitation/" in text_of(page) for page in desk] == [False] * 3


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SURVEY_MANAGER])
def test_other_roles_can_do_nothing_with_invitations_and_mails(role: Role) -> None:
    client, delivery = logged_in(role), DeliveryFactory(state="failed")
    row = delivery.invitation
    before = [Invitation.objects.values().get(), Delivery.objects.values().get()]
    chosen = {"_selected_action": [delivery.pk]}

    answers = [
        act(client, "decline", row, confirmed=uuid4()),
        act(client, "remove", row, confirmed=uuid4()),
        client.post(MAILS, {"action": "send_again", **chosen}),
        client.post(address("round_mail", row.round.pk, "invitation"), {"confirmed": uuid4()}),
        client.post(address("round_letter", row.round.pk, "reminder")),
        client.post(address("round_recipients", row.round.pk), {"file": SimpleUploadedFile("x.csv", SHEET.encode())}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 6
    assert [Invitation.objects.values().get(), Delivery.objects.values().get()] == before
    assert Letter.objects.count() == 0


def test_managers_come_into_every_room(manager: Client, rooms: list[str]) -> None:
    answers = {path: status_of(manager, path) for path in rooms}

    refused = [path for path, status in answers.items() if status != 200]
    assert refused == [address("invitation_delete", Invitation.objects.get().pk)]
