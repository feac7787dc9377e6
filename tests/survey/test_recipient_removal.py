"""Taking institutions off a list that was wrong."""

from typing import Any

import pytest
from django.utils import timezone, translation

from survey.models import Invitation
from survey.recipients import NotPossible, reasons_to_stay, remove
from tests.factories.invitations import DeliveryFactory, InvitationFactory, OpenRoundFactory, ResponseFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("state", ["draft", "open"])
def test_institution_that_nobody_wrote_to_leaves_the_list(state: str) -> None:
    wrong, right = InvitationFactory.create_batch(2, round=OpenRoundFactory(state=state))

    remove(wrong.pk)

    assert Invitation.objects.get() == right


@pytest.mark.parametrize(
    ("make", "fields", "reason"),
    [
        (InvitationFactory, {"sent_at": NOW}, "The request was sent before."),
        (ResponseFactory, {"invitation__sent_at": None}, "It has begun to answer."),
        *(
            (DeliveryFactory, {"state": state}, "A mail to it waits to be sent, or was tried.")
            for state in ("queued", "sending", "failed", "unclear", "cancelled")
        ),
        *(
            (InvitationFactory, {"round__state": state}, "The round is over: its list stays as it is.")
            for state in ("closed", "published")
        ),
    ],
)
def test_institution_that_was_written_to_or_did_something_stays(make: Any, fields: dict[str, Any], reason: str) -> None:
    made = make(**fields)
    row = made if isinstance(made, Invitation) else made.invitation

    with pytest.raises(NotPossible) as refusal:
        remove(row.pk)

    assert str(refusal.value) == reason
    assert Invitation.objects.get() == row


def test_institution_that_is_gone_is_not_removed_again() -> None:
    row = InvitationFactory()

    remove(row.pk)
    with pytest.raises(NotPossible, match=r"Deleted since you looked\."):
        remove(row.pk)


def test_reasons_cost_the_same_for_any_number(django_assert_num_queries: Any) -> None:
    rows = InvitationFactory.create_batch(20, round=OpenRoundFactory())

    with django_assert_num_queries(1):
        reasons = reasons_to_stay(Invitation.objects.all())

    assert reasons == dict.fromkeys((row.pk for row in rows), "")
