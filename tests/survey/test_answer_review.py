"""Looking through the answers, confirming what looks odd, submitting once, taking back, and questions from JSPS."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from survey import workflow
from survey.models import Answer, Delivery, Response, Snapshot
from survey.workflow import Asked
from tests.factories.answers import a_response, answered, the_form
from tests.factories.staff import StaffFactory
from tests.faults.member import fields_of
from tests.survey.respondents import TOP, came_in, fresh, review, section, send, submit, text_of, typed
from tests.survey.test_answer_pages import close

pytestmark = pytest.mark.django_db


@pytest.fixture
def response() -> Response:
    response = a_response()
    answered(response)
    return response


@pytest.fixture
def client(response: Response) -> Client:
    return came_in(response.invitation, name="佐藤")


@pytest.fixture
def manager() -> User:
    return StaffFactory(roles=["survey_manager"])


def take_back(client: Client, **said: Any) -> Any:
    return client.post(f"{TOP}receipt/", {**fields_of(text_of(client.get(f"{TOP}receipt/")), "take-back"), **said})


@pytest.mark.parametrize(("language", "word"), [("ja", "未記入の欄"), ("en", "What is missing")])
def test_review_names_what_is_missing_with_ways_to_it(language: str, word: str) -> None:
    response = a_response()
    answered(response, {"Q1.hq": "1"})

    page = text_of(came_in(response.invitation).get(f"/{language}/answer/review/"))

    assert word in page
    assert [code for code in ("Q1-head", "Q4-edu-2005", "F4-name") if f"#c-{code}" not in page] == []
    assert 'id="submit"' not in page


def test_complete_answers_are_submitted_with_a_receipt(response: Response, client: Client) -> None:
    answer = submit(client)

    snapshot = Snapshot.objects.get()
    page = text_of(client.get(answer["Location"]))
    assert (answer.status_code, answer["Location"], snapshot.actor) == (302, f"{TOP}receipt/", "佐藤")
    assert snapshot.sha256 in page
    assert fresh(response).state == "submitted"


def test_review_names_the_person_responsible(client: Client) -> None:
    assert "国際 太郎" in text_of(client.get(f"{TOP}review/"))


def test_button_pressed_twice_submits_once(client: Client) -> None:
    fields = {**review(client), "sign_off": "1"}

    answers = [client.post(f"{TOP}review/", fields) for _press in range(2)]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, f"{TOP}receipt/")}
    assert (Snapshot.objects.count(), Delivery.objects.count()) == (1, 1)


def test_nothing_is_submitted_without_the_sign_off(response: Response, client: Client) -> None:
    page = client.post(f"{TOP}review/", review(client))

    assert page.status_code == 400
    assert "回答責任者が確認済み" in text_of(page)
    assert fresh(response).state == "draft"


def test_answers_that_changed_meanwhile_are_not_submitted(response: Response, client: Client) -> None:
    fields = {**review(client), "sign_off": "1"}
    typed(came_in(response.invitation), "D", {"v.Q6.count": "99"})

    page = client.post(f"{TOP}review/", fields)

    assert page.status_code == 409
    assert not Snapshot.objects.exists()
    assert submit(client).status_code == 302


def test_incomplete_answers_are_not_submitted(response: Response, client: Client) -> None:
    fields = {**review(client), "sign_off": "1"}
    typed(client, "D", {"v.Q6.count": ""})

    assert client.post(f"{TOP}review/", fields).status_code == 409
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("revision", ["", "-1", "x", "9" * 5000, "1", "１"])
def test_odd_revision_submits_nothing(client: Client, revision: str) -> None:
    assert submit(client, revision=revision).status_code == 409
    assert not Snapshot.objects.exists()


def test_form_of_another_institution_submits_nothing(client: Client) -> None:
    other = a_response()
    fields = {**review(client), "sign_off": "1"}
    client.cookies |= came_in(other.invitation).cookies

    assert client.post(f"{TOP}review/", fields).status_code == 409
    assert not Snapshot.objects.exists()


def test_after_the_end_nothing_is_explained_or_submitted(response: Response, client: Client) -> None:
    fields = {**review(client), "sign_off": "1"}
    close(response.invitation, "late")

    assert client.post(f"{TOP}review/", fields).status_code == 409
    assert not Snapshot.objects.exists()


def test_submitted_answers_can_be_read_and_not_written(response: Response, client: Client) -> None:
    fields = section(client, "D")
    submit(client)

    refused = send(client, "D", fields | {"v.Q6.count": "4"})

    page = text_of(client.get(f"{TOP}D/"))
    assert refused.status_code == 409
    assert 'id="answer"' not in page
    assert "提出済みです" in page
    assert Answer.objects.get(cell__code="Q6.count").number == 3


def test_submitted_answers_are_taken_back_corrected_and_submitted_again(response: Response, client: Client) -> None:
    submit(client)

    assert take_back(client).status_code == 400
    assert take_back(client, sure="1")["Location"] == TOP
    assert "提出取下げ" in text_of(client.get(f"{TOP}print/"))
    typed(client, "D", {"v.Q6.count": "4"})
    assert submit(client).status_code == 302

    row = fresh(response)
    assert (row.state, row.is_taken_back, row.revision) == ("submitted", False, 2)
    steps = Snapshot.objects.order_by("pk").values_list("step", flat=True)
    assert list(steps) == ["submitted", "reopened", "submitted"]


def test_taking_back_pressed_twice_does_it_once(client: Client) -> None:
    submit(client)
    fields = {**fields_of(text_of(client.get(f"{TOP}receipt/")), "take-back"), "sure": "1"}

    answers = [client.post(f"{TOP}receipt/", fields) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Snapshot.objects.filter(step="reopened").count() == 1


def test_nothing_is_taken_back_after_the_end(response: Response, client: Client) -> None:
    submit(client)
    fields = {**fields_of(text_of(client.get(f"{TOP}receipt/")), "take-back"), "sure": "1"}
    close(response.invitation, "late")

    assert client.post(f"{TOP}receipt/", fields).status_code == 409
    assert 'id="take-back"' not in text_of(client.get(f"{TOP}receipt/"))
    assert fresh(response).state == "submitted"


def test_accepted_answers_are_not_taken_back(response: Response, client: Client, manager: User) -> None:
    submit(client)
    workflow.accept(response, form=the_form(response), revision=1, by=manager, at=timezone.now())

    page = text_of(client.get(f"{TOP}receipt/"))

    assert 'id="take-back"' not in page
    assert "受理しました" in text_of(client.get(TOP))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_questions_of_jsps_are_shown_with_ways_to_the_answers(
    response: Response, client: Client, manager: User, language: str
) -> None:
    submit(client)
    form = the_form(response)
    questions = [Asked("数を御確認ください。", form.questions["Q6.count"].row), Asked("全体について。")]
    workflow.return_with_questions(response, form=form, questions=questions, until=None, by=manager, at=timezone.now())

    page = text_of(client.get(f"/{language}/answer/"))

    parts = ("数を御確認ください。", "全体について。", f"/{language}/answer/D/#q-D3")
    assert [part for part in parts if part not in page] == []
    assert typed(client, "D", {"v.Q6.count": "4"}).status_code == 302
    assert submit(client).status_code == 302
    assert "数を御確認ください。" not in text_of(client.get(f"/{language}/answer/"))


def test_print_shows_the_answers_of_now_and_those_submitted(client: Client) -> None:
    assert client.get(f"{TOP}print/?submitted=1").status_code == 404
    submit(client)
    take_back(client, sure="1")
    typed(client, "D", {"v.Q6.count": "4321"})

    now, then = (text_of(client.get(f"{TOP}print/{query}")) for query in ("", "?submitted=1"))

    assert ("4,321" in now, "4,321" in then) == (True, False)
    assert Snapshot.objects.earliest("pk").sha256 in then


def test_blank_questionnaire_holds_no_answer(client: Client) -> None:
    page = text_of(client.get(f"{TOP}blank/"))

    assert "国際 太郎" not in page
    assert [part for part in ("設置している", "いずれも該当しない", "2005年度（平成17年度）") if part not in page] == []
