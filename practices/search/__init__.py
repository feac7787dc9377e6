"""Search over the published cases: text -> tokens -> index -> hits, with one seam for the database engines."""

from .bits import Bits, bits_by, bits_in, in_order
from .corrections import corrections
from .documents import Place
from .engine import search_engine
from .hits import Found, find, public
from .index import fill, index_edition, rebuild, unindex_edition
from .names import UsedConcept, other_names
from .passages import Hit, Passage, hit_in, marks
from .queries import LONGEST_QUERY, Query, QueryError, QueryTooLong, QueryUnreadable, parse
from .stored import Stored, public_cases, stored_of

__all__ = [
    "LONGEST_QUERY",
    "Bits",
    "Found",
    "Hit",
    "Passage",
    "Place",
    "Query",
    "QueryError",
    "QueryTooLong",
    "QueryUnreadable",
    "Stored",
    "UsedConcept",
    "bits_by",
    "bits_in",
    "corrections",
    "fill",
    "find",
    "hit_in",
    "in_order",
    "index_edition",
    "marks",
    "other_names",
    "parse",
    "public",
    "public_cases",
    "rebuild",
    "search_engine",
    "stored_of",
    "unindex_edition",
]
