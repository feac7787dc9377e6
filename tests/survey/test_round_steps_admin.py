"""A round is opened, closed and watched at the desk."""

import csv
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from survey.models import InvitationStatus, Questionnaire, Round
from tests.factories.answers import a_questionnaire, a_round
from tests.factories.invitations import InvitationFactory, OpenRoundFactory, ResponseFactory
from tests.survey.desk import address, logged_in, text_of

pytestmark = pytest.mark.django_db
ROLES = ("translator_en", "curator", "publisher")


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def a_draft(**values: Any) -> Round:
    fields = {"state": "draft", "opens_at": None, "closes_at": None, "questionnaire": ready_questionnaire(), **values}
    return OpenRoundFactory(**fields)


def ready_questionnaire() -> Questionnaire:
    return a_questionnaire(is_frozen=False)


def typed(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def in_a_month() -> datetime:
    return (timezone.now() + timedelta(days=30)).replace(second=0, microsecond=0)


# Opening and closing


def test_round_is_opened_until_its_deadline(manager: Client) -> None:
    survey_round, deadline = a_draft(), in_a_month()

    question = manager.get(address("round_open", survey_round.pk))
    answer = manager.post(address("round_open", survey_round.pk), {"closes_at": typed(deadline)}, follow=True)

    survey_round.refresh_from_db()
    assert "nobody can change it" in text_of(question)
    assert (survey_round.state, survey_round.closes_at) == ("open", deadline)
    assert survey_round.questionnaire
    assert survey_round.questionnaire.is_frozen
    assert answer.redirect_chain == [(address("round_change", survey_round.pk), 302)]
    assert "The round takes answers now." in text_of(answer)


def test_closed_round_is_opened_again_with_the_same_questionnaire(manager: Client) -> None:
    survey_round, deadline = a_round(state="closed"), in_a_month()

    question = manager.get(address("round_open", survey_round.pk))
    manager.post(address("round_open", survey_round.pk), {"closes_at": typed(deadline)})

    survey_round.refresh_from_db()
    assert question.context["title"] == "Open the round again"
    assert (survey_round.state, survey_round.closes_at) == ("open", deadline)


@pytest.mark.parametrize("closes_at", ["", "soon", "2001-01-01T00:00"])
def test_round_needs_a_deadline_to_come(closes_at: str, manager: Client) -> None:
    survey_round = a_draft()

    answer = manager.post(address("round_open", survey_round.pk), {"closes_at": closes_at})

    survey_round.refresh_from_db()
    assert answer.status_code in {400, 409}
    assert survey_round.state == "draft"


def test_mistakes_of_the_questionnaire_keep_the_round_from_opening(manager: Client) -> None:
    questionnaire = ready_questionnaire()
    questionnaire.sections.filter(code="A").update(title_en="")
    survey_round = a_draft(questionnaire=questionnaire)
    place = address("round_open", survey_round.pk)

    question = manager.get(place)
    answer = manager.post(place, {"closes_at": typed(in_a_month())})

    survey_round.refresh_from_db()
    assert question.context["mistakes"] == ["A: “title (English)” is empty."]
    assert "A: “title (English)” is empty." in text_of(question)
    assert '<button type="submit" class="default"' not in text_of(question)
    assert (answer.status_code, answer.context["mistakes"]) == (409, question.context["mistakes"])
    assert survey_round.state == "draft"


def test_round_without_a_questionnaire_says_so(manager: Client) -> None:
    survey_round = a_draft(questionnaire=None)

    answers = [
        manager.get(address("round_open", survey_round.pk)),
        manager.post(address("round_open", survey_round.pk), {"closes_at": typed(in_a_month())}),
    ]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert ["Choose the questionnaire of the round first." in text_of(answer) for answer in answers] == [True, True]


def test_round_that_is_open_is_not_opened(manager: Client) -> None:
    survey_round = a_round(state="open")

    answers = [
        manager.get(address("round_open", survey_round.pk)),
        manager.post(address("round_open", survey_round.pk), {"closes_at": typed(in_a_month())}),
    ]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert ["This is not possible while the round is" in text_of(answer) for answer in answers] == [True, True]


def test_published_round_is_opened_again_to_correct_answers(manager: Client) -> None:
    survey_round = a_round(state="published")

    page = text_of(manager.get(address("round_open", survey_round.pk)))
    manager.post(address("round_open", survey_round.pk), {"closes_at": typed(in_a_month())})

    survey_round.refresh_from_db()
    assert ("What is public stays public" in page, survey_round.state) == (True, "open")


def test_round_is_closed_after_saying_who_is_not_ready(manager: Client) -> None:
    survey_round = a_round()
    ResponseFactory(invitation__round=survey_round, saved_at=timezone.now())

    question = manager.get(address("round_close", survey_round.pk))
    answer = manager.post(address("round_close", survey_round.pk), follow=True)

    survey_round.refresh_from_db()
    assert "1 institution is still answering." in text_of(question)
    assert "The round takes no more answers." in text_of(answer)
    assert survey_round.state == "closed"


def test_round_that_somebody_closed_meanwhile_is_not_closed_again(manager: Client) -> None:
    survey_round = a_round(state="closed")

    answer = manager.post(address("round_close", survey_round.pk))

    assert answer.status_code == 409
    assert "The round is not open for answers." in text_of(answer)


@pytest.mark.parametrize("role", ROLES)
def test_other_roles_neither_open_nor_close(role: str) -> None:
    client, draft, opened = logged_in(role), a_draft(), a_round()

    answers = [
        client.post(address("round_open", draft.pk), {"closes_at": typed(in_a_month())}),
        client.post(address("round_close", opened.pk)),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert list(Round.objects.order_by("pk").values_list("state", flat=True)) == ["draft", "open"]


@pytest.mark.parametrize(
    ("state", "ways"),
    [("draft", {"open"}), ("open", {"close"}), ("closed", {"open"}), ("published", {"open"})],
)
def test_page_of_the_round_shows_the_steps_of_its_state(state: str, ways: set[str], manager: Client) -> None:
    survey_round = a_round(state=state)

    page = text_of(manager.get(address("round_change", survey_round.pk)))

    assert {way for way in ("open", "close") if f'href="{address(f"round_{way}", survey_round.pk)}"' in page} == ways
    assert f'href="{address("round_progress", survey_round.pk)}"' in page


# Progress


def body(client: Client, name: str, survey_round: Round) -> bytes:
    answer: Any = client.get(address(name, survey_round.pk))
    return b"".join(answer.streaming_content)


def lines(client: Client, survey_round: Round) -> list[dict[str, str]]:
    text = body(client, "round_progress_csv", survey_round).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def a_busy_round(**values: Any) -> Round:
    survey_round = a_round(**values)
    InvitationFactory(round=survey_round, was_asked=True, kind="private")
    ResponseFactory(invitation__round=survey_round, invitation__is_pilot=True, is_submitted=True)
    return survey_round


def test_progress_leads_to_those_who_are_meant(manager: Client) -> None:
    survey_round = a_busy_round()

    page = manager.get(address("round_progress", survey_round.pk))
    cells = [
        (line.group.code, cell.status, cell.count, cell.query)
        for block in page.context["shown"].blocks
        for line in block.lines
        for cell in line.cells
        if cell.count
    ]

    assert [cell[:3] for cell in cells if cell[0] in {"private", "pilot"}] == [
        ("private", "invited", 1),
        ("pilot", "submitted", 1),
    ]
    lists = [manager.get(f"/admin/survey/invitation/?{query}").context["cl"].result_list for *_cell, query in cells]
    assert [len(rows) for rows in lists] == [count for _group, _status, count, _query in cells]


def test_progress_has_no_inline_style(manager: Client) -> None:
    assert " style=" not in text_of(manager.get(address("round_progress", a_busy_round().pk)))


def test_progress_is_downloaded_as_it_is_shown(manager: Client) -> None:
    survey_round = a_busy_round(code="sih-next")

    rows = lines(manager, survey_round)
    sheet = load_workbook(BytesIO(body(manager, "round_progress_xlsx", survey_round))).worksheets[0]

    head, first, *_rest = sheet.iter_rows(values_only=True)
    assert list(rows[0]) == list(head)
    assert rows[0]["group of institutions"] == first[0] == "All institutions"
    assert [float(value) for value in list(rows[0].values())[1:]] == list(first[1:])
    assert [rows[0][name] for name in ("asked", "answered", "of these accepted", "rate of response (%)")] == [
        *("2", "1", "0", "50.0")
    ]
    assert len(rows) == 7
    assert "progress-sih-next-" in manager.get(address("round_progress_csv", survey_round.pk))["Content-Disposition"]


def test_nobody_asked_is_told_by_a_dash(manager: Client) -> None:
    survey_round = a_round()

    page = manager.get(address("round_progress", survey_round.pk))

    assert text_of(page).count("<td>—</td>") == 7
    assert {row["rate of response (%)"] for row in lines(manager, survey_round)} == {""}


# The first page


def test_first_page_tells_of_the_rounds_that_are_open(manager: Client) -> None:
    opened = a_busy_round(title_en="The open one")
    a_round(state="closed")

    page = manager.get("/admin/")

    [shown] = page.context["open_rounds"]
    [whole] = shown.blocks[0].lines
    assert shown.round == opened
    assert (whole.group.asked, whole.group.answered, whole.group.told_rate) == (2, 1, "50.0%")
    assert [cell.status for cell in whole.cells] == [
        *(InvitationStatus.INVITED, InvitationStatus.OPENED, InvitationStatus.DRAFTING),
        *(InvitationStatus.SUBMITTED, InvitationStatus.RETURNED, InvitationStatus.ACCEPTED),
    ]
    assert f'href="{address("round_progress", opened.pk)}"' in text_of(page)


@pytest.mark.parametrize("role", ROLES)
def test_first_page_tells_others_nothing_of_it(role: str) -> None:
    a_busy_round()

    page = logged_in(role).get("/admin/")

    assert page.context["open_rounds"] == []
    assert "Progress of the survey" not in text_of(page)


@pytest.mark.parametrize("place", ["/admin/", "progress"])
def test_progress_costs_the_same_for_any_number(place: str, manager: Client) -> None:
    survey_round = a_busy_round()
    path = place if place == "/admin/" else address("round_progress", survey_round.pk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(path).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _ in range(2):
        a_busy_round()
        ResponseFactory(invitation__round=survey_round, is_submitted=True)

    assert cost() == few
