"""Two people at the parts of one case: what was deleted, added, moved or written in meanwhile."""

from typing import Any

import pytest
from django.test import Client

from tests.factories.practices import PracticeFactory, staff
from tests.practices.desk import change_page, filled, opened, told

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
    assert told(response, "both") == [("取組2", "", "書き直した二\nTwo.")]
    assert told(response, "yours") == [("取組3：本文（日本語）", "三", "書き直した三")]
    assert curator.post(change_page(practice), filled(response)).status_code == 302
    rows = practice.actions.order_by("position").values_list("number", "position", "text_ja")
    assert list(rows) == [(1, 1, "一"), (4, 2, "書き直した二"), (3, 3, "書き直した三")]


def test_a_part_that_came_back_can_be_left_deleted(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, actions__1__text_ja="書き直した二")
    curator.post(change_page(practice), opened(curator, practice, actions__1__DELETE="on"))

    response = curator.post(change_page(practice), mine)
    left = dict.fromkeys(("actions-2-text_ja", "actions-2-text_en"), "")

    assert filled(response)["actions-2-text_ja"] == "書き直した二"
    assert curator.post(change_page(practice), filled(response) | left).status_code == 302
    assert list(practice.actions.order_by("position").values_list("number", flat=True)) == [1, 3]


def test_a_part_that_others_deleted_and_nobody_wrote_in_stays_deleted(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, title_ja="私の題名")
    curator.post(change_page(practice), opened(curator, practice, actions__1__DELETE="on"))

    response = curator.post(change_page(practice), mine)

    assert told(response, "theirs") == [("取組2", "", "二\nTwo.")]
    assert curator.post(change_page(practice), filled(response)).status_code == 302
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
    mine = opened(translator, practice, actions__1__text_en="Not to be lost.", title_en="A title to keep")
    curator.post(change_page(practice), opened(curator, practice, actions__1__DELETE="on"))

    response = translator.post(change_page(practice), mine)

    assert response.status_code == 409
    assert told(response, "yours") == [("題名（英語）", "Case 0", "A title to keep")]
    assert told(response, "both") == [("取組2", "", "Not to be lost.")]
    assert translator.post(change_page(practice), opened(translator, practice)).status_code == 302


def test_a_part_added_by_others_stands_in_the_form(curator: Client) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, actions__1__text_ja="私の取組")
    curator.post(change_page(practice), opened(curator, practice, actions__1__text_ja="別の取組"))

    response = curator.post(change_page(practice), mine)
    curator.post(change_page(practice), filled(response))

    assert told(response, "theirs") == [("取組2", "別の取組", "")]
    assert told(response, "yours") == [("取組", "", "私の取組")]
    rows = practice.actions.order_by("position").values_list("number", "text_ja")
    assert list(rows) == [(1, "行動した。"), (2, "別の取組"), (3, "私の取組")]


def test_a_changed_part_is_deleted_only_knowingly(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, actions__0__DELETE="on", actions__1__DELETE="on")
    curator.post(change_page(practice), opened(curator, practice, actions__1__text_ja="書き直した二"))

    response = curator.post(change_page(practice), mine)
    curator.post(change_page(practice), filled(response))

    assert [row[0] for row in told(response, "both")] == ["取組2"]
    assert told(response, "yours") == [("取組1", "一\nOne.", "")]
    assert list(practice.actions.order_by("position").values_list("text_ja", flat=True)) == ["書き直した二", "三"]


@pytest.mark.parametrize(
    ("theirs", "mine", "whose", "expected"),
    [
        ({"actions__2__position": "1"}, {}, "theirs", ["三", "一", "二"]),
        ({"title_en": "Other"}, {"actions__2__position": "1"}, "yours", ["三", "一", "二"]),
        ({"actions__2__position": "1"}, {"actions__0__position": "2"}, "both", ["二", "一", "三"]),
    ],
)
def test_the_order_of_parts_is_merged(
    curator: Client, theirs: dict[str, str], mine: dict[str, str], whose: str, expected: list[str]
) -> None:
    practice = three_actions()
    form = opened(curator, practice, **mine)
    curator.post(change_page(practice), opened(curator, practice, **theirs))

    response = curator.post(change_page(practice), form)
    curator.post(change_page(practice), filled(response))

    assert [row[0] for row in told(response, whose)] == ["取組：並び順"]
    assert list(practice.actions.order_by("position").values_list("text_ja", flat=True)) == expected


@pytest.mark.parametrize("kind", ["actions", "effects"])
def test_a_change_of_a_part_alone_conflicts(curator: Client, kind: str) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, **{f"{kind}__0__text_ja": "私の文"})
    curator.post(change_page(practice), opened(curator, practice, **{f"{kind}__0__text_ja": "別の文"}))

    response = curator.post(change_page(practice), mine)

    assert response.status_code == 409
    assert getattr(practice, kind).get().text_ja == "別の文"


def test_a_part_deleted_by_somebody_else_is_no_server_error(curator: Client) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, title_ja="私の題名")
    practice.actions.all().delete()

    response = curator.post(change_page(practice), form)

    assert response.status_code == 200
    assert filled(response)["title_ja"] == "私の題名"
