"""The sender as a process: killed, twice at once, and told to end. No mail is sent twice, none gets lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from survey.models import Delivery
from tests.factories.invitations import DeliveryFactory
from tests.survey.smtp_stub import LATER, REFUSE, TAKE, Stub, smtp_stub

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 120  # seconds, on a machine that does other things too


def database_url() -> str:
    """The test's own database, as another process reaches it."""
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    word = f":{place['PASSWORD']}" if place["PASSWORD"] else ""
    return f"postgres://{place['USER']}{word}@{place['HOST']}:{place['PORT']}/{place['NAME']}"


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "It did not come about."
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    """Starts senders; none outlives the test."""
    senders: list[subprocess.Popen[bytes]] = []

    def started(stub: Stub, *arguments: str) -> "subprocess.Popen[bytes]":
        own = {"DATABASE_URL": database_url(), "EMAIL_URL": stub.url, "VAR_DIR": str(tmp_path), "LOG_LEVEL": "ERROR"}
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "send_mail", *arguments]
        senders.append(subprocess.Popen(command, env={**os.environ, **own}, stdout=subprocess.PIPE))
        return senders[-1]

    yield started
    for sender in senders:
        sender.kill()
        sender.communicate()


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("email", "state"))


def test_killed_sender_sends_nothing_twice_and_every_mail_is_accounted_for(start: Any) -> None:
    DeliveryFactory.create_batch(24)
    kills = 3
    with smtp_stub(TAKE, pause=0.05) as stub:
        for number in range(1, kills + 1):
            sender = start(stub, "--watch")
            wait_until(lambda enough=number * 5: len(stub.arrived) >= enough)  # type: ignore[misc]
            sender.kill()
            sender.wait()
        assert start(stub).wait(PATIENCE) == 0

    found = states()
    left = {email for email, state in found.items() if state == "sending"}
    sent = {email for email, state in found.items() if state == "sent"}
    assert len(stub.arrived) == len(set(stub.arrived))
    assert len(left) <= kills
    assert left | sent == set(found)
    assert sent <= set(stub.arrived) <= sent | left


def test_two_senders_at_once_send_each_mail_once(start: Any) -> None:
    DeliveryFactory.create_batch(30)

    with smtp_stub(TAKE, pause=0.2) as stub:
        senders = [start(stub) for _ in range(2)]
        told = [int(sender.communicate(timeout=PATIENCE)[0].rpartition(b" ")[2]) for sender in senders]

    assert sorted(stub.arrived) == sorted(states())
    assert set(states().values()) == {"sent"}
    assert sum(told) == 30
    assert min(told) > 0


def test_sender_that_is_told_to_end_finishes_the_mail_in_hand(start: Any) -> None:
    DeliveryFactory.create_batch(3)

    with smtp_stub(TAKE, pause=1) as stub:
        sender = start(stub, "--watch")
        wait_until(lambda: len(stub.arrived) == 1)
        sender.send_signal(signal.SIGTERM)
        code = sender.wait(PATIENCE)

    assert code == 0
    assert sorted(states().values()) == ["queued", "queued", "sent"]


def test_sender_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    command = f"{sys.executable} manage.py send_mail --watch --parent $$ & echo $!; exec sleep 4"
    own = {"DATABASE_URL": database_url(), "VAR_DIR": str(tmp_path)}
    parent = subprocess.Popen(
        ["/bin/sh", "-c", command], cwd=settings.BASE_DIR, env={**os.environ, **own}, stdout=subprocess.PIPE
    )
    assert parent.stdout
    sender = Path(f"/proc/{int(parent.stdout.readline())}")
    assert sender.exists()

    parent.wait(PATIENCE)

    wait_until(lambda: not sender.exists() or "Z" in (sender / "stat").read_text().split()[2])
    parent.stdout.close()


def test_command_tells_what_became_of_the_mails_and_names_nobody(
    capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    DeliveryFactory.create_batch(3)
    with smtp_stub(TAKE, REFUSE, LATER) as stub:
        settings.EMAIL_BACKEND = "sih_portal.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", stub.port
        call_command("send_mail")

    assert capsys.readouterr().out == "sent: 1, failed: 1, queued: 1\n"


def test_command_fails_when_the_mail_server_is_away(settings: Any) -> None:
    DeliveryFactory.create_batch(2)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "sih_portal.smtp.EmailBackend", "127.0.0.1", 1

    with pytest.raises(CommandError, match=r"Mails that wait: 2\.$"):
        call_command("send_mail")
