"""Public data kept in the cache, each under a key of its own: never a whole answer, never anything of a visitor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from sih_portal.deployed import code_hash
from sih_portal.models import DataVersion

Value = TypeVar("Value")
DAY: Final = 24 * 60 * 60  # seconds; old versions go by themselves
MISSING: Final = "missing"

_version: ContextVar[str] = ContextVar("version of the public data", default="")
_held: Final[dict[str, tuple[str, Any]]] = {}


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
    key = f"kept:{code_hash()}:{_current()}:{get_language()}:{name}"
    found = cache.get(key, MISSING)
    if found != MISSING:
        return cast("Value", found)
    made = make()
    cache.set(key, made, DAY)
    return made


def held(name: str, make: Callable[[], Value]) -> Value:
    """As `cached`, in the memory of this process: for what a search reads whole each time.

    What is in a language has it in its `name`.

    All threads share what it returns. The last version alone is held, so `name` must come from a fixed set.
    """
    if settings.DEBUG:
        return make()
    version = _current()
    known = _held.get(name)
    if known is None or known[0] != version:
        known = _held[name] = (version, make())
    return cast("Value", known[1])


def forget() -> None:
    """This will empty the memory of this process."""
    _held.clear()


def _current() -> str:
    return _version.get() or DataVersion.objects.current()
