"""Two thousand queries find the same cases on every database, hostile ones included, and never end in a fault.

What each finds stands in `hits.txt`, so that a change of hits shows in review. To write it anew, on SQLite:

    WRITE_HITS=1 pytest tests/practices/search/test_generated.py
"""

import io
import json
import os
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from zipfile import BadZipFile, ZipFile

import pytest
from django.db import connection
from django.test import Client

from practices.models import Edition
from practices.search import QueryError, find, hits
from practices.search.neighbours import NONE
from sih_portal.kept import at
from tests.practices.search.generated import Writer, queries, shelf
from tests.practices.search.odd_cases import publish_odd_cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_source")]

HITS: Final = Path(__file__).parent / "hits.txt"
ABOUT: Final = """\
# What the queries of generated.py find, by test_generated.py. The cases by their bits, then a line for each query,
# with the thesaurus and without where that differs: the cases found as a hexadecimal number, ~ when relaxed, ! refused.
"""
REFUSED: Final = "!"
RELAXED: Final = "~"
MORE_HOSTILE: Final = 30


def refusal(content: bytes) -> str:
    """The message of a refused request to the API."""
    answer = json.loads(content)
    return str(answer["detail"] and answer["errors"][0]["message"])


def feed_title(content: bytes) -> str | None:
    return ET.fromstring(content).findtext("{http://www.w3.org/2005/Atom}title")


def sheets(content: bytes) -> list[str]:
    return ZipFile(io.BytesIO(content)).namelist()


def heading(page: bytes) -> str:
    found = re.search(r"<h1[^>]*>\s*(\S[^<]*)", page.decode())
    return found[1] if found else ""


@dataclass(frozen=True)
class Address:
    """Where every `step`-th query is sent, and what a reader needs of an answer and of a refusal."""

    path: str
    step: int
    read: Callable[[bytes], object]
    read_refusal: Callable[[bytes], object]


ADDRESSES: Final = (
    Address("/ja/practices/?page_size=5&q=", 1, heading, heading),
    Address("/api/v1/practices/?page_size=5&q=", 2, json.loads, refusal),
    Address("/ja/practices/feed/?q=", 5, feed_title, heading),
    Address("/api/v1/practices/?format=xlsx&q=", 5, sheets, refusal),
)


@pytest.fixture
def slugs() -> Mapping[int, str]:
    publish_odd_cases()
    return dict(Edition.objects.public().order_by("slug").values_list("pk", "slug"))


def asked(q: str, slugs: Mapping[int, str], *, expand: bool) -> str:
    """What a query finds, as the file writes it."""
    try:
        found = find(q, expand=expand)
    except QueryError:
        return REFUSED
    names = [slugs[pk] for pk in found.ids]
    assert len({*names}) == len(names) == found.total
    bits = sum(1 << place for place, slug in enumerate(slugs.values()) if slug in names)
    return f"{bits:x}{RELAXED if found.relaxed else ''}"


def line(q: str, slugs: Mapping[int, str]) -> str:
    return " ".join(dict.fromkeys(asked(q, slugs, expand=expand) for expand in (True, False)))


def in_words(answer: str, slugs: Sequence[str]) -> str:
    """A line of the file, for people."""
    told = []
    for one in answer.split():
        bits = 0 if one == REFUSED else int(one.removesuffix(RELAXED), 16)
        found = [slug for place, slug in enumerate(slugs) if bits >> place & 1]
        told.append(f"{one[-1] if one[-1] in (REFUSED, RELAXED) else ''}{len(found)} {', '.join(found)}")
    return " | without the thesaurus: ".join(told)


def test_hits_are_those_of_the_file(slugs: Mapping[int, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "neighbours_of", lambda _q: NONE)  # most of the time, and no hits
    every = queries(shelf())
    with at("1-a"):
        now = [line(q, slugs) for q in every]
    if os.environ.get("WRITE_HITS"):
        assert connection.vendor == "sqlite"
        HITS.write_text("\n".join([ABOUT + " ".join(slugs.values()), *now, ""]), encoding="ascii")
    cases, *known = [line for line in HITS.read_text(encoding="ascii").splitlines() if not line.startswith("#")]

    changed = [
        f"{q!r}: found {in_words(answer, [*slugs.values()])}; expected {in_words(expected, cases.split())}"
        for q, answer, expected in zip(every, now, known, strict=True)
        if answer != expected
    ]
    assert cases.split() == [*slugs.values()]
    assert changed == []


def test_hostile_queries_get_answers_everywhere(client: Client) -> None:
    found = shelf()
    asked = [*found.hostile, *(Writer(found, random.Random(number)).hostile() for number in range(MORE_HOSTILE))]
    client.raise_request_exception = False

    faults = {
        (address.path, q): fault
        for address in ADDRESSES
        for q in asked[:: address.step]
        if (fault := told(client, address, q))
    }

    assert faults == {}


def told(client: Client, address: Address, q: str) -> str:
    """What is wrong with the answer; empty when a reader can use it."""
    answer: Any = client.get(f"{address.path}{quote(q, errors='surrogatepass')}")
    if answer.status_code not in {200, 400}:
        return f"status {answer.status_code}"
    read = address.read if answer.status_code == 200 else address.read_refusal
    try:
        said = read(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    except (ValueError, LookupError, ET.ParseError, BadZipFile) as error:
        return f"status {answer.status_code}, {error!r}"
    return "" if said else f"status {answer.status_code}, nothing said"
