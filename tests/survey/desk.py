"""The survey's desk as a browser sees it: addresses, and steps that are asked before they are taken."""

import re
from typing import Any, Final

from django.test import Client
from django.urls import reverse

from tests.factories.practices import staff

LIST = "/admin/survey/invitation/"
HIDDEN: Final = re.compile('<input type="hidden" name="([^"]+)" value="([^"]*)">')


def logged_in(*roles: str) -> Client:
    client = Client()
    client.force_login(staff(*roles))
    client.post("/admin/language/", {"language": "en", "next": "/admin/"})
    return client


def address(name: str, *places: Any) -> str:
    return reverse(f"admin:survey_{name}", args=places)


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def status_of(client: Client, path: str) -> int:
    """Of an answer read to its end: some hold an open file until then."""
    response: Any = client.get(path)
    if response.streaming:
        b"".join(response.streaming_content)
    return int(response.status_code)


def act(client: Client, name: str, *rows: Any, **more: Any) -> Any:
    """The action of the list with these rows."""
    return client.post(LIST, {"action": name, "_selected_action": [row.pk for row in rows], **more})


def carried(page: Any) -> dict[str, list[str]]:
    """What the form of a page that asks brings back by itself."""
    fields: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(text_of(page)):
        fields.setdefault(name, []).append(value)
    return fields


def confirmed(client: Client, name: str, *rows: Any, **more: Any) -> Any:
    """The action of the list with these rows, asked about and confirmed."""
    return client.post(LIST, {**carried(act(client, name, *rows)), **more})


def reasons(response: Any) -> list[str]:
    return [row.reason for row in response.context["rows"]]
