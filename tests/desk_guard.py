"""The leak test that runs inside every other: no public request may name a desk table or a password in its SQL.

Installed as middleware for the whole suite. A request counts as public unless it goes to the admin with a session;
who signs in there has none yet, and may be asked for the password.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from practices.models.desk import PARTS, GoodPractice, SavedFilter, TextPair, Transition
from practices.models.fruitless import FruitlessQuery

DESK_MODELS: tuple[type[Model], ...] = (GoodPractice, Transition, TextPair, SavedFilter, *PARTS.values())
DESK_TABLES = frozenset(
    table
    for model in DESK_MODELS
    for table in (
        model._meta.db_table,
        *(relation.m2m_db_table() for relation in model._meta.local_many_to_many),
    )
)
# Readers' searches are counted there, and nobody but the desk reads them.
ONLY_WRITTEN = frozenset({FruitlessQuery._meta.db_table})
PASSWORD = '"auth_user"."password"'
Guard = Callable[..., Any]


class DeskLeak(AssertionError):
    """A public request read what only the desk may read."""


leaks: list[str] = []


def refuse_desk_tables(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    is_reading = sql.lstrip().upper().startswith("SELECT")
    refused = DESK_TABLES | ONLY_WRITTEN if is_reading else DESK_TABLES
    named = [table for table in refused if f'"{table}"' in sql]
    if named:
        leaks.append(f"{named[0]}: {sql}")
        raise DeskLeak(leaks[-1])
    return execute(sql, params, many, context)


def refuse_passwords(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if PASSWORD in sql:
        leaks.append(f"password: {sql}")
        raise DeskLeak(leaks[-1])
    return execute(sql, params, many, context)


@contextmanager
def refusing(*guards: Guard) -> Iterator[None]:
    with ExitStack() as stack:
        for connection in connections.all():
            for guard in guards:
                stack.enter_context(connection.execute_wrapper(guard))
        yield


def guarded(content: Iterable[Any], *guards: Guard) -> Iterator[Any]:
    """The same pieces; what is read while they are made is read under the guard too."""
    pieces = iter(content)
    while True:
        with refusing(*guards):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


class DeskGuard:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_office = request.path_info.startswith("/admin/")
        if is_office and settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        guards = (refuse_desk_tables,) if is_office else (refuse_desk_tables, refuse_passwords)
        with refusing(*guards):
            response = self.get_response(request)
        if response.streaming:
            streamed: Any = response
            streamed.streaming_content = guarded(streamed.streaming_content, *guards)
        return response
