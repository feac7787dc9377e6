"""Looking through the answers, confirming what looks odd, submitting once, taking back, and questions from JSPS."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from survey import workflow
from survey.answering import LONGEST_EXPLANATION
from survey.models import Answer, Delivery, Explanation, Remark, Response, Snapshot
from survey.workflow import Asked
from tests.factories.answers import COMPLETE, a_questionnaire, a_response, a_round, answered, the_form
from tests.factories.staff import StaffFactory
from tests.faults.member import fields_of
from tests.survey.respondents import TOP, came_in, fresh, review, section, send, submit, text_of, typed
from tests.survey.test_answer_pages import close

pytestmark = pytest.mark.django_db
ODD = {**COMPLETE, "Q4.edu.2008": "100"}
IMPOSSIBLE = {**COMPLETE, "Q4.edu.2005": "100000", "Q4.edu.2008": "100001"}


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


def odd() -> tuple[Response, Client]:
    response = a_response()
    answered(response, ODD)
    return response, came_in(response.invitation, name="佐藤")


def checks(client: Client) -> dict[str, list[str]]:
    """The fields of the form in which points are confirmed and explained."""
    return fields_of(text_of(client.get(f"{TOP}review/")), "explain")


def explain(client: Client, text: str = "", *, check: str = "edu-jump") -> Any:
    """Presses the button of a point after typing a text for it."""
    return client.post(f"{TOP}review/", {**checks(client), "check": check, f"text.{check}": text})


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


def test_odd_answer_is_explained_and_then_submitted() -> None:
    response, client = odd()
    assert 'id="submit"' not in text_of(client.get(f"{TOP}review/"))

    answer = explain(client, "組織改編による。")

    kept = Explanation.objects.get()
    page = text_of(client.get(answer["Location"]))
    assert (answer.status_code, kept.text, kept.entered_by) == (302, "組織改編による。", "佐藤")
    assert "組織改編による。" in page
    assert submit(client).status_code == 302
    assert fresh(response).revision == 1


def test_odd_answer_is_confirmed_without_words() -> None:
    _response, client = odd()

    explain(client)

    assert submit(client).status_code == 302


@pytest.mark.parametrize("text", ["長" * (LONGEST_EXPLANATION + 1), "a\x00b"])
def test_explanation_that_cannot_be_stored_comes_back(text: str) -> None:
    _response, client = odd()

    page = explain(client, text)

    assert page.status_code == 400
    assert text.rstrip("\n") in text_of(page)
    assert not Explanation.objects.exists()


def test_explanation_of_answers_that_changed_meanwhile_comes_back() -> None:
    _response, client = odd()
    fields = checks(client) | {"check": ["edu-jump"], "text.edu-jump": ["組織改編による。"]}
    typed(client, "D", {"v.Q4.edu.2008": "200"})

    page = client.post(f"{TOP}review/", fields)

    assert page.status_code == 409
    assert fields_of(text_of(page), "explain")["text.edu-jump"] == ["組織改編による。"]
    assert not Explanation.objects.exists()


def test_explanation_of_answers_that_are_not_odd_any_more_comes_back() -> None:
    _response, client = odd()
    fields = checks(client) | {"check": ["edu-jump"], "text.edu-jump": ["組織改編による。"]}
    typed(client, "D", {"v.Q4.edu.2008": "12"})

    page = client.post(f"{TOP}review/", fields)

    assert page.status_code == 409
    assert "組織改編による。" in text_of(page)
    assert not Explanation.objects.exists()


def test_explanation_is_changed_later() -> None:
    _response, client = odd()
    explain(client, "組織改編による。")

    assert fields_of(text_of(client.get(f"{TOP}review/")), "explain")["text.edu-jump"] == ["組織改編による。"]
    assert explain(client, "新学部の設置による。").status_code == 302
    assert Explanation.objects.get().text == "新学部の設置による。"


def test_colleagues_explanation_is_shown_and_not_written_over() -> None:
    response, client = odd()
    fields = checks(client) | {"check": ["edu-jump"], "text.edu-jump": ["組織改編による。"]}
    explain(came_in(response.invitation, name="鈴木"), "新学部の設置による。")

    page = client.post(f"{TOP}review/", fields)

    text = text_of(page)
    again = fields_of(text, "explain")
    assert (page.status_code, Explanation.objects.get().text) == (409, "新学部の設置による。")
    assert again["text.edu-jump"] == ["組織改編による。"]
    assert "新学部の設置による。" in text
    assert client.post(f"{TOP}review/", again).status_code == 302
    assert Explanation.objects.get().text == "組織改編による。"


def two_odd() -> tuple[Response, Client]:
    questionnaire = a_questionnaire(is_frozen=False)
    questionnaire.checks.create(code="few", severity="soft", rule="Q6.count > 5", message_ja="少なくありませんか。")
    response = a_response(round=a_round(questionnaire=questionnaire))
    answered(response, ODD)
    return response, came_in(response.invitation, name="佐藤")


def test_words_about_every_point_are_kept_whichever_button_is_pressed() -> None:
    _response, client = two_odd()
    said = {"text.edu-jump": "組織改編による。", "text.few": "新しい制度のため。"}

    answer = client.post(f"{TOP}review/", {**checks(client), **said, "check": "few"})

    kept = dict(Explanation.objects.values_list("check_row__code", "text"))
    assert answer.status_code == 302
    assert kept == {"edu-jump": "組織改編による。", "few": "新しい制度のため。"}


def test_button_of_one_point_confirms_no_other() -> None:
    _response, client = two_odd()

    explain(client, check="few")

    assert list(Explanation.objects.values_list("check_row__code", flat=True)) == ["few"]


def test_what_can_be_stored_is_and_the_rest_comes_back() -> None:
    _response, client = two_odd()
    long = "長" * (LONGEST_EXPLANATION + 1)

    page = client.post(
        f"{TOP}review/", {**checks(client), "text.edu-jump": long, "text.few": "制度の変更。", "check": "few"}
    )

    assert page.status_code == 400
    assert fields_of(text_of(page), "explain")["text.edu-jump"] == [long]
    assert Explanation.objects.get().text == "制度の変更。"


def test_explanation_that_changed_meanwhile_is_not_submitted_unseen() -> None:
    response, client = odd()
    explain(client, "組織改編による。")
    fields = {**review(client), "sign_off": "1"}
    explain(came_in(response.invitation), "新学部の設置による。")

    assert client.post(f"{TOP}review/", fields).status_code == 409
    assert not Snapshot.objects.exists()


def test_submission_keeps_the_explanations_of_its_moment() -> None:
    _response, client = odd()
    explain(client, "組織改編による。")
    submit(client)
    take_back(client, sure="1")
    explain(client, "新学部の設置による。")
    submit(client)

    kept = Snapshot.objects.order_by("pk").values_list("explanations", flat=True)
    values = Explanation.objects.get().values
    texts = ("組織改編による。", "組織改編による。", "新学部の設置による。")
    assert list(kept) == [{"edu-jump": {"values": values, "text": text}} for text in texts]


def test_explanation_ends_with_the_answers_it_was_about() -> None:
    _response, client = odd()
    explain(client)
    typed(client, "D", {"v.Q4.edu.2008": "200"})

    assert 'id="submit"' not in text_of(client.get(f"{TOP}review/"))


def test_impossible_answer_can_only_be_corrected() -> None:
    response = a_response()
    answered(response, IMPOSSIBLE)
    client = came_in(response.invitation)
    fields = fields_of(text_of(client.get(f"{TOP}leave/")), "answer-leave")
    shown = text_of(client.get(f"{TOP}review/"))

    point = {"check": "sum-large", "values.sum-large": "Q4.total.2008=100003", "w.sum-large": ""}
    forged = {**fields, "response": response.public_id, **point}
    refused = client.post(f"{TOP}review/", forged)

    assert "修正が必要です" in shown
    assert "<textarea" not in shown
    assert refused.status_code == 409
    assert not Explanation.objects.exists()


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


# Replies to JSPS


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
