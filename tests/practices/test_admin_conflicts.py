"""Two people at one case: nobody's save is lost, and no text that was typed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, staff
from tests.practices.desk import change_page, filled, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(staff("curator"))
    return client


@pytest.fixture
def translator() -> Client:
    client = Client()
    client.force_login(staff("translator_en"))
    return client


def three_actions() -> Any:
    return PracticeFactory(actions=[("One.", "一"), ("Two.", "二"), ("Three.", "三")])


def test_text_of_a_part_deleted_meanwhile_comes_back_as_a_new_part(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, actions__1__text_ja="書き直した二", actions__2__text_ja="書き直した三")
    curator.post(change_page(practice), opened(curator, practice, actions__1__DELETE="on"))

    response = curator.post(change_page(practice), mine)

    assert response.status_code == 409
    assert response.content.decode().count("書き直した二") == response.content.decode().count("書き直した三") == 1
    assert curator.post(change_page(practice), filled(response)).status_code == 302
    rows = practice.actions.order_by("position").values_list("number", "position", "text_ja")
    assert list(rows) == [(1, 1, "一"), (4, 2, "書き直した二"), (3, 3, "書き直した三")]


def test_a_part_that_came_back_can_be_left_deleted(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, title_ja="私の題名")
    practice.actions.get(number=2).delete()

    response = curator.post(change_page(practice), mine)
    left = dict.fromkeys(("actions-2-text_ja", "actions-2-text_en"), "")

    assert filled(response)["actions-2-text_ja"] == "二"
    assert curator.post(change_page(practice), filled(response) | left).status_code == 302
    assert list(practice.actions.order_by("position").values_list("number", flat=True)) == [1, 3]


def test_a_part_that_both_deleted_stays_deleted(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, actions__1__DELETE="on", actions__3__text_ja="四")
    practice.actions.get(number=2).delete()

    response = curator.post(change_page(practice), mine)

    assert response.status_code == 302
    assert list(practice.actions.order_by("position").values_list("text_ja", flat=True)) == ["一", "三", "四"]


def test_text_of_all_parts_deleted_meanwhile_comes_back(curator: Client) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, actions__0__text_ja="前の文", actions__1__text_ja="新しい文")
    practice.actions.all().delete()

    response = curator.post(change_page(practice), mine)
    curator.post(change_page(practice), filled(response))

    assert list(practice.actions.order_by("position").values_list("text_ja", flat=True)) == ["前の文", "新しい文"]


def test_what_a_translator_typed_into_a_deleted_part_is_shown(curator: Client, translator: Client) -> None:
    practice = three_actions()
    mine = opened(translator, practice, actions__2__text_en="Not to be lost.", title_en="A title to keep")
    curator.post(change_page(practice), opened(curator, practice, actions__1__DELETE="on"))

    response = translator.post(change_page(practice), mine)

    page = response.content.decode()
    assert response.status_code == 409
    assert page.count("Not to be lost.") == page.count("A title to keep") == 1
    assert translator.post(change_page(practice), opened(translator, practice)).status_code == 302


def test_the_second_of_two_forms_is_refused_and_keeps_its_text(curator: Client) -> None:
    practice = PracticeFactory()
    mine, theirs = opened(curator, practice, title_ja="私の題名"), opened(curator, practice, title_ja="別の題名")
    curator.post(change_page(practice), theirs)

    response = curator.post(change_page(practice), mine)

    practice.refresh_from_db()
    again = filled(response)
    assert (response.status_code, practice.title_ja) == (409, "別の題名")
    assert (again["title_ja"], again["seen"]) == ("私の題名", "1")
    assert curator.post(change_page(practice), again).status_code == 302


@pytest.mark.parametrize("kind", ["actions", "effects"])
def test_a_change_of_a_part_alone_conflicts(curator: Client, kind: str) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, **{f"{kind}__0__text_ja": "私の文"})
    curator.post(change_page(practice), opened(curator, practice, **{f"{kind}__0__text_ja": "別の文"}))

    response = curator.post(change_page(practice), mine)

    assert response.status_code == 409
    assert getattr(practice, kind).get().text_ja == "別の文"


@pytest.mark.parametrize("seen", ["", "x", "-1", "99", str(10**30)])
def test_a_forged_count_of_edits_is_a_conflict(curator: Client, seen: str) -> None:
    practice = PracticeFactory()

    response = curator.post(change_page(practice), opened(curator, practice, seen=seen, title_ja="別の題名"))

    practice.refresh_from_db()
    assert (response.status_code, practice.edits) == (409, 0)


def test_text_typed_while_the_case_was_submitted_is_shown(curator: Client) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, title_ja="失いたくない題名", actions__0__text_en="Not to be lost.")
    take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT)

    response = curator.post(change_page(practice), form)

    page = response.content.decode()
    assert response.status_code == 409
    assert page.count("失いたくない題名") == page.count("Not to be lost.") == 1


def test_a_part_deleted_by_somebody_else_is_no_server_error(curator: Client) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, title_ja="私の題名")
    practice.actions.all().delete()

    response = curator.post(change_page(practice), form)

    assert response.status_code == 200
    assert filled(response)["title_ja"] == "私の題名"


def test_of_two_saves_at_once_one_wins(transactional_db: None) -> None:
    practice, user = PracticeFactory(), staff("curator")
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    forms = [opened(client, practice, title_ja=f"第{number}案") for number, client in enumerate(clients)]

    def save(number: int) -> int:
        try:
            return clients[number].post(change_page(practice), forms[number]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(save, (0, 1)))

    practice.refresh_from_db()
    assert (statuses, practice.edits) == ([302, 409], 1)
