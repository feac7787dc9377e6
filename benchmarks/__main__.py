"""`make bench`: builds a corpus of each size in each database, measures, and writes docs/benchmarks.md.

`python -m benchmarks [SIZE ...]`: sizes beside 1,000 and 10,000, or with `--only` in place of them. What a run does
not measure keeps its figures.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks import report, results
from benchmarks.peers import serving
from benchmarks.peers.environments import NEEDED, Environment, portal_packages, prepared
from benchmarks.peers.segments import segmented
from benchmarks.queries import OF_PEERS
from tests.run import ROOT, own_variables, postgresql, postgresql_binaries

USUAL: Final = (1_000, 10_000)
# Its search costs the square of the hits: a larger corpus would take hours.
LARGEST_OF_MODELSEARCH: Final = 10_000
FOLDER: Final = ROOT / "var" / "bench"
LOG: Final = FOLDER / "log"
# A module of ours, once Django has been set up by the settings the environment names.
START: Final = (
    "import django, runpy, sys; django.setup(); del sys.argv[0]; runpy.run_module(sys.argv[0], run_name='__main__')"
)
Peers = Mapping[str, Environment]
Measure = Callable[[], results.Comparison]


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begin, sizes = time.monotonic(), asked_sizes()
    FOLDER.mkdir(parents=True, exist_ok=True)
    LOG.unlink(missing_ok=True)
    peers = installed()
    collect = ["collectstatic", "--no-input", "--verbosity", "0", "--ignore", "redoc", "--ignore", "htm*-4*"]
    subprocess.run([sys.executable, "manage.py", *collect], cwd=ROOT, env=settings_for("sqlite", 0), check=True)
    with ExitStack() as stack:
        server = stack.enter_context(cluster())
        for size in sizes:
            for vendor in ("sqlite", "postgresql") if server else ("sqlite",):
                results.keep(measured(vendor, size, server, peers), report.RESULTS)
    report.write(results.read(report.RESULTS), report.PAGE)
    say(f"{report.PAGE.relative_to(ROOT)} is written; {(time.monotonic() - begin) / 60:.0f} minutes")
    return 0


def asked_sizes() -> list[int]:
    parser = ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of cases")
    parser.add_argument("--only", action="store_true", help="without 1,000 and 10,000")
    asked = parser.parse_args()
    return sorted({*asked.sizes} if asked.only else {*USUAL, *asked.sizes})


def say(text: str) -> None:
    print(text, flush=True)


def installed() -> dict[str, Environment]:
    found = {}
    for name, needed in NEEDED.items():
        say(f"peer {name}: pip install {' '.join(needed)} into var/bench/envs/{name}")
        found[name] = prepared(name, FOLDER / "envs" / name)
        say(f"  {found[name].missing or found[name].version}")
    return found


@contextmanager
def cluster() -> Iterator[tuple[Path, str] | None]:
    """PostgreSQL's programs and the address of a cluster of its own; None where it is not installed."""
    binaries = postgresql_binaries()
    if not binaries:
        say("PostgreSQL is not on this machine: not measured")
        yield None
        return
    with postgresql(binaries) as url:
        yield binaries, url


def measured(vendor: str, size: int, server: tuple[Path, str] | None, peers: Peers) -> results.Run:
    settings = settings_for(vendor, size, server)
    if vendor == "sqlite":
        for file in FOLDER.glob(f"{size}.sqlite3*"):
            file.unlink()
    elif server:
        createdb(*server, f"bench_{size}")
    say(f"{vendor}, {size} cases: building")
    built = answered("benchmarks.portal", ["build", str(size)], settings)
    say(f"  filled in {built['fill_s']} s, indexed in {built['rebuild_s']} s; measuring")
    found = answered("benchmarks.portal", ["measure", str(size)], settings)
    found["build"] = built
    found["peers"] = {name: peer.missing or peer.version for name, peer in peers.items()}
    for name, measure in beside(vendor, size, settings, peers).items():
        say(f"  beside {name}")
        try:
            found["comparisons"][name] = measure()
        except (subprocess.CalledProcessError, RuntimeError, HTTPException, OSError) as error:
            status = getattr(error, "returncode", error)
            found["peers"][name] = f"it failed ({status}); see var/bench/log"
    return results.Run(vendor, size, found)


def beside(vendor: str, size: int, settings: Mapping[str, str], peers: Peers) -> dict[str, Measure]:
    """What to measure of each peer that is installed. On SQLite only, but for the list of django-ninja."""
    found: dict[str, Measure] = {"django-ninja": lambda: beside_ninja(settings, peers["django-ninja"])}
    if vendor == "sqlite":
        found["datasette"] = lambda: beside_datasette(settings, peers["datasette"])
        if size <= LARGEST_OF_MODELSEARCH:
            found["modelsearch"] = lambda: beside_modelsearch(settings, peers["modelsearch"])
    return {name: measure for name, measure in found.items() if not peers[name].missing}


def beside_ninja(settings: Mapping[str, str], peer: Environment) -> results.Comparison:
    path = os.pathsep.join([str(ROOT), portal_packages()])
    return answered("benchmarks.peers.ninja_list", [], {**settings, "PYTHONPATH": path}, peer.python)


def beside_datasette(settings: Mapping[str, str], peer: Environment) -> results.Comparison:
    return serving.beside_datasette(peer, documents(settings), asked(), settings)


def beside_modelsearch(settings: Mapping[str, str], peer: Environment) -> results.Comparison:
    database = shutil.copyfile(documents(settings), FOLDER / "modelsearch.sqlite3")
    site = {"DJANGO_SETTINGS_MODULE": "benchmarks.peers.modelsearch_app.settings", "DATABASE": str(database)}
    module = "benchmarks.peers.modelsearch_app.searching"
    return answered(module, [json.dumps(asked())], {**settings, **site}, peer.python)


def documents(settings: Mapping[str, str]) -> Path:
    """The corpus of the settings as one flat table."""
    file = FOLDER / "documents.sqlite3"
    started("benchmarks.peers.documents", [str(file)], settings)
    return file


def asked() -> list[tuple[str, str]]:
    """The words of the peers' queries, as typed and as segmented."""
    return [(words, segmented(words)) for words in OF_PEERS]


def settings_for(vendor: str, size: int, server: tuple[Path, str] | None = None) -> dict[str, str]:
    """A clean environment, as of production but on this machine: nothing of the developer's own portal gets in."""
    kept = {key: value for key, value in os.environ.items() if key not in own_variables()}
    address = f"sqlite:///{FOLDER / str(size)}.sqlite3"
    if vendor == "postgresql" and server:
        address = urlsplit(server[1])._replace(path=f"/bench_{size}").geturl()
    own = {"DJANGO_SETTINGS_MODULE": "sih_portal.settings", "VAR_DIR": str(FOLDER), "DATABASE_URL": address}
    return {**kept, **own, "API_RATE": "1000000/min", "PYTHONPATH": str(ROOT)}


def createdb(binaries: Path, url: str, name: str) -> None:
    where = ["-h", "127.0.0.1", "-p", str(urlsplit(url).port), "-U", "sih"]
    subprocess.run([binaries / "createdb", *where, "-T", "template0", "-E", "UTF8", name], check=True)


def started(module: str, arguments: Sequence[str], settings: Mapping[str, str], python: str = sys.executable) -> None:
    """This will run a module of ours in a process of its own; its log goes to var/bench/log.

    :raises CalledProcessError: when it fails.
    """
    with LOG.open("ab") as log:
        subprocess.run([python, "-c", START, module, *arguments], cwd=ROOT, env=settings, stderr=log, check=True)


def answered(
    module: str, arguments: Sequence[str], settings: Mapping[str, str], python: str = sys.executable
) -> dict[str, Any]:
    """What the module writes as JSON into the file it is given last."""
    answer = FOLDER / "answer.json"
    started(module, [*arguments, str(answer)], settings, python)
    found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    sys.exit(main())
