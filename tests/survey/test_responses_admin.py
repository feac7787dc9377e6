"""The answers at the desk: listed, narrowed, read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from survey.models import Response
from tests.factories.answers import a_response, a_round, answered
from tests.survey.desk import address, logged_in, text_of
from tests.survey.handed_in import JUMP, OFFICE, page_of, state_of, submitted, submitted_again

pytestmark = pytest.mark.django_db
LIST = "/admin/survey/response/"
ROLES = ("translator_en", "curator", "publisher")


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


# Who


@pytest.mark.parametrize("role", ROLES)
def test_other_roles_come_into_no_room(role: str) -> None:
    response = submitted()
    client = logged_in(role)
    rooms = [
        *(LIST, *(address(f"response_{name}", response.pk) for name in ("change", "history", "accept", "return"))),
        *(address(f"response_{name}", response.pk) for name in ("revisions", "paper", "hand_in")),
        address("response_paper_section", response.pk, "A"),
        address("response_begin_on_paper", response.invitation.pk),
    ]

    assert {path: client.get(path).status_code for path in rooms} == dict.fromkeys(rooms, 403)
    assert {path: client.post(path).status_code for path in rooms} == dict.fromkeys(rooms, 403)
    assert state_of(response) == "submitted"


@pytest.mark.parametrize("name", ["add", "delete"])
def test_nobody_adds_or_deletes_a_response(name: str, manager: Client) -> None:
    response = submitted()
    path = f"{LIST}add/" if name == "add" else address("response_delete", response.pk)

    assert manager.post(path, {"post": "yes"}).status_code == 403
    assert Response.objects.count() == 1


# The list


def test_list_tells_how_complete_each_is(manager: Client) -> None:
    survey_round = a_round()
    half = a_response(round=survey_round)
    answered(half, {"Q1.hq": "1", "Q4.edu.2005": "10", "Q4.edu.2008": "99"})
    submitted(JUMP, round=survey_round)

    page = manager.get(LIST)

    admin = page.context["cl"].model_admin
    rows = [(admin.progress(row), admin.unsettled(row)) for row in page.context["cl"].result_list]
    assert rows == [("3 / 11", 1), ("10 / 11", 0)]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("state__exact=submitted", 1),
        ("state__exact=draft", 1),
        ("invitation__kind__exact=private", 1),
        ("is_on_paper__exact=1", 0),
        ("q=%E7%AC%AC1%E5%A4%A7%E5%AD%A6", 1),
        ("q=receipt", 1),
        ("q=nobody", 0),
    ],
)
def test_list_is_narrowed_and_searched(query: str, count: int, manager: Client) -> None:
    survey_round = a_round()
    response = submitted(round=survey_round, invitation__number=1)
    a_response(round=survey_round, invitation__kind="private", invitation__number=2)
    query = query.replace("receipt", response.snapshots.get().sha256[:8])

    assert len(manager.get(f"{LIST}?{query}").context["cl"].result_list) == count


@pytest.mark.parametrize("place", ["list", "change", "revisions", "accept", "return", "invitations"])
def test_pages_cost_the_same_for_any_number(place: str, manager: Client) -> None:
    survey_round = a_round()
    response = submitted(JUMP, round=survey_round)
    lists = {"list": LIST, "invitations": "/admin/survey/invitation/"}
    path = lists.get(place) or address(f"response_{place}", response.pk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(path).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _ in range(2):
        submitted(JUMP, round=survey_round)
    submitted_again(response)

    assert cost() == few


def test_list_of_those_who_were_asked_leads_to_the_answers(manager: Client) -> None:
    response = submitted()

    page = text_of(manager.get("/admin/survey/invitation/"))
    form = text_of(manager.get(address("invitation_change", response.invitation.pk)))

    link = f'href="{address("response_change", response.pk)}"'
    assert (link in page, link in form) == (True, True)


# One response


def test_page_shows_what_was_answered_by_whom_and_what_was_explained(manager: Client) -> None:
    response = submitted({**JUMP, "Q4.adm.2008": "集計していない"})

    page = page_of(manager, "change", response)

    blocks = {one.block.code: one for section in page.context["sections"] for one in section.blocks}
    assert [field.stored for field in blocks["D1"].block.fields] == ["10", "99", "1", "not collected"]
    assert [(writer.by, writer.labels) for writer in blocks["D1"].writers] == [(OFFICE.name, [])]
    [spoken] = page.context["findings"]
    assert [said for _place, said in spoken.cells] == ["99", "10"]
    assert (spoken.finding.is_settled, "新学部の設置" in text_of(page)) == (True, True)
    assert [step.name for step in page.context["steps"]] == ["return", "accept"]


def test_page_tells_who_wrote_which_cell(manager: Client) -> None:
    response = a_response()
    early = timezone.now() - timedelta(days=1)
    answered(response, {"Q4.edu.2005": "10"}, by="国際 花子", at=early)
    answered(response, {"Q4.edu.2008": "12"}, by="国際 次郎")

    page = page_of(manager, "change", response)

    [block] = [one for section in page.context["sections"] for one in section.blocks if one.block.code == "D1"]
    assert [(writer.by, writer.labels) for writer in block.writers] == [
        ("国際 花子", ["Educators FY2005"]),
        ("国際 次郎", ["Educators FY2008"]),
    ]


@pytest.mark.parametrize(
    ("state", "ways"),
    [
        ("draft", {"paper"}),
        ("submitted", {"accept", "return"}),
        ("returned", {"paper"}),
        ("accepted", {"return"}),
    ],
)
def test_page_leads_to_the_steps_of_its_state(state: str, ways: set[str], manager: Client) -> None:
    response = a_response(is_submitted=state != "draft", state=state)

    page = text_of(page_of(manager, "change", response))

    names = ("accept", "return", "paper")
    assert {name for name in names if f'href="{address(f"response_{name}", response.pk)}"' in page} == ways


def test_page_of_no_response_is_not_found(manager: Client) -> None:
    assert [manager.get(f"{LIST}{key}/change/").status_code for key in ("99", "x", "9" * 30)] == [404] * 3
