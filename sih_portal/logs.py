"""What is logged: one line per request and the faults, never who asked, what was asked for or what was typed.

Lines of other packages lose their values: Django, axes and gunicorn write addresses, names and queries into them.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from django.http import FileResponse, HttpRequest, HttpResponseBase

from sih_portal.apps import OWN_APPS
from sih_portal.trouble import passes

request_id: ContextVar[str] = ContextVar("request_id", default="")
logger: Final = logging.getLogger(__name__)

WELL_FORMED_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
# Their messages are known: about processes, not about people (but for these beginnings).
TRUSTED: Final = {*OWN_APPS, "gunicorn"}
OF_PEOPLE: Final = ("Error handling request", "Invalid request from ip")
FAULTS: Final = "django.request"
REFUSALS: Final = "django.security"
SECRET_PARTS: Final = {"token"}
# Also where no address matches: without its language, or with a slash too many.
SECRET_END: Final = re.compile(r"(/answer/.*?open/+).+", re.DOTALL)


class PlainFormatter(logging.Formatter):
    """One line per record, for the eye; faults follow on lines of their own."""

    def format(self, record: logging.LogRecord) -> str:
        facts = line(record)
        fault: Any = facts.pop("fault", ())
        rest = " ".join(f"{name}={_printable(str(value))}" for name, value in list(facts.items())[4:])
        head = f"{facts['time']} {facts['level']} {facts['logger']}: {_printable(str(facts['message']))}"
        return "\n  ".join([f"{head} {rest}".rstrip(), *map(_printable, fault)])


class JSONFormatter(logging.Formatter):
    """One JSON object per line, ASCII only: no control character reaches a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(line(record), default=str)


class OnlyFaults(logging.Filter):
    """For Django's line about an answer: what is no fault stands in the line of its request already."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR and bool(record.exc_info)


def line(record: logging.LogRecord) -> dict[str, object]:
    """What is said of a record: time, level, logger, message; then the id of the request and its facts; the fault."""
    said: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": _message(record),
    }
    if identity := request_id.get():
        said["request_id"] = identity
    said |= getattr(record, "facts", {})
    is_refusal = record.name.startswith(REFUSALS)
    if record.exc_info and (error := record.exc_info[1]) and not is_refusal:
        said["fault"] = list(describe(error))
    return said


def _message(record: logging.LogRecord) -> str:
    template = str(record.msg)
    for beginning in OF_PEOPLE:
        if template.startswith(beginning):
            return beginning
    if record.name == FAULTS:
        return "fault"
    if record.name.partition(".")[0] in TRUSTED:
        return record.getMessage()
    # Django's security loggers write the whole sentence themselves: host names, referrers, cookies.
    return "refused" if record.name.startswith(REFUSALS) else template


def describe(error: BaseException) -> Iterator[str]:
    """Kinds and places of an error and its causes, the first one first; its words only where they are a database's.

    Words of other errors repeat what was typed: `invalid literal for int(): '…'`, `Key (email)=(…) already exists`.
    """
    if error.__cause__ or (error.__context__ and not error.__suppress_context__):
        yield from describe(error.__cause__ or error.__context__)  # type: ignore[arg-type]
    if passes(error):
        yield f"{_kind(error)}: {str(error).partition(chr(10))[0]}"
        return
    yield _kind(error)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{frame.filename}:{frame.lineno} in {frame.name}"


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


class RequestLog:
    """Gives each request an id, which the answer carries as `X-Request-ID`, and logs one line about it."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        identity = incoming_id(request) or uuid4().hex
        started = time.perf_counter()
        mark = request_id.set(identity)
        try:
            response = self.get_response(request)
            logger.info("request", extra={"facts": facts(request, response, started)})
        finally:
            request_id.reset(mark)
        response["X-Request-ID"] = identity
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = watched(response.streaming_content, identity)
        return response


def incoming_id(request: HttpRequest) -> str:
    """The id that a proxy gave; "" when there is none that could stand in a log."""
    given = request.headers.get("X-Request-ID", "")
    return given if WELL_FORMED_ID.fullmatch(given) else ""


def facts(request: HttpRequest, response: HttpResponseBase, started: float) -> dict[str, object]:
    match = request.resolver_match
    return {
        "method": request.method,
        "path": shown_path(request),
        "route": match.view_name if match else "",
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - started) * 1000),
    }


def shown_path(request: HttpRequest) -> str:
    """The path; for one that holds a secret, its pattern. Never the query."""
    match = request.resolver_match
    if match and not SECRET_PARTS.isdisjoint(match.kwargs):
        return f"/{match.route}"
    return SECRET_END.sub(r"\1…", request.path)[:500]


def holds_secret(request: HttpRequest) -> bool:
    """Whether the address lets somebody in: then no page may show it."""
    match = request.resolver_match
    return bool(match and not SECRET_PARTS.isdisjoint(match.kwargs)) or bool(SECRET_END.search(request.path))


def watched(pieces: Iterable[bytes], identity: str) -> Iterator[bytes]:
    """The same pieces. One that can't be made is logged; the server then cuts the answer off."""
    try:
        yield from pieces
    except Exception:
        mark = request_id.set(identity)
        logger.exception("answer broken off")
        request_id.reset(mark)
        raise
