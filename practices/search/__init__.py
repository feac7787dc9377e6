"""Search over the published cases: text -> tokens -> index -> hits, with one seam for the database engines."""

from .corrections import corrections
from .documents import Place
from .engine import search_engine
from .hits import Found, find
from .index import index_edition, rebuild, unindex_edition
from .names import UsedConcept, other_names
from .passages import Hit, Passage, hit_in, marks
from .queries import LONGEST_QUERY, Query, QueryError, QueryTooLong, QueryUnreadable, parse

__all__ = [
    "LONGEST_QUERY",
    "Found",
    "Hit",
    "Passage",
    "Place",
    "Query",
    "QueryError",
    "QueryTooLong",
    "QueryUnreadable",
    "UsedConcept",
    "corrections",
    "find",
    "hit_in",
    "index_edition",
    "marks",
    "other_names",
    "parse",
    "rebuild",
    "search_engine",
    "unindex_edition",
]
