"""Browsers of those who answer: with the cookie of their link, and with the check of the form's token."""

from typing import Any

from django.test import Client
from django.utils import timezone

from survey import mailing
from survey.models import Invitation, Response
from tests.faults.member import fields_of

TOP = "/ja/answer/"


def came_in(invitation: Invitation, *, name: str = "") -> Client:
    """A browser that opened the link of its mail, and wrote down a name if there is one."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get(f"{TOP}open/{mailing.issue(invitation, at=timezone.now())}/")
    if name:
        begin(client, name=name)
    return client


def begin(client: Client, *, name: str = "", page: str = TOP) -> Any:
    return client.post(page, {**fields_of(text_of(client.get(page)), "begin"), "name": name})


def text_of(page: Any) -> str:
    return str(page.content.decode())


def section(client: Client, code: str, *, language: str = "ja") -> dict[str, list[str]]:
    """The fields of a section as a browser without scripts sends them when nobody touches anything."""
    return fields_of(text_of(client.get(f"/{language}/answer/{code}/")), "answer")


def send(client: Client, code: str, fields: dict[str, Any], *, language: str = "ja", **said: str) -> Any:
    """Presses the button of a section after typing `said`, by the names of the fields."""
    return client.post(f"/{language}/answer/{code}/", {"go": "stay", **fields, **said})


def typed(client: Client, code: str, said: dict[str, str], **more: Any) -> Any:
    """Opens a section, types, and saves it."""
    return send(client, code, {**section(client, code), **said}, **more)


def review(client: Client) -> dict[str, list[str]]:
    """The fields of the form that submits."""
    return fields_of(text_of(client.get(f"{TOP}review/")), "submit")


def submit(client: Client, **said: Any) -> Any:
    return client.post(f"{TOP}review/", {**review(client), "sign_off": "1", **said})


def fresh(response: Response) -> Response:
    response.refresh_from_db()
    return response
