"""Questionnaires at the desk as a browser sees them: the pages of a draft and what their forms hold."""

from typing import Any

from django.test import Client
from django.urls import reverse

from survey.models import Questionnaire
from tests.factories.practices import staff
from tests.practices.desk import filled

LIST = "/admin/survey/questionnaire/"


def logged_in(*roles: str) -> Client:
    client = Client()
    client.force_login(staff(*roles))
    client.post("/admin/language/", {"language": "en", "next": "/admin/"})
    return client


def page(row: Any, verb: str = "change") -> str:
    return reverse(f"admin:survey_{row._meta.model_name}_{verb}", args=[row.pk])


def parts(questionnaire: Questionnaire) -> list[Any]:
    """The three records with a page of their own."""
    section = questionnaire.sections.get(code="D")
    return [questionnaire, section, section.questions.get(code="D1")]


def rooms(questionnaire: Questionnaire) -> list[str]:
    own = [page(row, verb) for row in parts(questionnaire) for verb in ("change", "history", "delete")]
    lists = [f"/admin/survey/{name}/" for name in ("questionnaire", "section", "question")]
    return [*own, *lists, f"{LIST}add/", page(questionnaire, "preview"), page(questionnaire, "next_version")]


def opened(client: Client, row: Any, **changes: Any) -> dict[str, Any]:
    """The form of a record as `client` gets it, with some values changed; `__` in a name stands for `-`."""
    return filled(client.get(page(row))) | {name.replace("__", "-"): value for name, value in changes.items()}


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def part_errors(response: Any) -> dict[str, list[str]]:
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    return {name: list(texts) for formset in formsets for form in formset.forms for name, texts in form.errors.items()}
