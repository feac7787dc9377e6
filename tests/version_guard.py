"""Runs inside every other test: who changes public data tells the caches, and nobody else does.

Installed as middleware. A request that wrote a public table must have bumped the data version; one that did not must
have left it alone: the moment alone would tell that a draft is being written. Saving an account writes its names,
which versions show, whether they changed or not: that may bump it and need not. The same holds for the survey's
records, which only a public release shows.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.apps import apps
from django.db import connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from sih_portal.models import DataVersion
from tests.desk_guard import DESK_TABLES, ONLY_WRITTEN

VERSION_TABLE: Final = DataVersion._meta.db_table
SEARCH_TABLES: Final = {"practices_search", "practices_search_order", "practices_search_stored"}
WRITE: Final = re.compile(r'\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)"?')


def tables_of(model: type[Model]) -> set[str]:
    return {model._meta.db_table, *(relation.m2m_db_table() for relation in model._meta.local_many_to_many)}


PUBLIC_TABLES: Final = frozenset(
    table
    for app in ("universities", "practices")
    for model in apps.get_app_config(app).get_models()
    for table in tables_of(model)
    if table not in DESK_TABLES | ONLY_WRITTEN
) | frozenset(SEARCH_TABLES)
# Public as the case may be: names of people, and what a release of figures needs.
DOUBTFUL_TABLES: Final = frozenset({"auth_user"}).union(*map(tables_of, apps.get_app_config("survey").get_models()))

faults: list[str] = []


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables written within. The version's first row is no bump."""
    tables: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if (found := WRITE.match(sql)) and (found[2] != VERSION_TABLE or found[1] == "UPDATE"):
            tables.add(found[2])
        return execute(sql, params, many, context)

    opened = [connection.execute_wrapper(watch) for connection in connections.all()]
    for wrapper in opened:
        wrapper.__enter__()
    try:
        yield tables
    finally:
        for wrapper in reversed(opened):
            wrapper.__exit__(None, None, None)


def fault_of(tables: set[str]) -> str:
    """What is wrong with writing these tables in one go; empty when nothing is."""
    public = sorted(tables & PUBLIC_TABLES)
    if public and VERSION_TABLE not in tables:
        return f"wrote {public[0]} and did not bump the data version"
    if VERSION_TABLE in tables and not public and not tables & DOUBTFUL_TABLES:
        return f"bumped the data version and wrote no public table, only {sorted(tables - {VERSION_TABLE})}"
    return ""


class VersionGuard:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with written() as tables:
            response = self.get_response(request)
        if response.status_code < 400 and (fault := fault_of(tables)):
            faults.append(f"{request.method} {request.path}: {fault}")
        return response
