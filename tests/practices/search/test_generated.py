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
MORE_HOSTILE: Final = 50


def refusal(content: bytes) -> str:
    """The message of a refused request to the API."""
    return str(json.loads(content)["detail"])


def heading(page: bytes) -> str:
    found = re.search(r"<h1[^>]*>\s*(\S[^<]*)", page.decode())
    return found[1] if found else ""


# Address -> what a reader needs of its answer: nothing is a fault.
READERS: Final[dict[str, Callable[[bytes], object]]] = {
    "/ja/practices/?q=": heading,
    "/api/v1/practices/?q=": json.loads,
    "/ja/practices/feed/?q=": ET.fromstring,
    "/api/v1/practices/?format=xlsx&q=": lambda content: ZipFile(io.BytesIO(content)).testzip() is None,
}
# The others read the same answer, and take longer.
ASKED_OFTEN: Final = ("/ja/practices/?q=", "/api/v1/practices/?q=")
READ_REFUSAL: Final[dict[str, Callable[[bytes], object]]] = {
    "/api/v1/practices/?q=": refusal,
    "/ja/practices/feed/?q=": heading,
    "/api/v1/practices/?format=xlsx&q=": refusal,
}


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
        (q, path): fault
        for number, q in enumerate(asked)
        for path, read in READERS.items()
        if (path in ASKED_OFTEN or number % 4 == 0) and (fault := told(client, path, q, read))
    }

    assert faults == {}
    assert client.get("/api/v1/practices/").json()["count"] == Edition.objects.public().count() > 0


def told(client: Client, path: str, q: str, read: Callable[[bytes], object]) -> str:
    """What is wrong with the answer; empty when a reader can use it."""
    answer: Any = client.get(f"{path}{quote(q, errors='surrogatepass')}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.status_code not in {200, 400}:
        return f"status {answer.status_code}"
    refused = READ_REFUSAL.get(path, read) if answer.status_code == 400 else read
    try:
        return "" if refused(content) else f"empty with status {answer.status_code}"
    except (ValueError, KeyError, SyntaxError, BadZipFile) as error:
        return f"{error!r} with status {answer.status_code}"
