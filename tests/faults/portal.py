"""A portal of its own to hurt: gunicorn on a database and a VAR_DIR that nothing else uses."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.run import ROOT, free_port, own_variables

PASSWORD = "a-password-for-faults"
MAKE_CASES = """
from django.contrib.auth.models import Group, User
from tests.factories.practices import PracticeFactory
made = []
for number in range({count}):
    user = User.objects.create_user(f"member-{{number}}", password={password!r}, is_staff=True)
    user.groups.add(Group.objects.get(name="curator"))
    made.append(PracticeFactory(slug=f"faults-{{number}}", title_en=f"Case {{number}}", summary_en="save 0").pk)
print(made)
"""
READ_CASES = """
import json
from django.contrib.admin.models import CHANGE, LogEntry
from practices.models import GoodPractice
print(json.dumps([
    [case.pk, case.summary_en, LogEntry.objects.filter(object_id=case.pk, action_flag=CHANGE).count()]
    for case in GoodPractice.objects.filter(slug__startswith="faults-")
]))
"""


@dataclass
class Portal:
    """One installation: where it keeps its things, and how its commands are run."""

    folder: Path
    settings: Mapping[str, str]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in own_variables()}
        return {**kept, "VAR_DIR": str(self.folder), "LOG_FORMAT": "json", **self.settings}

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=check)

    def ask(self, script: str) -> Any:
        """What a script prints as its last line, as JSON."""
        return json.loads(self.manage("shell", "--verbosity", "0", "-c", script).stdout.splitlines()[-1])

    def make_cases(self, count: int) -> list[int]:
        """Drafts, each with the curator who works on it."""
        cases: list[int] = self.ask(MAKE_CASES.format(count=count, password=PASSWORD))
        return cases

    def read_cases(self) -> dict[int, tuple[int, int]]:
        """Of each case: the number of its last stored save, and how many saves its log holds."""
        return {pk: (int(text.split()[-1]), logged) for pk, text, logged in self.ask(READ_CASES)}

    @property
    def log(self) -> str:
        return (self.folder / "gunicorn.log").read_text(encoding="utf-8")

    @contextmanager
    def served(self) -> Iterator["Server"]:
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
        with (self.folder / "gunicorn.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log)
        try:
            server = Server(port, process.pid)
            server.wait_until_alive()
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=40)
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Server:
    port: int
    pid: int

    def ask(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """:raises OSError, HTTPException: when no whole answer came."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def wait_until_alive(self) -> None:
        for _ in range(600):
            with suppress(OSError, HTTPException):
                if self.get("/healthz").status == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError("gunicorn did not start.")

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()]
