"""Word documents as answers."""

from django.http import HttpResponse

from sih_portal.downloads import attachment
from sih_portal.word import CONTENT_TYPE


def word_file(name: str, language: str, content: bytes) -> HttpResponse:
    """A download; `name` is made of slugs."""
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=attachment(f"{name}-{language}.docx"))
