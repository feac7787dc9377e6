"""Answers that came on paper are typed in at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from survey import answering
from survey.models import Delivery, Explanation, Invitation, Response
from tests.factories.answers import a_response, a_round, answered, changes, the_form
from tests.factories.invitations import InvitationFactory
from tests.faults.member import fields_of
from tests.survey.desk import address, logged_in, text_of
from tests.survey.handed_in import JUMP, state_of, submit, submitted
from tests.survey.handed_in import explain as explain_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def section(client: Client, response: Response, code: str, **typed: str) -> dict[str, str]:
    """What a browser posts of a section: the marks of its page, and what was typed (`__` for dots)."""
    page = client.get(address("response_paper_section", response.pk, code)).context["page"]
    marks = {f"k.{field.code}": str(field.mark.seen) for field in page.fields}
    marks |= {f"w.{field.code}": field.mark.digest for field in page.fields}
    return marks | {f"v.{field.code}": field.typed.said for field in page.fields} | typed


def values_of(response: Response) -> dict[str, tuple[str, int | None, str]]:
    rows = response.answers.select_related("cell").order_by("pk")
    return {row.cell.code: (row.status, row.number, row.entered_by) for row in rows}


def hand_in(client: Client, response: Response, **more: Any) -> Any:
    found = client.get(address("response_paper", response.pk)).context["found"]
    form = {"seen": found.sheet.fingerprint, "revision": found.response.revision, **more}
    return client.post(address("response_hand_in", response.pk), form, follow=True)


# Beginning


def test_answer_on_paper_is_begun_for_an_institution_that_was_asked(manager: Client) -> None:
    row = InvitationFactory(round=a_round(), was_asked=True)

    answer = manager.post(address("response_begin_on_paper", row.pk))

    response = Response.objects.get(invitation=row)
    assert answer["Location"] == address("response_paper", response.pk)


def test_institution_counts_as_asked_from_the_day_of_the_post(manager: Client) -> None:
    row = InvitationFactory(round=a_round())
    place = address("response_begin_on_paper", row.pk)

    refused = manager.post(place, {"on": ""})
    manager.post(place, {"on": "2026-10-01"})

    row.refresh_from_db()
    assert refused.status_code == 400
    assert timezone.localtime(row.sent_at).isoformat() == "2026-10-01T00:00:00+09:00"
    assert Response.objects.get().invitation == row


def test_response_that_was_begun_is_gone_on_with(manager: Client) -> None:
    response = a_response()
    answered(response, {"Q1.hq": "1"}, by="国際 花子")

    manager.post(address("response_begin_on_paper", response.invitation.pk))

    assert Response.objects.get() == response
    assert set(values_of(response)) == {"Q1.hq"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"outcome": "declined"}, "no answer is expected"),
        ({"round__state": "draft"}, "has not been opened"),
        ({"round__state": "published"}, "has not been opened"),
    ],
)
def test_answer_that_is_not_expected_is_not_begun(fields: dict[str, str], reason: str, manager: Client) -> None:
    row = InvitationFactory(was_asked=True, **fields)

    answer = manager.post(address("response_begin_on_paper", row.pk))

    assert (answer.status_code, Response.objects.count()) == (409, 0)
    assert reason in text_of(answer)


def test_invitation_leads_to_the_paper(manager: Client) -> None:
    row = InvitationFactory()

    page = text_of(manager.get(address("invitation_change", row.pk)))

    assert f'href="{address("response_begin_on_paper", row.pk)}"' in page


# Typing in


def test_section_is_saved_with_the_name_of_who_typed_it(manager: Client) -> None:
    response = a_response()
    form = section(manager, response, "D", **{"v.Q4.edu.2005": "１２", "s.Q4.adm.2005": "nc", "go": "next"})

    answer = manager.post(address("response_paper_section", response.pk, "D"), form)

    name = answer.wsgi_request.user.get_username()
    assert values_of(response) == {"Q4.edu.2005": ("ok", 12, name), "Q4.adm.2005": ("nc", None, name)}
    assert answer["Location"] == address("response_paper", response.pk)


def test_button_leads_to_the_next_section(manager: Client) -> None:
    response = a_response()
    form = section(manager, response, "A", **{"v.Q1.hq": "1"})

    onward = manager.post(address("response_paper_section", response.pk, "A"), {**form, "go": "next"})

    assert onward["Location"] == address("response_paper_section", response.pk, "D")


def test_paper_is_typed_in_after_the_deadline(manager: Client) -> None:
    response = a_response()
    response.invitation.round.closes_at = timezone.now() - timedelta(hours=1)
    response.invitation.round.save(update_fields=["closes_at"])

    manager.post(
        address("response_paper_section", response.pk, "A"), section(manager, response, "A", **{"v.Q1.hq": "2"})
    )

    assert set(values_of(response)) == {"Q1.hq"}


def test_what_nobody_can_read_comes_back_and_the_rest_is_saved(manager: Client) -> None:
    response = a_response()
    form = section(manager, response, "D", **{"v.Q4.edu.2005": "many", "v.Q4.edu.2008": "12"})

    answer = manager.post(address("response_paper_section", response.pk, "D"), form)

    assert answer.status_code == 400
    assert [(field.code, field.typed.said) for field in answer.context["page"].problems] == [("Q4.edu.2005", "many")]
    assert set(values_of(response)) == {"Q4.edu.2008"}


def test_what_the_institution_wrote_meanwhile_is_not_overwritten_unseen(manager: Client) -> None:
    response = a_response()
    form = section(manager, response, "D", **{"v.Q4.edu.2005": "12"})
    answered(response, {"Q4.edu.2005": "34"}, by="国際 花子")

    answer = manager.post(address("response_paper_section", response.pk, "D"), form)

    assert answer.status_code == 409
    assert [(field.typed.said, field.stored) for field in answer.context["page"].conflicts] == [("12", "34")]
    assert values_of(response)["Q4.edu.2005"] == ("ok", 34, "国際 花子")


def test_answers_that_were_submitted_are_only_read(manager: Client) -> None:
    response = submitted()
    before = values_of(response)

    page = manager.get(address("response_paper_section", response.pk, "D"))
    form = section(manager, response, "D", **{"v.Q4.edu.2005": "77"})
    answer = manager.post(address("response_paper_section", response.pk, "D"), form)

    assert 'name="v.Q4.edu.2005"' not in text_of(page)
    assert (answer.status_code, values_of(response)) == (409, before)


# Explanations


def explanations(client: Client, response: Response) -> dict[str, list[str]]:
    return fields_of(text_of(client.get(address("response_paper", response.pk))), "explain")


def explain(client: Client, response: Response, text: str) -> Any:
    form = {**explanations(client, response), "text.edu-jump": text}
    return client.post(address("response_explain_on_paper", response.pk), form)


def test_what_the_paper_says_about_an_odd_answer_is_kept(manager: Client) -> None:
    response = a_response()
    answered(response, JUMP)

    answer = explain(manager, response, "新学部の設置")

    kept = Explanation.objects.get()
    assert answer["Location"] == address("response_paper", response.pk)
    assert (kept.text, kept.entered_by) == ("新学部の設置", answer.wsgi_request.user.get_username())
    assert explanations(manager, response)["text.edu-jump"] == ["新学部の設置"]


def test_explanation_of_the_institution_is_not_overwritten_unseen(manager: Client) -> None:
    response = a_response()
    answered(response, JUMP)
    form = {**explanations(manager, response), "text.edu-jump": "組織改編"}
    explain_all(response)

    answer = manager.post(address("response_explain_on_paper", response.pk), form)

    assert answer.status_code == 409
    assert Explanation.objects.get().text == "新学部の設置"
    assert fields_of(text_of(answer), "explain")["text.edu-jump"] == ["組織改編"]


@pytest.mark.parametrize("happens", ["submitted", "corrected"])
def test_explanation_that_comes_too_late_is_given_back(manager: Client, happens: str) -> None:
    response = a_response()
    answered(response, JUMP)
    form = {**explanations(manager, response), "text.edu-jump": "組織改編"}
    if happens == "submitted":
        hand_in(manager, response)
    else:
        own = the_form(response)
        said = changes(own, {"Q4.edu.2008": "12"}, {"Q4.edu.2008": 1})
        answering.save(response, said, form=own, by="", at=timezone.now())

    answer = manager.post(address("response_explain_on_paper", response.pk), form)

    assert answer.status_code == 409
    assert "組織改編" in text_of(answer)
    assert not Explanation.objects.exists()


@pytest.mark.parametrize("code", ["Z", "paper"])
def test_section_that_is_none_is_not_found(code: str, manager: Client) -> None:
    assert manager.get(address("response_paper_section", a_response().pk, code)).status_code == 404


# Handing in


def test_paper_is_handed_in_with_its_gaps(manager: Client) -> None:
    response = a_response()
    answered(response, {"Q1.hq": "1"})

    answer = hand_in(manager, response)

    assert state_of(response) == "submitted"
    snapshot = response.snapshots.get()
    assert (response.is_on_paper, response.revision) == (True, 1)
    assert (snapshot.by, snapshot.actor) == (
        answer.wsgi_request.user,
        answer.wsgi_request.user.get_username(),
    )
    assert [row.kind for row in Delivery.objects.order_by("pk")] == ["receipt"]


def test_answers_that_changed_meanwhile_are_not_handed_in(manager: Client) -> None:
    response = a_response()
    answered(response, {"Q1.hq": "1"})
    found = manager.get(address("response_paper", response.pk)).context["found"]
    form = the_form(response)
    answering.save(response, changes(form, {"Q1.hq": "2"}, {"Q1.hq": 1}), form=form, by="", at=timezone.now())

    answer = manager.post(address("response_hand_in", response.pk), {"seen": found.sheet.fingerprint, "revision": "0"})

    assert (answer.status_code, state_of(response)) == (409, "draft")


def test_button_pressed_twice_hands_in_once(manager: Client) -> None:
    response = a_response()
    answered(response, {"Q1.hq": "1"})
    found = manager.get(address("response_paper", response.pk)).context["found"]
    form = {"seen": found.sheet.fingerprint, "revision": "0"}

    answers = [manager.post(address("response_hand_in", response.pk), form).status_code for _ in range(2)]

    assert (answers, response.snapshots.count(), Delivery.objects.count()) == ([302, 302], 1, 1)


def test_returned_paper_is_corrected_and_handed_in_again(manager: Client) -> None:
    response = a_response(is_submitted=True, state="returned")

    hand_in(manager, response)

    assert (state_of(response), response.revision) == ("submitted", 2)


def test_answers_that_were_handed_in_before_are_not_handed_in_again(manager: Client) -> None:
    response = a_response()
    answered(response)
    submit(response)

    answer = hand_in(manager, response)

    assert "To correct them, return them first." in text_of(answer)
    assert Invitation.objects.count() == response.snapshots.count() == 1
