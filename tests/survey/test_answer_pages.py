"""Answering without scripts: beginning, typing, colleagues, and what comes back when something was not saved."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from survey.answering import GRACE
from survey.models import Answer, Invitation, Outcome, Response
from survey.values import LONGEST_TEXT
from tests.factories.answers import COMPLETE, a_response, a_round, answered
from tests.factories.invitations import InvitationFactory
from tests.faults.member import fields_of
from tests.sih_portal.test_views import Broken
from tests.survey.respondents import TOP, begin, came_in, fresh, section, send, text_of, typed

pytestmark = pytest.mark.django_db
LANGUAGES = ("ja", "en")
SECTIONS = ("F", "A", "D")


def stored(response: Response) -> dict[str, str]:
    rows = Answer.objects.filter(response=response).select_related("cell", "option").order_by("pk")
    return {row.cell.code: str(row.option.code if row.option else row.text or row.number) for row in rows}


def close(invitation: Invitation, how: str) -> None:
    if how == "late":
        invitation.round.closes_at = timezone.now() - GRACE * 2
        invitation.round.opens_at = invitation.round.closes_at - GRACE
        invitation.round.save()
    elif how == "closed":
        invitation.round.state = "closed"
        invitation.round.save()
    else:
        invitation.outcome = Outcome.DECLINED
        invitation.save()


@pytest.mark.parametrize(("language", "word"), [("ja", "回答を始める"), ("en", "Begin to answer")])
def test_first_page_tells_whose_answers_they_are(language: str, word: str) -> None:
    client = came_in(InvitationFactory(round=a_round(), is_pilot=True))

    page = text_of(client.get(f"/{language}/answer/"))

    kind, pilot = {"ja": ("国立大学", "採択機関"), "en": ("National", "Pilot")}[language]
    assert [
        text for text in (word, kind, pilot, f'hreflang="{"en" if language == "ja" else "ja"}"') if text not in page
    ] == []


def test_beginning_twice_begins_once() -> None:
    client = came_in(InvitationFactory(round=a_round()))
    fields = fields_of(text_of(client.get(TOP)), "begin")

    answers = [client.post(TOP, {**fields, "name": "佐藤"}) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Response.objects.count() == 1


@pytest.mark.parametrize("path", ["A/", "review/", "receipt/"])
def test_pages_of_answers_lead_to_the_beginning_before_it(path: str) -> None:
    client = came_in(InvitationFactory(round=a_round()))

    assert client.get(f"{TOP}{path}")["Location"] == TOP


def test_name_with_a_control_character_is_refused() -> None:
    client = came_in(InvitationFactory(round=a_round()))

    page = begin(client, name="a\x00b")

    assert page.status_code == 400
    assert not Response.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", SECTIONS)
def test_section_saved_as_it_came_stays_as_it_is(language: str, code: str) -> None:
    response = a_response()
    answered(response)
    client = came_in(response.invitation)
    before = list(Answer.objects.order_by("pk").values())

    answer = send(client, code, section(client, code, language=language), language=language)

    assert answer["Location"] == f"/{language}/answer/{code}/?saved={code}"
    assert list(Answer.objects.order_by("pk").values()) == before


def test_whole_form_is_answered_without_scripts() -> None:
    response = a_response()
    client = came_in(response.invitation, name="佐藤")
    boxes = {"Q1.aims.people", "Q1.aims.money"}
    said = {f"v.{code}": text for code, text in COMPLETE.items() if code not in boxes}

    for code in SECTIONS:
        fields = section(client, code)
        own = {name: text for name, text in said.items() if f"k.{name[2:]}" in fields}
        typed(client, code, own | ({"v.Q1.aims.people": "1"} if code == "A" else {}))

    assert stored(response) == COMPLETE
    assert set(Answer.objects.values_list("entered_by", flat=True)) == {"佐藤"}


@pytest.mark.parametrize(("code", "following"), [("F", "A/?saved=F"), ("D", "review/?saved=D")])
def test_next_leads_on(code: str, following: str) -> None:
    client = came_in(a_response().invitation)

    assert typed(client, code, {}, go="next")["Location"] == f"{TOP}{following}"


@pytest.mark.parametrize(("press", "end"), [("abc123", "&press=abc123"), ("<b>", ""), ("a" * 21, ""), ("&saved=A", "")])
def test_page_hears_which_press_of_the_button_was_heard(press: str, end: str) -> None:
    client = came_in(a_response().invitation)

    address = typed(client, "D", {"v.Q6.count": "3", "press": press})["Location"]
    shown = text_of(client.get(address))

    assert address == f"{TOP}D/?saved=D{end}"
    assert f'data-press="{press if end else ""}"' in shown


def test_page_says_when_it_was_saved() -> None:
    client = came_in(a_response().invitation)

    page = text_of(client.get(typed(client, "D", {"v.Q6.count": "3"})["Location"]))

    assert f"{timezone.localtime():%H:}" in page
    assert "に保存しました" in page


def test_misread_field_comes_back_and_the_rest_is_saved() -> None:
    response = a_response()
    client = came_in(response.invitation)

    page = typed(client, "D", {"v.Q6.count": "三つ", "v.Q4.edu.2005": "5"})

    text = text_of(page)
    assert page.status_code == 400
    assert stored(response) == {"Q4.edu.2005": "5"}
    assert fields_of(text, "answer")["v.Q6.count"] == ["三つ"]
    assert [
        part for part in ('href="#c-Q6-count"', 'aria-invalid="true"', "整数ではありません") if part not in text
    ] == []


def test_too_long_a_text_comes_back_whole() -> None:
    client = came_in(a_response().invitation)
    text = "長" * (LONGEST_TEXT + 1)

    page = typed(client, "D", {"v.Q9.words": text})

    assert page.status_code == 400
    assert fields_of(text_of(page), "answer")["v.Q9.words"] == [text]


def test_two_colleagues_in_one_field_lose_nothing() -> None:
    response = a_response()
    first, second = (came_in(response.invitation, name=name) for name in ("佐藤", "鈴木"))
    seen = section(second, "D")
    typed(first, "D", {"v.Q6.count": "7"})

    page = send(second, "D", seen | {"v.Q6.count": "9", "v.Q4.edu.2005": "1"})

    text = text_of(page)
    assert page.status_code == 409
    assert stored(response) == {"Q6.count": "7", "Q4.edu.2005": "1"}
    assert fields_of(text, "answer")["v.Q6.count"] == ["9"]
    assert [part for part in ("佐藤", "<strong>7</strong>", 'name="t.Q6.count"') if part not in text] == []


@pytest.mark.parametrize(("decision", "expected"), [({}, "9"), ({"t.Q6.count": "1"}, "7")])
def test_conflict_is_decided_by_saving_again(decision: dict[str, str], expected: str) -> None:
    response = a_response()
    first, second = (came_in(response.invitation) for _colleague in range(2))
    seen = section(second, "D")
    typed(first, "D", {"v.Q6.count": "7"})
    again = fields_of(text_of(send(second, "D", seen | {"v.Q6.count": "9"})), "answer")

    answer = send(second, "D", again | decision)

    assert answer.status_code == 302
    assert stored(response) == {"Q6.count": expected}


def test_form_of_another_institution_is_not_written_and_not_lost() -> None:
    first, second = a_response(), a_response()
    client = came_in(first.invitation)
    fields = section(client, "D")
    client.cookies |= came_in(second.invitation).cookies

    page = send(client, "D", fields | {"v.Q9.words": "長い文章", "v.Q6.count": "3"})

    assert page.status_code == 409
    assert "長い文章" in text_of(page)
    assert not Answer.objects.exists()


def test_form_without_any_institution_is_refused() -> None:
    client = came_in(a_response().invitation)
    fields = {name: value for name, value in section(client, "D").items() if name != "response"}

    assert send(client, "D", fields).status_code == 409


@pytest.mark.parametrize("how", ["late", "closed", "declined"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_after_the_end_everything_can_be_read_and_nothing_written(how: str, language: str) -> None:
    response = a_response()
    answered(response)
    client = came_in(response.invitation)
    fields = section(client, "D")
    close(response.invitation, how)

    refused = send(client, "D", fields | {"v.Q9.words": "間に合わなかった文章"})
    pages = [text_of(client.get(f"/{language}/answer/{path}")) for path in ("", "D/", "review/", "print/")]

    assert refused.status_code == 409
    assert "間に合わなかった文章" in text_of(refused)
    assert stored(response) == COMPLETE
    assert [page for page in pages if "<textarea" in page or 'id="submit"' in page] == []
    assert "14" in pages[1]


@pytest.mark.parametrize("how", ["late", "closed", "declined"])
def test_after_the_end_nobody_begins(how: str) -> None:
    invitation = InvitationFactory(round=a_round())
    client = came_in(invitation)
    fields = fields_of(text_of(client.get(TOP)), "begin")
    close(invitation, how)

    assert client.post(TOP, fields).status_code == 409
    assert 'id="begin"' not in text_of(client.get(TOP))
    assert not Response.objects.exists()


def test_what_was_sent_just_before_the_end_is_taken() -> None:
    response = a_response()
    client = came_in(response.invitation)
    fields = section(client, "D")
    survey_round = response.invitation.round
    survey_round.closes_at = timezone.now() - GRACE / 2
    survey_round.save()

    assert send(client, "D", fields | {"v.Q6.count": "3"}).status_code == 302


def test_typed_text_outlives_a_link_that_was_closed_meanwhile() -> None:
    response = a_response()
    client = came_in(response.invitation)
    fields = section(client, "D")
    response.invitation.links.all().delete()

    page = send(client, "D", fields | {"v.Q9.words": "長い文章"})

    assert page.status_code == 404
    assert "長い文章" in text_of(page)


def test_typed_text_outlives_a_database_that_is_away() -> None:
    response = a_response()
    client = came_in(response.invitation)
    fields = section(client, "D") | {"v.Q9.words": "長い文章", "v.Q6.count": "3"}
    with connection.execute_wrapper(Broken(OperationalError("gone"))):
        page = send(client, "D", fields)

    again = client.post(f"{TOP}D/", fields_of(text_of(page), "held-form"))

    assert (page.status_code, page["Retry-After"], again.status_code) == (503, "30", 302)
    assert stored(response) == {"Q9.words": "長い文章", "Q6.count": "3"}


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7|add:7 }}", "=1+1", "\u202e逆"])
def test_typed_text_is_only_text(hostile: str) -> None:
    response = a_response()
    client = came_in(response.invitation, name=hostile)
    typed(client, "D", {"v.Q9.words": hostile})
    typed(client, "A", {"v.Q1.head": "3", "n.Q1.head": hostile})

    pages = [text_of(client.get(f"{TOP}{path}")) for path in ("", "A/", "D/", "review/", "print/")]

    assert Answer.objects.get(cell__code="Q9.words").text == hostile
    assert [page for page in pages if "<script>alert" in page or "<img src=x" in page] == []


def test_pages_cost_the_same_however_much_was_answered() -> None:
    response = a_response()
    client = came_in(response.invitation)
    paths = ("", *(f"{code}/" for code in SECTIONS), "review/", "print/", "blank/")
    few = {path: cost(client, path) for path in paths}
    answered(response)

    assert {path: cost(client, path) for path in paths} == few
    assert max(few.values()) <= 12


def cost(client: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{TOP}{path}").status_code == 200
    return len(queries)


def test_saving_costs_the_same_however_much_is_saved() -> None:
    response = a_response()
    client = came_in(response.invitation)
    fields = section(client, "D")
    costs = []
    for said in ({"v.Q6.count": "1"}, {"v.Q4.edu.2005": "1", "v.Q4.edu.2008": "2", "v.Q4.adm.2005": "3"}):
        with CaptureQueriesContext(connection) as queries:
            assert send(client, "D", fields | said).status_code == 302
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert fresh(response).saved_at


def test_section_that_the_form_lacks_is_no_page() -> None:
    client = came_in(a_response().invitation)

    assert [client.get(f"{TOP}Z/").status_code, client.post(f"{TOP}Z/").status_code] == [404, 403]


@pytest.mark.parametrize(("count", "status"), [(5_000, 302), (20_000, 400)])
def test_form_of_a_large_table_is_taken(count: int, status: int) -> None:
    client = came_in(a_response().invitation)
    fields = section(client, "D") | {f"v.Q99.{number}": ["1"] for number in range(count)}

    assert send(client, "D", fields, **{"v.Q6.count": "3"}).status_code == status
    assert Answer.objects.filter(number=3).exists() == (status == 302)
