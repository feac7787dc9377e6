"""The portal's addresses and, for tests only, some that answer with one refusal each: /ja/refused/503/."""

from collections.abc import Callable
from typing import Final

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from sih_portal import urls
from sih_portal.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def forbid(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def lock_out(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


def fail(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def pause(_request: HttpRequest) -> HttpResponse:
    raise OperationalError


REFUSALS: Final[dict[int, Callable[[HttpRequest], HttpResponse]]] = {403: forbid, 429: lock_out, 500: fail, 503: pause}
refused = [path(f"refused/{status}/", view) for status, view in REFUSALS.items()]
urlpatterns = [*urls.urlpatterns, *i18n_patterns(*refused)]
