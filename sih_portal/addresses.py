"""Addresses: of public pages in each language, on the one public host; and which ones are the API's."""

from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from sih_portal.language import LANGUAGES


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
