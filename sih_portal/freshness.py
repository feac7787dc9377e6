"""Says 304 instead of sending an answer again: while the public data are the same, so is every public answer."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from sih_portal.addresses import is_api, is_respondents
from sih_portal.deployed import code_hash
from sih_portal.kept import at
from sih_portal.language import LANGUAGES
from sih_portal.models import DataVersion

ANYTHING: Final = "*"
PUBLIC: Final = ("/api/", "/sitemap.xml", *(f"/{language}/" for language in LANGUAGES))
# What pages print that is neither data nor code.
PRINTED: Final = ("SITE_URL", "CONTACT_EMAIL", "CONTENT_LICENCE", "TIME_ZONE")
PRIVATE: Final = ("no-store", "private")


class Freshness:
    """Gives public answers a weak ETag and answers 304, before any view runs, to whoever has that answer already.

    The version of the data is read before the data are: an answer never claims to be newer than it is. Proxies that
    compress change the bytes, so the tag is weak. A 304 costs one query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """:raises MiddlewareNotUsed: while developing, when templates change under the running process."""
        if settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or not request.path_info.startswith(PUBLIC) or is_respondents(request):
            return self.get_response(request)
        version = DataVersion.objects.current()
        etag = etag_of(request, version)
        known = known_to(request)
        if etag in known:
            return not_modified(request, etag)
        with at(version):
            response = self.get_response(request)
        if not is_for_everybody(response):
            return response
        if ANYTHING in known:
            return not_modified(request, etag)
        response.headers.setdefault("ETag", etag)
        return response


def etag_of(request: HttpRequest, version: str) -> str:
    """Everything a public answer depends on: data, address, language, form, code, settings, and the day it prints."""
    depends_on = (
        version,
        request.path_info,
        request.META.get("QUERY_STRING", ""),
        request.headers.get("Accept", "") if is_api(request) else "",
        get_language() or "",
        code_hash(),
        timezone.localdate().isoformat(),
        *(str(getattr(settings, name)) for name in PRINTED),
    )
    digest = blake2b("\0".join(depends_on).encode("utf-8", "surrogatepass"), digest_size=16)
    return f'W/"{digest.hexdigest()}"'


def known_to(request: HttpRequest) -> set[str]:
    """The tags of answers the visitor has; compared weakly, as for 304 they must be (RFC 9110, 13.1.2)."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return {tag if tag == ANYTHING else f"W/{tag.removeprefix('W/')}" for tag in tags}


def is_for_everybody(response: HttpResponse) -> bool:
    control = response.headers.get("Cache-Control", "")
    return response.status_code == 200 and not response.cookies and not any(word in control for word in PRIVATE)


def not_modified(request: HttpRequest, etag: str) -> HttpResponse:
    response = HttpResponseNotModified(headers={"ETag": etag})
    if is_api(request):
        patch_vary_headers(response, ["Accept"])
    return response
