"""Links by which respondents come in. A token is nowhere but in the mail it was made for: stored is its hash."""

import hashlib
import secrets
from datetime import datetime
from typing import Final

from django.conf import settings

from survey.models import Invitation, InvitationLink

BYTES: Final = 32
LONGEST_TOKEN: Final = 100


def issue(invitation: Invitation, *, at: datetime) -> str:
    """This will make a new link beside those that are valid already, and return its token. One query."""
    token = secrets.token_urlsafe(BYTES)
    InvitationLink.objects.create(invitation=invitation, token_hash=digest(token), issued_at=at)
    return token


def revoke(invitation: Invitation, *, at: datetime) -> int:
    """This will close every link of the invitation, and return how many were open."""
    return invitation.links.filter(revoked_at=None).update(revoked_at=at)


def discard(token: str) -> None:
    """This will forget a link whose mail never left."""
    InvitationLink.objects.filter(token_hash=digest(token)).delete()


def find_link(token: str) -> InvitationLink | None:
    """The valid link of a token, with its invitation and round; None for a revoked one, an unknown one, anything."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    links = InvitationLink.objects.select_related("invitation__round")
    return links.filter(token_hash=digest(token), revoked_at=None).first()


def digest(token: str) -> str:
    """Plain SHA-256 does: nobody guesses 256 random bits, and the index finds no token by its beginning."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def address_of(token: str, language: str) -> str:
    """Where the mail points. The host is the portal's own, whatever host somebody asked by."""
    return f"{settings.SITE_URL}/{language}/answer/open/{token}/"
