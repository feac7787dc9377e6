"""What is kept is made once for each version of the public data and each language."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from practices.models import Theme
from sih_portal.kept import at, cached, forget, held
from sih_portal.models import DataVersion
from tests.factories.practices import ThemeFactory, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def count() -> Callable[[], int]:
    """Says how often it was asked."""
    numbers = iter(range(1, 100))
    return lambda: next(numbers)


def test_the_same_is_made_once(count: Callable[[], int]) -> None:
    assert [cached("number", count), cached("number", count)] == [1, 1]


def test_nothing_can_be_kept_too() -> None:
    made: list[int] = []
    for _time in range(2):
        assert cached("nothing", lambda: made.append(1)) is None

    assert made == [1]


def test_each_name_version_and_language_has_its_own(count: Callable[[], int]) -> None:
    with translation.override("ja"):
        first = cached("number", count)
        other_name = cached("other", count)
    with translation.override("en"):
        other_language = cached("number", count)
    DataVersion.objects.bump()

    assert (first, other_name, other_language, cached("number", count)) == (1, 2, 3, 4)


def test_within_a_request_the_version_is_the_one_read_before_the_data(count: Callable[[], int]) -> None:
    with at("1-a"):
        first = cached("number", count)
        DataVersion.objects.bump()
        assert cached("number", count) == first
    with at("2-b"):
        assert cached("number", count) == first + 1


def test_while_developing_nothing_is_kept(count: Callable[[], int], settings: Any) -> None:
    settings.DEBUG = True

    assert [cached("number", count), cached("number", count)] == [1, 2]


def test_pages_show_a_change_at_once(client: Client) -> None:
    publish(theme=ThemeFactory(number=6, short_ja="旧称"))
    addresses = ("/ja/", "/ja/practices/")
    before = ["旧称" in client.get(address).content.decode() for address in addresses]
    Theme.objects.filter(number=6).update(short_ja="新称")
    DataVersion.objects.bump()

    after = ["新称" in client.get(address).content.decode() for address in addresses]

    assert (before, after) == ([True, True], [True, True])


def test_each_language_is_kept_apart(client: Client) -> None:
    publish(theme=ThemeFactory(number=6, short_ja="主題", short_en="Subject"))

    pages = [client.get(f"/{language}/").content.decode() for language in ("ja", "en")]

    assert [("主題" in page, "Subject" in page) for page in pages] == [(True, False), (False, True)]


def test_what_is_kept_costs_no_query(client: Client, django_assert_max_num_queries: Any) -> None:
    publish()
    client.get("/ja/practices/")

    with django_assert_max_num_queries(10):
        client.get("/ja/practices/")


def test_held_is_the_same_object_until_the_data_change(count: Callable[[], int]) -> None:
    made: list[list[int]] = [held("list", lambda: [count()]) for _time in range(2)]
    DataVersion.objects.bump()
    again = held("list", lambda: [count()])

    assert made[0] is made[1]
    assert (made[0], again) == ([1], [2])


def test_held_is_in_no_language(count: Callable[[], int]) -> None:
    with translation.override("ja"):
        first = held("number", count)
    with translation.override("en"):
        assert held("number", count) == first


def test_what_is_held_can_be_forgotten(count: Callable[[], int]) -> None:
    first = held("number", count)
    forget()

    assert (first, held("number", count)) == (1, 2)


def test_while_developing_nothing_is_held(count: Callable[[], int], settings: Any) -> None:
    settings.DEBUG = True

    assert [held("number", count), held("number", count)] == [1, 2]
