"""Search by SQLite's FTS5. The table's `ascii` tokenizer leaves every token of ours whole."""

from collections.abc import Iterable
from typing import Final

from django.db import connection

from .bits import Bits, ids_in, read
from .documents import Document
from .queries import Clause, Phrase, Query, Word
from .ranking import WEIGHTS

MATCHING: Final = "SELECT group_concat(rowid) FROM practices_search WHERE practices_search MATCH %s"
# The unary plus and CROSS JOIN let MATCH run once: as a condition on each row it was measured 170 times slower.
RANKED: Final = """
    SELECT practices_search.rowid
    FROM practices_search CROSS JOIN practices_search_order AS o ON o.edition_id = practices_search.rowid
    WHERE practices_search MATCH %s {within}
    ORDER BY bm25(practices_search, {weights}), o.tie LIMIT %s OFFSET %s
"""
WITHIN: Final = "AND +practices_search.rowid IN (SELECT value FROM json_each(%s))"
INSERT: Final = """
    INSERT OR REPLACE INTO practices_search (
        rowid, names, subjects, title, summary, actions, effects, context, rest
    ) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
INSERT_ORDER: Final = "INSERT OR REPLACE INTO practices_search_order (edition_id, tie) VALUES (%s, %s)"


class SqliteEngine:
    def index(self, documents: Iterable[Document]) -> None:
        found = list(documents)
        with connection.cursor() as cursor:
            cursor.executemany(INSERT, [(one.edition_id, *map(" ".join, one.columns)) for one in found])
            cursor.executemany(INSERT_ORDER, [(one.edition_id, one.tie) for one in found])

    def delete(self, ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            keys = [(pk,) for pk in ids]
            cursor.executemany("DELETE FROM practices_search WHERE rowid = %s", keys)
            cursor.executemany("DELETE FROM practices_search_order WHERE edition_id = %s", keys)

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM practices_search")
            cursor.execute("DELETE FROM practices_search_order")

    def indexed(self) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM practices_search")
            return {pk for (pk,) in cursor.fetchall()}

    def matching(self, query: Query, *, every: bool = True) -> Bits:
        if not query.clauses:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(MATCHING, [_expression(query, every=every)])
            return read(cursor.fetchone()[0])

    def ranked(self, query: Query, window: slice, *, every: bool = True, within: Bits | None = None) -> list[int]:
        narrowed = [] if within is None else [f"[{','.join(map(str, ids_in(within)))}]"]
        limits = (window.stop - window.start, window.start)
        with connection.cursor() as cursor:
            statement = RANKED.format(within="" if within is None else WITHIN, weights=WEIGHTS)
            cursor.execute(statement, [_expression(query, every=every), *narrowed, *limits])
            return [pk for (pk,) in cursor.fetchall()]


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
