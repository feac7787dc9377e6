"""Somebody of an institution begins to answer: by the link of a mail, which has arrived then."""

from datetime import datetime

from django.db import transaction

from survey import mailing
from survey.answering import open_response
from survey.models import InvitationLink, Response


@transaction.atomic
def begin_by_link(link: InvitationLink, *, at: datetime) -> Response:
    """This will begin the response of the institution that a link belongs to, if nobody has, and count it as asked.

    Nobody may know whether the mail arrived, when the mail server broke off; now it is known.
    """
    mailing.note_way_in(link)
    return open_response(link.invitation, at=at)
