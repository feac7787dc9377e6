"""Where a card of the search page leads to."""

import re

import pytest
from django.test import Client

from practices.filters import TEXTS
from practices.models import Attachment, Link
from tests.factories.practices import PracticeFactory, publish

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
