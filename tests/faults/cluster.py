"""A PostgreSQL of its own that may be broken: its disk is never told lies, unlike that of the other tests."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.run import free_port, postgresql_binaries, server_user


@dataclass(frozen=True)
class Cluster:
    binaries: Path
    folder: Path
    port: int
    user: str | None

    def address(self, name: str) -> str:
        return f"postgres://sih@127.0.0.1:{self.port}/{name}"

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        subprocess.run(command, user=self.user, cwd=self.folder, stdout=subprocess.DEVNULL, check=True)

    def control(self, *arguments: str) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-s", *arguments)

    def start(self) -> None:
        options = f"-c port={self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self.control("-o", options, "-l", str(self.folder / "log"), "start")

    def ensure_running(self) -> None:
        if not (self.folder / "data" / "postmaster.pid").exists():
            self.start()

    def stop(self) -> None:
        """As a power cut would: nothing is finished, nothing is written down."""
        self.control("-m", "immediate", "stop")

    def make(self, name: str, template: str = "template0") -> str:
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "sih"]
        self.run("createdb", *where, "-T", template, "-E", "UTF8", name)
        return self.address(name)


@contextmanager
def cluster() -> Iterator[Cluster]:
    binaries = postgresql_binaries()
    if binaries is None:
        raise RuntimeError("There is no PostgreSQL on this machine.")
    with tempfile.TemporaryDirectory(prefix="sih-faults-") as name:
        folder, user = Path(name), server_user()
        if user:
            shutil.chown(folder, user)
        made = Cluster(binaries, folder, free_port(), user)
        made.run("initdb", "-D", str(folder / "data"), "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", "sih")
        made.start()
        try:
            yield made
        finally:
            made.stop()
