"""An answer that came on paper: begun at the desk for an institution that did not open its link."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from survey.answering import open_response
from survey.models import Invitation, Response, Round

from .steps import NotPossible


@transaction.atomic
def begin_on_paper(invitation: Invitation, *, posted_at: datetime | None, at: datetime) -> Response:
    """This will begin the response into which staff type what came on paper; somebody else's that was begun stays.

    `posted_at` is when the request went by post, for an institution that is not noted as asked yet.

    :raises NotPossible: when no answer is expected of it, or nobody knows when it was asked.
    """
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True).select_related("round")
    row = rows.get(pk=invitation.pk)
    if row.outcome:
        raise NotPossible(_("It is noted that no answer is expected. Take that back first: “Expect an answer again”."))
    if row.round.state not in {Round.State.OPEN, Round.State.CLOSED}:
        raise NotPossible(_("The round has not been opened, or was published."))
    if row.sent_at is None:
        if posted_at is None:
            raise NotPossible(_("Say when the request went by post: then the institution counts as asked."))
        row.sent_at = posted_at
        row.save(update_fields=["sent_at"])
    return open_response(row, at=at)
