"""The corpus as other search software can take it: one flat table, the text cut into pairs of characters beforehand.

None of them finds two-character Japanese words by itself. Started with Django set up: `FILE`.
"""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.peers.segments import segmented
from practices.models import Edition

TEXTS: Final = ("summary", "context", "enabling", "hindering", "lessons", "needs_staff", "transferability")
TABLE: Final = """
    CREATE TABLE cases (
        id INTEGER PRIMARY KEY, title TEXT, body TEXT,
        theme TEXT, kind TEXT, region TEXT, institution TEXT, prefecture TEXT, year TEXT
    );
"""
INDEX: Final = """
    CREATE VIRTUAL TABLE cases_fts USING fts5 (title, body, content='cases', content_rowid='id', tokenize='unicode61');
    INSERT INTO cases_fts (rowid, title, body) SELECT id, title, body FROM cases;
"""


def main() -> None:
    (file,) = sys.argv[1:]
    Path(file).unlink(missing_ok=True)
    found = sqlite3.connect(file)
    with found:
        found.executescript(TABLE)
        found.executemany("INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _rows())
        found.executescript(INDEX)
    found.close()


def _rows() -> Iterator[tuple[Any, ...]]:
    editions = Edition.objects.public().with_parts().order_by("pk")
    for case in editions.iterator(chunk_size=500):
        body = [text for name in TEXTS for text in (getattr(case, f"{name}_ja"), getattr(case, f"{name}_en"))]
        body += [text for part in (*case.actions.all(), *case.effects.all()) for text in (part.text_ja, part.text_en)]
        place = case.institution
        facets = (case.theme.number, place.kind, place.region, place.slug, place.prefecture, case.first_fiscal_year)
        yield (
            case.pk,
            segmented(f"{case.title_ja} {case.title_en}"),
            segmented(" _ ".join(filter(None, body))),
            *facets,
        )


if __name__ == "__main__":
    main()
