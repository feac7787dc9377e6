"""Several members saving at once, and what must hold of them afterwards."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.member import Member
from tests.faults.portal import Portal, Server

MEMBERS = 4
LONGEST_WAIT = 60


class Load:
    def __init__(self, members: list[Member]) -> None:
        self.members = members

    def acknowledged(self) -> int:
        return sum(len(member.acknowledged) for member in self.members)

    def wait_for_saves(self, count: int) -> None:
        """:raises TimeoutError: when saves stop being acknowledged: the portal did not recover."""
        wanted, end = self.acknowledged() + count, time.monotonic() + LONGEST_WAIT
        while self.acknowledged() < wanted:
            if time.monotonic() > end:
                raise TimeoutError(f"No save was acknowledged for {LONGEST_WAIT} s: {self.answers()}")
            time.sleep(0.02)

    def answers(self) -> Counter[str]:
        return sum((member.answers for member in self.members), Counter())

    def losses(self, portal: Portal) -> list[str]:
        """Acknowledged saves that a member, the case or its log does not hold."""
        stored = portal.read_cases()
        lost = [loss for member in self.members for loss in member.lost]
        for member in self.members:
            number, logged = stored[member.case]
            if number < max(member.acknowledged, default=0) or logged < len(member.acknowledged):
                count = len(member.acknowledged)
                lost.append(f"case {member.case}: {count} acknowledged, {logged} logged, last {number}")
        return lost


@contextmanager
def under_load(server: Server, cases: list[int], ledger: Path) -> Iterator[Load]:
    members = [Member(server, number, case, ledger) for number, case in enumerate(cases)]
    for member in members:
        member.start()
    try:
        yield Load(members)
    finally:
        for member in members:
            member.is_over.set()
        for member in members:
            member.join(timeout=90)
