"""Publishing and archiving ask first: what the page tells, that one click does nothing, and outdated answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from practices.models import Edition, GoodPractice
from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, publish, staff
from tests.practices.desk import change_page, confirmed, looked_at, opened, step_page
from tests.practices.test_admin_steps import in_review, logged_in

pytestmark = pytest.mark.django_db
LATER = A_MOMENT + timedelta(days=1)
PUBLIC = "/ja/practices/a-case/"


def revised(**texts: Any) -> GoodPractice:
    """The public case "a-case" with a revision in review."""
    practice = publish(slug="a-case", title_ja="元の題名").draft
    take(Steps.REVISE, practice=practice, by=staff("curator"), at=LATER)
    GoodPractice.objects.filter(pk=practice.pk).update(**texts)
    return take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=LATER)


def world() -> tuple[int, str, list[tuple[int, str, bool]]]:
    """What everybody gets: the answer and text of the public page, and the editions."""
    response = Client().get(PUBLIC)
    heading = response.content.decode().partition("<h1>")[2].partition("</h1>")[0].strip()
    editions = [(row.version, row.title_ja, row.retired_at is None) for row in Edition.objects.order_by("pk")]
    return response.status_code, heading, editions


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("step", ["publish", "archive"])
@pytest.mark.parametrize("is_typing", [True, False])
def test_one_click_changes_nothing_in_public(step: str, is_typing: bool) -> None:
    publisher, practice = logged_in("publisher"), revised(title_ja="新しい題名")
    form = opened(publisher, practice, _step=step, note="理由")
    before = world()

    response = publisher.post(change_page(practice) if is_typing else step_page(practice, step), form)

    practice.refresh_from_db()
    assert (response.status_code, practice.status, world()) == (200, "in_review", before)
    assert not practice.transitions.filter(step="archive").exists()
    assert response.context["note_form"]["note"].value() == "理由"


@pytest.mark.parametrize("step", ["publish", "archive"])
@pytest.mark.parametrize("is_typing", [True, False])
def test_the_second_click_takes_the_step_with_the_note(step: str, is_typing: bool) -> None:
    publisher, practice = logged_in("publisher"), revised(title_ja="新しい題名")
    form = opened(publisher, practice, _step=step, note="理由")
    asked = publisher.post(change_page(practice) if is_typing else step_page(practice, step), form)

    response = publisher.post(step_page(practice, step), confirmed(asked))

    assert response["Location"] == change_page(practice)
    assert practice.transitions.get(step=step, at__gt=LATER).note == "理由"
    status, heading, _editions = world()
    assert (status, heading == "新しい題名") == {"publish": (200, True), "archive": (410, False)}[step]


def test_what_was_typed_is_saved_before_it_is_asked() -> None:
    publisher, practice = logged_in("publisher"), revised()
    form = opened(publisher, practice, title_ja="打った題名", _step="publish", note="控え")

    response = publisher.post(change_page(practice), form)

    practice.refresh_from_db()
    assert (practice.title_ja, practice.edits) == ("打った題名", int(form["seen"]) + 1)
    assert [row.place for row in response.context["changes"].found] == ["title"]
    assert "What you have typed is saved." in text(response)
    assert f'name="confirmed" value="{practice.edits}"' in text(response)
    assert "desk-saved" in response.cookies


def test_a_save_stands_in_the_log_even_when_the_step_is_left() -> None:
    publisher, practice = logged_in("publisher"), in_review()

    publisher.post(change_page(practice), opened(publisher, practice, _step="publish"))

    assert LogEntry.objects.count() == 1


def test_publishing_names_what_changed_is_empty_and_has_drifted() -> None:
    curator, publisher, practice = logged_in("curator"), logged_in("publisher"), publish(slug="a-case").draft
    curator.post(step_page(practice, "revise"), looked_at(practice))
    changes = {"summary_en": "What was really done.", "title_en": ""}
    curator.post(change_page(practice), opened(curator, practice, _step="submit", **changes))

    response = publisher.post(step_page(practice, "publish"), looked_at(practice))

    page = text(response)
    assert [row.place for row in response.context["changes"].found] == ["title", "summary"]
    assert response.context["empty"] == ["title (English)", "source publication"]
    assert [notice.drift.label for notice in response.context["drifts"]] == ["summary (Japanese)"]
    assert "Changed against the public version 1: 2 places" in page
    assert "<li>source publication</li>" in page
    assert "<summary>summary (Japanese)</summary>" in page
    assert page.count("<ins>") == 2


def test_a_first_publication_names_the_addresses_it_gets() -> None:
    response = logged_in("publisher").post(
        step_page(practice := in_review(slug="a-case"), "publish"), looked_at(practice)
    )

    assert response.context["changes"] is None
    assert "<li>/ja/practices/a-case/</li><li>/en/practices/a-case/</li>" in text(response)


def test_publishing_the_same_text_again_is_told() -> None:
    response = logged_in("publisher").post(step_page(practice := revised(), "publish"), looked_at(practice))

    assert "Nothing changed against the public version 1" in text(response)


@pytest.mark.parametrize("is_revised", [True, False])
def test_archiving_names_the_addresses_that_go_and_the_draft_that_stays(is_revised: bool) -> None:
    practice = revised() if is_revised else publish(slug="a-case").draft

    page = text(logged_in("publisher").post(step_page(practice, "archive"), looked_at(practice, note="役目を終えた。")))

    assert "answer that the case is no longer public (410)" in page
    assert f'href="{PUBLIC}"' in page
    assert ("Its draft stays" in page) == is_revised


@pytest.mark.parametrize("step", ["publish", "archive"])
def test_an_outdated_confirmation_is_refused_and_keeps_the_note(step: str) -> None:
    publisher, practice = logged_in("publisher"), revised()
    asked = publisher.post(step_page(practice, step), opened(publisher, practice, note="失いたくない"))
    other = logged_in("publisher")
    other.post(change_page(practice), opened(other, practice, title_ja="同僚の題名"))
    before = world()

    response = publisher.post(step_page(practice, step), confirmed(asked))

    assert (response.status_code, world()) == (409, before)
    assert [row.theirs for row in response.context["clash"].differences] == ["同僚の題名"]
    assert response.context["note_form"]["note"].value() == "失いたくない"
    assert publisher.post(step_page(practice, step), confirmed(response)).status_code == 302


@pytest.mark.parametrize("step", ["publish", "archive", "discard"])
def test_a_question_from_an_outdated_page_shows_what_changed(step: str) -> None:
    user, practice = logged_in("publisher", "curator"), publish(slug="a-case").draft
    user.post(step_page(practice, "revise"), looked_at(practice))
    if step == "publish":
        user.post(step_page(practice, "submit"), looked_at(practice))
    form = opened(user, practice, note="理由")
    user.post(change_page(practice), opened(user, practice, title_ja="同僚の題名"))

    response = user.post(step_page(practice, step), form)

    assert response.status_code == 409
    assert [row.theirs for row in response.context["clash"].differences] == ["同僚の題名"]
    assert f'name="confirmed" value="{int(form["seen"]) + 1}"' in text(response)


def test_a_confirmation_without_its_note_stays_as_old_as_it_is() -> None:
    publisher, practice = logged_in("publisher"), revised()
    asked = publisher.post(step_page(practice, "archive"), looked_at(practice, note="理由"))
    other = logged_in("publisher")
    other.post(change_page(practice), opened(other, practice, title_ja="同僚の題名"))

    without = publisher.post(step_page(practice, "archive"), confirmed(asked, note=""))
    response = publisher.post(step_page(practice, "archive"), confirmed(without, note="理由"))

    assert (without.status_code, response.status_code) == (400, 409)


def test_a_first_click_without_its_note_asks_once_more_and_no_further() -> None:
    publisher, practice = logged_in("publisher"), revised()

    asked = publisher.post(step_page(practice, "archive"), looked_at(practice))
    response = publisher.post(step_page(practice, "archive"), confirmed(asked, note="理由"))

    assert (asked.status_code, response.status_code) == (400, 302)


@pytest.mark.parametrize("nonsense", ["", "x", "９", "9" * 5000, "-1"])
@pytest.mark.parametrize("step", ["publish", "archive"])
def test_nonsense_confirms_nothing(step: str, nonsense: str) -> None:
    practice = revised()

    response = logged_in("publisher").post(step_page(practice, step), looked_at(practice, note="x", confirmed=nonsense))

    practice.refresh_from_db()
    assert (response.status_code, practice.status) == (200, "in_review")
