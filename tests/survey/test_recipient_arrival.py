"""Who begins to answer by a link got its mail, whatever the mail server said."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from survey import mailing
from survey.models import Delivery, Invitation, InvitationLink, Response
from survey.recipients import begin_by_link
from survey.statistics import progress_of
from tests.factories.answers import a_round
from tests.factories.invitations import DeliveryFactory, InvitationFactory
from tests.survey.respondents import begin, came_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
THEN = NOW - timedelta(days=3)


def link_of(invitation: Invitation, *, at: Any = THEN) -> InvitationLink:
    mailing.issue(invitation, at=at)
    return invitation.links.latest("pk")


def told(delivery: Delivery) -> tuple[str, Any]:
    delivery.refresh_from_db()
    return delivery.state, delivery.sent_at


def test_answers_to_a_doubtful_mail_count() -> None:
    invitation = InvitationFactory(round=a_round())
    client = came_in(invitation)
    moment = invitation.links.get().issued_at
    delivery = DeliveryFactory(invitation=invitation, state="unclear", claimed_at=moment)
    before = Invitation.objects.get().sent_at

    begin(client)
    Response.objects.update(state="submitted", revision=1, submitted_at=NOW)

    whole = progress_of(invitation.round).whole
    assert (before, Invitation.objects.get().sent_at) == (None, moment)
    assert told(delivery) == ("sent", moment)
    assert (whole.asked, whole.answered) == (1, 1)


@pytest.mark.parametrize("state", ["cancelled", "sending", "failed"])
def test_institution_counts_as_asked_whatever_became_of_its_mail(state: str) -> None:
    invitation = InvitationFactory()
    delivery = DeliveryFactory(invitation=invitation, state=state, claimed_at=THEN)

    begin_by_link(link_of(invitation), at=NOW)

    assert Invitation.objects.get().sent_at == THEN
    assert told(delivery) == (state, None)


def test_second_request_that_arrived_is_counted_and_the_day_of_the_first_stays() -> None:
    first = THEN - timedelta(days=7)
    invitation = InvitationFactory(sent_at=first)
    DeliveryFactory(invitation=invitation, kind="reminder", state="unclear", claimed_at=THEN)

    begin_by_link(link_of(invitation), at=NOW)

    invitation.refresh_from_db()
    assert (invitation.sent_at, invitation.reminders, invitation.reminded_at) == (first, 1, THEN)


def test_doubtful_mail_of_another_link_stays_in_doubt() -> None:
    invitation = InvitationFactory()
    other = DeliveryFactory(invitation=invitation, state="unclear", claimed_at=THEN - timedelta(days=1))

    begin_by_link(link_of(invitation), at=NOW)

    assert told(other) == ("unclear", None)


def test_response_begins_once() -> None:
    link = link_of(InvitationFactory())

    first, second = (begin_by_link(link, at=NOW + timedelta(minutes=minute)) for minute in range(2))

    assert (first, first.opened_at) == (second, NOW)
    assert Response.objects.count() == 1
