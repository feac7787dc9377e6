"""A frozen questionnaire at the desk: only read, whatever is posted and whenever somebody freezes it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.signals import pre_delete, pre_save
from django.test import Client
from django.utils import timezone

from survey.models import Cell, Definition, Question, Questionnaire, Section
from survey.questionnaires import freeze
from survey.questionnaires.content import fingerprint
from tests.factories.answers import a_questionnaire
from tests.survey.building import logged_in, opened, page, parts, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


@pytest.fixture
def draft() -> Questionnaire:
    return a_questionnaire(is_frozen=False)


@pytest.fixture
def frozen() -> Questionnaire:
    return a_questionnaire()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_frozen_questionnaire_is_only_read(manager: Client, frozen: Questionnaire, place: int) -> None:
    response = manager.get(page(parts(frozen)[place]))

    text = text_of(response)
    assert (response.status_code, response.context["has_change_permission"]) == (200, False)
    assert ['name="_save"' in text, 'name="title_ja"' in text, "TOTAL_FORMS" in text] == [False, False, True]
    assert [inline.has_add_permission for inline in response.context["inline_admin_formsets"]] == [
        False for _inline in response.context["inline_admin_formsets"]
    ]


def test_frozen_questionnaire_says_so_and_offers_the_next_version(manager: Client, frozen: Questionnaire) -> None:
    text = text_of(manager.get(page(frozen)))

    assert "It is never changed again" in text
    assert page(frozen, "next_version") in text


@pytest.mark.parametrize("place", [0, 1, 2])
def test_forged_post_changes_nothing_of_a_frozen_questionnaire(
    manager: Client, draft: Questionnaire, place: int
) -> None:
    row, asked = parts(draft)[place], fingerprint(draft)
    form = opened(manager, row, title_ja="偽", text_ja="偽", sections__0__title_ja="偽", cells__0__label_ja="偽")
    freeze(draft, at=timezone.now())

    answers = [manager.post(page(row), form), manager.post(page(row, "delete"), {"post": "yes"})]
    answers += [manager.post(page(row), {"title_ja": "偽"})]
    several = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    manager.post(f"/admin/survey/{row._meta.model_name}/", several)

    assert [answer.status_code for answer in answers] == [409, 403, 409]
    assert fingerprint(draft) == asked


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_was_typed_when_it_was_frozen_is_shown(manager: Client, draft: Questionnaire, place: int) -> None:
    row, name = parts(draft)[place], ["title_ja", "title_ja", "text_ja"][place]
    form = opened(manager, row, **{name: "入力中の文"})
    freeze(draft, at=timezone.now())

    response = manager.post(page(row), form)

    assert response.status_code == 409
    assert "入力中の文" in text_of(response)
    assert "Nothing was saved" in text_of(response)


@pytest.fixture
def frozen_meanwhile() -> Iterator[None]:
    """Somebody freezes every questionnaire after the desk has looked and before it writes."""

    def freeze_all(sender: Any, **_named: Any) -> None:
        if sender in {Section, Question, Questionnaire, Cell, Definition}:
            Questionnaire.objects.filter(frozen_at=None).update(frozen_at=timezone.now(), sha256="0" * 64)

    for signal in (pre_save, pre_delete):
        signal.connect(freeze_all)
    yield
    for signal in (pre_save, pre_delete):
        signal.disconnect(freeze_all)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_refusal_of_the_database_is_told(
    manager: Client, draft: Questionnaire, frozen_meanwhile: None, place: int
) -> None:
    row, asked = parts(draft)[place], fingerprint(draft)

    saved = manager.post(page(row), opened(manager, row, title_ja="遅い", text_ja="遅い"))
    deleted = manager.post(page(row, "delete"), {"post": "yes"}, follow=True)

    assert saved.status_code == 409
    assert "遅い" in text_of(saved)
    assert "This questionnaire is frozen" in text_of(deleted)
    assert fingerprint(draft) == asked
