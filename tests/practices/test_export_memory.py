"""However many cases a download holds, making it takes no more memory: only the list of their keys grows."""

import gc
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.tables import fill
from practices.api.viewsets import Practices
from practices.models import Edition
from sih_portal import rest
from sih_portal.models import DataVersion

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("loaded_source"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="What makes downloads is the same on each database."),
]

FEW, MANY = 50, 200
CHUNK = 4  # cases read at once: so few that the lines of all the others would show
FORMATS = ("csv", "jsonl", "xlsx", "bibtex", "ris", "csljson")
MOST_GROWTH = 1.1
KEY = 200  # bytes of a case, in the list of keys and what that is made of


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each is read when the garbage of the one before is gone: rows and their parts hold each other."""
    rows = Practices.rows

    def swept(self: Practices, keys: Sequence[Any]) -> Sequence[Any]:
        gc.collect()
        return rows(self, keys)

    monkeypatch.setattr(Practices, "rows", swept)
    monkeypatch.setattr(rest, "CHUNK", CHUNK)
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("small_chunks")
def test_downloads_take_no_more_memory_for_more_cases(client: Client) -> None:
    fill(MANY)
    DataVersion.objects.bump()
    many = {form: peak(client, form, MANY) for form in FORMATS}
    archive_all_but(FEW)
    few = {form: peak(client, form, FEW) for form in FORMATS}

    most = {form: few[form] * MOST_GROWTH + (MANY - FEW) * KEY for form in FORMATS}
    assert {form: (few[form], many[form]) for form in FORMATS if many[form] > most[form]} == {}


def peak(client: Client, form: str, count: int) -> int:
    """Bytes that were held at once while all cases were sent."""
    assert Edition.objects.public().count() == count
    sent(client, form, "&institution=bench-60")  # what is kept for later answers too
    with traced():
        sent(client, form)
        return tracemalloc.get_traced_memory()[1]


@contextmanager
def traced() -> Iterator[None]:
    """Counts what is new; what is there already is not looked through for garbage, which would take long."""
    gc.collect()
    gc.freeze()
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def sent(client: Client, form: str, narrowed: str = "") -> int:
    answer: Any = client.get(f"/api/v1/practices/?format={form}{narrowed}")
    assert answer.status_code == 200
    return sum(len(piece) for piece in answer.streaming_content)


def archive_all_but(count: int) -> None:
    kept = Edition.objects.public().order_by("pk").values_list("pk", flat=True)[:count]
    Edition.objects.public().exclude(pk__in=list(kept)).update(retired_at=timezone.now())
    DataVersion.objects.bump()
