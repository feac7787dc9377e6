"""Every public answer shows the data of one moment: what is published meanwhile is in all of it or in none of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponseBase

from sih_portal.freshness import PUBLIC


@contextmanager
def one_moment() -> Iterator[None]:
    """All queries within see the data as of the first of them. Writers neither wait for it nor are waited for.

    `docs/adr/0006-one-moment.md` tells why. Inside a transaction it does nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    reading = transaction.atomic()
    with _without_a_lock():
        reading.__enter__()
    with ExitStack() as stack:
        stack.push(reading)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def _without_a_lock() -> Iterator[None]:
    """On SQLite the transactions of the settings lock out every writer from their start; one begun within does not."""
    database: Any = connection
    usual = getattr(database, "transaction_mode", None)
    database.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        database.transaction_mode = usual


class OneMoment:
    """A streamed answer holds its moment until it is sent; a file needs none, its row was read before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"} or not request.path_info.startswith(PUBLIC):
            return self.get_response(request)
        with ExitStack() as stack:
            stack.enter_context(one_moment())
            response = self.get_response(request)
            if response.streaming and not isinstance(response, FileResponse):
                streamed: Any = response
                streamed._resource_closers.append(stack.pop_all().close)
        return response
