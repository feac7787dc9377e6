"""An office that answers through the pages: it saves, and saves again what was cut off, and remembers what was told."""

import json
import random
import threading
import time
from collections import Counter
from http.client import HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.faults.member import fields_of
from tests.faults.portal import Answer, Server

PAUSE = 0.05
LONGEST_WAIT = 120
CELL = "Q6.count"
SECTION = "/ja/answer/D/"
FORM = "application/x-www-form-urlencoded"


class GaveUp(Exception):
    """An answer that never came, or none of those that an office may get."""


class Respondent(threading.Thread):
    """`acknowledged`: the numbers that the portal said were saved. `receipts`: where submissions led to."""

    def __init__(self, server: Server, number: int, token: str) -> None:
        super().__init__(name=f"respondent-{number}", daemon=True)
        self.server, self.token = server, token
        self.cookies: dict[str, str] = {}
        self.answers: Counter[str] = Counter()
        self.waits: list[float] = []
        self.acknowledged: list[int] = []
        self.receipts: list[str] = []
        self.failure = ""

    def run(self) -> None:
        try:
            self.work()
        except GaveUp as reason:
            self.failure = str(reason)

    def work(self) -> None:
        raise NotImplementedError

    def come_in(self) -> None:
        """By the link of the mail."""
        self.sure("GET", f"/ja/answer/open/{self.token}/", expected=302)

    def begin(self) -> None:
        page = self.sure("GET", "/ja/answer/")
        self.sure("POST", "/ja/answer/", fields_of(page.text, "begin"), expected=302)

    def sure(
        self,
        method: str,
        path: str,
        fields: dict[str, list[str]] | None = None,
        *,
        expected: int = 200,
        accept: str = "text/html",
    ) -> Answer:
        """Asks until an answer comes: a line that a kill cut off is tried again, as a browser's user would.

        :raises GaveUp: when another one comes than the one expected, or none for long.
        """
        started = time.monotonic()
        while time.monotonic() - started < LONGEST_WAIT:
            try:
                answer = self.ask(method, path, fields, accept)
            except (OSError, HTTPException):
                self.answers["cut off"] += 1
                time.sleep(PAUSE + random.random() * PAUSE)
                continue
            self.waits.append(time.monotonic() - started)
            if answer.status != expected:
                raise GaveUp(f"{method} {path.replace(self.token, '…')}: {answer.status}")
            return answer
        raise GaveUp(f"{method} {path.replace(self.token, '…')}: no answer for {LONGEST_WAIT} s")

    def ask(self, method: str, path: str, fields: dict[str, list[str]] | None, accept: str) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept": accept}
        if fields is not None:
            headers["Content-Type"] = FORM
        answer = self.server.ask(method, path, urlencode(fields, doseq=True) if fields is not None else None, headers)
        self.answers[f"{method} {answer.status}"] += 1
        for name, morsel in SimpleCookie(answer.headers.get("Set-Cookie", "")).items():
            self.cookies[name] = morsel.value
        return answer


class Typist(Respondent):
    """Types number after number into one cell, each saved by itself as the page's script does."""

    def __init__(self, server: Server, number: int, token: str, saves: int) -> None:
        super().__init__(server, number, token)
        self.saves = saves

    def work(self) -> None:
        self.come_in()
        self.begin()
        page = self.sure("GET", SECTION)
        fields = {name: values for name, values in fields_of(page.text, "answer").items() if name[1:2] != "."}
        page_fields = fields_of(page.text, "answer")
        seen = {"lock": page_fields[f"k.{CELL}"][0], "digest": page_fields[f"w.{CELL}"][0]}
        for number in range(1, self.saves + 1):
            seen = self.save(fields, seen, number)

    def save(self, fields: dict[str, list[str]], seen: dict[str, str], number: int) -> dict[str, str]:
        typed = {f"v.{CELL}": [str(number)], f"k.{CELL}": [str(seen["lock"])], f"w.{CELL}": [seen["digest"]]}
        sent = {**fields, **typed, "autosave": ["1"]}
        said = json.loads(self.sure("POST", SECTION, sent, accept="application/json").body)
        if CELL not in said["saved"]:
            raise GaveUp(f"save {number}: {said}")
        self.acknowledged.append(number)
        saved: dict[str, str] = said["saved"][CELL]
        return saved


class Submitter(Respondent):
    """Has answered everything, and presses the button when all others do, twice."""

    def __init__(self, server: Server, number: int, token: str, start: threading.Barrier) -> None:
        super().__init__(server, number, token)
        self.start_together = start

    def work(self) -> None:
        try:
            self.come_in()
            fields = fields_of(self.sure("GET", "/ja/answer/review/").text, "submit")
        except GaveUp:
            self.start_together.abort()
            raise
        fields["sign_off"] = ["1"]
        try:
            self.start_together.wait(LONGEST_WAIT)
        except threading.BrokenBarrierError as broken:
            raise GaveUp("another office never got that far") from broken
        for _press in range(2):
            answer = self.sure("POST", "/ja/answer/review/", fields, expected=302)
            self.receipts.append(answer.headers["Location"])
