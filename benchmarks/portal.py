"""One corpus in one database, in a process of its own: `build` fills it, `measure` asks it.

Started by `python -m benchmarks`, with Django set up: `build|measure SIZE FILE` writes what it measured into FILE.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.test.utils import override_settings

from benchmarks import keeping, listing, machine, searching
from benchmarks.peers import icontains
from benchmarks.queries import ASKED, Asking
from benchmarks.tables import fill
from benchmarks.timing import Pace, milliseconds
from practices.search import rebuild

LONG: Final = Pace(seconds=6)
BRIEF: Final = Pace(seconds=2)


def build(size: int) -> dict[str, Any]:
    """An empty database -> `size` cases and their index. Seconds."""
    call_command("migrate", verbosity=0)
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        call_command("load_source", apply=True, verbosity=0, stdout=nowhere)
    return {"fill_s": seconds(lambda: fill(size)), "rebuild_s": seconds(rebuild)}


def seconds(call: Callable[[], object]) -> float:
    return round(milliseconds(call) / 1000, 2)


def measure(asked: Sequence[Asking] = ASKED, long: Pace = LONG, brief: Pace = BRIEF) -> dict[str, Any]:
    """Everything that is measured inside the portal. Each comparison is as `timing.compare` gives it."""
    cold = milliseconds(searching.searching(asked[0]))
    with override_settings(ROOT_URLCONF="benchmarks.urls"):
        comparisons = {"search": searching.against_sql(asked, long)}
        memory = machine.resident_mb()
        comparisons |= {
            "page": searching.page(asked, brief),
            "icontains": icontains.beside(brief),
            "list": listing.lists(brief),
            "found list": listing.found_lists(asked, brief),
            "detail": listing.details(brief),
            "update": keeping.updates(brief),
        }
    return {"database": machine.database(), "cold_ms": round(cold, 1), "memory_mb": memory, "comparisons": comparisons}


def main() -> None:
    what, size, file = sys.argv[1:]
    begin, before = time.monotonic(), machine.load()
    found = build(int(size)) if what == "build" else measure()
    found |= {
        "load": [before, machine.load()],
        "seconds": round(time.monotonic() - begin),
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": machine.described(),
        "code": machine.code(),
    }
    Path(file).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
