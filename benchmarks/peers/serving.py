"""Searches over HTTP: Datasette beside the portal's own page, each behind its own server, on one kept connection."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, RemoteDisconnected
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks.peers.environments import Environment
from benchmarks.timing import Pace, Task, compare
from tests.run import ROOT, free_port

FACETS: Final = ("theme", "kind", "region", "institution", "prefecture", "year")
# It would leave out what takes longer than a moment.
PATIENT: Final = {"facet_time_limit_ms": 60_000, "sql_time_limit_ms": 60_000, "suggest_facets": "off"}


def beside_datasette(
    datasette: Environment, documents: Path, asked: Sequence[tuple[str, str]], portal: Mapping[str, str]
) -> dict[str, Any]:
    """Sides `page` (HTML with six facets) and `datasette` (JSON of 20 rows, six facets, in no order of merit).

    `asked` are words as typed and as segmented; `portal` is the environment of the portal's server.
    """
    told = [part for name, value in PATIENT.items() for part in ("--setting", name, str(value))]
    other = [datasette.python, "-m", "datasette", "serve", "--immutable", str(documents), *told, "--port"]
    own = [sys.executable, "-m", "gunicorn", "--workers", "1", "--bind"]
    with served(other, {}, "{port}") as theirs, served(own, portal, "127.0.0.1:{port}") as ours:
        tasks = [_task(theirs, ours, documents.stem, typed, segmented) for typed, segmented in asked]
        return compare(tasks, Pace(seconds=3))


def _task(theirs: int, ours: int, database: str, typed: str, segmented: str) -> Task:
    terms = [("_search", f'"{segmented}"'), ("_searchmode", "raw"), ("_size", "20"), ("_shape", "objects")]
    query = urlencode([*terms, *(("_facet", facet) for facet in FACETS)])
    datasette = asking(theirs, f"/{database}/cases.json?{query}")
    page = asking(ours, f"/ja/practices/?{urlencode({'q': typed})}")
    page()
    answer = json.loads(datasette())
    facets = answer["facet_results"]
    if answer.get("facets_timed_out") or len(facets) != len(FACETS):
        raise RuntimeError(f"Datasette left facets out for {typed}")
    about = {"query": typed, "hits": answer["filtered_table_rows_count"]}
    return Task("http", {"page": page, "datasette": datasette}, about)


def asking(port: int, path: str) -> Callable[[], bytes]:
    """:raises RuntimeError: when called and not answered with 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)

    def answered() -> HTTPResponse:
        connection.request("GET", path)
        return connection.getresponse()

    def ask() -> bytes:
        try:
            answer = answered()
        except (RemoteDisconnected, BrokenPipeError):  # closed while the other side was asked
            connection.close()
            answer = answered()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}")
        return body

    return ask


@contextmanager
def served(command: Sequence[str], settings: Mapping[str, str], address: str) -> Iterator[int]:
    """The port of a server that is started with its address behind its command, and stopped in the end."""
    port = free_port()
    environment = {**os.environ, **settings}
    with Path(os.devnull).open("wb") as nowhere:
        server = subprocess.Popen(
            [*command, address.format(port=port)], cwd=ROOT, env=environment, stdout=nowhere, stderr=nowhere
        )
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(port: int) -> None:
    """:raises RuntimeError: when nobody answers within half a minute."""
    for _ in range(300):
        with suppress(OSError, HTTPException):
            probe = HTTPConnection("127.0.0.1", port, timeout=5)
            probe.request("HEAD", "/")
            probe.getresponse()
            return
        time.sleep(0.1)
    raise RuntimeError(f"No server on port {port}.")
