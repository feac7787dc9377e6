"""A cache of its own, in Redis, taken away while the portal serves: pages and API go on, and use it when it is back."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis as Client
from redis.exceptions import ConnectionError as NoConnection

from tests.faults.portal import Answer, Portal, Server
from tests.run import free_port

ADDRESSES = (
    *("/ja/practices/?q=%E7%95%99%E5%AD%A6", "/en/practices/?q=students&theme=4", "/ja/practices/"),
    *("/api/v1/practices/?q=%E5%8D%94%E5%AE%9A", "/en/practices/keio-office-in-jsps-london/"),
)
NONCE = re.compile(rb'nonce="[^"]*"')
LONGEST_WAIT = 60

pytestmark = [
    pytest.mark.skipif(not shutil.which("redis-server"), reason="There is no Redis on this machine."),
    pytest.mark.parametrize("make_portal", ["sqlite"], indirect=True),
]


class Redis:
    """Keeps nothing on the disk: what is started again is empty."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.client = Client(port=self.port)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        try:
            self.wait_until_alive()
            yield process
        finally:
            process.kill()
            process.wait()

    def wait_until_alive(self) -> None:
        for _ in range(100):
            try:
                self.client.ping()
            except NoConnection:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("Redis did not start.")

    def reads(self) -> int:
        """How many questions it had an answer to."""
        return int(self.client.info("stats")["keyspace_hits"])


@pytest.fixture
def redis(tmp_path: Path) -> Redis:
    return Redis(tmp_path)


@pytest.fixture
def cached_portal(portal: Portal, redis: Redis) -> Portal:
    """With the cases of the programme, and its cache in Redis. One thread serves all: each has patience of its own."""
    portal.manage("load_source", "--apply", "--verbosity", "0")
    more = {"CACHE_URL": f"redis://127.0.0.1:{redis.port}/0", "GUNICORN_CMD_ARGS": "--workers=1 --threads=1"}
    return replace(portal, settings={**portal.settings, **more})


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "silent"])
def test_search_goes_on_without_redis_and_uses_it_again(cached_portal: Portal, redis: Redis, how: int) -> None:
    with cached_portal.served() as server:
        with redis.running() as process:
            before = answers(server)
            assert {status for status, _body in before.values()} == {200}
            assert answers(server) == before
            assert redis.reads() > 0
            assert warnings(cached_portal) == 0

            # A silent one never answers, so that any answer shows the portal's own patience; each wait has its line.
            os.kill(process.pid, how)
            waits = []
            for address in ADDRESSES:
                already = warnings(cached_portal)
                assert told(server.get(address)) == before[address]
                waits.append(warnings(cached_portal) - already)
        assert max(waits) == 1

        with redis.running():
            use_again(server, redis)
            assert answers(server) == before

    assert {entry["level"] for entry in log(cached_portal)} == {"INFO", "WARNING"}


def answers(server: Server) -> dict[str, tuple[int, bytes]]:
    return {address: told(server.get(address)) for address in ADDRESSES}


def told(answer: Answer) -> tuple[int, bytes]:
    """What has to stay the same: all but what is made up for each answer."""
    return answer.status, NONCE.sub(b"", answer.body)


def warnings(portal: Portal) -> int:
    """How often the portal waited for its cache in vain."""
    return sum("cache does not answer" in entry["message"] for entry in log(portal))


def log(portal: Portal) -> list[dict[str, str]]:
    return [json.loads(line) for line in portal.log.splitlines()]


def use_again(server: Server, redis: Redis) -> None:
    """:raises TimeoutError: when the portal leaves a Redis alone that is back."""
    end = time.monotonic() + LONGEST_WAIT
    while redis.reads() == 0:
        if time.monotonic() > end:
            raise TimeoutError(f"No page used the cache for {LONGEST_WAIT} s.")
        answers(server)
        time.sleep(0.2)
