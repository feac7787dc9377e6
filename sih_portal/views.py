"""Home, about, health, and what is shown when something is refused."""

import sys
from contextlib import suppress
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import ListView, TemplateView

from practices.completing import frequent
from practices.models.publication import Publication
from practices.models.theme import Theme
from practices.overview import overview
from sih_portal.addresses import is_api, is_respondents
from sih_portal.kept import cached
from sih_portal.logs import holds_secret
from sih_portal.trouble import calm_session, held_form, passes
from survey.views.respondent import no_way_in, not_saved
from universities.models import Programme

RETRY_AFTER: Final = "30"  # seconds
LOCKED_FOR: Final = settings.AXES_COOLOFF_TIME * 60 * 60  # seconds
PLAIN: Final = "text/plain; charset=utf-8"
ROBOTS: Final = """\
User-agent: *
Disallow: /admin/
Disallow: /*/practices/?
Disallow: /*/practices/compare/
Disallow: /*/practices/feed/?
Disallow: /*/words/suggestions/
Disallow: /*/answer/

Sitemap: {site_url}/sitemap.xml
"""
PAUSE: Final = gettext_noop("The portal can't reach its database just now. Please try again in a little while.")
FAULT: Final = gettext_noop("Something went wrong on our side.")
EXPIRED: Final = gettext_noop(
    "The form was open for too long, or cookies are switched off. Go back, reload the page and send it again."
)


def choose_language(request: HttpRequest) -> HttpResponse:
    """The browser's language decides, no cookie: shared caches may keep the answer by `Accept-Language`."""
    response = redirect(f"/{_preferred_language(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _preferred_language(request: HttpRequest) -> str:
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        with suppress(LookupError):
            return get_supported_language_variant(code)
    return settings.LANGUAGE_CODE


class Home(TemplateView):
    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        themes = Theme.objects.with_practice_count().with_programme_action_count().order_by("number")
        table = cached("overview", _overview)
        return super().get_context_data(**kwargs, overview=table, themes=themes, words=frequent())


def _overview() -> str:
    return render_to_string("practices/partials/overview.html", {"overview": overview()})


class About(ListView[Programme]):
    """What the programme was, what it published, and how the portal's texts were made."""

    template_name = "about.html"
    context_object_name = "programmes"

    def get_queryset(self) -> QuerySet[Programme]:
        return Programme.objects.with_roles().order_by("first_fiscal_year", "slug")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        publications = Publication.objects.with_chapters().in_time_order()
        return super().get_context_data(publications=publications, content_licence=settings.CONTENT_LICENCE, **context)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS.format(site_url=settings.SITE_URL), content_type=PLAIN)


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether the process is alive. It asks no database: a restart would not mend that one."""
    return HttpResponse("ok\n", content_type=PLAIN)


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Whether pages can be served: the database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return _not_ready("the database does not answer\n")
    if pending:
        return _not_ready("migrations are missing\n")
    return HttpResponse("ready\n", content_type=PLAIN)


def _not_ready(reason: str) -> HttpResponse:
    return HttpResponse(reason, status=503, content_type=PLAIN, headers={"Retry-After": RETRY_AFTER})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The text of a BadRequest is written for people; that of other errors is not and stays unsaid."""
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return _refusal(request, 400, reason or _("The request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (may name inner things)
    return _refusal(request, 403, _("This page is not open to you."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (English, for developers)
    if is_respondents(request) and not holds_secret(request):
        return not_saved(request, _(EXPIRED), status=403)
    return _refusal(request, 403, _(EXPIRED))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (may name inner things)
    if holds_secret(request):
        return no_way_in(request)
    return _refusal(request, 404, _("There is no page at this address."))


def _refusal(request: HttpRequest, status: int, reason: str) -> HttpResponse:
    if is_api(request):
        return _json({"detail": reason, "errors": []} if status == 400 else {"detail": reason}, status)
    if holds_secret(request):
        return HttpResponse(render_to_string("refused.html", {"reason": reason}), status=status)
    return render(request, f"{status}.html", {"reason": reason}, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours (500), or a database that does not answer for a while (503: worth another try).

    Rendered without the request: no context processor, no query, nothing that could fail again.
    """
    if passes(sys.exception()):
        return _pause(request)
    if is_api(request):
        return _json({"detail": _(FAULT)}, 500)
    return HttpResponse(render_to_string("500.html"), status=500)


def _pause(request: HttpRequest) -> HttpResponse:
    calm_session(request)
    headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
    if is_api(request):
        return _json({"detail": _(PAUSE)}, 503, headers)
    held = held_form(request)
    can_be_asked_again = request.method in {"GET", "HEAD"} and not holds_secret(request)
    address = request.get_full_path() if can_be_asked_again else ""
    page = render_to_string("503.html", {"held": held, "was_sent": request.method == "POST", "address": address})
    return HttpResponse(page, status=503, headers=headers)


def locked_out(request: HttpRequest, *_details: object) -> HttpResponse:
    """Says that an account is locked, whether there is such an account or not."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(LOCKED_FOR)
    return response


def _json(body: dict[str, object], status: int, headers: dict[str, str] | None = None) -> JsonResponse:
    """As the framework of the API writes it: Japanese as it is."""
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})
