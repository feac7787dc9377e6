"""The answers of a round as files: what stands in them is what was answered."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from survey import answering
from survey.answering import Said
from survey.models import Response, Round
from tests.factories.answers import COMPLETE, a_response, a_round, answered, changes, the_form
from tests.factories.practices import staff

pytestmark = pytest.mark.django_db
PARTS = ("wide", "long", "explanations", "codebook")
# Of every answer of `COMPLETE`, how files hold it.
SAID: dict[str, Any] = {code: said if code == "F4.name" else int(said) for code, said in COMPLETE.items()}


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(staff("survey_manager"))
    client.post("/admin/language/", {"language": "en", "next": "/admin/"})
    return client


def taken(client: Client, survey_round: Round, part: str, states: str = "answered") -> Any:
    return client.post(reverse("admin:survey_round_export", args=[survey_round.pk]), {"states": states, "part": part})


def lines(client: Client, survey_round: Round, part: str, states: str = "answered") -> list[dict[str, str]]:
    answer = taken(client, survey_round, part, states)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def sheets(client: Client, survey_round: Round, states: str = "answered") -> dict[str, list[dict[str, Any]]]:
    book = load_workbook(BytesIO(b"".join(taken(client, survey_round, "xlsx", states).streaming_content)))
    return {sheet.title: list(told(sheet)) for sheet in book}


def told(sheet: Any) -> Iterator[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return (dict(zip(head, row, strict=True)) for row in rows)


def a_submission(said: dict[str, str] = COMPLETE, state: str = "submitted", **values: Any) -> Response:
    response = a_response(**values)
    answered(response, said)
    fields = {"state": state, "revision": 1, "submitted_at": timezone.now()}
    Response.objects.filter(pk=response.pk).update(**fields if state != "draft" else {})
    response.refresh_from_db()
    return response


def test_wide_table_has_a_line_for_each_institution(manager: Client) -> None:
    response = a_submission(invitation__prefecture="01")
    invitation = response.invitation

    [row] = sheets(manager, invitation.round)["wide"]

    facts = ("number", "name_ja", "kind", "is_pilot", "prefecture", "state", "revision")
    assert {name: row[name] for name in facts} == {
        "number": invitation.number,
        "name_ja": invitation.name_ja,
        "kind": "national",
        "is_pilot": False,
        "prefecture": "01",
        "state": "submitted",
        "revision": 1,
    }
    assert datetime.fromisoformat(row["submitted_at"]) == response.submitted_at
    assert {code: row[code] for code in SAID} == SAID
    totals = {"Q4.total.2005": 11, "Q4.total.2008": 14}
    assert {code: row[code] for code in (*totals, "Q9.words")} == {**totals, "Q9.words": "m"}


def test_csv_says_what_the_workbook_says(manager: Client) -> None:
    survey_round = a_submission().invitation.round

    book = sheets(manager, survey_round)

    for part in PARTS:
        as_text = [{name: written(value) for name, value in row.items()} for row in book[part]]
        assert lines(manager, survey_round, part) == as_text


def written(value: Any) -> str:
    """A cell of the workbook as CSV writes it."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def test_long_table_tells_why_there_is_no_answer(manager: Client) -> None:
    said = {**COMPLETE, "Q1.hq": "2", "Q1.head": "1", "Q4.adm.2008": "集計していない", "Q4.edu.2005": "0"}
    response = a_submission(said, state="accepted")

    rows = {row["cell"]: row for row in sheets(manager, response.invitation.round)["long"]}

    assert list(rows) == list(the_form(response).cells)
    kept = ("status", "value", "is_asked")
    assert {code: tuple(rows[code][name] for name in kept) for code in ("Q4.edu.2005", "Q4.adm.2008", "Q9.words")} == {
        "Q4.edu.2005": ("ok", 0, True),
        "Q4.adm.2008": ("nc", None, True),
        "Q9.words": ("m", None, True),
    }
    assert tuple(rows["Q1.head"][name] for name in kept) == ("a", None, False)
    assert (rows["Q4.total.2008"]["status"], rows["Q4.total.2008"]["value"]) == ("ok", 12)
    assert rows["Q9.words"]["entered_at"] is None
    assert datetime.fromisoformat(rows["Q1.hq"]["entered_at"]) == response.answers.get(cell__code="Q1.hq").entered_at


def test_words_that_an_option_asks_for_have_a_column_of_their_own(manager: Client) -> None:
    response = a_response()
    form = the_form(response)
    [change] = changes(form, {"Q1.head": "3"})
    noted = type(change)(change.code, type(change.value)("ok", option=3, note="機構の長"), 0)
    answered(response, {"Q1.hq": "1"})
    answering.save(response, [noted], form=form, by="", at=timezone.now())

    book = sheets(manager, response.invitation.round, "all")

    assert [(row["Q1.head"], row["Q1.head.note"]) for row in book["wide"]] == [(3, "機構の長")]
    assert [name for name in book["wide"][0] if name.endswith(".note")] == ["Q1.head.note"]
    assert [row["note"] for row in book["long"] if row["cell"] == "Q1.head"] == ["機構の長"]
    assert [row["note_column"] for row in book["codebook"] if row["cell"] == "Q1.head"] == ["Q1.head.note"]


@pytest.mark.parametrize(
    ("states", "kept"),
    [
        ("accepted", ["accepted"]),
        ("answered", ["submitted", "accepted"]),
        ("all", ["draft", "submitted", "returned", "accepted"]),
    ],
)
def test_states_choose_the_responses(states: str, kept: list[str], manager: Client) -> None:
    survey_round = a_round()
    for state in ("draft", "submitted", "returned", "accepted"):
        a_submission(state=state, round=survey_round)
    a_submission(state="accepted")

    rows = sheets(manager, survey_round, states)

    assert [row["state"] for row in rows["wide"]] == kept
    assert [row["number"] for row in rows["wide"]] == sorted(row["number"] for row in rows["wide"])
    assert {row["number"] for row in rows["long"]} == {row["number"] for row in rows["wide"]}


def test_round_without_responses_has_headings_and_a_codebook(manager: Client) -> None:
    survey_round = a_round()

    book = sheets(manager, survey_round)

    assert [len(book[part]) for part in PARTS] == [0, 0, 0, 13]
    assert [len(lines(manager, survey_round, part)) for part in PARTS] == [0, 0, 0, 13]


def test_explanations_stand_beside_what_they_are_about(manager: Client) -> None:
    said = {**COMPLETE, "Q4.edu.2005": "10", "Q4.edu.2008": "90"}
    told, silent = a_response(), a_response()
    for response in (told, silent):
        answered(response, said)
    check = the_form(told).checks[0].row
    values = "Q4.edu.2008=90;Q4.edu.2005=10"
    answering.explain(told, [Said(check, values, "=新学部の設置", "")], by="", at=timezone.now())

    rows = [sheets(manager, row.invitation.round, "all")["explanations"] for row in (told, silent)]

    shown = [(row["check"], row["holds"], row["is_explained"], row["explanation"]) for [row] in rows]
    assert shown == [("edu-jump", False, True, "=新学部の設置"), ("edu-jump", False, False, None)]
    assert [row["values"] for [row] in rows] == [values] * 2


def test_explanation_of_earlier_answers_is_no_explanation_of_these(manager: Client) -> None:
    response = a_response()
    answered(response)
    check = the_form(response).checks[0].row
    answering.explain(response, [Said(check, "Q4.edu.2008=90", "増員", "")], by="", at=timezone.now())

    [row] = sheets(manager, response.invitation.round, "all")["explanations"]

    assert (row["holds"], row["is_explained"], row["values"], row["explanation"]) == (
        *(True, False, "Q4.edu.2008=90"),
        "増員",
    )


def test_codebook_tells_what_each_column_means(manager: Client) -> None:
    survey_round = a_round()
    questionnaire = survey_round.questionnaire
    assert questionnaire

    rows = {row["cell"]: row for row in sheets(manager, survey_round)["codebook"]}

    head, number = rows["Q1.head"], rows["Q4.edu.2005"]
    assert (head["section"], head["question"], head["question_text_ja"]) == ("A", "A2", "長はどなたですか。")
    assert head["options_ja"] == "1 = 学長; 2 = 副学長; 3 = その他"
    assert head["universe"] == "Q1.hq = 1"
    assert (number["kind"], number["fiscal_year"], number["unit_ja"], number["label_en"], number["minimum"]) == (
        *("matrix", 2005, "人", "Educators", 0),
    )
    assert rows["F4.name"]["sensitivity"] == "C"
    assert rows["Q4.total.2005"]["is_total"] is True
    assert rows["Q9.words"]["is_required"] is False
    assert head["absences_en"].startswith("m = no answer; a = not applicable; ")
    assert {(row["questionnaire"], row["version"], row["sha256"]) for row in rows.values()} == {
        (questionnaire.code, 1, "0" * 64)
    }


def test_no_spreadsheet_runs_what_was_answered(manager: Client) -> None:
    response = a_submission({**COMPLETE, "F4.name": '=HYPERLINK("http://evil.example")', "Q9.words": "@SUM(1)"})
    survey_round = response.invitation.round

    [row] = lines(manager, survey_round, "wide")
    book = load_workbook(BytesIO(b"".join(taken(manager, survey_round, "xlsx").streaming_content)))

    assert (row["F4.name"], row["Q9.words"]) == ('\'=HYPERLINK("http://evil.example")', "'@SUM(1)")
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert '=HYPERLINK("http://evil.example")' in [cell.value for cell in cells]


@pytest.mark.parametrize("part", ["xlsx", *PARTS])
def test_files_cost_the_same_for_any_number_of_responses(part: str, manager: Client) -> None:
    survey_round = a_round()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            b"".join(taken(manager, survey_round, part).streaming_content)
        return len(queries)

    a_submission(round=survey_round)
    cost()  # the first one in a process also asks for what Django keeps from then on
    few = cost()
    for _ in range(3):
        a_submission(round=survey_round)

    assert cost() == few


@pytest.mark.parametrize("part", ["xlsx", "wide"])
def test_file_is_marked_and_the_history_says_who_took_it(part: str, manager: Client) -> None:
    survey_round = a_round(code="sih-next")

    answer = taken(manager, survey_round, part, "all")
    b"".join(answer.streaming_content)

    assert "HANDLE-WITH-CARE_sih-next_" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(survey_round.pk), f"Answers downloaded: all, {part}")


@pytest.mark.parametrize("data", [{}, {"states": "all"}, {"states": "none", "part": "wide"}, {"part": "../etc"}])
def test_choice_that_is_none_is_asked_for_again(data: dict[str, str], manager: Client) -> None:
    survey_round = a_round()

    answer = manager.post(reverse("admin:survey_round_export", args=[survey_round.pk]), data)

    assert (answer.status_code, LogEntry.objects.count()) == (400, 0)


def test_round_without_a_questionnaire_has_no_files(manager: Client) -> None:
    survey_round = a_round(questionnaire=None, state="draft")
    Round.objects.filter(pk=survey_round.pk).update(questionnaire=None)

    assert taken(manager, survey_round, "xlsx").status_code == 400
    assert "This round has no questionnaire." in taken(manager, survey_round, "xlsx").content.decode()


@pytest.mark.parametrize("role", ["translator_en", "curator", "publisher"])
def test_answers_are_for_the_managers_alone(role: str) -> None:
    client = Client()
    client.force_login(staff(role))
    survey_round = a_submission().invitation.round

    answers = [taken(client, survey_round, part, "all").status_code for part in ("xlsx", *PARTS)]

    assert answers == [403] * 5
