import importlib.util
import sqlite3
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.db import connection, models
from django.test.utils import isolate_apps

from sih_portal import checks
from sih_portal.language import unpaired_columns


def levels(messages: list[CheckMessage]) -> list[tuple[str, int]]:
    return [(str(message.id), message.level) for message in messages]


@pytest.mark.parametrize(
    ("version", "production", "expected"),
    [
        ((3, 51, 2), False, [("sih_portal.sqlite", 30)]),
        ((3, 51, 2), True, [("sih_portal.sqlite", 40)]),
        ((3, 51, 3), True, []),
    ],
)
def test_sqlite_with_the_wal_bug_is_an_error_only_in_production(
    settings: Any, monkeypatch: pytest.MonkeyPatch, version: Any, production: bool, expected: Any
) -> None:
    settings.DATABASE = {"ENGINE": "django.db.backends.sqlite3"}
    settings.PRODUCTION = production
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)

    messages = checks.check_sqlite()

    assert levels(messages) == expected


def test_sqlite_does_not_matter_on_postgresql(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATABASE = {"ENGINE": "django.db.backends.postgresql"}
    settings.PRODUCTION = True
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))

    assert checks.check_sqlite() == []


@pytest.mark.parametrize(("encoding", "expected"), [("UTF8", []), ("SQL_ASCII", [("sih_portal.encoding", 40)])])
def test_postgresql_must_store_utf8(encoding: str, expected: Any) -> None:
    assert levels(checks.encoding_errors("default", encoding)) == expected


@pytest.mark.django_db
def test_this_database_is_asked_for_its_encoding() -> None:
    assert checks.check_postgresql_encoding(databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has a server encoding")
def test_server_encoding_is_read_from_postgresql() -> None:
    assert checks.server_encoding(connection) == "UTF8"


def test_every_text_column_has_its_pair() -> None:
    assert checks.check_language_pairs() == []


@isolate_apps("universities")
def test_a_column_in_one_language_is_found() -> None:
    class Half(models.Model):  # noqa: DJ008
        name_en = models.TextField()
        name_ja = models.TextField()
        aim_ja = models.TextField()

        class Meta:
            app_label = "universities"

    assert unpaired_columns(Half) == ["aim_ja"]


@pytest.mark.parametrize(("found", "expected"), [(None, []), ("spec", [("sih_portal.psycopg", 40)])])
def test_psycopg_three_is_refused(monkeypatch: pytest.MonkeyPatch, found: Any, expected: Any) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", {"psycopg": found}.get)

    messages = checks.check_database_driver()

    assert levels(messages) == expected
