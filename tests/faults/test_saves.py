"""Nothing that was acknowledged gets lost, and nobody sees a fault, whatever is killed under a load of saves."""

import os
import random
import signal
from contextlib import suppress

import pytest

from tests.faults.cluster import Cluster
from tests.faults.load import MEMBERS, under_load
from tests.faults.portal import Portal

KILLS = 40
RESTARTS = 8


def test_worker_killed_under_load_loses_no_acknowledged_save(portal: Portal) -> None:
    cases = portal.make_cases(MEMBERS)
    ledger = portal.folder / "ledger"

    with portal.served() as server, under_load(server, cases, ledger) as load:
        load.wait_for_saves(MEMBERS)
        for _ in range(KILLS):
            with suppress(ProcessLookupError):
                os.kill(random.choice(server.workers()), signal.SIGKILL)
            load.wait_for_saves(2)

    assert load.losses(portal) == []
    assert faults(load.answers()) == {}
    assert len(ledger.read_text().splitlines()) == load.acknowledged() >= 2 * KILLS


@pytest.mark.parametrize("make_portal", ["postgresql"], indirect=True)
def test_postgresql_restarted_under_load_loses_no_acknowledged_save(portal: Portal, own_cluster: Cluster) -> None:
    cases = portal.make_cases(MEMBERS)
    ledger = portal.folder / "ledger"

    with portal.served() as server, under_load(server, cases, ledger) as load:
        for _ in range(RESTARTS):
            load.wait_for_saves(MEMBERS)
            own_cluster.stop()
            own_cluster.start()
        load.wait_for_saves(MEMBERS)

    assert load.losses(portal) == []
    assert faults(load.answers()) == {}
    assert len(ledger.read_text().splitlines()) == load.acknowledged()


def faults(answers: dict[str, int]) -> dict[str, int]:
    """Answers that nobody should get: neither the page, nor the way onward, nor a pause with its length."""
    expected = {"GET 200", "GET 302", "POST 302", "GET 503", "POST 503", "no answer"}
    return {answer: count for answer, count in answers.items() if answer not in expected}


@pytest.mark.parametrize("make_portal", ["sqlite"], indirect=True)
def test_save_that_got_lost_would_be_found(portal: Portal) -> None:
    cases = portal.make_cases(1)

    with portal.served() as server, under_load(server, cases, portal.folder / "ledger") as load:
        load.wait_for_saves(1)
    load.members[0].acknowledged.append(1_000_000)

    assert len(load.losses(portal)) == 1
