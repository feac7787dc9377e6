"""`make bench` from corpus to report, on few cases and without the peers that have to be installed."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from benchmarks import bounds, portal, report, results, searching
from benchmarks.corpus import cases
from benchmarks.listing import refuse_difference
from benchmarks.peers.segments import segmented
from benchmarks.peers.serving import asking
from benchmarks.queries import ASKED, KINDS, OF_PEERS, Asking
from benchmarks.statements import recorded, replay
from benchmarks.tables import fill
from benchmarks.timing import Pace, Task, compare
from benchmarks.visits import visiting
from practices.models.edition import Edition
from practices.search import rebuild

CASES = 60
ONE_OF_EACH = list({asking.kind: asking for asking in ASKED}.values())
SVG = "{http://www.w3.org/2000/svg}svg"
ONCE = Pace(rounds=2, seconds=0)
FACTS: dict[str, Any] = {
    "database": "SQLite 3",
    "measured_at": "2026-04-01T00:00+00:00",
    "machine": {"processor": "P", "cores": 2, "memory_gb": 4, "system": "Linux", "python": "3.11", "django": "5.2"},
    "load": [0.1, 1.0],
    "code": "0123456789ab",
    "cold_ms": 90.0,
    "memory_mb": 100.0,
    "build": {"fill_s": 1.0, "rebuild_s": 2.0},
    "peers": {"modelsearch": "it could not be installed"},
}


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """The connection outlives a request, as that of Django's test client does: the test's transaction is open on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def corpus(loaded_source: None) -> None:
    fill(CASES)
    rebuild()


def test_case_is_the_same_in_a_corpus_of_every_size() -> None:
    assert list(cases(5)) == list(cases(9))[:5]


def test_cases_are_as_long_as_promised() -> None:
    made = list(cases(200))
    english = sum(len(text) for case in made for text in english_of(case)) / len(made)
    japanese = sum(len(text) for case in made for text in japanese_of(case)) / len(made)

    assert 2200 < english < 2500
    assert 560 < japanese < 670


def english_of(case: Any) -> list[str]:
    parts = [english for english, _japanese in (*case.actions, *case.effects)]
    return parts + [text for name, text in case.texts.items() if name.endswith("_en")]


def japanese_of(case: Any) -> list[str]:
    parts = [japanese for _english, japanese in (*case.actions, *case.effects)]
    return parts + [text for name, text in case.texts.items() if name.endswith("_ja")]


def test_filling_again_adds_nothing(corpus: None) -> None:
    assert fill(CASES) == 0
    assert Edition.objects.public().count() == CASES


def test_replay_gives_what_the_call_read(corpus: None) -> None:
    statements = recorded(searching.searching(Asking("", "q=国際")))
    ids = {pk for (pk,) in Edition.objects.public().values_list("pk")}

    rows = replay(statements)

    assert len(rows) == len(statements) > 1
    assert any({row[0] for row in found} & ids for found in rows if found)
    assert replay(statements) == rows


def test_a_list_that_says_something_else_is_refused() -> None:
    ours = json.dumps({"count": 2, "next": "?page=2", "results": [{"slug": "a"}]}).encode()
    theirs = json.dumps({"count": 2, "next": None, "results": [{"slug": "b"}]}).encode()

    refuse_difference(ours, ours.replace(b"?page=2", b"elsewhere"))
    with pytest.raises(RuntimeError, match="something else"):
        refuse_difference(ours, theirs)


def test_visit_refuses_an_error(db: None) -> None:
    with pytest.raises(RuntimeError, match="404"):
        visiting("/api/v1/nothing/")()


def test_text_for_peers_is_cut_into_pairs() -> None:
    assert segmented("ＵＲＡの国際化 Staff") == "ura の国 国際 際化 staff"
    assert segmented("学 x") == "学 x"


def test_sides_take_turns() -> None:
    order: list[str] = []
    task = Task("kind", {"a": lambda: order.append("a"), "b": lambda: order.append("b")}, {"query": "q"})

    found = compare([task], Pace(rounds=1, seconds=60, most_repeats=2))

    assert order[2:] == ["a", "b", "b", "a"]
    assert found["tasks"][0]["query"] == "q"
    assert set(found["kinds"]) == {"all", "kind"}


def test_report_of_a_small_corpus(corpus: None, tmp_path: Path) -> None:
    found = {**FACTS, **portal.measure(ONE_OF_EACH, ONCE, ONCE)}
    file = tmp_path / "results.json"
    results.keep(results.Run("sqlite", CASES, found), file)

    (run,) = results.read(file)
    report.write([run], tmp_path / "benchmarks.md")

    assert [task["query"] for task in run.comparison("search")["tasks"]] == [asking.query for asking in ONE_OF_EACH]
    assert all(len(run.figures("search", side, "p95", kind)) == 2 for side in ("call", "sql") for kind in KINDS)
    assert set(run.comparison("list")["kinds"]["all"]) == {"api", "sql", "plain", "not_modified"}
    page = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    for bound in bounds.BOUNDS:
        assert f"| {bound.about} |" in page
    for query in OF_PEERS:
        assert f"| {query} |" in page
    assert "| modelsearch | it could not be installed |" in page
    drawn = {picture.stem: ET.parse(picture).getroot() for picture in (tmp_path / "benchmarks").glob("*.svg")}
    assert {name: picture.tag for name, picture in drawn.items()} == dict.fromkeys(("search", "list", "peers"), SVG)


def test_bounds_say_which_are_kept() -> None:
    small, large = run_of(10_000, call=[12.0, 14.0, 16.0], hits=100), run_of(100_000, call=[170.0] * 3, hits=1000)

    said = {(found.about, found.where): (found.value, found.holds) for found in bounds.verdicts([small, large])}

    over_sql = "Search call over raw SQL, p95 of the mix"
    assert said[over_sql, "SQLite 3, 10,000 cases"] == (1.4, "yes")
    assert said[over_sql, "SQLite 3, 100,000 cases"] == (17.0, "**no**")
    assert said["Faster than modelsearch, slowest query", "SQLite 3, 10,000 cases"] == (None, "not measured")
    assert said["Growth from 10,000 to 100,000 cases over that of the hits", "SQLite 3"] == (170 / 14 / 10, "**no**")


def test_growth_between_machines_is_not_told() -> None:
    small, large = run_of(10_000, call=[12.0], hits=100), run_of(100_000, call=[12.0], hits=1000)
    large.facts["machine"] = {**FACTS["machine"], "cores": 64}

    assert [found.holds for found in bounds.verdicts([small, large])][-1] == "not measured"


def run_of(size: int, *, call: list[float], hits: int) -> results.Run:
    """A run whose raw SQL took ten milliseconds in every round."""
    sql = [10.0 for _round in call]
    kinds = {"all": {"call": {"p50": call, "p95": call}, "sql": {"p50": sql, "p95": sql}}}
    tasks = [{"query": "q=x", "hits": hits, "p50": {"call": sorted(call)[len(call) // 2], "sql": 10.0}}]
    return results.Run("sqlite", size, {**FACTS, "comparisons": {"search": {"kinds": kinds, "tasks": tasks}}})


class ClosedBehindTheAnswer(BaseHTTPRequestHandler):
    """Keeps no connection, and does not say so until the third answer: as a server that closed an idle one."""

    protocol_version = "HTTP/1.1"
    answers = count(1)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        if next(self.answers) == 3:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"told")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002  (as it is called)


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), ClosedBehindTheAnswer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        ask = asking(server.server_port, "/")
        answers = [ask(), ask(), ask()]
        server.shutdown()

    assert answers == [b"told"] * 3


def test_a_run_replaces_its_own_figures_only(tmp_path: Path) -> None:
    file = tmp_path / "deeper" / "results.json"
    for size, cold in ((100_000, 1.0), (1_000, 2.0), (1_000, 3.0)):
        results.keep(results.Run("sqlite", size, {"cold_ms": cold}), file)

    assert [(run.size, run.facts["cold_ms"]) for run in results.read(file)] == [(1_000, 3.0), (100_000, 1.0)]
