"""A curator who keeps saving a case through the admin's own form, and remembers what the portal acknowledged."""

import re
import threading
import time
from collections import Counter
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.portal import PASSWORD, Answer, Server

PAUSE = 0.1


class FormReader(HTMLParser):
    """The fields of one form as a browser would send them back."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.is_inside = form, False
        self.fields: list[tuple[str, str]] = []
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = values.get("id") == self.form
        if self.is_inside and hasattr(self, f"open_{tag}"):
            getattr(self, f"open_{tag}")(values)

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = self.is_inside and tag != "form"
        self.textarea = "" if tag == "textarea" else self.textarea

    def handle_data(self, data: str) -> None:
        if self.textarea:
            name, value = self.fields[-1]
            self.fields[-1] = (name, value + data)

    def open_input(self, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        is_chosen = kind not in {"checkbox", "radio"} or "checked" in values
        if is_chosen and kind not in {"submit", "file", "button"} and values.get("name"):
            self.fields.append((values["name"], values.get("value", "on" if kind == "checkbox" else "")))

    def open_select(self, values: dict[str, str]) -> None:
        self.select = values.get("name", "")

    def open_option(self, values: dict[str, str]) -> None:
        if "selected" in values:
            self.fields.append((self.select, values.get("value", "")))

    def open_textarea(self, values: dict[str, str]) -> None:
        self.textarea = values.get("name", "")
        self.fields.append((self.textarea, ""))


def fields_of(page: str, form: str) -> dict[str, list[str]]:
    reader = FormReader(form)
    reader.feed(page)
    fields: dict[str, list[str]] = {}
    for name, value in reader.fields:
        fields.setdefault(name, []).append(value.removeprefix("\n"))
    return fields


class Member(threading.Thread):
    """Saves until told to stop. `acknowledged`: numbers the portal said were saved; `lost`: what was gone again."""

    def __init__(self, server: Server, number: int, case: int, ledger: Path) -> None:
        super().__init__(name=f"member-{number}", daemon=True)
        self.server, self.number, self.case, self.ledger = server, number, case, ledger
        self.address = f"/admin/practices/goodpractice/{case}/change/"
        self.cookies: dict[str, str] = {}
        self.is_over = threading.Event()
        self.sent = 0
        self.acknowledged: list[int] = []
        self.lost: list[str] = []
        self.answers: Counter[str] = Counter()

    def run(self) -> None:
        while not self.is_over.is_set():
            try:
                self.save()
            except (OSError, HTTPException):
                self.answers["no answer"] += 1
                time.sleep(PAUSE)

    def save(self) -> None:
        page = self.ask("GET", self.address)
        if page.status == 302:
            self.sign_in()
        elif page.status == 200:
            self.send(fields_of(page.text, "goodpractice_form"))
        else:
            time.sleep(PAUSE)

    def send(self, fields: dict[str, list[str]]) -> None:
        stored = int(fields["summary_en"][0].split()[-1])
        if self.acknowledged and stored < self.acknowledged[-1]:
            self.lost.append(f"case {self.case}: {self.acknowledged[-1]} was acknowledged, {stored} is stored")
        self.sent = max(self.sent, stored) + 1
        fields["summary_en"] = [f"save {self.sent}"]
        answer = self.ask("POST", self.address, {**fields, "_continue": ["1"]})
        if answer.status == 302 and self.address in answer.headers.get("Location", ""):
            self.acknowledged.append(self.sent)
            with self.ledger.open("a", encoding="ascii") as ledger:
                ledger.write(f"{self.case} {self.sent}\n")

    def sign_in(self) -> None:
        self.ask("GET", "/admin/login/")
        page = self.ask("GET", "/admin/login/")
        if page.status == 200:
            fields = fields_of(page.text, "login-form")
            fields |= {"username": [self.name], "password": [PASSWORD], "next": [self.address]}
            self.ask("POST", "/admin/login/", fields)

    def ask(self, method: str, path: str, fields: dict[str, list[str]] | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.server.ask(method, path, urlencode(fields, doseq=True) if fields is not None else None, headers)
        self.answers[f"{method} {answer.status}"] += 1
        if answer.status == 503 and not re.fullmatch(r"\d+", answer.headers.get("Retry-After", "")):
            self.answers["503 without Retry-After"] += 1
        for name, morsel in SimpleCookie(answer.headers.get("Set-Cookie", "")).items():
            self.cookies[name] = morsel.value
        return answer
