"""The cases a search may show, as SQL that both engines join their hits with."""

from typing import Any

from practices.models.edition import EditionQuerySet

Sql = tuple[str, tuple[Any, ...]]


def scope_of(within: EditionQuerySet) -> Sql:
    """A SELECT of (edition id, number of its theme, slug). The one gate is asked here again, whatever `within` is.

    :raises EmptyResultSet: when no row can ever fit.
    """
    rows = within.public().order_by().values_list("pk", "theme__number", "slug")
    sql, params = rows.query.sql_with_params()
    return sql, tuple(params)
