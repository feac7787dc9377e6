"""Confirming and explaining what looks odd: nobody's words are written over unseen, none are lost."""

from typing import Any

import pytest
from django.test import Client

from survey.answering import LONGEST_EXPLANATION
from survey.models import Explanation, Response, Snapshot
from tests.factories.answers import COMPLETE, a_questionnaire, a_response, a_round, answered
from tests.faults.member import fields_of
from tests.survey.respondents import TOP, came_in, fresh, review, submit, text_of, typed
from tests.survey.test_answer_review import take_back

pytestmark = pytest.mark.django_db
ODD = {**COMPLETE, "Q4.edu.2008": "100"}
IMPOSSIBLE = {**COMPLETE, "Q4.edu.2005": "100000", "Q4.edu.2008": "100001"}


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
