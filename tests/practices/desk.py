"""The desk as a browser sees it: what a page's form holds, ready to be changed and posted."""

from typing import Any

from django.test import Client
from django.urls import reverse

ADD = "/admin/practices/goodpractice/add/"
LIST = "/admin/practices/goodpractice/"


def change_page(practice: Any) -> str:
    return reverse("admin:practices_goodpractice_change", args=[practice.pk])


def step_page(practice: Any, step: str) -> str:
    return reverse("admin:practices_goodpractice_step", args=[practice.pk, step])


def looked_at(practice: Any, **data: Any) -> dict[str, Any]:
    """What the form of a step posts on a page that shows the case as it is now."""
    return {"seen": type(practice).objects.get(pk=practice.pk).edits, "note": "", **data}


def confirmed(response: Any, **data: Any) -> dict[str, Any]:
    """What the second button posts on a page that asked before a step."""
    note = response.context["note_form"]["note"].value() or ""
    return {**response.context["marks"], "note": note, **data}


def filled(response: Any) -> dict[str, Any]:
    """The fields of the page's form with the values they were shown with."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    return {name: value for name, value in values.items() if value is not None}


def opened(client: Client, practice: Any, **changes: Any) -> dict[str, Any]:
    """The form of the case as `client` gets it, with some values changed; `__` in a name stands for `-`."""
    form = filled(client.get(change_page(practice)))
    return form | {name.replace("__", "-"): value for name, value in changes.items()}


def errors(response: Any) -> dict[str, Any]:
    """The errors of the form that came back, by field."""
    found: dict[str, Any] = response.context["adminform"].form.errors.get_json_data()
    return found


def told(response: Any, whose: str) -> list[tuple[str, str, str]]:
    """Label, stored and typed text of the differences that the page shows."""
    return [(row.label, row.theirs, row.yours) for row in getattr(response.context["clash"], whose)]
