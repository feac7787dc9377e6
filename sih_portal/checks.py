"""System checks: what would lose or garble data is said at start-up, each time with its cure."""

import importlib.util
import sqlite3
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  (Django's own name)
from django.db import connections

from sih_portal.apps import OWN_APPS
from sih_portal.language import unpaired_columns


@register(Tags.compatibility)
def check_sqlite(**_kwargs: Any) -> list[CheckMessage]:
    """SQLite before 3.51.3 can damage a WAL database, so settings fall back to the slower DELETE journal."""
    uses_sqlite = settings.DATABASE["ENGINE"] == "django.db.backends.sqlite3"
    if not uses_sqlite or sqlite3.sqlite_version_info >= settings.SAFE_SQLITE:
        return []
    kind = Error if settings.PRODUCTION else Warning
    return [
        kind(
            f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug; journal_mode=DELETE is in force, which is slower.",
            hint="Run `pip install pysqlite3`, use a Python with SQLite 3.51.3 or newer, or set DATABASE_URL "
            "to PostgreSQL.",
            id="sih_portal.sqlite",
        )
    ]


@register(Tags.database)
def check_postgresql_encoding(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    used = [connections[alias] for alias in databases or () if connections[alias].vendor == "postgresql"]
    return [
        message for connection in used for message in encoding_errors(connection.alias, server_encoding(connection))
    ]


def server_encoding(connection: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        return str(cursor.fetchone()[0])


def encoding_errors(alias: str, encoding: str) -> list[CheckMessage]:
    if encoding == "UTF8":
        return []
    return [
        Error(
            f"The PostgreSQL database {alias!r} stores text as {encoding}; Japanese needs UTF8.",
            hint="Make it anew: createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 <name>.",
            id="sih_portal.encoding",
        )
    ]


@register(Tags.models)
def check_language_pairs(*, app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    own = [apps.get_app_config(label) for label in OWN_APPS]
    return [
        Error(
            f"{model._meta.label}.{name} exists in one language only.",
            hint="Texts are pairs of columns: add the other of _en and _ja.",
            obj=model,
            id="sih_portal.languages",
        )
        for app in own
        if app_configs is None or app in app_configs
        for model in app.get_models()
        for name in unpaired_columns(model)
    ]


@register(Tags.compatibility)
def check_database_driver(**_kwargs: Any) -> list[CheckMessage]:
    """Django silently prefers psycopg 3 where it can be imported; everything here was measured with psycopg2."""
    if not importlib.util.find_spec("psycopg"):
        return []
    return [
        Error(
            "psycopg (3) is installed and would silently take the place of psycopg2.",
            hint="Run `pip uninstall psycopg`, and look for the package that brought it.",
            id="sih_portal.psycopg",
        )
    ]
