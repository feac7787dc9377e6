"""How a published case is cited: one text for page and paper, naming the version that was read."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sih_portal.language import in_language
from sih_portal.years import day

from .models.edition import Edition


def version_address(edition: Edition) -> str:
    """Where this version stays, on the page of the language in use."""
    return f"{settings.SITE_URL}{reverse('practices:practice-version', args=[edition.slug, edition.version])}"


def citation(edition: Edition, language: str, *, accessed_on: date) -> str:
    """Institution, title, portal, version, date, address and day of access, in the style of `language`.

    In Japanese the day of access goes without its era.
    """
    with translation.override(language):
        pattern = _(
            "%(institution)s: “%(title)s”. SIH Portal, version %(version)s, %(date)s. %(url)s (accessed %(accessed)s)"
        )
        return pattern % {
            "institution": in_language(edition.institution, "name"),
            "title": in_language(edition, "title"),
            "version": edition.version,
            "date": day(edition.published_at),
            "url": version_address(edition),
            "accessed": day(accessed_on, with_era=False),
        }
