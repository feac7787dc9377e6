"""The search call beside its own SQL, and what the page adds to it."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.signals import request_finished, request_started
from django.utils import translation

from benchmarks.queries import Asking
from benchmarks.statements import recorded, replay
from benchmarks.timing import Pace, Task, compare
from benchmarks.visits import visiting
from practices.results import results_context
from sih_portal.kept import at
from sih_portal.models import DataVersion


def searching(asking: Asking) -> Callable[[], dict[str, Any]]:
    """The search call as a request makes it: the version of the data is read once, before them."""
    params = asking.params

    def call() -> dict[str, Any]:
        with translation.override("ja"), at(DataVersion.objects.current()):
            return results_context(params)

    return call


def against_sql(asked: Sequence[Asking], pace: Pace) -> dict[str, Any]:
    """Sides `call` and `sql`: a warm search call, and the statements of one."""
    return compare([_against_sql(asking) for asking in asked], pace)


def _against_sql(asking: Asking) -> Task:
    call = searching(asking)
    hits = call()["answer"].total
    statements = recorded(call)
    about = {"query": asking.query, "hits": hits, "statements": len(statements)}
    return Task(asking.kind, {"call": call, "sql": lambda: replay(statements)}, about)


def page(asked: Sequence[Asking], pace: Pace) -> dict[str, Any]:
    """Sides `page` and `call`: the whole HTML page, and the search call on a connection got as a request gets it."""
    return compare([_page(asking) for asking in asked], pace)


def _page(asking: Asking) -> Task:
    search = searching(asking)

    def call() -> None:
        request_started.send(sender=None)
        search()
        request_finished.send(sender=None)

    return Task(
        asking.kind, {"page": visiting(address("/ja/practices/", asking)), "call": call}, {"query": asking.query}
    )


def address(path: str, asking: Asking) -> str:
    return f"{path}?{urlencode(list(asking.params.items()))}"
