"""What an uploaded file said, for a page to carry from its preview to the confirmation: signed, and kept nowhere."""

from typing import Any, Final

from django.core import signing
from django.core.exceptions import BadRequest
from django.http import HttpRequest

from survey.models import Round

PREVIEW_SECONDS: Final = 24 * 60 * 60


def salt(request: HttpRequest, survey_round: Round, kind: str) -> str:
    return f"survey.{kind}.{survey_round.pk}.{request.user.pk}"


def sealed(rows: Any, *, request: HttpRequest, survey_round: Round, kind: str) -> str:
    """Signed for this round, this kind of file and this person."""
    return signing.dumps(rows, salt=salt(request, survey_round, kind), compress=True)


def unsealed(*, request: HttpRequest, survey_round: Round, kind: str) -> Any:
    """:raises BadRequest: when this is no preview that the portal made for this person today."""
    try:
        return signing.loads(request.POST["rows"], salt=salt(request, survey_round, kind), max_age=PREVIEW_SECONDS)
    except signing.BadSignature as error:
        raise BadRequest from error
