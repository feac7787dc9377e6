"""The whole source in the database, loaded once in a process: later tests get the same rows back, without the work."""

from functools import cache
from io import StringIO
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from practices.search import rebuild
from universities.models import Institution

Row = tuple[Any, ...]
AT_ONCE = 50  # rows in a statement: SQLite takes so many values, and no more than 32,766


def load() -> None:
    """This will leave the database as the command leaves it. What it does to an empty one is kept."""
    if Institution.objects.exists():
        run()
    elif not kept():
        before = everything()
        run()
        after = everything()
        for label in after:
            kept()[label] = (without(before[label], after[label]), without(after[label], before[label]))
    else:
        put_back()


def run() -> None:
    call_command("load_source", "--apply", verbosity=0, stdout=StringIO())


def put_back() -> None:
    with connection.cursor() as cursor:
        for model in models():
            gone, new = kept()[model._meta.label]
            for row in gone:
                cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", row[:1])
            for start in range(0, len(new), AT_ONCE):
                rows = new[start : start + AT_ONCE]
                places = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)
                into = f"INSERT INTO {model._meta.db_table} ({columns(model)}) VALUES {places}"
                cursor.execute(into, [value for row in rows for value in row])
    rebuild()


@cache
def kept() -> dict[str, tuple[list[Row], list[Row]]]:
    """Of each model: the rows that loading removes or changes, and those it adds or changes."""
    return {}


def everything() -> dict[str, list[Row]]:
    with connection.cursor() as cursor:
        return {model._meta.label: rows_of(cursor, model) for model in models()}


def models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.pk.column == "id"]


def rows_of(cursor: Any, model: type[Model]) -> list[Row]:
    cursor.execute(f"SELECT {columns(model)} FROM {model._meta.db_table} ORDER BY id")
    return list(cursor.fetchall())


def columns(model: type[Model]) -> str:
    """Of a model, the key first, without those that the database reckons itself."""
    names = [str(field.column) for field in model._meta.local_concrete_fields if not field.generated]
    return ", ".join(map(connection.ops.quote_name, sorted(names, key="id".__ne__)))


def without(rows: list[Row], others: list[Row]) -> list[Row]:
    unwanted = set(others)
    return [row for row in rows if row not in unwanted]
