"""Asks the portal as its server does, through WSGI and every middleware, but without a network between."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any, Final

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory

# The API counts what each address asks for: some of them share the work.
ADDRESSES: Final = [f"192.0.2.{number}" for number in range(64)]
_turns: Final = count()


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@cache
def application() -> WSGIHandler:
    return get_wsgi_application()


def visiting(path: str, **headers: str) -> Callable[[], Reply]:
    """A call that asks for `path`.

    :raises RuntimeError: when called and answered with neither 200 nor 304.
    """
    prepared = RequestFactory(headers=headers, SERVER_NAME="127.0.0.1").get(path).environ

    def visit() -> Reply:
        visitor = ADDRESSES[next(_turns) % len(ADDRESSES)]
        told: list[Any] = []

        def start(*answer: Any) -> Callable[[bytes], object]:
            told.extend(answer)
            return told.append

        environ = prepared | {"REMOTE_ADDR": visitor, "wsgi.input": BytesIO()}
        response: Any = application()(environ, start)
        body = b"".join(response)
        response.close()
        reply = Reply(int(told[0].split()[0]), dict(told[1]), body)
        if reply.status not in {200, 304}:
            raise RuntimeError(f"{path} was answered with {told[0]}")
        return reply

    return visit
