"""Runs the tests on every database and browser this machine has, and ends with a line that says which.

`make test` calls it. `REQUIRE=postgres,chromium,libreoffice,redis` turns what is missing into a failure.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
SOURCE_TEXT = ROOT.parent / "shared" / "seed"
# Neither a browser nor processes of their own.
INSIDE = "not browser and not faults"
OFFICE = ("soffice", "pdftotext")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Report:
    """What ran, what failed, and what did not run for want of something."""

    ran: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def note(self, name: str, *, passed: bool) -> None:
        (self.ran if passed else self.failed).append(name)

    def line(self) -> str:
        parts = [("FAILED", self.failed), ("ran", self.ran), ("did not run", self.absent)]
        return "; ".join(f"{word}: {', '.join(names)}" for word, names in parts if names)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    required = set(filter(None, os.environ.get("REQUIRE", "").split(",")))
    report = Report()
    with tempfile.TemporaryDirectory(prefix="sih-test-") as scratch:
        test_databases(report, Path(scratch), required="postgres" in required)
        test_browser(report, Path(scratch), required="chromium" in required)
        note_office(report, required="libreoffice" in required)
        note_redis(report, required="redis" in required)
        test_faults(report, Path(scratch))
    if not SOURCE_TEXT.is_dir():
        report.absent.append("comparison with the source text (../shared/seed not found)")
    print(report.line())
    return 1 if report.failed else 0


def test_databases(report: Report, scratch: Path, *, required: bool) -> None:
    """Side by side, for each keeps one core busy: what SQLite's tests say is shown when PostgreSQL's have ended.

    What needs no database runs beside SQLite's alone.
    """
    binaries, settings = postgresql_binaries(), {"VAR_DIR": str(scratch / "sqlite")}
    if not binaries:
        missing(report, "PostgreSQL (no initdb on this machine)", required=required)
        report.note("SQLite", passed=pytest("SQLite", ["-m", INSIDE], settings))
        return
    said = scratch / "sqlite.txt"
    with said.open("wb") as file, started(["-m", INSIDE], settings, file) as sqlite:
        test_postgresql(report, scratch, binaries)
        report.note("SQLite", passed=sqlite.wait() == 0)
    print(f"\n== SQLite ==\n{said.read_text(encoding='utf-8')}", flush=True)


def test_postgresql(report: Report, scratch: Path, binaries: Path) -> None:
    name = f"PostgreSQL {major_version(binaries / 'postgres')}"
    with postgresql(binaries) as url:
        settings = {"VAR_DIR": str(scratch / "postgresql"), "DATABASE_URL": url, "ONLY_WITH_DATABASE": "1"}
        report.note(name, passed=pytest(name, ["-m", INSIDE], settings))


def test_browser(report: Report, scratch: Path, *, required: bool) -> None:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not chromium:
        missing(report, "browser journeys (no Chromium on this machine)", required=required)
        return
    name = f"Chromium {major_version(Path(chromium))}"
    settings = {"VAR_DIR": str(scratch / "browser"), "CHROMIUM": chromium}
    report.note(name, passed=pytest(name, ["-m", "browser"], settings))


def test_faults(report: Report, scratch: Path) -> None:
    """On both databases in one go: it starts portals and a PostgreSQL of its own, to kill them."""
    passed = pytest("Faults", ["-m", "faults"], {"VAR_DIR": str(scratch / "faults")})
    report.note("kills, restarts and restores", passed=passed)


def note_office(report: Report, *, required: bool) -> None:
    """The tests above read the Word documents in LibreOffice where it is."""
    if not all(map(shutil.which, OFFICE)):
        missing(report, "Word documents in LibreOffice (no soffice or pdftotext on this machine)", required=required)


def note_redis(report: Report, *, required: bool) -> None:
    """The kills below take a Redis from a portal where there is one."""
    if not shutil.which("redis-server"):
        missing(report, "a cache taken away (no redis-server on this machine)", required=required)


def missing(report: Report, name: str, *, required: bool) -> None:
    (report.failed if required else report.absent).append(name)


def pytest(name: str, arguments: list[str], settings: Mapping[str, str]) -> bool:
    print(f"\n== {name} ==", flush=True)
    with started(arguments, settings) as tests:
        return tests.wait() == 0


@contextmanager
def started(
    arguments: list[str], settings: Mapping[str, str], output: IO[bytes] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Runs the tests with a clean environment: nothing of the developer's own portal gets in. None outlive it."""
    kept = {key: value for key, value in os.environ.items() if key not in own_variables()}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, *sys.argv[1:]]
    tests = subprocess.Popen(command, cwd=ROOT, env={**kept, **settings}, stdout=output, stderr=output)
    try:
        yield tests
    finally:
        if tests.poll() is None:
            tests.terminate()
        tests.wait()


def own_variables() -> set[str]:
    """The names of the portal's settings, from `.env.example`."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {line.lstrip("# ").partition("=")[0] for line in lines if "=" in line}


def major_version(program: Path) -> str:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return next(word for word in answer.split() if word[0].isdigit()).partition(".")[0]


def postgresql_binaries() -> Path | None:
    """The newest directory with PostgreSQL's server programs (Debian keeps them off the PATH)."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return max(found, key=lambda path: int(path.parts[-3])).parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def postgresql(binaries: Path) -> Iterator[str]:
    """A throw-away UTF-8 cluster of its own: yields its address, stops and removes it whatever happens."""
    with tempfile.TemporaryDirectory(prefix="sih-postgresql-") as folder:
        user = server_user()
        if user:
            shutil.chown(folder, user)
        data, port = str(Path(folder) / "data"), free_port()
        initdb = [str(binaries / "initdb"), "-D", data, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", "sih"]
        subprocess.run(initdb, user=user, cwd=folder, stdout=subprocess.DEVNULL, check=True)
        # Nothing here outlives the run, so nothing has to reach the disk.
        options = [f"-cport={port}", "-clisten_addresses=127.0.0.1", f"-cunix_socket_directories={folder}"]
        speed = ["-cfsync=off", "-csynchronous_commit=off", "-cfull_page_writes=off", "-clog_min_messages=panic"]
        server = subprocess.Popen([binaries / "postgres", "-D", data, *options, *speed], user=user, cwd=folder)
        try:
            wait_for(binaries, port)
            yield f"postgres://sih@127.0.0.1:{port}/sih"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)


def server_user() -> str | None:
    """PostgreSQL refuses to run as root; None leaves the user as it is."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(binaries: Path, port: int) -> None:
    """:raises RuntimeError: when the server does not answer within half a minute."""
    question = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(300):
        if subprocess.run(question, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start on port {port}.")


if __name__ == "__main__":
    sys.exit(main())
