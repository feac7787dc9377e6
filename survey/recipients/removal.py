"""Taking institutions off a list that was wrong: only those whom nobody wrote to, and who did nothing."""

from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from survey import mailing
from survey.models import Delivery, Invitation, Round

from .steps import NotPossible

CHANGEABLE: Final = (Round.State.DRAFT, Round.State.OPEN)


def reasons_to_stay(invitations: QuerySet[Invitation]) -> dict[int, str]:
    """Why each of these stays on the list, by its key; empty for those that may go. One query."""
    mails = Delivery.objects.filter(invitation=OuterRef("pk"))
    rows = invitations.select_related("round", "response").annotate(has_mails=Exists(mails))
    return {row.pk: _reason(row) for row in rows.order_by("pk")}


@transaction.atomic
def remove(pk: int) -> None:
    """This will delete an institution from the list.

    :raises NotPossible: when it stays, or was deleted before.
    """
    chosen = Invitation.objects.filter(pk=pk)
    mailing.wait_for_others(chosen)
    list(chosen.select_for_update().order_by("pk"))
    reason = reasons_to_stay(chosen).get(pk, _("Deleted since you looked."))
    if reason:
        raise NotPossible(reason)
    chosen.delete()


def _reason(row: Any) -> str:
    reasons = [
        (row.round.state not in CHANGEABLE, _("The round is over: its list stays as it is.")),
        (hasattr(row, "response"), _("It has begun to answer.")),
        (row.sent_at, _("The request was sent before.")),
        (row.has_mails, _("A mail to it waits to be sent, or was tried.")),
    ]
    return next((reason for applies, reason in reasons if applies), "")
