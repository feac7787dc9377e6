"""A list says of each case what the case's own address says: the one is read from the index, the other from rows."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from practices.models import Edition
from practices.search import unindex_edition
from tests.factories.practices import (
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    publish,
)

pytestmark = pytest.mark.django_db


def said_by_list(client: Client) -> dict[str, Any]:
    return {row["slug"]: row for row in client.get("/api/v1/practices/?page_size=100").json()["results"]}


def said_by_each(client: Client, slugs: list[str]) -> dict[str, Any]:
    return {slug: client.get(f"/api/v1/practices/{slug}/").json() for slug in slugs}


@pytest.fixture
def rich() -> Edition:
    """A case with everything a case can have, in its second version."""
    case = PracticeFactory(
        slug="rich",
        theme=RecommendationFactory().theme,
        themes=[ThemeFactory(number=39), ThemeFactory(number=38)],
        concepts=[ConceptFactory(slug="b"), ConceptFactory(slug="a")],
        with_headquarters=True,
        publication=PublicationFactory(),
        locator="III-6, p. 4",
        first_fiscal_year=2005,
        confirmed_on=date(2009, 3, 31),
        actions=[("one", ""), ("", "二"), ("three", "三")],
        effects=[("effect", "効果")],
    )
    case.links.create(number=1, position=2, url="https://example.ac.jp/1")
    case.links.create(number=2, position=1, url="https://example.ac.jp/2", label_en="Office")
    return publish(case)


@pytest.mark.usefixtures("loaded_source", "rich")
def test_lists_say_what_each_address_says(client: Client) -> None:
    listed = said_by_list(client)

    assert len(listed) == 21
    assert listed == said_by_each(client, list(listed))


def test_cases_that_the_index_lacks_are_listed_alike(client: Client, rich: Edition) -> None:
    unindex_edition(rich.pk)

    assert said_by_list(client) == said_by_each(client, ["rich"])


def test_keys_come_in_the_order_of_one_case(client: Client, rich: Edition) -> None:
    """JSON keeps the order of keys, and people read it."""
    assert [*said_by_list(client)["rich"]] == [*said_by_each(client, [rich.slug])["rich"]]
