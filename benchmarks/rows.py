"""The rows of the report's tables, each with the heads of its columns. What was not measured is a dash."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from benchmarks.bounds import NOT_MEASURED, Verdict, named, verdicts
from benchmarks.queries import KINDS, OF_PEERS
from benchmarks.results import Run

DASH: Final = "–"
# A load average above which only ratios mean something: this benchmark alone keeps one core busy.
BUSY: Final = 1.5
MACHINES: Final = ("Database", "Cases", "When (UTC)", "Code", "Machine", "Load before, after")
PROMISES: Final = ("What", "Where", "Bound", "Measured", "Holds")
SEARCHES: Final = ("Queries", "Call p50", "p95", "Raw SQL p50", "p95", "Ratio p50", "p95", "Rounds' p95 ratios")
ANSWERS: Final = (
    *("Where", "Page", "Search call on its connection", "List", "Raw SQL", "304"),
    *("Found list", "Raw SQL", "Detail", "Raw SQL"),
)
LISTS: Final = ("Where", "API p50", "ModelSerializer p50", "API over it", "django-ninja p50", "API over it")
OTHERS: Final = ("Where", "Query", "Hits", "Search call", "Page over HTTP", "icontains", "Datasette", "modelsearch")
VERSIONS: Final = ("Peer", "Version, or why it was not measured", "Where")
KEEPING: Final = ("Where", "Writing the cases", "Rebuild", "a case", "Update of one case", "Memory")


def machine(run: Run) -> list[str]:
    found = run.facts["machine"]
    about = f"{found['processor']}, {found['cores']} cores, {found['memory_gb']} GB, {found['system']}"
    before, after = run.facts["load"]
    busy = " (busy: read ratios only)" if before > BUSY else ""
    software = f"Python {found['python']}, Django {found['django']}"
    when = run.facts["measured_at"][:16].replace("T", " ")
    return [
        run.database,
        f"{run.size:,}",
        when,
        f"`{run.facts['code'][:8]}`",
        f"{about}; {software}",
        f"{before}, {after}{busy}",
    ]


def promises(runs: Sequence[Run]) -> Iterator[list[str]]:
    for found in verdicts(runs):
        sign = "≥" if found.at_least else "≤"
        yield [
            found.about,
            found.where,
            f"{sign} {_in_unit(found.limit, found)}",
            _in_unit(found.value, found),
            found.holds,
        ]


def _in_unit(value: float | None, verdict: Verdict) -> str:
    if value is None:
        return NOT_MEASURED
    return f"{value:.3g} ms" if verdict.unit == "ms" else f"{value:,.0f} x" if value >= 100 else f"{value:.2f} x"


def searches(run: Run) -> Iterator[list[str]]:
    for kind in ("all", *KINDS):
        times = [run.figure("search", side, q, kind) for side in ("call", "sql") for q in ("p50", "p95")]
        ratios = [run.ratio("search", ("call", "sql"), q, kind) for q in ("p50", "p95")]
        pairs = zip(*(run.figures("search", side, "p95", kind) for side in ("call", "sql")), strict=True)
        rounds = [call / sql for call, sql in pairs]
        spread = f"{min(rounds):.2f} to {max(rounds):.2f}"
        yield [kind, *map(_number, times), *(f"{ratio:.2f}" for ratio in ratios), spread]


def answers(run: Run) -> list[str]:
    columns = [("page", "page"), ("page", "call"), ("list", "api"), ("list", "sql"), ("list", "not_modified")]
    columns += [(name, side) for name in ("found list", "detail") for side in ("api", "sql")]
    return [named(run), *(_both(run, name, side) for name, side in columns)]


def lists(run: Run) -> list[str]:
    return [
        named(run),
        _or_dash(lambda: _number(run.figure("list", "api", "p50"))),
        _or_dash(lambda: _number(run.figure("list", "plain", "p50"))),
        _or_dash(lambda: f"{run.ratio('list', ('api', 'plain'), 'p50'):.2f}"),
        _or_dash(lambda: _number(run.figure("django-ninja", "ninja", "p50"))),
        _or_dash(lambda: f"{run.ratio('django-ninja', ('api', 'ninja'), 'p50'):.2f}"),
    ]


def others(run: Run) -> Iterator[list[str]]:
    columns = (
        *(("icontains", "call"), ("datasette", "page"), ("icontains", "icontains")),
        *(("datasette", "datasette"), ("modelsearch", "modelsearch")),
    )
    for query in OF_PEERS:
        hits = next(task["hits"] for task in run.comparison("icontains")["tasks"] if task["query"] == query)
        yield [named(run), query, f"{hits:,}", *(_of_query(run, name, query, side) for name, side in columns)]


def versions(runs: Sequence[Run]) -> Iterator[list[str]]:
    """Each version once, with the runs it was measured in."""
    found: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        for peer in run.facts["peers"].items():
            found.setdefault(peer, []).append(named(run))
    for (name, about), where in sorted(found.items()):
        yield [name, about, "; ".join(where)]


def keeping(run: Run) -> list[str]:
    built = run.facts["build"]
    each = f"{built['rebuild_s'] * 1000 / run.size:.2f} ms"
    memory = f"{run.facts['memory_mb']:.0f} MB"
    return [
        named(run),
        f"{built['fill_s']:.0f} s",
        f"{built['rebuild_s']:.1f} s",
        each,
        _both(run, "update", "index"),
        memory,
    ]


def _both(run: Run, name: str, side: str) -> str:
    return _or_dash(lambda: " / ".join(_number(run.figure(name, side, q)) for q in ("p50", "p95")))


def _of_query(run: Run, name: str, query: str, side: str) -> str:
    return _or_dash(lambda: f"{_number(run.of_query(name, query, side))} ms")


def _or_dash(words: Callable[[], str]) -> str:
    try:
        return words()
    except KeyError:
        return DASH


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
