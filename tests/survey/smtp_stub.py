"""A mail server on loopback that takes mails, refuses them, puts them off, or hangs up on the sender."""

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

TAKE = "take"
REFUSE = "refuse"  # 550: no such user
SPURN = "spurn"  # 550 once it has the text, which it repeats
LATER = "later"  # 451: not now
DROP_EARLY = "drop early"  # hangs up before the text
DROP_LATE = "drop late"  # has the text, and hangs up without a word


@dataclass
class Stub:
    """`plan` is what happens to the mails in turn, over and over. `arrived`: whom each text it has was for."""

    plan: list[str]
    pause: float = 0  # seconds before it confirms a text
    port: int = 0
    tries: int = 0
    connections: int = 0
    arrived: list[str] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def next_deed(self) -> str:
        with self.lock:
            self.tries += 1
            return self.plan[(self.tries - 1) % len(self.plan)]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class Talk(socketserver.StreamRequestHandler):
    server: Any
    deed = TAKE
    recipient = ""

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.server.stub.connections += 1
        self.say("220 stub")
        for raw in self.rfile:
            line = raw.decode(errors="replace").strip()
            if not self.answer(line.partition(" ")[0].upper(), line):
                return

    def answer(self, verb: str, line: str) -> bool:
        """False hangs up."""
        if verb == "MAIL":
            self.deed = self.server.stub.next_deed()
            if self.deed == DROP_EARLY:
                return False
        if verb == "RCPT":
            self.recipient = line.partition("<")[2].partition(">")[0]
            refusals = {
                REFUSE: f"550 5.1.1 <{self.recipient}> unknown, ask postmaster@secret.example",
                LATER: "451 4.7.1 Try again later",
            }
            self.say(refusals.get(self.deed, "250 ok"))
            return True
        if verb == "DATA":
            return self.take_text()
        self.say({"QUIT": "221 bye", "STARTTLS": "454 no TLS today"}.get(verb, "250 stub"))
        return verb != "QUIT"

    def take_text(self) -> bool:
        self.say("354 go ahead")
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        else:
            return False
        stub = self.server.stub
        with stub.lock:
            stub.arrived.append(self.recipient)
            stub.texts.append(b"".join(lines))
        time.sleep(stub.pause)
        if self.deed == DROP_LATE:
            return False
        link = re.search(rb"\S+/answer/open/\S+", stub.texts[-1])
        self.say(f"550 5.7.1 no {link[0].decode() if link else ''}" if self.deed == SPURN else "250 taken")
        return True


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that was killed leaves a broken pipe: that is what it is killed for."""


@contextmanager
def smtp_stub(*plan: str, pause: float = 0) -> Iterator[Stub]:
    stub = Stub(list(plan) or [TAKE], pause)
    with Server(("127.0.0.1", 0), Talk) as server:
        stub.port = server.server_address[1]
        server.stub = stub  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()
