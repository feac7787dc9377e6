"""Public data kept in the cache, each under a key of its own: never a whole answer, never anything of a visitor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from sih_portal.deployed import code_hash
from sih_portal.models import DataVersion

Value = TypeVar("Value")
DAY: Final = 24 * 60 * 60  # seconds; old versions go by themselves
MISSING: Final = "missing"

_version: ContextVar[str] = ContextVar("version of the public data", default="")


@contextmanager
def at(version: str) -> Iterator[None]:
    """Within, `cached` takes the data for this version: it was read before them, so they are as new or newer."""
    token = _version.set(version)
    try:
        yield
    finally:
        _version.reset(token)


def cached(name: str, make: Callable[[], Value]) -> Value:
    """What `make` gives for the public data of now, in the language of now; made again when they change.

    `name` holds everything else it depends on. `make` must read public data only. One query at most, besides those
    of `make`; none inside a request for a page or the API.
    """
    if settings.DEBUG:
        return make()
    key = f"kept:{code_hash()}:{_version.get() or DataVersion.objects.current()}:{get_language()}:{name}"
    found = cache.get(key, MISSING)
    if found != MISSING:
        return cast("Value", found)
    made = make()
    cache.set(key, made, DAY)
    return made
