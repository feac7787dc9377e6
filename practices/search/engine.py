"""The seam between the search and the database that does it. Both engines find the same cases."""

from collections.abc import Iterable
from typing import Final, Protocol

from django.db import connection

from .bits import Bits
from .documents import Document
from .postgres import PostgresEngine
from .queries import Query
from .sqlite import SqliteEngine


class SearchEngine(Protocol):
    def index(self, documents: Iterable[Document]) -> None:
        """This will put the documents into the index, in place of those of the same editions."""

    def delete(self, ids: Iterable[int]) -> None: ...

    def clear(self) -> None:
        """This will empty the index; called in the transaction that fills it again."""

    def indexed(self) -> set[int]:
        """The ids of all editions in the index."""

    def matching(self, query: Query, *, every: bool = True) -> Bits:
        """The editions that fit every clause of the query, or any of them. One query; none without clauses."""

    def ranked(self, query: Query, window: slice, *, every: bool = True, within: Bits | None = None) -> list[int]:
        """The ids of those, best first as `ranking` says, from one place to another; of `within` alone if given."""


ENGINES: Final[dict[str, type[SearchEngine]]] = {"sqlite": SqliteEngine, "postgresql": PostgresEngine}


def search_engine() -> SearchEngine:
    return ENGINES[connection.vendor]()
