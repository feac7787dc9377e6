"""Translators edit one language: whatever they post, nothing else of a case changes, whichever way it comes in."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from practices.forms import CASE_TEXTS
from practices.models import GoodPractice, Link, PracticeStatus, Transition
from practices.models.desk import PARTS
from practices.workflow import Steps
from sih_portal.language import other_language
from tests.factories.practices import PracticeFactory, publish
from tests.factories.staff import StaffFactory
from tests.practices.desk import LIST, change_page, opened

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "ja")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def translator(client: Client, language: str) -> Client:
    client.force_login(StaffFactory(roles=[f"translator_{language}"]))
    return client


def rows(practice: GoodPractice) -> list[dict[str, Any]]:
    """Everything the desk stores of the case, but for the count of its edits."""
    parts = [row for kind in PARTS for row in getattr(practice, kind).order_by("pk").values()]
    case = GoodPractice.objects.filter(pk=practice.pk).values().get()
    return [{name: value for name, value in case.items() if name != "edits"}, *parts]


def texts_of(names: Any, language: str) -> list[str]:
    return [name for name in names if name.endswith(f"_{language}")]


def test_every_text_of_the_own_language_changes_and_none_of_the_other(translator: Client, language: str) -> None:
    practice = PracticeFactory()
    Link.objects.create(practice=practice, number=1, position=1, url="https://example.org/", label_en="Site")
    before = rows(practice)
    parts = ("actions-0-text", "effects-0-text", "links-0-label")
    names = [*CASE_TEXTS, *(f"{part}_{code}" for part in parts for code in LANGUAGES)]

    response = translator.post(change_page(practice), opened(translator, practice) | dict.fromkeys(names, "forged"))

    assert response.status_code == 302
    after = rows(practice)
    changed = {name for old, new in zip(before, after, strict=True) for name in old if old[name] != new[name]}
    assert texts_of(changed, other_language(language)) == []
    assert changed == {name for row in before for name in texts_of(row, language)}


@pytest.mark.parametrize("step", Steps)
def test_no_step_is_taken_with_the_form_alone_or_in_bulk(translator: Client, step: Steps) -> None:
    practice = publish().draft
    GoodPractice.objects.filter(pk=practice.pk).update(status=step.value.sources[0])
    taken = Transition.objects.count()
    name, key = step.value.name, str(practice.pk)
    practice.refresh_from_db()

    form = opened(translator, practice) if step.value.sources[0] == PracticeStatus.DRAFT else {}
    translator.post(change_page(practice), form | {"_step": name, "note": "x"})
    translator.post(reverse("admin:practices_goodpractice_step", args=[practice.pk, name]), {"note": "x"})
    practice.refresh_from_db()
    seen = {f"seen_{key}": str(practice.edits)}
    translator.post(LIST, {"action": name, "confirmed": "1", "_selected_action": key, "note": "x"} | seen)

    assert Transition.objects.count() == taken
    assert GoodPractice.objects.get(pk=practice.pk).status == step.value.sources[0]


def test_nothing_is_added_duplicated_or_deleted(translator: Client) -> None:
    practice = PracticeFactory()
    addresses = [f"{LIST}add/", f"{LIST}{practice.pk}/duplicate/", f"{LIST}{practice.pk}/delete/"]

    answers = [translator.post(address, {"post": "yes"}).status_code for address in addresses]

    assert answers == [403, 403, 403]
    assert GoodPractice.objects.count() == 1
