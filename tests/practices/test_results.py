"""Where a card of the search page leads to, and how its keywords stand."""

import re

import pytest
from django.http import QueryDict
from django.test import Client

from practices.choices import TEXTS
from practices.models import Attachment, Concept, Link
from practices.results import results_context
from tests.factories.practices import ConceptFactory, PracticeFactory, publish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_matched_place_stands_on_the_page_of_the_case(client: Client, language: str) -> None:
    texts = {f"{text}_en": "A needle." for text in TEXTS}
    needles = [("A needle.", ""), ("Another needle.", "")]
    practice = PracticeFactory(slug="a", actions=needles, effects=needles, **texts)
    for number in (1, 2):
        Link.objects.create(practice=practice, number=number, url="https://example.org/", label_en="A needle")
        Attachment.objects.create(practice=practice, number=number, file="plan.pdf", title_en="A needle")
    publish(practice)

    anchors = re.findall(r'/practices/a/#([-\w]+)"', client.get(f"/{language}/practices/?q=needle").content.decode())
    ids = re.findall(r'\bid="([-\w]+)"', client.get(f"/{language}/practices/a/").content.decode())

    assert len(anchors) == len(set(anchors)) == len(TEXTS) - 1 + 4 * 2
    assert [anchor for anchor in anchors if ids.count(anchor) != 1] == []


def keywords(query: str = "") -> list[tuple[str, int]]:
    [facet] = [facet for facet in results_context(QueryDict(query))["facets"] if facet.name == "concept"]
    return [(value.value, value.level) for value in (*facet.values, *facet.more)]


def test_keywords_stand_below_the_broader_one() -> None:
    staff = ConceptFactory(slug="staff")
    training = ConceptFactory(slug="training", broader=staff)
    abroad = ConceptFactory(slug="abroad", broader=training)
    language = ConceptFactory(slug="language", broader=ConceptFactory(slug="of-no-case"))
    for concepts in ([staff], [training, abroad], [training], [language], [language], [language, staff]):
        publish(concepts=concepts)

    assert keywords() == [("language", 0), ("staff", 0), ("training", 1), ("abroad", 2)]
    assert keywords("concept=abroad") == [("staff", 0), ("training", 1), ("abroad", 2), ("language", 0)]


def test_a_branch_is_not_cut_by_the_fold() -> None:
    broad = ConceptFactory(slug="broad")
    narrow = [ConceptFactory(broader=broad) for _ in range(12)]
    publish(concepts=[broad, *narrow, ConceptFactory(slug="last")])

    [facet] = [facet for facet in results_context(QueryDict(""))["facets"] if facet.name == "concept"]

    assert [value.value for value in facet.more] == ["last"]


def test_keywords_in_a_circle_are_offered_too() -> None:
    one, other = ConceptFactory(slug="one"), ConceptFactory(slug="other")
    Concept.objects.filter(pk=one.pk).update(broader=other)
    Concept.objects.filter(pk=other.pk).update(broader=one)
    publish(concepts=[one, other, ConceptFactory(slug="third")])

    assert sorted(slug for slug, _level in keywords()) == ["one", "other", "third"]
