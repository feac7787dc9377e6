"""The answers of an earlier round at the desk: shown first, then written as they were shown."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from survey.models import Cell, Invitation, Response, Round
from tests.factories.answers import COMPLETE, a_questionnaire, a_response, a_round
from tests.factories.invitations import InvitationFactory
from tests.hostile_files import hostile_files
from tests.survey.desk import address, logged_in, text_of
from tests.survey.imported import GAPS, accepted, confirm, file_of, target, upload

pytestmark = pytest.mark.django_db
ROWS = "number,name_ja,kind,state,Q6.count,Q1.hq,Q1.head\n1,ある大学,national,accepted,3,2,a\n2,別の大学,private,,,,\n"


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def test_answers_are_shown_before_they_are_written(manager: Client) -> None:
    survey_round = target(a_round())

    preview = upload(manager, survey_round, ROWS.encode())
    before = (Invitation.objects.count(), Response.objects.count())
    answer = confirm(manager, preview)

    plan = preview.context["plan"]
    assert (preview.status_code, before, answer.status_code) == (200, (0, 0), 302)
    assert [(str(row.label), row.institutions, row.answered, row.answers) for row in plan.counts] == [
        ("National university", 1, 1, 2),
        ("Private university", 1, 0, 0),
        ("All institutions", 2, 1, 2),
    ]
    assert [(str(label), count) for label, count in plan.statuses] == [("answered", 2)]
    assert list(Invitation.objects.order_by("number").values_list("name_ja", flat=True)) == ["ある大学", "別の大学"]
    told = "Answers from a file: 1 responses, 2 institutions."
    assert list(LogEntry.objects.values_list("change_message", flat=True)) == [told]


def test_statuses_are_counted(manager: Client) -> None:
    source = a_round()
    accepted(GAPS, round=source)

    preview = upload(manager, target(source), file_of(manager, source, "wide"))

    assert {str(label): count for label, count in preview.context["plan"].statuses} == {
        "answered": 5,
        "no answer": 1,
        "not applicable": 1,
        "included elsewhere": 1,
        "not collected": 1,
        "do not know": 1,
    }


def test_file_with_one_wrong_cell_is_refused_whole_with_its_place(manager: Client) -> None:
    answer = upload(manager, target(a_round()), ROWS.replace("accepted,3", "accepted,three").encode())

    assert answer.status_code == 400
    assert [(row.row, row.column) for row in answer.context["problems"]] == [(2, "E")]
    assert Invitation.objects.count() == 0


def test_press_of_the_button_counts_once(manager: Client) -> None:
    preview = upload(manager, target(a_round()), ROWS.encode())

    answers = [confirm(manager, preview).status_code for _ in range(2)]

    assert (answers, Response.objects.count()) == ([302, 409], 1)


@pytest.mark.parametrize("number", [3, 1])
def test_round_that_changed_meanwhile_is_shown_again(number: int, manager: Client) -> None:
    """With the mistakes that there are now, if there are any."""
    survey_round = target(a_round())
    preview = upload(manager, survey_round, ROWS.encode())
    InvitationFactory(round=survey_round, number=number, was_asked=True)

    answer = confirm(manager, preview)

    assert (answer.status_code, Response.objects.count()) == (409, 0)
    assert ("plan" in answer.context) == (number == 3)


def test_preview_read_against_another_questionnaire_is_read_again(manager: Client) -> None:
    survey_round = target(a_round())
    preview = upload(manager, survey_round, ROWS.encode())
    other = a_questionnaire(is_frozen=False)
    Cell.objects.filter(question__section__questionnaire=other, code="Q6.count").update(code="Q6.number")
    Round.objects.filter(pk=survey_round.pk).update(questionnaire=other)

    answer = confirm(manager, preview)

    assert (answer.status_code, "plan" in answer.context, Response.objects.count()) == (409, False, 0)


def test_preview_of_somebody_else_or_another_round_is_refused(manager: Client) -> None:
    source = a_round()
    preview = upload(manager, target(source), ROWS.encode())
    data = {"rows": preview.context["rows"], "seen": preview.context["plan"].fingerprint}
    own = address("round_import", preview.context["original"].pk)

    answers = [
        manager.post(address("round_import", target(source).pk), data),
        logged_in("survey_manager").post(own, data),
        manager.post(own, data | {"rows": "forged"}),
    ]

    assert [answer.status_code for answer in answers] == [400] * 3
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("state", ["open", "published"])
def test_round_that_is_open_or_published_takes_no_answers(state: str, manager: Client) -> None:
    survey_round = a_round(state=state)

    page = manager.get(address("round_import", survey_round.pk))
    answer = upload(manager, survey_round, ROWS.encode())

    assert (page.status_code, answer.status_code) == (200, 409)
    assert [shown for shown in (page, answer) if 'type="file"' in text_of(shown)] == []
    assert Invitation.objects.count() == 0


def test_answers_that_are_there_are_not_written_over(manager: Client) -> None:
    survey_round = a_response().invitation.round
    Round.objects.filter(pk=survey_round.pk).update(state="closed")

    answer = upload(manager, survey_round, ROWS.encode())

    assert (answer.status_code, Response.objects.count()) == (409, 1)


def test_preview_that_no_page_can_bring_back_is_refused(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.admin.imports.LARGEST_PREVIEW", 100)

    answer = upload(manager, target(a_round()), ROWS.encode())

    assert answer.status_code == 400
    assert "The file holds too much." in answer.context["problems"][0].reason


def test_way_leads_there_while_the_round_takes_answers(manager: Client) -> None:
    ways = {
        state: address("round_import", row.pk) in text_of(manager.get(address("round_change", row.pk)))
        for state in ("draft", "open", "closed", "published")
        for row in [a_round(state=state)]
    }

    assert ways == {"draft": True, "open": False, "closed": True, "published": False}


@pytest.mark.parametrize("role", ["translator_en", "curator", "publisher"])
def test_answers_are_taken_over_by_managers_alone(role: str) -> None:
    answer = upload(logged_in(role), target(a_round()), ROWS.encode())

    assert (answer.status_code, Invitation.objects.count()) == (403, 0)


def test_hostile_names_are_shown_as_text(manager: Client) -> None:
    hostile = ROWS.replace("ある大学", "<img src=x onerror=alert(1)>").replace("private", "<script>alert(2)</script>")

    shown = upload(manager, target(a_round()), hostile.encode())

    assert shown.status_code == 400
    assert re.search("<img src=x|<script>alert", text_of(shown)) is None


def test_hostile_files_end_on_a_page_that_says_why(manager: Client) -> None:
    """Those that the reader refuses are its own tests' business; of them some."""
    files = hostile_files()
    refused = [file for file in files if file.expect == "refused"]
    survey_round, wrong = target(a_round()), {}
    for file in [*refused[::25], *(file for file in files if file.expect == "read")]:
        name = file.name.encode(errors="replace").decode().rpartition("/")[2] or "file"
        answer = upload(manager, survey_round, file.content, name)
        if answer.status_code != 400 or not (answer.context["problems"] or answer.context["form"].errors):
            wrong[file.id] = answer.status_code

    assert wrong == {}
    assert Invitation.objects.count() == 0


def test_words_of_answers_stay_what_they_are(manager: Client) -> None:
    source = a_round()
    hostile = '=HYPERLINK("http://evil.example")'
    accepted({**COMPLETE, "Q9.words": hostile}, round=source)
    survey_round = target(source)

    confirm(manager, upload(manager, survey_round, file_of(manager, source, "wide")))

    texts = Response.objects.filter(invitation__round=survey_round).values_list("answers__text", flat=True)
    assert hostile in texts
