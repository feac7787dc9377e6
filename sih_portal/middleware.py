"""What happens to every request: the language of admin and API, and refusal of text that no database can hold."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_cache_control

from sih_portal.addresses import is_api
from sih_portal.query_names import LANG, sift, unreadable

GetResponse = Callable[[HttpRequest], HttpResponse]


class AddressLanguage(LocaleMiddleware):
    """The language of the address; answers of the API don't depend on `Accept-Language`, and caches may know."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        depends_on = response.headers.get("Vary")
        answered = super().process_response(request, response)
        if is_api(request):
            del answered["Vary"]
            if depends_on:
                answered["Vary"] = depends_on
        return answered


class FixedLanguage:
    """Admin and API do not follow `Accept-Language`; pages carry their language in the address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/admin/"):
            speak(_language_of_staff(request), request)
        elif is_api(request):
            speak(_language_of_api(request), request)
        return self.get_response(request)


def speak(language: str, request: HttpRequest) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _language_of_staff(request: HttpRequest) -> str:
    """Japanese unless the member of staff chose otherwise."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _language_of_api(request: HttpRequest) -> str:
    """English unless `lang` says otherwise; a query that can't be read is refused later, in English."""
    try:
        chosen, _refusals = sift(request.GET, LANG)
    except SuspiciousOperation:
        return "en"
    return chosen[0] if chosen else "en"


class ReadableInput:
    """Answers 400 to a page whose query string is not UTF-8 or holds a NUL. The API refuses those by itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: object) -> None:
        """:raises BadRequest: answered as a page by the handler of the project."""
        if not is_api(request) and (refusals := unreadable(request.META.get("QUERY_STRING", ""))):
            raise BadRequest(refusals[0].message)


class FreshAnswers:
    """Lets browsers keep a page only to ask again. Without it they keep a 410 for good, even when the case is back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        return response


class EmptyHeads:
    """Answers HEAD with the headers of GET and nothing else: a server would drop the body, and say so in its log."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        response = self.get_response(request)
        if request.method == "HEAD" and not isinstance(response, FileResponse):
            setattr(response, "streaming_content" if response.streaming else "content", b"")
        return response
