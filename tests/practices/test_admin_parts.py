"""The places of a case's parts: what is typed wins, and they end up as 1 to n."""

from typing import Any

import pytest
from django.test import Client

from tests.factories.practices import PracticeFactory, staff
from tests.practices.desk import change_page, filled, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(staff("curator"))
    return client


def four_actions() -> Any:
    return PracticeFactory(actions=[(str(number), "") for number in range(1, 5)])


def order(practice: Any) -> list[tuple[int, str]]:
    return list(practice.actions.order_by("position").values_list("position", "text_en"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({1: 1}, "2134"),
        ({0: 3}, "2314"),
        ({0: 4}, "2341"),
        ({3: 1}, "4123"),
        ({1: 1, 2: 1}, "2314"),
        ({0: 2, 1: 1}, "2134"),
        ({0: 4, 1: 3, 2: 2, 3: 1}, "4321"),
        ({0: ""}, "1234"),
    ],
)
def test_a_typed_place_wins(curator: Client, typed: dict[int, Any], expected: str) -> None:
    practice = four_actions()
    places = {f"actions-{index}-position": place for index, place in typed.items()}

    curator.post(change_page(practice), opened(curator, practice) | places)

    assert order(practice) == list(enumerate(expected, 1))


def test_places_typed_beside_a_deleted_part_win(curator: Client) -> None:
    practice = four_actions()
    form = opened(curator, practice, actions__0__DELETE="on", actions__1__position=3, actions__2__position=2)

    curator.post(change_page(practice), form)

    assert order(practice) == [(1, "3"), (2, "2"), (3, "4")]


def test_a_new_part_takes_its_typed_place(curator: Client) -> None:
    practice = four_actions()
    form = opened(curator, practice, actions__4__text_en="new", actions__4__position=2)

    curator.post(change_page(practice), form)

    assert [text for _place, text in order(practice)] == ["1", "new", "2", "3", "4"]


def test_a_typed_place_orders_the_parts(curator: Client) -> None:
    practice = PracticeFactory(actions=[("One.", "一"), ("Two.", "二")])
    form = opened(curator, practice, actions__0__position=5, actions__1__position="")

    curator.post(change_page(practice), form)

    assert list(practice.actions.order_by("position").values_list("number", "position")) == [(2, 1), (1, 2)]


@pytest.mark.parametrize("place", [0, 1000, 32767, 32768, 10**30])
def test_a_place_out_of_bounds_is_refused(curator: Client, place: int) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, actions__0__position=place, actions__1__text_ja="新しい文")

    response = curator.post(change_page(practice), form)

    formset = response.context["inline_admin_formsets"][0].formset
    assert [list(part.errors) for part in formset.forms] == [["position"], []]
    assert filled(response)["actions-1-text_ja"] == "新しい文"


@pytest.mark.parametrize("place", [999, ""])
def test_new_parts_come_after_the_last_place(curator: Client, place: Any) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, actions__TOTAL_FORMS=3, actions__0__position=place)
    form |= {"actions-1-text_ja": "第二", "actions-2-text_ja": "第三"}

    curator.post(change_page(practice), form)

    rows = practice.actions.order_by("position").values_list("position", "text_ja")
    assert list(rows) == [(1, "行動した。"), (2, "第二"), (3, "第三")]


def test_a_place_without_text_is_no_part(curator: Client) -> None:
    practice = PracticeFactory()

    curator.post(change_page(practice), opened(curator, practice, actions__1__position=2))

    assert practice.actions.get().position == 1
