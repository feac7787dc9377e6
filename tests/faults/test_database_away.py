"""A database that is not there: at the start, in between, or one that takes calls and says nothing."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster
from tests.faults.portal import Answer, Portal, Server


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody who accepts every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield int(listener.getsockname()[1])


def is_pause(answer: Answer, language: str) -> bool:
    speaks = f'<html lang="{language}">' in answer.text
    return answer.status == 503 and answer.headers.get("Retry-After") == "30" and speaks


def assert_it_says_so(server: Server) -> None:
    assert is_pause(server.get("/en/themes/"), "en")
    assert is_pause(server.get("/ja/themes/"), "ja")
    assert is_pause(server.ask("GET", "/admin/", headers={"Cookie": f"sessionid={'a' * 32}"}), "ja")
    api = server.get("/api/v1/themes/")
    assert (api.status, api.headers["Content-Type"], api.headers["Retry-After"]) == (503, "application/json", "30")
    assert [server.get(path).status for path in ("/healthz", "/readyz")] == [200, 503]


def test_database_that_never_answers_is_a_pause(tmp_path: Path, static_files: Path, silent_port: int) -> None:
    (tmp_path / "static").symlink_to(static_files)
    portal = Portal(tmp_path, {"DATABASE_URL": f"postgres://sih@127.0.0.1:{silent_port}/sih"})

    with portal.served() as server:
        assert_it_says_so(server)


@pytest.mark.parametrize("make_portal", ["postgresql"], indirect=True)
def test_portal_started_without_its_database_serves_when_it_comes(portal: Portal, own_cluster: Cluster) -> None:
    own_cluster.stop()
    try:
        with portal.served() as server:
            assert_it_says_so(server)
            own_cluster.start()

            assert [server.get(path).status for path in ("/readyz", "/en/themes/", "/api/v1/themes/")] == [200] * 3
    finally:
        own_cluster.ensure_running()
