"""Steps that ask first: what their page tells before a draft is thrown away or what the world sees is changed."""

from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from practices.forms import NoteForm
from practices.models import GoodPractice, PracticeStatus
from practices.models.desk import PARTS
from practices.permissions import Account
from practices.translations import drifted
from practices.workflow import CHANGED_MEANWHILE, Steps, refusal
from sih_portal.language import LANGUAGES

from .editions import changes_of
from .translations import Notice

ASKS_FIRST: Final = frozenset({Steps.PUBLISH, Steps.DISCARD, Steps.ARCHIVE})
IN_THE_MAKING: Final = (PracticeStatus.DRAFT, PracticeStatus.CHANGES_REQUESTED, PracticeStatus.IN_REVIEW)
WANTED_PARTS: Final = ("actions", "effects")
WANTED_FIELDS: Final = ("title_en", "title_ja", "summary_en", "summary_ja", "publication")


def question(step: Steps, practice: GoodPractice) -> dict[str, Any]:
    """For the page of a step that asks first: what it will do to the case as it is stored; else nothing."""
    if step not in ASKS_FIRST:
        return {"asks": False}
    stored = GoodPractice.objects.with_parts().get(pk=practice.pk)
    is_publishing = step is Steps.PUBLISH
    return {
        "asks": True,
        "changes": None if step is Steps.ARCHIVE else changes_of(stored),
        "empty": still_empty(stored) if is_publishing else [],
        "drifts": [Notice(drift) for drift in drifted(stored)] if is_publishing else [],
        "is_in_the_making": stored.status in IN_THE_MAKING,
        "addresses": public_addresses(stored),
    }


def asked(request: HttpRequest, practice: GoodPractice, form: NoteForm) -> HTTPStatus:
    """Before the step: 409 when the page with its button is outdated, 400 when the note won't do, else 200."""
    is_noted = form.is_valid()
    if "seen" in request.POST and whole_number(request.POST["seen"]) != practice.edits:
        form.add_error(None, ValidationError(str(CHANGED_MEANWHILE), code="conflict"))
        return HTTPStatus.CONFLICT
    return HTTPStatus.OK if is_noted else HTTPStatus.BAD_REQUEST


def is_possible(step: Steps, practice: GoodPractice, user: Account) -> bool:
    is_public = practice.editions.public().exists()
    return not refusal(step, practice=practice, by=user, is_public=is_public)


def seen_by(request: HttpRequest, step: Steps) -> int | None:
    """The count of edits of the page from which the step is taken: the one that asked, where it asks first."""
    return whole_number(request.POST.get("confirmed" if step in ASKS_FIRST else "seen", ""))


def whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def still_empty(practice: GoodPractice) -> list[str]:
    """Labels of what readers would miss in the case as it is. Two queries, none where the parts are loaded."""
    parts = [PARTS[kind]._meta.verbose_name for kind in WANTED_PARTS if not getattr(practice, kind).exists()]
    fields = [row for row in GoodPractice._meta.concrete_fields if row.name in WANTED_FIELDS]
    texts = [row.verbose_name for row in fields if not getattr(practice, row.attname)]
    return [str(label) for label in (*parts, *texts)]


def public_addresses(practice: GoodPractice) -> list[str]:
    """Of its page in each language, now or once it is public."""
    addresses = []
    for language in LANGUAGES:
        with translation.override(language):
            addresses.append(reverse("practices:practice-detail", args=[practice.slug]))
    return addresses
