"""The floor of a call: the SQL statements it made, sent again to the same connection without Django between."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

Rows = list[Any]


@dataclass(frozen=True)
class Statement:
    """SQL as the driver takes it. What stood in a transaction is sent again in one: settings may hold there only."""

    sql: str
    params: Any
    is_in_transaction: bool


def recorded(call: Callable[[], object]) -> list[Statement]:
    """The statements of a call, in their order. Beginnings of transactions are left out: `replay` sets them."""
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001
        if not sql.startswith("BEGIN"):
            found.append(Statement(_as_sent(sql, params, context["cursor"]), params, connection.in_atomic_block))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        call()
    return found


def _as_sent(sql: str, params: Any, cursor: Any) -> str:
    """Django writes `%s`; SQLite's driver takes `?`."""
    if connection.vendor != "sqlite" or params is None:
        return sql
    converted: str = cursor.cursor.convert_query(sql)
    return converted


def replay(statements: Sequence[Statement]) -> list[Rows]:
    """The rows of each statement, none for those that give no rows."""
    connection.ensure_connection()
    raw: Any = connection.connection
    cursor = raw.cursor()
    try:
        return [rows for part in _transactions(statements) for rows in _run(cursor, part)]
    finally:
        cursor.close()


def _transactions(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """The statements in runs that stand in one transaction, or in none."""
    part: list[Statement] = []
    for statement in statements:
        if part and part[-1].is_in_transaction != statement.is_in_transaction:
            yield part
            part = []
        part.append(statement)
    if part:
        yield part


def _run(cursor: Any, statements: Sequence[Statement]) -> list[Rows]:
    if not statements[0].is_in_transaction or connection.in_atomic_block:
        return [_rows(cursor, statement) for statement in statements]
    with _transaction(cursor):
        return [_rows(cursor, statement) for statement in statements]


@contextmanager
def _transaction(cursor: Any) -> Iterator[None]:
    cursor.execute("BEGIN")
    yield
    cursor.execute("COMMIT")


def _rows(cursor: Any, statement: Statement) -> Rows:
    cursor.execute(statement.sql, *([] if statement.params is None else [statement.params]))
    return list(cursor.fetchall()) if cursor.description else []
