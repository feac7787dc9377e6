"""Editions that are public no longer, against each question on its own: where two gates stand, each one holds alone."""

from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.test import Client

from practices import results, search
from practices.choices import offered
from practices.filters import Answer, answer, read
from practices.models import Concept, Edition, GoodPractice
from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, ConceptFactory, ThemeFactory, archive, publish, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def editions() -> list[Edition]:
    """Of a case whose second edition is public, the first and the second; of an archived case, the only one."""
    first = publish(slug="case", theme=ThemeFactory(number=31), concepts=[ConceptFactory(slug="old")])
    case = GoodPractice.objects.get()
    later = A_MOMENT + timedelta(days=1)
    take(Steps.REVISE, practice=case, by=staff("curator"), at=later)
    GoodPractice.objects.update(theme=ThemeFactory(number=32))
    case.refresh_from_db()
    case.concepts.set([ConceptFactory(slug="new")])
    second = publish(case, at=later)
    gone = publish(slug="gone", theme=ThemeFactory(number=33), concepts=[ConceptFactory(slug="gone")])
    archive(gone, at=later)
    return [first, second, gone]


def test_answer_holds_current_editions(editions: list[Edition]) -> None:
    assert answer(read(QueryDict()), "en").ids == [editions[1].pk]


def test_facets_offer_what_current_editions_have(editions: list[Edition]) -> None:
    assert [[value for value, _label in offered(name)] for name in ("theme", "concept")] == [["32"], ["new"]]


def test_concepts_in_use_are_those_of_current_editions(editions: list[Edition]) -> None:
    concepts: Any = Concept.objects.with_practice_count().order_by("slug")

    assert [concept.slug for concept in Concept.objects.in_use().order_by("slug")] == ["new"]
    assert [(concept.slug, concept.practice_count) for concept in concepts] == [("gone", 0), ("new", 1), ("old", 0)]


def test_api_lists_concepts_of_current_editions(editions: list[Edition], client: Client) -> None:
    found = client.get("/api/v1/concepts/").json()

    assert [concept["slug"] for concept in found["results"]] == ["new"]


@pytest.mark.parametrize("is_indexed", [True, False])
def test_an_edition_retired_after_the_answer_gets_no_card(editions: list[Edition], *, is_indexed: bool) -> None:
    for edition in editions:
        (search.index_edition if is_indexed else unindex)(edition)
    ids = [edition.pk for edition in editions]

    cards = results._cards(Paginator(ids, 20).page(1), Answer(0, ids, None))

    assert [card.practice.theme.number for card in cards] == [32]


def unindex(edition: Edition) -> None:
    search.unindex_edition(edition.pk)


def test_search_finds_current_editions_whatever_the_index_holds(editions: list[Edition]) -> None:
    for edition in editions:
        search.index_edition(edition)

    assert [*search.find("was done").ids] == [editions[1].pk]


def test_archived_yields_no_edition_of_a_public_case(editions: list[Edition]) -> None:
    assert [edition.pk for edition in Edition.objects.archived()] == [editions[2].pk]


def test_as_of_gives_what_was_public_then(editions: list[Edition]) -> None:
    def slugs_at(days: float) -> list[tuple[str, int]]:
        rows = Edition.objects.as_of(A_MOMENT + timedelta(days=days)).order_by("slug", "version")
        return list(rows.values_list("slug", "version"))

    assert [slugs_at(-1), slugs_at(0.5), slugs_at(2)] == [[], [("case", 1), ("gone", 1)], [("case", 2)]]


def test_an_empty_feed_is_as_new_as_what_is_public(client: Client) -> None:
    publish(slug="here")
    late = A_MOMENT + timedelta(days=9)
    archive(publish(slug="gone", at=late), at=late)

    feed = feedparser.parse(client.get("/en/practices/feed/?q=nothing-like-it").content)

    assert (len(feed.entries), feed.feed.updated[:10]) == (0, f"{A_MOMENT:%Y-%m-%d}")
