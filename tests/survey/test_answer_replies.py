"""Replies of an institution to what JSPS asked when it returned the answers."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from survey import workflow
from survey.answering import LONGEST_EXPLANATION
from survey.models import Remark, Response
from survey.workflow import Asked
from tests.factories.answers import a_response, answered, the_form
from tests.factories.staff import StaffFactory
from tests.faults.member import fields_of
from tests.survey.respondents import TOP, came_in, submit, text_of

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


def returned(response: Response, client: Client, manager: User) -> list[Remark]:
    submit(client)
    form = the_form(response)
    questions = [Asked("数を御確認ください。", form.questions["Q6.count"].row), Asked("全体について。")]
    workflow.return_with_questions(response, form=form, questions=questions, until=None, by=manager, at=timezone.now())
    return list(Remark.objects.order_by("pk"))


def replies(client: Client) -> dict[str, list[str]]:
    return fields_of(text_of(client.get(TOP)), "replies")


def test_questions_of_jsps_are_replied_to(response: Response, client: Client, manager: User) -> None:
    first, second = returned(response, client, manager)

    answer = client.post(TOP, {**replies(client), f"reply.{first.pk}": "3件で間違いありません。", "replies": "1"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, f"{TOP}#remarks")
    assert (first.reply, first.replied_by, second.replied_at) == ("3件で間違いありません。", "佐藤", None)
    assert replies(client)[f"reply.{first.pk}"] == ["3件で間違いありません。"]


def test_colleagues_reply_is_shown_and_not_written_over(response: Response, client: Client, manager: User) -> None:
    first, _second = returned(response, client, manager)
    fields = replies(client) | {f"reply.{first.pk}": ["4件です。"], "replies": ["1"]}
    other = came_in(response.invitation, name="鈴木")
    other.post(TOP, {**replies(other), f"reply.{first.pk}": "3件です。", "replies": "1"})

    page = client.post(TOP, fields)

    text = text_of(page)
    assert (page.status_code, Remark.objects.get(pk=first.pk).reply) == (409, "3件です。")
    assert "3件です。" in text
    assert client.post(TOP, {**fields_of(text, "replies"), "replies": "1"}).status_code == 302
    assert Remark.objects.get(pk=first.pk).reply == "4件です。"


@pytest.mark.parametrize("text", ["長" * (LONGEST_EXPLANATION + 1), "a\x00b"])
def test_reply_that_cannot_be_stored_comes_back(response: Response, client: Client, manager: User, text: str) -> None:
    first, second = returned(response, client, manager)
    said = {f"reply.{first.pk}": text, f"reply.{second.pk}": "以上です。", "replies": "1"}

    page = client.post(TOP, {**replies(client), **said})

    assert page.status_code == 400
    assert fields_of(text_of(page), "replies")[f"reply.{first.pk}"] == [text]
    assert [row.reply for row in Remark.objects.order_by("pk")] == ["", "以上です。"]


def test_reply_stays_as_it_was_when_the_answers_were_submitted(
    response: Response, client: Client, manager: User
) -> None:
    first, _second = returned(response, client, manager)
    fields = replies(client) | {f"reply.{first.pk}": ["3件です。"], "replies": ["1"]}
    client.post(TOP, fields)
    submit(client)

    page = client.post(TOP, fields | {f"reply.{first.pk}": ["4件です。"]})

    assert page.status_code == 409
    assert "4件です。" in text_of(page)
    assert Remark.objects.get(pk=first.pk).reply == "3件です。"


def test_nobody_replies_for_another_institution(response: Response, client: Client, manager: User) -> None:
    first, _second = returned(response, client, manager)
    other = a_response()
    answered(other)
    stranger = came_in(other.invitation)
    returned(other, stranger, manager)
    said = {f"reply.{first.pk}": "4件です。", f"w.{first.pk}": "", "replies": "1"}

    stranger.post(TOP, {**replies(stranger), **said})

    assert not Remark.objects.exclude(reply="").exists()
