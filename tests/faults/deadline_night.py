"""The night of the deadline: many offices save at once, then all submit, while processes of the portal are killed.

`python -m tests.faults.deadline_night [--clients 64] [--submissions 234] [--saves 20]` shows it on SQLite and on a
PostgreSQL of its own, and says what came of it: nothing that was acknowledged is lost, nothing is stored twice,
nobody sees a fault. The tests call the same with fewer.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.cluster import cluster
from tests.faults.portal import Portal, Server
from tests.faults.respondent import CELL, LONGEST_WAIT, Respondent, Submitter, Typist
from tests.run import postgresql_binaries

BETWEEN_KILLS = 0.4  # seconds at least, and until so many answers came
ANSWERS_BETWEEN_KILLS = 12
MAKE_OFFICES = """
import json
from django.utils import timezone
from survey import mailing
from tests.factories.answers import COMPLETE, a_round, answered
from tests.factories.invitations import InvitationFactory, ResponseFactory
now, made, survey_round = timezone.now(), [], a_round()
for number in range({count}):
    invitation = InvitationFactory(round=survey_round, number=number + 1, was_asked=True)
    if {complete}:
        answered(ResponseFactory(invitation=invitation))
    made.append(mailing.issue(invitation, at=now))
print(json.dumps(made))
"""
READ_ANSWERS = """
import json
from survey.models import Answer
rows = Answer.objects.filter(cell__code={cell!r}).order_by("response__invitation__number")
print(json.dumps([[row.response.invitation.number, row.number, row.lock] for row in rows]))
"""
READ_SUBMISSIONS = """
import json
from survey.models import Delivery, Snapshot
rows = Snapshot.objects.filter(step="submitted").order_by("response__invitation__number")
print(json.dumps({
    "submitted": [row.response.invitation.number for row in rows],
    "mails": [row.invitation.number for row in Delivery.objects.filter(kind="receipt").order_by("invitation__number")],
}))
"""


@dataclass
class Outcome:
    """What came of it. `complaints` are sentences; none means that it held."""

    acknowledged: int
    seconds: float
    kills: int
    longest_wait: float
    answers: Counter[str]
    complaints: list[str]

    @property
    def faults(self) -> dict[str, int]:
        """HTTP 5xx by their code."""
        return {answer: count for answer, count in self.answers.items() if answer.split()[-1].startswith("5")}

    def line(self) -> str:
        cut, faults = self.answers["cut off"], sum(self.faults.values())
        return (
            f"{self.acknowledged} acknowledged in {self.seconds:.1f} s, {self.kills} processes killed, {cut} lines cut "
            f"off and tried again, longest wait {self.longest_wait:.1f} s, {faults} HTTP 5xx, "
            f"{len(self.complaints)} lost, doubled or refused"
        )


def saves(portal: Portal, *, clients: int, each: int) -> Outcome:
    """Every client saves `each` numbers, one after the other, into the cell of its own institution."""
    tokens = portal.ask(MAKE_OFFICES.format(count=clients, complete=False))
    with portal.served() as server:
        offices = [Typist(server, number, token, each) for number, token in enumerate(tokens, start=1)]
        with killing(server, offices) as killer:
            seconds = run(offices)
    stored = {number: (value, lock) for number, value, lock in portal.ask(READ_ANSWERS.format(cell=CELL))}
    complaints = [office.failure for office in offices if office.failure]
    for number, office in enumerate(offices, start=1):
        last = office.acknowledged[-1] if office.acknowledged else 0
        if stored.get(number) != (last, len(office.acknowledged)):
            complaints.append(
                f"office {number}: {last} acknowledged last, (number, changes) stored {stored.get(number)}"
            )
    return outcome(offices, sum(len(office.acknowledged) for office in offices), seconds, killer, complaints)


def submissions(portal: Portal, *, count: int) -> Outcome:
    """Every institution submits at the same moment, by a button pressed twice."""
    tokens = portal.ask(MAKE_OFFICES.format(count=count, complete=True))
    together = threading.Barrier(count)
    with portal.served() as server:
        offices = [Submitter(server, number, token, together) for number, token in enumerate(tokens, start=1)]
        with killing(server, offices) as killer:
            seconds = run(offices)
    stored = portal.ask(READ_SUBMISSIONS)
    complaints = [office.failure for office in offices if office.failure]
    everybody = list(range(1, count + 1))
    complaints += [f"{name}: {found}" for name, found in stored.items() if found != everybody]
    acknowledged = sum(len(office.receipts) == 2 for office in offices)
    return outcome(offices, acknowledged, seconds, killer, complaints)


def run(offices: Sequence[Respondent]) -> float:
    started = time.monotonic()
    for office in offices:
        office.start()
    for office in offices:
        office.join(timeout=10 * LONGEST_WAIT)
    return time.monotonic() - started


class Killer(threading.Thread):
    """Ends a random worker of the server again and again, without a warning; in between some work gets done."""

    def __init__(self, server: Server, offices: Sequence[Respondent]) -> None:
        super().__init__(name="killer", daemon=True)
        self.server, self.offices = server, offices
        self.is_over, self.kills, self.seen = threading.Event(), 0, 0

    def run(self) -> None:
        while not self.is_over.wait(BETWEEN_KILLS):
            come = sum(len(office.waits) for office in self.offices)
            if come < self.seen + ANSWERS_BETWEEN_KILLS:
                continue
            self.seen = come
            if workers := self.server.workers():
                with suppress(ProcessLookupError):
                    os.kill(random.choice(workers), signal.SIGKILL)
                    self.kills += 1


@contextmanager
def killing(server: Server, offices: Sequence[Respondent]) -> Iterator[Killer]:
    killer = Killer(server, offices)
    killer.start()
    try:
        yield killer
    finally:
        killer.is_over.set()
        killer.join(timeout=10)


def outcome(
    offices: Sequence[Respondent], acknowledged: int, seconds: float, killer: Killer, complaints: list[str]
) -> Outcome:
    answers = sum((office.answers for office in offices), Counter())
    longest = max((wait for office in offices for wait in office.waits), default=0.0)
    return Outcome(acknowledged, seconds, killer.kills, longest, answers, complaints)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--saves", type=int, default=20)
    parser.add_argument("--submissions", type=int, default=234)
    told = parser.parse_args()
    held = [night(engine, told) for engine in ("SQLite", "PostgreSQL")]
    return 0 if all(held) else 1


def night(engine: str, told: argparse.Namespace) -> bool:
    """One engine's night, told on standard output; whether it held."""
    held = True
    own_cluster = cluster() if engine == "PostgreSQL" and postgresql_binaries() else nullcontext()
    with own_cluster as server, tempfile.TemporaryDirectory(prefix="sih-night-") as scratch:
        for name in ("saves", "submissions"):
            folder = Path(scratch) / name
            folder.mkdir()
            portal = Portal(folder, {"DATABASE_URL": server.make(name)} if server else {})
            portal.manage("migrate", "--verbosity", "0")
            portal.manage("collectstatic", "--no-input", "--verbosity", "0", "--ignore", "drf_spectacular_sidecar")
            if name == "saves":
                came = saves(portal, clients=told.clients, each=told.saves)
            else:
                came = submissions(portal, count=told.submissions)
            sys.stdout.write(f"{engine}, {name}: {came.line()}\n" + "".join(f"  {each}\n" for each in came.complaints))
            sys.stdout.flush()
            held = held and not came.complaints and not came.faults
            shutil.rmtree(folder, ignore_errors=True)
    return held


if __name__ == "__main__":
    sys.exit(main())
