"""What the portal promises of its speed, and whether the figures keep it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from benchmarks.queries import OF_PEERS
from benchmarks.results import Run

NOT_MEASURED: Final = "not measured"


@dataclass(frozen=True)
class Verdict:
    """`value` is None when it was not measured."""

    about: str
    where: str
    limit: float
    value: float | None
    unit: str = "x"
    at_least: bool = False

    @property
    def holds(self) -> str:
        if self.value is None:
            return NOT_MEASURED
        kept = self.value >= self.limit if self.at_least else self.value <= self.limit
        return "yes" if kept else "**no**"


@dataclass(frozen=True)
class Bound:
    """`limits` by the size of the corpus; `vendor` where it is promised of one database only."""

    about: str
    limits: dict[int, float]
    value: Callable[[Run], float]
    unit: str = "x"
    at_least: bool = False
    vendor: str = ""

    def verdicts(self, runs: Sequence[Run]) -> Iterator[Verdict]:
        for size, limit in self.limits.items():
            fitting = [run for run in runs if run.size == size and self.vendor in {"", run.vendor}]
            for run in fitting:
                yield Verdict(self.about, named(run), limit, _measured(self.value, run), self.unit, self.at_least)
            if not fitting:
                yield Verdict(self.about, f"{size:,} cases", limit, None, self.unit, self.at_least)


def named(run: Run) -> str:
    return f"{run.database}, {run.size:,} cases"


def search_over_sql(run: Run) -> float:
    return run.ratio("search", ("call", "sql"), "p95")


def page_adds(run: Run) -> float:
    """Milliseconds at the median."""
    return run.figure("page", "page", "p50") - run.figure("page", "call", "p50")


def times_slower(peer: str) -> Callable[[Run], float]:
    """How often the search call fits into the peer's time, for the query where it fits least often."""

    def ratio(run: Run) -> float:
        asked = {task["query"] for task in run.comparison(peer).get("tasks", [])}
        pairs = [(run.of_query(peer, q, peer), run.of_query("icontains", q, "call")) for q in OF_PEERS if q in asked]
        if not pairs:
            raise KeyError(peer)
        return min(theirs / ours for theirs, ours in pairs)

    return ratio


def growth(small: Run | None, large: Run) -> float:
    """How much the time of the mix grew, over how much its hits did.

    :raises KeyError: when one was not measured, or on another machine.
    """
    if small is None or small.facts["machine"] != large.facts["machine"]:
        raise KeyError("another machine")
    tasks = [run.comparison("search")["tasks"] for run in (small, large)]
    times = [sum(task["p50"]["call"] for task in found) for found in tasks]
    hits = [sum(task["hits"] for task in found) for found in tasks]
    return float(times[1] / times[0] / (hits[1] / hits[0]))


BOUNDS: Final = (
    Bound("Search call over raw SQL, p95 of the mix", {10_000: 1.5, 100_000: 1.6}, search_over_sql),
    Bound("What the HTML page adds to the search call", {10_000: 15, 100_000: 15}, page_adds, unit="ms"),
    Bound(
        "Faster than modelsearch, slowest query",
        {10_000: 100},
        times_slower("modelsearch"),
        at_least=True,
        vendor="sqlite",
    ),
    Bound(
        "Faster than Datasette, slowest query", {10_000: 10}, times_slower("datasette"), at_least=True, vendor="sqlite"
    ),
    Bound(
        "List of 20 over plain ModelSerializer",
        {10_000: 0.6, 100_000: 0.6},
        lambda run: run.ratio("list", ("api", "plain"), "p50"),
    ),
    Bound(
        "304 over plain ModelSerializer",
        {10_000: 0.1, 100_000: 0.1},
        lambda run: run.ratio("list", ("not_modified", "plain"), "p50"),
    ),
)


def verdicts(runs: Sequence[Run]) -> list[Verdict]:
    found = [verdict for bound in BOUNDS for verdict in bound.verdicts(runs)]
    return [*found, *_growths(runs)]


def _growths(runs: Sequence[Run]) -> Iterator[Verdict]:
    about = "Growth from 10,000 to 100,000 cases over that of the hits"
    for vendor in dict.fromkeys(run.vendor for run in runs):
        sized = {run.size: run for run in runs if run.vendor == vendor}
        value = _measured(partial(growth, sized.get(10_000)), sized.get(100_000))
        yield Verdict(about, sized[max(sized)].database, 1.2, value)


def _measured(value: Callable[[Run], float], run: Run | None) -> float | None:
    if run is None:
        return None
    try:
        return value(run)
    except KeyError:
        return None
