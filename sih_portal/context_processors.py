"""What every page template can name."""

from django.conf import settings
from django.http import HttpRequest


def portal(_request: HttpRequest) -> dict[str, object]:
    return {"contact_email": settings.CONTACT_EMAIL, "site_url": settings.SITE_URL}
