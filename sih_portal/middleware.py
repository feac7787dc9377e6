"""What happens to every request: languages of admin and API, refusal of unstorable text, what nobody may keep."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_cache_control

from sih_portal.addresses import is_api, is_respondents
from sih_portal.logs import holds_secret
from sih_portal.query_names import LANG, sift, unreadable

GetResponse = Callable[[HttpRequest], HttpResponse]
NOT_KEPT: Final = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class AddressLanguage(LocaleMiddleware):
    """The language of the address; answers of the API don't depend on `Accept-Language`, and caches may know."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if holds_secret(request):
            # A redirect to the address with its language would tell it once more.
            return response
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


class RespondentsOwn:
    """What the respondents' pages answer, refusals too: kept by nobody, told to no other page, found by no search."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_respondents(request):
            return self.get_response(request)
        if (
            request.headers.get("Origin") == "null"
            and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        ):
            # From a page that names no referrer, browsers send a form without its origin too, and Django would refuse
            # it. No other site can write this header; the token is still checked.
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        response = self.get_response(request)
        for name, value in NOT_KEPT.items():
            response.headers[name] = value
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
