"""Saving by itself: what the page is told of each cell, and what it is told when nothing could be saved."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from survey.models import Answer, Response
from survey.values import BLANK, Value
from tests.factories.answers import COMPLETE, a_response, answered
from tests.sih_portal.test_views import Broken
from tests.survey.respondents import TOP, came_in, fresh, section, typed
from tests.survey.test_answer_pages import close

pytestmark = pytest.mark.django_db
OF_THE_PAGE = ("csrfmiddlewaretoken", "response")


@pytest.fixture
def response() -> Response:
    return a_response()


@pytest.fixture
def client(response: Response) -> Client:
    return came_in(response.invitation, name="佐藤")


def cell(code: str, said: str, seen: int = 0, shown: Value = BLANK, **more: str) -> dict[str, str]:
    return {f"v.{code}": said, f"k.{code}": str(seen), f"w.{code}": shown.digest, **more}


def autosave(client: Client, said: dict[str, Any], code: str = "D", fields: Any = None) -> Any:
    """Sends touched cells alone, as the page's script does."""
    known = fields or section(client, code)
    page = {name: known[name] for name in OF_THE_PAGE}
    headers = {"Accept": "application/json"}
    return client.post(f"{TOP}{code}/", {**page, "autosave": "1", **said}, headers=headers)


def test_touched_cells_are_saved_and_their_marks_renewed(response: Response, client: Client) -> None:
    answer = autosave(client, cell("Q6.count", "3") | cell("Q4.edu.2005", "10"))

    told = answer.json()
    assert answer.status_code == 200
    assert told["saved"] == {
        "Q6.count": {"lock": 1, "digest": Value("ok", number=3).digest},
        "Q4.edu.2005": {"lock": 1, "digest": Value("ok", number=10).digest},
    }
    assert (told["problems"], told["conflicts"]) == ({}, {})
    assert told["totals"] == {"Q4.total.2005": 10, "Q4.total.2008": None}
    assert told["progress"] == {"answered": 2, "asked": 6, "is_complete": False}
    assert told["saved_at"].startswith(f"{timezone.localtime():%H:}")
    assert Answer.objects.filter(response=response, entered_by="佐藤").count() == 2


def test_cell_goes_on_with_the_mark_it_was_given(client: Client) -> None:
    first = autosave(client, cell("Q6.count", "3")).json()["saved"]["Q6.count"]
    mark = {"k.Q6.count": first["lock"], "w.Q6.count": first["digest"]}

    second = autosave(client, cell("Q6.count", "4") | mark).json()

    assert (second["saved"]["Q6.count"]["lock"], second["conflicts"]) == (2, {})


def test_save_whose_answer_was_lost_is_no_conflict_when_it_comes_again(client: Client) -> None:
    said = cell("Q6.count", "3")

    answers = [autosave(client, said).json() for _turn in range(2)]

    assert answers[0]["saved"] == answers[1]["saved"]
    assert answers[1]["conflicts"] == {}


def test_cell_typed_back_is_acknowledged_as_it_was_shown(client: Client) -> None:
    saved = autosave(client, cell("Q6.count", "")).json()["saved"]

    assert saved == {"Q6.count": {"lock": 0, "digest": BLANK.digest}}
    assert not Answer.objects.exists()


def test_colleagues_answer_comes_back_beside_ones_own(response: Response, client: Client) -> None:
    typed(came_in(response.invitation, name="鈴木"), "D", {"v.Q6.count": "7"})

    told = autosave(client, cell("Q6.count", "9") | cell("Q4.edu.2005", "1")).json()

    conflict = told["conflicts"]["Q6.count"]
    assert list(told["saved"]) == ["Q4.edu.2005"]
    assert (conflict["said"], conflict["shown"], conflict["by"], conflict["lock"]) == ("7", "7", "鈴木", 1)
    assert conflict["digest"] == Value("ok", number=7).digest
    assert Answer.objects.get(cell__code="Q6.count").number == 7


@pytest.mark.parametrize(
    ("code", "mine", "theirs", "told"),
    [
        ("Q1.hq", {"v.Q1.hq": "1"}, {"v.Q1.hq": "nc"}, {"said": "", "reason": "nc", "shown": "集計していない"}),
        (
            "Q1.head",
            {"v.Q1.head": "1"},
            {"v.Q1.head": "3", "n.Q1.head": "総長"},
            {"said": "3", "note": "総長", "shown": "その他（総長）"},
        ),
        ("Q1.hq", {"v.Q1.hq": "1"}, {"v.Q1.hq": "2"}, {"said": "2", "reason": "", "shown": "設置していない"}),
    ],
)
def test_conflict_holds_everything_to_take_theirs(
    response: Response, client: Client, code: str, mine: Any, theirs: Any, told: dict[str, str]
) -> None:
    typed(came_in(response.invitation), "A", theirs)

    conflict = autosave(client, cell(code, "") | mine, "A").json()["conflicts"][code]

    assert {name: conflict[name] for name in told} == told


def test_what_cannot_be_read_is_told_and_the_rest_is_saved(client: Client) -> None:
    told = autosave(client, cell("Q6.count", "abc") | cell("Q4.edu.2005", "1")).json()

    assert (list(told["saved"]), list(told["problems"])) == (["Q4.edu.2005"], ["Q6.count"])
    assert "abc" in told["problems"]["Q6.count"]


def test_page_is_told_which_questions_are_asked_now(client: Client) -> None:
    told = autosave(client, cell("Q1.hq", "2"), "A").json()

    assert told["asked"] == {"A1": True, "A2": False, "A5": True}
    assert autosave(client, cell("Q1.hq", "u", 1, Value("ok", option=2)), "A").json()["asked"]["A2"] is None


def test_page_is_told_what_looks_odd(client: Client) -> None:
    told = autosave(client, cell("Q4.edu.2005", "1") | cell("Q4.edu.2008", "1000")).json()

    assert "御確認ください。" in told["findings_html"]
    assert "#c-Q4-edu-2008" in told["findings_html"]


def test_several_answers_are_saved_together(response: Response, client: Client) -> None:
    boxes = cell("Q1.aims.people", "1") | cell("Q1.aims.money", "") | {"none.A5": "", "s.A5": ""}

    told = autosave(client, boxes, "A").json()

    assert {code: mark["lock"] for code, mark in told["saved"].items()} == {"Q1.aims.people": 1, "Q1.aims.money": 1}
    assert list(response.answers.order_by("cell__code").values_list("number", flat=True)) == [0, 1]


def test_form_of_another_institution_is_told_and_not_written(client: Client) -> None:
    fields = section(client, "D")
    client.cookies |= came_in(a_response().invitation).cookies

    answer = autosave(client, cell("Q6.count", "3"), fields=fields)

    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("保存していません")
    assert not Answer.objects.exists()


@pytest.mark.parametrize("how", ["late", "closed", "declined"])
def test_end_of_the_round_is_told(response: Response, client: Client, how: str) -> None:
    fields = section(client, "D")
    close(response.invitation, how)

    answer = autosave(client, cell("Q6.count", "3"), fields=fields)

    assert answer.status_code == 409
    assert answer.json()["detail"]


def test_closed_link_and_old_form_are_told(response: Response, client: Client) -> None:
    fields = section(client, "D")
    without_token = {**fields, "csrfmiddlewaretoken": "x"}
    old = autosave(client, cell("Q6.count", "3"), fields=without_token)
    response.invitation.links.all().delete()

    closed = autosave(client, cell("Q6.count", "3"), fields=fields)

    assert (old.status_code, closed.status_code) == (403, 404)
    assert old.json()["detail"]
    assert closed.json()["detail"]


def test_database_that_is_away_is_worth_another_try(client: Client) -> None:
    fields = section(client, "D")
    with connection.execute_wrapper(Broken(OperationalError("gone"))):
        away = autosave(client, cell("Q6.count", "3"), fields=fields)

    again = autosave(client, cell("Q6.count", "3"), fields=fields)

    assert (away.status_code, away["Retry-After"]) == (503, "30")
    assert list(again.json()["saved"]) == ["Q6.count"]


def test_nothing_touched_saves_nothing(response: Response, client: Client) -> None:
    answer = autosave(client, {})

    assert answer.json()["saved"] == {}
    assert fresh(response).saved_at is None


@pytest.mark.parametrize("name", ["v.Q6.count", "k.Q6.count", "w.Q6.count", "s.Q6.count", "t.Q6.count", "n.Q6.count"])
@pytest.mark.parametrize("odd", ["\x00", "９" * 400, "-1", "null", "[]", "\u202e", "😀", "a" * 5000])
def test_odd_fields_are_refused_or_read(response: Response, client: Client, name: str, odd: str) -> None:
    answered(response, COMPLETE)

    answer = autosave(client, cell("Q6.count", "5", 1, Value("ok", number=3)) | {name: odd})

    assert answer.status_code == 200
    assert Answer.objects.get(cell__code="Q6.count").number in {3, 5}
