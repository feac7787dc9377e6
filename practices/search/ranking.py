"""How cases are ranked: what a word is worth by the text it stands in. The one place of these numbers.

SQLite scores a case by bm25: for each term of the query its rarity times a frequency that saturates, in which an
occurrence counts as often as the weight of its column says. PostgreSQL has four weights and no rarity: ts_rank adds up
the occurrences of each term, each with the weight of its letter, the later ones ever less. Equal scores go by how
complete a case is, then by its theme and slug.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Column:
    """A kind of text of a case; `weight` is for bm25, `letter` one of PostgreSQL's classes A to D."""

    name: str
    weight: float
    letter: str


COLUMNS: Final = (
    Column("names", 10.0, "A"),  # the institution and its headquarters, as ids
    Column("subjects", 4.0, "B"),  # themes and concepts, as ids
    Column("title", 8.0, "A"),
    Column("summary", 3.0, "B"),
    Column("actions", 2.0, "C"),
    Column("effects", 2.0, "C"),
    Column("context", 1.0, "D"),
    Column("rest", 1.0, "D"),
)
WEIGHTS: Final = ", ".join(str(column.weight) for column in COLUMNS)
LETTERS: Final = {"D": 0.1, "C": 0.2, "B": 0.4, "A": 1.0}


def tie(*, filled: int, theme_number: int, slug: str) -> str:
    """What equal scores are ordered by, as a text: more filled texts first, then theme, then slug."""
    return f"{9999 - filled:04d} {theme_number:04d} {slug}"
