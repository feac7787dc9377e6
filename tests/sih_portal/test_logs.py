"""Logs tell what happened, and never to whom, from where or with which words."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from sih_portal.logs import JSONFormatter, PlainFormatter, RequestLog, request_id, shown_path
from tests.factories.practices import staff
from tests.sih_portal.test_views import Broken

CANARY = "canary7f3a"
OUTSIDE = ("axes", "gunicorn.error", "django.server")


class Log(logging.StreamHandler[StringIO]):
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture(params=[JSONFormatter])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    """Everything that reaches a handler, also of loggers that keep away from the root's."""
    handler = Log(StringIO())
    handler.setFormatter(request.param())
    loggers = [logging.getLogger(name) for name in (None, *OUTSIDE)]
    for logger in loggers:
        logger.addHandler(handler)
    yield handler
    for logger in loggers:
        logger.removeHandler(handler)


def record(message: Any, *values: object, name: str = "sih_portal", **more: Any) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, __file__, 1, message, values, more.get("exc_info"))
    vars(made).update(more)
    return made


def told(*arguments: Any, **more: Any) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(JSONFormatter().format(record(*arguments, **more)))
    return facts


@pytest.mark.django_db
def test_request_is_one_line_of_facts(client: Client, log: Log) -> None:
    client.get(f"/en/themes/?q={CANARY}", headers={"X-Request-ID": "proxy-12345678"})

    (line,) = [line for line in log.lines() if line["logger"] == "sih_portal.logs"]
    assert isinstance(line.pop("milliseconds"), int)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "sih_portal.logs",
        "message": "request",
        "request_id": "proxy-12345678",
        "method": "GET",
        "path": "/en/themes/",
        "route": "practices:theme-list",
        "status": 200,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("log", [JSONFormatter, PlainFormatter], indirect=True)
def test_fault_tells_nothing_of_who_met_it_and_what_was_typed(log: Log, settings: Any) -> None:
    settings.AXES_ENABLED = True
    user = staff("curator")
    user.username, user.email = f"{CANARY}-user", f"{CANARY}@example.ac.jp"
    user.save()
    client = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.77")
    client.force_login(user)
    client.cookies["other"] = CANARY
    headers = {"User-Agent": CANARY, "Referer": f"http://127.0.0.1/{CANARY}"}

    with connection.execute_wrapper(Broken(RuntimeError(f"invalid literal: {CANARY}"))):
        fault = client.post(f"/admin/?q={CANARY}", {"summary_en": CANARY}, headers=headers)
    for _ in range(6):
        client.post(f"/admin/login/?next={CANARY}", {"username": CANARY, "password": CANARY}, headers=headers)
    client.get("/en/", headers={"Host": f"{CANARY}.example"})
    Client(enforce_csrf_checks=True).post(f"/admin/login/?{CANARY}", {"username": CANARY}, headers=headers)

    written = log.stream.getvalue()
    assert fault.status_code == 500
    assert "builtins.RuntimeError" in written
    assert "test_views.py" in written
    assert (CANARY in written, "203.0.113.77" in written) == (False, False)


@pytest.mark.django_db
def test_answer_that_is_no_fault_is_one_line(client: Client, log: Log) -> None:
    with connection.execute_wrapper(Broken(OperationalError())):
        Client(raise_request_exception=False).get("/readyz")
    client.get("/en/nothing/")

    assert [line["message"] for line in log.lines()] == ["request", "request"]


@pytest.mark.django_db
def test_fault_carries_the_id_of_its_answer(log: Log) -> None:
    with connection.execute_wrapper(Broken(RuntimeError())):
        response = Client(raise_request_exception=False).get("/en/themes/")

    lines = log.lines()
    assert {line["request_id"] for line in lines} == {response["X-Request-ID"]}
    assert [line["logger"] for line in lines] == ["django.request", "sih_portal.logs"]
    assert request_id.get() == ""


@pytest.mark.django_db
def test_pause_is_told_in_the_words_of_the_database(log: Log) -> None:
    error = OperationalError("connection refused\n\tIs the server running?")

    with connection.execute_wrapper(Broken(error)):
        Client(raise_request_exception=False).get("/en/themes/")

    assert log.lines()[0]["fault"] == ["django.db.utils.OperationalError: connection refused"]


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "line\nbreak-123", "<script>alert", "日本語の識別子です", "../../etc/passwd"]
)
def test_odd_id_of_a_proxy_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/healthz", HTTP_X_REQUEST_ID=given)

    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32


@pytest.mark.parametrize("log", [JSONFormatter, PlainFormatter], indirect=True)
def test_control_characters_of_a_path_are_escaped(client: Client, log: Log, db: None) -> None:
    client.get("/en/%0aforged%1b[31m%c2%9b%e2%80%a8line/")

    written = log.stream.getvalue()
    assert "forged" in written
    assert written.count("\n") == 1
    assert not any(sign in written for sign in "\x1b\x9b\u2028")


def test_secret_of_a_path_is_shown_as_its_pattern(rf: RequestFactory) -> None:
    request = rf.get(f"/ja/answer/open/{CANARY}/")
    request.resolver_match = ResolverMatch(lambda: None, (), {"token": CANARY}, route="ja/answer/open/<str:token>/")

    assert shown_path(request) == "/ja/answer/open/<str:token>/"


@pytest.mark.parametrize("path", ["/answer/open/", "/ja/answer//open/", "/ja/answer/open//", "/ja/answer/open/a\n"])
def test_secret_of_a_path_that_is_no_address_is_not_shown(rf: RequestFactory, path: str) -> None:
    request = rf.get("/")
    request.path = f"{path}{CANARY}/"

    assert CANARY not in shown_path(request)


@pytest.mark.parametrize(
    ("name", "message", "values", "expected"),
    [
        ("sih_portal.loading", "%d rows", (3,), "3 rows"),
        ("gunicorn.error", "Booting worker with pid: %s", (7,), "Booting worker with pid: 7"),
        ("gunicorn.error", "Error handling request %s %s", ("GET", f"/?q={CANARY}"), "Error handling request"),
        ("gunicorn.error", f"Invalid request from ip={CANARY}: no", (), "Invalid request from ip"),
        ("django.security.DisallowedHost", f"Invalid host: {CANARY}", (), "refused"),
        ("axes.handlers", "Locking out %s", (CANARY,), "Locking out %s"),
        ("somebody.else", "Value %s", (CANARY,), "Value %s"),
    ],
)
def test_message_keeps_its_values_only_where_they_are_known(
    name: str, message: str, values: tuple[object, ...], expected: str
) -> None:
    assert told(message, *values, name=name)["message"] == expected


def test_fault_names_its_causes_first() -> None:
    error = ValueError(CANARY)
    error.__cause__ = KeyError(CANARY)

    facts = told("broken", exc_info=(ValueError, error, None))

    assert facts["fault"] == ["builtins.KeyError", "builtins.ValueError"]


def test_answer_that_breaks_off_is_logged_and_cut(rf: RequestFactory, log: Log) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"first"
        raise RuntimeError(CANARY)

    response: Any = RequestLog(broken_stream(pieces()))(rf.get("/"))
    with pytest.raises(RuntimeError):
        list(response.streaming_content)

    line = log.lines()[-1]
    assert (line["message"], line["request_id"]) == ("answer broken off", response["X-Request-ID"])
    assert CANARY not in log.stream.getvalue()


def broken_stream(pieces: Iterator[bytes]) -> Any:
    def view(_request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(pieces)

    return view


def test_head_is_answered_without_a_body(client: Client) -> None:
    answer = client.head("/robots.txt")

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer["Content-Length"]) > 0
