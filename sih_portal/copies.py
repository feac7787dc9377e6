"""Consistent copies of a whole database and back, one class per engine: SQLite's own backup, PostgreSQL's own dump."""

import shutil
import sqlite3
import subprocess  # PostgreSQL's own programs, found by path, without a shell
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Protocol

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from sih_portal.backups import State, Table, table_of

PATIENCE: Final = 10  # seconds in which readers and writers may finish; behind a restore that waits, others queue
IN_USE: Final = "Somebody is still reading or writing the database: stop the portal first, then restore again."
LOCK_NOT_AVAILABLE: Final = "55P03"
PROGRAMS: Final = Path("/usr/lib/postgresql")  # Debian keeps them there, one folder per version
VIRTUAL: Final = "CREATE VIRTUAL"
READ_ONLY: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
HASH_OF_A_TABLE: Final = """
    SELECT count(*), md5(coalesce(string_agg(hash, '' ORDER BY hash COLLATE "C"), ''))
    FROM (SELECT md5(entry::text) AS hash FROM {table} AS entry) AS hashes
"""
# Those that came with the database itself or with an extension stay.
FUNCTIONS_OF_TRIGGERS: Final = """
    SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger
    JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[]) AND pronamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""


class CopyFailed(Exception):
    """The text says why, for the person at the console."""


class Copy(Protocol):
    """How one engine copies its database into a file, and back."""

    engine: str

    def save(self, target: Path) -> State:
        """This will write the database as it is at one moment, and tell what it holds."""

    def is_empty(self) -> bool: ...

    def bring_back(self, source: Path) -> None:
        """This will replace the whole database by the copy, or leave it as it is when that fails."""

    def state(self) -> State: ...


def copy_of_the_engine() -> Copy:
    return SQLiteCopy() if connection.vendor == "sqlite" else PostgreSQLCopy()


def applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


class SQLiteCopy:
    engine = "sqlite"

    def __init__(self) -> None:
        self.path = Path(str(connection.settings_dict["NAME"]))

    def save(self, target: Path) -> State:
        with closing(self._open()) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return self.state(target)

    def is_empty(self) -> bool:
        with closing(self._open()) as live:
            return not live.execute("SELECT 1 FROM sqlite_master").fetchall()

    def bring_back(self, source: Path) -> None:
        """Written through SQLite in one transaction: whoever reads meanwhile sees the old or the new."""
        connection.close()
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(self.path, timeout=0)) as live:
            _refuse_damage(copy)
            try:
                copy.backup(live, progress=_lose_patience_after(PATIENCE))
            except sqlite3.Error as error:
                raise CopyFailed(f"SQLite says: {error}") from error

    def state(self, path: Path | None = None) -> State:
        with closing(sqlite3.connect(path or self.path)) as copy:
            _refuse_damage(copy)
            told = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
            names = [name for name, sql in told if not (sql or "").startswith(VIRTUAL)]
            migrations = [f"{app}.{name}" for app, name in copy.execute("SELECT app, name FROM django_migrations")]
            tables = {name: table_of(copy.execute(f'SELECT * FROM "{name}"')) for name in names}  # noqa: S608  # nosec B608
        return State(engine=self.engine, migrations=sorted(migrations), tables=tables)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=connection.settings_dict["OPTIONS"]["timeout"])


def _lose_patience_after(seconds: float) -> Callable[[int, int, int], None]:
    """SQLite itself would try for ever."""
    end = time.monotonic() + seconds

    def progress(status: int, _remaining: int, _total: int) -> None:
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > end:
            raise CopyFailed(IN_USE)

    return progress


def _refuse_damage(database: sqlite3.Connection) -> None:
    """:raises CopyFailed: when SQLite finds its file damaged."""
    answer = database.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise CopyFailed(f"SQLite says that the database is damaged: {answer}")


class PostgreSQLCopy:
    engine = "postgresql"

    def save(self, target: Path) -> State:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(READ_ONLY)
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            self._run("pg_dump", [*options, f"--file={target}"])
            return self._state(cursor)

    def is_empty(self) -> bool:
        return not connection.introspection.table_names()

    def bring_back(self, source: Path) -> None:
        """As one transaction: PostgreSQL shows others the old or the new."""
        script = source.with_suffix(".sql")
        self._run("pg_restore", ["--no-owner", "--no-privileges", f"--file={script}", str(source)], database=False)
        patience = f"--command=SET LOCAL lock_timeout = '{PATIENCE}s'"
        away = [patience, *(f"--command={statement}" for statement in self._away())]
        # The code of an error is the same in whatever language the server speaks.
        options = [
            "--set=VERBOSITY=verbose",
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--single-transaction",
            "--output=/dev/null",
        ]
        connection.close()
        self._run("psql", [*options, *away, f"--file={script}"])

    def _away(self) -> Iterator[str]:
        """The statements that clear the database. Functions do not go with the tables whose triggers call them."""
        tables = [connection.ops.quote_name(table) for table in connection.introspection.table_names()]
        if not tables:
            return
        with connection.cursor() as cursor:
            cursor.execute(FUNCTIONS_OF_TRIGGERS, [tables])
            functions = [function for (function,) in cursor.fetchall()]
        yield f"DROP TABLE {', '.join(tables)} CASCADE"
        if functions:
            yield f"DROP FUNCTION {', '.join(functions)}"

    def state(self) -> State:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(READ_ONLY)
            return self._state(cursor)

    def _state(self, cursor: Any) -> State:
        tables = {}
        for name in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(HASH_OF_A_TABLE.format(table=connection.ops.quote_name(name)))
            rows, md5 = cursor.fetchone()
            tables[name] = Table(rows=rows, md5=md5)
        return State(engine=self.engine, migrations=applied_migrations(), tables=tables)

    def _run(self, program: str, arguments: Sequence[str], *, database: bool = True) -> None:
        """:raises CopyFailed: with what the program said."""
        command = [str(find_program(program, server_version())), *arguments]
        environment = {"LC_ALL": "C.UTF-8", **(connection_variables() if database else {})}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if f" {LOCK_NOT_AVAILABLE}: " in done.stderr:
            raise CopyFailed(IN_USE)
        if done.returncode:
            raise CopyFailed(f"{program} failed: {done.stderr.strip()}")


def connection_variables() -> dict[str, str]:
    """How libpq's programs find the database. In their environment, where `ps` shows no password."""
    parameters = connection.get_connection_params()
    names = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT"}
    names |= {name: f"PG{name.upper()}" for name in ("sslmode", "sslrootcert", "sslcert", "sslkey")}
    return {variable: str(parameters[name]) for name, variable in names.items() if parameters.get(name)}


def server_version() -> int:
    database: Any = connection
    database.ensure_connection()
    return int(database.pg_version) // 10_000


def find_program(name: str, wanted: int) -> Path:
    """The program of the server's version, else of the next newer one.

    :raises CopyFailed: when there is none, or only older ones, which can't read the server.
    """
    on_path = shutil.which(name)
    found = [*PROGRAMS.glob(f"*/bin/{name}"), *([Path(on_path)] if on_path else [])]
    versions = {version_of(path): path for path in found}
    fitting = [version for version in versions if version >= wanted]
    if not fitting:
        has = f"found only {max(versions)}" if versions else "found none"
        raise CopyFailed(
            f"PostgreSQL {wanted} needs its own {name} or a newer one ({has}): apt install postgresql-client-{wanted}."
        )
    return versions[min(fitting)]


def version_of(program: Path) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    return int(next(word for word in answer.split() if word[0].isdigit()).partition(".")[0])
