"""Addresses: of public pages in each language, on the one public host; which ones are the API's, or respondents'."""

from typing import Final, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from sih_portal.language import LANGUAGES

RESPONDENTS: Final = ("/answer/", *(f"/{language}/answer/" for language in LANGUAGES))


class HasPage(Protocol):
    def get_absolute_url(self) -> str: ...


def page_address(row: HasPage, language: str) -> str:
    with translation.override(language):
        return f"{settings.SITE_URL}{row.get_absolute_url()}"


def page_addresses(row: HasPage) -> dict[str, str]:
    """`{"en": …, "ja": …}`: the page of a row."""
    return {language: page_address(row, language) for language in LANGUAGES}


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def is_respondents(request: HttpRequest) -> bool:
    """Whether somebody answers the survey there: what it shows is one institution's own."""
    return request.path_info.startswith(RESPONDENTS)
