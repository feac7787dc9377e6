"""modelsearch over the corpus on SQLite. Started with Django set up: `ASKED FILE`.

ASKED is a list of [words as typed, words as segmented] in JSON. Each is asked for its best 20 and how many there are,
without facets; one answer can take a minute, so the time for all of them is bounded.
"""

import json
import sqlite3
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any, Final

from django.core.management import call_command
from modelsearch.query import Phrase, PlainText

from benchmarks.peers.modelsearch_app.models import Case

SECONDS: Final = 60  # for all queries together; one that has begun is waited for
REPEATS: Final = 5


def main() -> None:
    asked, file = sys.argv[1:]
    begin = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("rebuild_modelsearch_index", verbosity=0)
    found = {"build_s": round(time.perf_counter() - begin, 1), "sqlite": sqlite3.sqlite_version}
    Path(file).write_text(json.dumps(found | {"tasks": queries(json.loads(asked))}), encoding="utf-8")


def queries(asked: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Those that fit into the time: hits, and the median of up to five answers in milliseconds. All in turn."""
    end = time.perf_counter() + SECONDS
    times: dict[str, list[float]] = defaultdict(list)
    hits: dict[str, int] = {}
    for typed, segmented in asked * REPEATS:
        if time.perf_counter() < end:
            begin = time.perf_counter()
            hits[typed] = search(segmented)
            times[typed].append((time.perf_counter() - begin) * 1000)
    return [
        {"query": typed, "hits": hits[typed], "p50": {"modelsearch": round(median(found), 1)}, "repeats": len(found)}
        for typed, found in times.items()
    ]


def search(segmented: str) -> int:
    words = Phrase(segmented) if " " in segmented else PlainText(segmented)
    manager: Any = Case.objects
    results = manager.search(words)
    list(results[:20])
    return int(results.count())


if __name__ == "__main__":
    main()
