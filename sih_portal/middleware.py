"""What happens to every request: the admin's language, and refusal of text that no database can hold."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponse]


class AdminLanguage:
    """The admin speaks Japanese unless the member of staff chose otherwise, whatever `Accept-Language` says."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/admin/"):
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
            language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


class ReadableInput:
    """Answers 400 to a query string that is not UTF-8 or holds a NUL: databases differ in what they do with it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: object) -> None:
        """:raises BadRequest: answered as a page or as JSON by the handlers of the address."""
        try:
            text = unquote_to_bytes(request.META.get("QUERY_STRING", "")).decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadRequest(_("The address holds characters that are not valid UTF-8.")) from error
        if "\x00" in text:
            raise BadRequest(_("The address holds a NUL character."))
