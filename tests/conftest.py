"""What every test runs under: no network, no undefined template variable, no order nobody asked for."""

import inspect
import ipaddress
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.template.base import Node
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed
from factory.django import DjangoModelFactory

from sih_portal.catalogue import PO_FILE, compile_catalogue
from sih_portal.kept import forget
from survey.freezing import freeze, thaw
from survey.models import Questionnaire
from tests import desk_guard, loaded, version_guard

OWN_TEMPLATES = settings.BASE_DIR / "templates"
DATABASES = {"db", "transactional_db", "live_server", "serialized_db"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `ONLY_WITH_DATABASE`: what needs no database says the same on each, and `tests/run.py` runs it once."""
    if not os.environ.get("ONLY_WITH_DATABASE"):
        return
    kept = [item for item in items if needs_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not needs_database(item)])
    items[:] = kept


def needs_database(item: pytest.Item) -> bool:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return item.get_closest_marker("django_db") is not None or not DATABASES.isdisjoint(fixtures)


class Undefined(str):
    """Stands for a variable that a template names and nobody defined. Django puts its name in place of %s.

    Templates of other packages (the admin's above all) rely on undefined variables: they get "".
    """

    __slots__ = ()

    def __mod__(self, name: object) -> str:
        if template := rendering_template():
            pytest.fail(f"{template}: {name} is not defined")
        return ""

    def __str__(self) -> str:
        return self % "the result of a call"


def rendering_template() -> Path | None:
    """Our template that is being rendered now; None when it is another package's."""
    frame = inspect.currentframe()
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and hasattr(node, "origin"):
            path = Path(node.origin.name)
            return path if path.is_relative_to(OWN_TEMPLATES) else None
        frame = frame.f_back
    return None


def pytest_configure() -> None:
    options: Any = settings.TEMPLATES[0]["OPTIONS"]
    options["string_if_invalid"] = Undefined("%s")
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.AXES_ENABLED = False
    rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    rates["anon"] = "1000000/min"
    guards = ["tests.desk_guard.DeskGuard", "tests.version_guard.VersionGuard"]
    settings.MIDDLEWARE = [*guards, *settings.MIDDLEWARE]
    compile_catalogue()
    # Django read the old one while it started.
    translation_file_changed(None, PO_FILE.with_suffix(".mo"))


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuses every connection that leaves the machine."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, method, only_loopback(getattr(socket.socket, method)))
        yield


def only_loopback(call: Any) -> Any:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_loopback(address[0]):
            pytest.fail(f"A test reached for the network: {address}")
        return call(self, *arguments)

    return guarded


def is_loopback(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.fixture(autouse=True, scope="session")
def shuffled_querysets() -> Iterator[None]:
    """A result without an order comes in any order, as PostgreSQL may return it."""
    fetch_all = QuerySet._fetch_all

    def fetch_shuffled(self: QuerySet[Any]) -> None:
        fresh = self._result_cache is None
        fetch_all(self)
        if fresh and not self.ordered and self._result_cache:
            random.shuffle(self._result_cache)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "_fetch_all", fetch_shuffled)
        yield


@pytest.fixture(autouse=True)
def fresh_factories() -> None:
    """Factories count from their start in every test, so what they make does not depend on the tests before."""
    for factory in DjangoModelFactory.__subclasses__():
        factory.reset_sequence(force=True)


@pytest.fixture(autouse=True)
def portal_language() -> Iterator[None]:
    """Every test starts in the portal's language, not in the one a page of the test before was made in."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def no_desk_leak() -> Iterator[None]:
    """Fails the test in which a public request read the desk, even where a view swallowed the refusal."""
    desk_guard.leaks.clear()
    yield
    assert desk_guard.leaks == []


@pytest.fixture(autouse=True)
def told_caches() -> Iterator[None]:
    """Fails the test in which a request changed public data in silence, or told of a draft."""
    version_guard.faults.clear()
    yield
    assert version_guard.faults == []


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What one test kept is not found by the next."""
    cache.clear()
    forget()


@pytest.fixture(autouse=True)
def thawed_before_tables_are_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test with transactions of its own ends with every table emptied: frozen ones refuse."""
    yield
    marker = request.node.get_closest_marker("django_db")
    is_emptied = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if is_emptied and Questionnaire.objects.filter(frozen_at__isnull=False).exists():
        with connection.cursor() as cursor:
            editor = SimpleNamespace(connection=connection, execute=cursor.execute)
            thaw(None, editor)
            Questionnaire.objects.update(frozen_at=None, sha256="")
            freeze(None, editor)


@pytest.fixture
def loaded_source(db: None) -> None:
    """The whole source, loaded and published."""
    loaded.load()
