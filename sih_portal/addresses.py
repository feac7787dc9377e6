"""Absolute addresses of public pages, in each language: what leaves the portal names the one public host."""

from typing import Protocol

from django.conf import settings
from django.utils import translation


class HasPage(Protocol):
    def get_absolute_url(self) -> str: ...


def page_address(row: HasPage, language: str) -> str:
    with translation.override(language):
        return f"{settings.SITE_URL}{row.get_absolute_url()}"


def page_addresses(row: HasPage) -> dict[str, str]:
    """`{"en": …, "ja": …}`: the page of a row."""
    return {language: page_address(row, language) for language in ("en", "ja")}
