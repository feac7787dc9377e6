"""The drawings in pages and files: nothing a strict Content-Security-Policy refuses, no id twice, no label astray."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Final

import pytest
from django.test import Client

from practices.models import Edition
from survey.models import Indicator

pytestmark = pytest.mark.django_db
SHAPES: Final = {"svg", "title", "desc", "defs", "pattern", "rect", "text"}
GEOMETRY: Final = {"x", "y", "dx", "width", "height", "patternunits", "patterntransform", "overflow"}
LOOKS: Final = {"fill", "stroke", "stroke-width", "font-size", "font-weight", "font-family"}
NAMES: Final = {"id", "class", "role", "aria-labelledby", "xmlns", "xml:lang"}
FILLED = re.compile(r"url\(#(.+)\)")


class Markup(HTMLParser):
    """Ids and what refers to them in the whole document; tags and attributes inside its drawings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.wanted: set[str] = set()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.ids.update({told["id"]} if "id" in told else ())
        self.wanted.update(told.get("aria-labelledby", "").split(), FILLED.findall(told.get("fill", "")))
        self.depth += tag == "svg"
        if self.depth:
            self.tags[tag] += 1
            self.attributes.update(told)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "svg"


def addresses() -> list[str]:
    indicators = [f"survey/sih-fy2008/{row.code}/" for row in Indicator.objects.in_order()]
    cases = [f"practices/{edition.slug}/" for edition in Edition.objects.public().order_by("pk")]
    others = [f"{kind}/{number}/" for kind in ("themes", "recommendations") for number in range(1, 11)]
    return ["", "survey/", "survey/sih-fy2008/", *indicators, *cases, *others]


def faults(markup: Markup) -> list[str]:
    twice = [f"id twice: {name}" for name, count in markup.ids.items() if count > 1]
    astray = [f"refers to nothing: {name}" for name in markup.wanted - set(markup.ids)]
    strange = [f"in a drawing: {name}" for name in set(markup.tags) - SHAPES]
    strange += [f"in a drawing: {name}=" for name in markup.attributes - GEOMETRY - LOOKS - NAMES]
    return sorted([*twice, *astray, *strange])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_drawings_in_pages_are_shapes_with_presentation_attributes(
    client: Client, loaded_source: None, language: str
) -> None:
    pages = {path: Markup(client.get(f"/{language}/{path}").content.decode()) for path in addresses()}

    assert {path: found for path, markup in pages.items() if (found := faults(markup))} == {}
    drawn = sum(markup.tags["title"] for markup in pages.values())
    assert drawn == sum(markup.tags["desc"] for markup in pages.values()) > 60


def test_drawings_as_files_need_nothing_from_elsewhere(client: Client, loaded_source: None) -> None:
    codes = [row.code for row in Indicator.objects.in_order() if row.code not in ("q4", "q6")]
    files = {code: client.get(f"/ja/survey/sih-fy2008/{code}/chart.svg").content.decode() for code in codes}

    assert len(files) == 15
    assert {code: found for code, file in files.items() if (found := faults(Markup(file)))} == {}


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ('<svg style="fill: red"></svg>', "in a drawing: style="),
        ("<svg><style>rect {fill: red}</style></svg>", "in a drawing: style"),
        ("<svg><script>alert(1)</script></svg>", "in a drawing: script"),
        ('<svg><rect onclick="alert(1)"/></svg>', "in a drawing: onclick="),
        ('<svg><title id="a">A</title></svg><p id="a"></p>', "id twice: a"),
        ('<svg aria-labelledby="a"></svg>', "refers to nothing: a"),
        ('<svg><rect fill="url(#a)"/></svg>', "refers to nothing: a"),
    ],
)
def test_a_fault_is_found(markup: str, fault: str) -> None:
    assert faults(Markup(markup)) == [fault]
