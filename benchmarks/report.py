"""docs/benchmarks.md and its charts, from all runs that are kept."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks import rows
from benchmarks.bounds import named
from benchmarks.drawings import drawings
from benchmarks.results import Run

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
PAGE: Final = DOCS / "benchmarks.md"
RESULTS: Final = DOCS / "benchmarks" / "results.json"
INTRODUCTION: Final = """\
# Benchmarks

Written by `make bench` (`make bench N=100000` adds that size); don't edit. Every figure is the median of five rounds,
with the lowest and the highest round behind it where they say something; a ratio is the median of the five rounds'
ratios, never one of two medians. Within a round the sides take turns query by query, so that what slows one slows the
other. *Raw SQL* is what one search call, with names and facets of an unchanged portal already known, sent to the
database: the same statements with the same parameters on the same connection, without Django between. The corpus is
made up: two languages, some 2,350 English and 614 Japanese characters a case, words that hit from a thousandth of the
cases to nearly all; `benchmarks/queries.py` lists what is asked. The results of each run are in
`docs/benchmarks/results.json`; a run replaces those of its own databases and sizes and leaves the others.
"""
PEERS: Final = """\
Each peer was installed by the command into an environment of its own and asked for the same words over the same
corpus, cut into pairs of Japanese characters beforehand because none of them finds two-character words itself.
*Search call* and *page over HTTP* are the portal with ranking, six facets and marked passages. *Datasette* answers
JSON over HTTP with 20 rows in no order of merit and six facets; *modelsearch* (Wagtail's search) gives 20 ranked rows
and their number in process, without facets, as often as fits into a minute; *icontains* gives the 20 newest and their
number, without facets. *Hits* are those of icontains: the portal adds what the thesaurus and names stand for.
"""
ANSWERS: Final = """\
In process through WSGI and every middleware, in milliseconds, p50 and p95. *List* is 20 cases without a query, from
the first five pages in turn; *found list* the first 20 of each query; raw SQL is that of the column before it.
"""
KEEPING: Final = """\
The index is a part of the database and changes in the transaction that publishes a case. SQLite waits for the disk
(`synchronous=FULL`); PostgreSQL ran with its defaults, but did not wait for the disk. *Memory* is what the process
held after all queries had been asked.
"""


def write(runs: Sequence[Run], page: Path) -> None:
    """This will write the page, and its charts into the folder of its name beside it."""
    folder = page.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    links = {}
    for name, picture in drawings(runs).items():
        (folder / f"{name}.svg").write_text(picture.svg, encoding="utf-8")
        links[name] = f"![{picture.title}]({folder.name}/{name}.svg)\n"
    page.write_text("\n".join(sections(runs, links)), encoding="utf-8")


def sections(runs: Sequence[Run], links: dict[str, str]) -> Iterator[str]:
    yield INTRODUCTION
    yield "## What was measured, and on what\n"
    yield table(rows.MACHINES, map(rows.machine, runs))
    yield "## What is promised\n"
    yield table(rows.PROMISES, rows.promises(runs))
    yield "## The search call beside its own SQL\n"
    yield links.get("search", "")
    for run in runs:
        yield f"### {named(run)}\n"
        yield table(rows.SEARCHES, rows.searches(run))
        yield f"The very first call of the process took {run.facts['cold_ms']:.0f} ms.\n"
    yield "### How it grows\n"
    yield links.get("growth", "")
    yield "## Page and API\n"
    yield ANSWERS
    yield table(rows.ANSWERS, map(rows.answers, runs))
    yield "The same list of 20, with the same JSON (compared before it is timed), as others would write it:\n"
    yield links.get("list", "")
    yield table(rows.LISTS, map(rows.lists, runs))
    yield "## Peers\n"
    yield PEERS
    yield links.get("peers", "")
    yield table(rows.OTHERS, (row for run in runs for row in rows.others(run)))
    yield table(rows.VERSIONS, rows.versions(runs))
    yield "## Building and keeping the index\n"
    yield KEEPING
    yield table(rows.KEEPING, map(rows.keeping, runs))


def table(head: Sequence[str], found: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *found]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
