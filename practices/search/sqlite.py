"""Search by SQLite's FTS5. The table's `ascii` tokenizer leaves every token of ours whole."""

from collections.abc import Iterable
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

from practices.models.edition import EditionQuerySet

from .documents import Document
from .queries import Clause, Phrase, Query, Word
from .scope import scope_of

# The index stands first and CROSS JOIN keeps it there, so that MATCH runs once: as a condition on each row it was
# measured 170 times slower. The weights of bm25 are those of the columns, as in COLUMNS.
RANKED: Final = """
    WITH scope (edition_id, theme_number, slug) AS ({scope})
    SELECT practices_search.rowid
    FROM practices_search CROSS JOIN scope ON scope.edition_id = practices_search.rowid
    WHERE practices_search MATCH %s
    ORDER BY bm25(practices_search, 10.0, 4.0, 8.0, 3.0, 2.0, 1.0), scope.theme_number, scope.slug
"""
INSERT: Final = """
    INSERT OR REPLACE INTO practices_search (rowid, names, subjects, title, summary, parts, rest)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


class SqliteEngine:
    def index(self, documents: Iterable[Document]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(INSERT, [(found.edition_id, *map(" ".join, found.columns)) for found in documents])

    def delete(self, ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM practices_search WHERE rowid = %s", [(pk,) for pk in ids])

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM practices_search")

    def indexed(self) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM practices_search")
            return {pk for (pk,) in cursor.fetchall()}

    def ranked(self, query: Query, within: EditionQuerySet, *, every: bool = True) -> list[int]:
        if not query.clauses:
            return []
        try:
            scope, params = scope_of(within)
        except EmptyResultSet:
            return []
        with connection.cursor() as cursor:
            cursor.execute(RANKED.format(scope=scope), (*params, _expression(query, every=every)))
            return list(dict.fromkeys(pk for (pk,) in cursor.fetchall()))


def _expression(query: Query, *, every: bool) -> str:
    return (" AND " if every else " OR ").join(f"({_clause(clause)})" for clause in query.clauses)


def _clause(clause: Clause) -> str:
    words = " AND ".join(f"({_word(word)})" for word in clause.words)
    return " OR ".join([f"({words})", *map(_quoted, clause.ids)])


def _word(word: Word) -> str:
    return " OR ".join([*map(_phrase, word.phrases), *map(_quoted, word.ids)])


def _phrase(phrase: Phrase) -> str:
    return _quoted(" ".join(phrase.tokens)) + (" *" if phrase.is_prefix else "")


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
