"""Which charts the report has, and what they show."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from benchmarks.bounds import named
from benchmarks.charts import Bar, Curve, bars, curves
from benchmarks.queries import OF_PEERS
from benchmarks.results import Run

# The size at which peers are compared; the largest measured below it when it was not.
USUAL: Final = 10_000
ASKED: Final = OF_PEERS[0]


@dataclass(frozen=True)
class Drawing:
    title: str
    svg: str


def drawings(runs: Sequence[Run]) -> dict[str, Drawing]:
    """By the name of the file. What nothing was measured for is left out."""
    found = {}
    shown = max(
        (run for run in runs if run.size <= USUAL and run.vendor == "sqlite"), key=lambda run: run.size, default=None
    )
    if runs:
        found["search"] = _bars("Search call (blue) and its raw SQL, p95 of all queries", list(_searches(runs)))
    if len({run.size for run in runs}) > 1:
        found["growth"] = _growth(runs)
    if shown:
        found["list"] = _bars(f"A list of 20 with the same JSON, p50: {named(shown)}", list(_lists(shown)))
        found["peers"] = _bars(f"Searching for {ASKED}, p50: {named(shown)}", list(_peers(shown)))
    return found


def _bars(title: str, found: Sequence[Bar]) -> Drawing:
    return Drawing(title, bars(title, found))


def _searches(runs: Sequence[Run]) -> Iterator[Bar]:
    for run in runs:
        yield Bar(named(run), run.figure("search", "call", "p95"))
        yield Bar("raw SQL", run.figure("search", "sql", "p95"), series=1)


def _growth(runs: Sequence[Run]) -> Drawing:
    title = "Search call, p50 of all queries, over the number of cases (broken line: linear)"
    found = []
    for vendor in dict.fromkeys(run.vendor for run in runs):
        own = [run for run in runs if run.vendor == vendor]
        found.append(Curve(own[-1].database, [(run.size, run.figure("search", "call", "p50")) for run in own]))
    return Drawing(title, curves(title, found))


def _lists(run: Run) -> Iterator[Bar]:
    for label, name, side, series in (
        ("304, nothing new", "list", "not_modified", 0),
        ("raw SQL", "list", "sql", 1),
        ("this API", "list", "api", 0),
        ("plain ModelSerializer", "list", "plain", 2),
        ("django-ninja", "django-ninja", "ninja", 2),
    ):
        with suppress(KeyError):
            yield Bar(label, run.figure(name, side, "p50"), series)


def _peers(run: Run) -> Iterator[Bar]:
    for label, name, side, series in (
        ("search call", "icontains", "call", 0),
        ("its page over HTTP", "datasette", "page", 0),
        ("Django icontains", "icontains", "icontains", 2),
        ("Datasette over HTTP", "datasette", "datasette", 2),
        ("modelsearch, no facets", "modelsearch", "modelsearch", 2),
    ):
        with suppress(KeyError):
            yield Bar(label, run.of_query(name, ASKED, side), series)
