"""Answers are accepted and returned at the desk; nobody acts on what others changed meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from survey import workflow
from survey.models import Delivery, Remark, Response, Round
from survey.workflow import AnswersChanged, Asked
from tests.factories.answers import a_response, a_round, answered, the_form
from tests.factories.invitations import ResponseFactory
from tests.factories.staff import StaffFactory
from tests.survey.desk import address, logged_in, text_of
from tests.survey.handed_in import JUMP, hidden, page_of, state_of, submitted, submitted_again

pytestmark = pytest.mark.django_db
LIST = "/admin/survey/response/"


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


# Accepting


def test_answers_are_accepted_with_a_note(manager: Client) -> None:
    response = submitted()
    page = page_of(manager, "accept", response)

    answer = manager.post(address("response_accept", response.pk), {**hidden(page), "note": "電話で確認"}, follow=True)

    assert state_of(response) == "accepted"
    assert response.snapshots.order_by("pk").values_list("step", "reason")[1] == ("accepted", "電話で確認")
    assert "Accept: done for" in text_of(answer)
    assert LogEntry.objects.filter(object_id=response.pk).count() == 1


def test_answers_submitted_again_meanwhile_are_not_accepted_unseen(manager: Client) -> None:
    response = submitted()
    page = page_of(manager, "accept", response)
    submitted_again(response)

    answer = manager.post(address("response_accept", response.pk), {**hidden(page), "note": "よい"})

    assert (answer.status_code, state_of(response)) == (409, "submitted")
    assert [row.step for row in answer.context["meanwhile"]] == ["submitted", "reopened"]
    assert [(row.place.cell.code, row.old, row.new) for row in answer.context["changes"]] == [("Q6.count", "3", "9")]
    assert "よい" in text_of(answer)
    manager.post(address("response_accept", response.pk), hidden(answer))
    assert state_of(response) == "accepted"


@pytest.mark.parametrize("revision", ["", "0", "-1", "x", "9" * 30, "１"])
def test_acceptance_of_no_submission_is_refused(revision: str, manager: Client) -> None:
    response = submitted()

    answer = manager.post(address("response_accept", response.pk), {"revision": revision, "seen": "0"})

    assert (answer.status_code, state_of(response)) == (409, "submitted")


def test_gaps_and_open_checks_are_told_before_answers_are_accepted(manager: Client) -> None:
    response = a_response()
    answered(response, {code: said for code, said in JUMP.items() if code != "Q6.count"})
    Response.objects.filter(pk=response.pk).update(state="submitted", revision=1, submitted_at=timezone.now())

    page = page_of(manager, "accept", response)

    assert page.context["missing"] == ["Q6.count"]
    assert [spoken.finding.check.code for spoken in page.context["findings"]] == ["edu-jump"]
    assert "1 answer is missing." in text_of(page)


# Accepting many


def accept_many(client: Client, *rows: Response, **more: Any) -> Any:
    return client.post(LIST, {"action": "accept", "_selected_action": [row.pk for row in rows], **more})


def test_several_are_accepted_and_each_is_reported(manager: Client) -> None:
    survey_round = a_round()
    fine, other, draft = submitted(round=survey_round), submitted(round=survey_round), a_response(round=survey_round)

    question = accept_many(manager, fine, other, draft)
    seen = {f"seen_{row.key}": row.seen for row in question.context["rows"]}
    submitted_again(other)
    report = accept_many(manager, fine, other, draft, confirmed="1", **seen)

    assert [row.reason for row in question.context["rows"]][:2] == ["", ""]
    assert "being answered" in question.context["rows"][2].reason
    assert [bool(row.reason) for row in report.context["rows"]] == [False, True, True]
    assert "Submitted again since you looked" in report.context["rows"][1].reason
    assert "Done for 1 of 3 institutions." in text_of(report)
    assert [state_of(row) for row in (fine, other, draft)] == ["accepted", "submitted", "draft"]


def test_nothing_is_accepted_before_it_was_asked(manager: Client) -> None:
    response = submitted(JUMP)

    question = accept_many(manager, response)

    [row] = question.context["rows"]
    assert (row.missing, row.unsettled, row.seen, state_of(response)) == (0, 0, "1", "submitted")


@pytest.mark.parametrize("key", ["x", "-1", "1" * 30, ""])
def test_selection_of_no_row_is_refused(key: str, manager: Client) -> None:
    submitted()

    answer = manager.post(LIST, {"action": "accept", "_selected_action": [key], "confirmed": "1"})

    assert answer.status_code == 400


# Returning


def test_answers_are_returned_after_the_mail_was_shown(manager: Client) -> None:
    response = submitted()
    page = page_of(manager, "return", response)
    asked = {**hidden(page), "general": "御確認ください。", "q-D1": "単位は人ですか。"}

    preview = manager.post(address("response_return", response.pk), asked)
    before = state_of(response)
    confirmed = dict(preview.context["sent"]) | {"seen": asked["seen"], "confirmed": "1"}
    manager.post(address("response_return", response.pk), confirmed)

    assert (preview.status_code, before) == (200, "submitted")
    assert "御確認ください。\n\nD1: 単位は人ですか。" in preview.context["mail"].body
    assert preview.context["mail"].to == response.invitation.email
    assert state_of(response) == "returned"
    remarks = [(row.question.code if row.question else "", row.text) for row in Remark.objects.order_by("pk")]
    assert remarks == [("", "御確認ください。"), ("D1", "単位は人ですか。")]
    assert [row.kind for row in Delivery.objects.order_by("pk")] == ["receipt", "returned"]


def test_preview_goes_back_to_the_form_with_everything_typed(manager: Client) -> None:
    response = submitted()
    asked = {**hidden(page_of(manager, "return", response)), "q-D1": "単位は人ですか。"}

    page = manager.post(address("response_return", response.pk), {**asked, "change": "1"})

    assert page.context["form"]["q-D1"].value() == "単位は人ですか。"
    rows = [row for _section, rows in page.context["sections"] for row in rows]
    assert [row.read.block.code for row in rows if row.is_open] == ["D1"]


@pytest.mark.parametrize("asked", [{}, {"general": "  "}, {"general": "あ" * 1001}])
def test_return_needs_a_question(asked: dict[str, str], manager: Client) -> None:
    response = submitted()
    page = page_of(manager, "return", response)

    answer = manager.post(address("response_return", response.pk), {**hidden(page), **asked, "confirmed": "1"})

    assert (answer.status_code, state_of(response)) == (400, "submitted")


def test_return_after_the_deadline_needs_a_new_one(manager: Client) -> None:
    response = submitted()
    Round.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    form = {**hidden(page_of(manager, "return", response)), "general": "御確認ください。", "confirmed": "1"}
    until = timezone.localtime(timezone.now() + timedelta(days=7)).replace(second=0, microsecond=0)

    late = manager.post(address("response_return", response.pk), form)
    past = manager.post(address("response_return", response.pk), {**form, "until": "2020-01-01T10:00"})
    manager.post(address("response_return", response.pk), {**form, "until": until.strftime("%Y-%m-%dT%H:%M")})

    assert [list(answer.context["form"].errors) for answer in (late, past)] == [["until"], ["until"]]
    response.invitation.refresh_from_db()
    assert (state_of(response), response.invitation.due_at) == ("returned", until)


def test_answers_in_a_closed_round_are_not_returned(manager: Client) -> None:
    response = submitted()
    Round.objects.update(state="closed")
    form = {**hidden(page_of(manager, "return", response)), "general": "御確認ください。", "confirmed": "1"}

    answer = manager.post(address("response_return", response.pk), form)

    assert "open it again first" in text_of(answer)
    assert (answer.status_code, state_of(response)) == (400, "submitted")


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_answers_that_somebody_accepted_meanwhile_are_not_returned_unseen(is_confirmed: bool, manager: Client) -> None:
    response = submitted()
    form = {**hidden(page_of(manager, "return", response)), "general": "御確認ください。"}
    logged_in("survey_manager").post(address("response_accept", response.pk), {"revision": 1, "seen": form["seen"]})

    answer = manager.post(
        address("response_return", response.pk), {**form, **({"confirmed": "1"} if is_confirmed else {})}
    )

    assert (answer.status_code, state_of(response)) == (409, "accepted")
    assert [row.step for row in answer.context["meanwhile"]] == ["accepted"]
    assert answer.context["form"]["general"].value() == "御確認ください。"
    again = {**form, **hidden(answer), "confirmed": "1"}
    assert manager.post(address("response_return", response.pk), again).status_code == 302
    assert state_of(response) == "returned"


def test_step_that_was_taken_in_the_same_moment_is_noticed(manager: Client) -> None:
    response = submitted()
    by = StaffFactory(roles=["survey_manager"])
    looked_at = response.snapshots.get().pk
    workflow.accept(response, form=the_form(response), revision=1, by=by, at=timezone.now())

    with pytest.raises(AnswersChanged):
        workflow.return_with_questions(
            response,
            form=the_form(response),
            questions=[Asked("御確認ください。")],
            until=None,
            by=by,
            at=timezone.now(),
            seen=looked_at,
        )

    assert state_of(response) == "accepted"


def test_institution_without_an_address_is_returned_to_without_a_mail(manager: Client) -> None:
    response = submitted(invitation__email="")
    form = {**hidden(page_of(manager, "return", response)), "general": "御確認ください。"}

    preview = manager.post(address("response_return", response.pk), form)

    assert preview.context["mail"] is None
    assert "There is no mail address" in text_of(preview)


@pytest.mark.parametrize("name", ["accept", "return"])
def test_step_that_is_not_possible_says_so(name: str, manager: Client) -> None:
    response = ResponseFactory(invitation__round=a_round())

    page = page_of(manager, name, response)

    assert "This step is not possible while the answers are" in text_of(page)
