"""What leaves the house: what a mail says, to whom, and how it is kept."""

from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from survey import mailing
from survey.models import Delivery, Invitation, InvitationLink
from tests.factories.invitations import DeliveryFactory, InvitationFactory, OpenRoundFactory, ResponseFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HEAD_FIELDS = ("name_ja", "name_en", "department", "contact_name", "email")


def token_of(body: str) -> str:
    return body.partition("/answer/open/")[2].partition("/")[0]


def test_mail_carries_what_its_head_needs(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "日本学術振興会 <sih@example.ac.jp>"
    settings.CONTACT_EMAIL = "contact@example.ac.jp"
    settings.SITE_URL = "https://sih.example.ac.jp"
    queued = DeliveryFactory()

    delivery = mailing.deliver_next(at=NOW)

    (sent,) = mail.outbox
    message = sent.message()
    assert delivery == queued
    assert (delivery.state, delivery.sent_at, delivery.error) == ("sent", NOW, "")
    assert (message["To"], message["Reply-To"]) == (queued.invitation.email, "contact@example.ac.jp")
    assert str(make_header(decode_header(message["From"]))) == "日本学術振興会 <sih@example.ac.jp>"
    assert message["Message-ID"] == f"<survey-{queued.pk}-{queued.batch.hex}@sih.example.ac.jp>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"


def test_each_mail_has_a_link_of_its_own_and_the_earlier_ones_stay_good() -> None:
    invitation = InvitationFactory()
    DeliveryFactory.create_batch(2, invitation=invitation)

    for _ in range(2):
        mailing.deliver_next(at=NOW)

    tokens = [token_of(str(message.body)) for message in mail.outbox]
    assert len(set(tokens)) == 2
    assert [link.invitation for token in tokens if (link := mailing.find_link(token))] == [invitation] * 2


def test_no_column_of_any_table_holds_the_token() -> None:
    DeliveryFactory()
    mailing.deliver_next(at=NOW)
    token = token_of(str(mail.outbox[0].body))

    kept = [str(list(model.objects.values())) for model in (Delivery, Invitation, InvitationLink)]

    assert len(token) == 43
    assert [text for text in kept if token in text] == []


def test_log_tells_no_address_name_or_token(caplog: pytest.LogCaptureFixture) -> None:
    invitation = DeliveryFactory().invitation

    with caplog.at_level("DEBUG"):
        mailing.deliver_next(at=NOW)

    token = token_of(str(mail.outbox[0].body))
    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "sent" in said
    assert [
        word for word in (token, invitation.email, invitation.contact_name, invitation.name_ja) if word in said
    ] == []


def test_first_mail_counts_as_the_request_and_later_ones_as_second_requests() -> None:
    invitation = InvitationFactory()
    for kind, moment in (("invitation", NOW), ("reminder", NOW + timedelta(days=7)), ("reminder", NOW + timedelta(8))):
        DeliveryFactory(invitation=invitation, kind=kind)
        mailing.deliver_next(at=moment)

    invitation.refresh_from_db()

    assert invitation.sent_at == NOW
    assert (invitation.reminders, invitation.reminded_at) == (2, NOW + timedelta(days=8))


def test_mail_goes_to_the_address_of_the_day_it_is_sent() -> None:
    delivery = DeliveryFactory()
    Invitation.objects.update(email="corrected@example.ac.jp")

    mailing.deliver_next(at=NOW)

    delivery.refresh_from_db()
    assert mail.outbox[0].to == ["corrected@example.ac.jp"]
    assert delivery.email == "corrected@example.ac.jp"


def test_second_request_is_not_sent_once_the_answers_are_there() -> None:
    delivery = DeliveryFactory(kind="reminder", invitation=ResponseFactory(is_submitted=True).invitation)

    mailing.deliver_next(at=NOW)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("cancelled", "The answers have been submitted.")
    assert mail.outbox == []
    assert InvitationLink.objects.count() == 0


@pytest.mark.parametrize("field", HEAD_FIELDS)
@pytest.mark.parametrize(
    "end", ["\r\nBcc: evil@example.org", "\nBcc: evil@example.org", "\r", "\u2028Bcc: evil@example.org"]
)
def test_line_break_in_a_head_sends_nothing(field: str, end: str) -> None:
    language = "en" if field == "name_en" else "ja"
    survey_round = OpenRoundFactory()
    letter = mailing.keep_letter(survey_round, "invitation")
    letter.subject_ja = letter.subject_en = "{institution} {department} {contact_name}"
    letter.save()
    invitation = InvitationFactory(round=survey_round, language=language)
    Invitation.objects.update(**{field: getattr(invitation, field) + end})
    delivery = DeliveryFactory(invitation=invitation)

    mailing.deliver_next(at=NOW)

    delivery.refresh_from_db()
    assert mail.outbox == []
    assert delivery.state == "failed"
    assert InvitationLink.objects.count() == 0


def test_long_names_come_through_whole() -> None:
    name = "国際化推進機構" * 28
    survey_round = OpenRoundFactory(title_ja=name)
    DeliveryFactory(invitation=InvitationFactory(round=survey_round, name_ja=name))

    mailing.deliver_next(at=NOW)

    sent: Any = mail.outbox[0].message()
    raw = sent.as_bytes(linesep="\r\n")
    message = message_from_bytes(raw)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert max(len(line) for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n")) <= 78
    assert str(make_header(decode_header(message["Subject"]))) == f"「{name}」への御協力について（依頼）"
    assert name in message.get_payload(decode=True).decode()  # type: ignore[union-attr]
