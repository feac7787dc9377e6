"""What the API tells of cases that changed or were archived since a day."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from practices.exporting import PRACTICES
from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, ThemeFactory, archive, publish, staff
from tests.practices.api import found

pytestmark = pytest.mark.django_db

PRACTICE_NAMES = [column.name for column in PRACTICES]


def later(hours: int) -> datetime:
    return A_MOMENT + timedelta(hours=hours)


def test_updated_since_tells_what_was_archived_since(client: Client, settings: Any) -> None:
    publish(slug="old")
    archive(publish(slug="gone-before"), at=later(1))
    publish(slug="new", at=later(3))
    archive(publish(slug="gone-first"), at=later(4))
    archive(publish(slug="gone-last"), at=later(5))
    url = {language: f"{settings.SITE_URL}/{language}/practices/gone-last/" for language in ("en", "ja")}

    body = client.get("/api/v1/practices/?updated_since=2026-04-01T05:00:00Z").json()

    assert body["count"] == 3
    assert [row["slug"] for row in body["results"]] == ["new", "gone-last", "gone-first"]
    assert body["results"][1] == {
        "slug": "gone-last",
        "url": url,
        "archived": True,
        "updated_at": "2026-04-01T17:00:00+09:00",
    }


def test_archived_cases_are_told_whatever_else_is_asked(client: Client) -> None:
    theme = ThemeFactory(number=6)
    publish(slug="other", theme=ThemeFactory(number=7))
    archive(publish(slug="gone", theme=theme), at=later(1))

    for more in ("theme=6", "theme=7&kind=private", "q=nothing-of-the-kind", "sort=title&translated=en"):
        assert found(client, f"updated_since=2026-04-01&{more}")[-1] == "gone"


def test_archived_cases_are_told_to_who_asks_since_when_only(client: Client) -> None:
    archive(publish(slug="gone"), at=later(1))

    assert found(client, "") == found(client, "updated_since=2026-04-02") == []
    assert found(client, "updated_since=2026-04-01", "actions") == []
    assert "gone" not in client.get("/en/practices/?updated_since=2026-04-01").content.decode()


def test_case_that_came_back_is_not_told_as_archived(client: Client) -> None:
    edition = publish(slug="back")
    archive(edition, at=later(1))
    take(Steps.REOPEN, practice=edition.draft, by=staff("publisher"), at=later(2))
    reopened = found(client, "updated_since=2026-04-01")
    publish(edition.draft, at=later(3))

    rows = client.get("/api/v1/practices/?updated_since=2026-04-01").json()["results"]

    assert reopened == ["back"]
    assert [(row["slug"], row["version"]) for row in rows] == [("back", 2)]


def test_archived_cases_are_counted_and_paged_with_the_others(client: Client) -> None:
    for number in range(3):
        publish(slug=f"case-{number}", at=later(number))
        archive(publish(slug=f"gone-{number}"), at=later(number))

    pages = [found(client, f"updated_since=2026-04-01&page_size=2&page={page}") for page in (1, 2, 3)]

    assert pages == [["case-2", "case-1"], ["case-0", "gone-2"], ["gone-1", "gone-0"]]


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_files_tell_what_was_archived(client: Client, form: str) -> None:
    publish(slug="case")
    archive(publish(slug="gone", title_en="SECRET NOW"), at=later(1))

    response: Any = client.get(f"/api/v1/practices/?updated_since=2026-04-01&format={form}")
    content = b"".join(response.streaming_content)

    if form == "csv":
        rows: list[Any] = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert [row["archived"] for row in rows] == ["false", "true"]
        assert {name for name, cell in rows[1].items() if cell} == {
            *("slug", "url_en", "url_ja", "updated_at", "archived")
        }
    elif form == "xlsx":
        book = load_workbook(io.BytesIO(content))
        rows = [dict(zip(PRACTICE_NAMES, row, strict=True)) for row in book["practices"].iter_rows(2, values_only=True)]
        assert [row["archived"] for row in rows] == [False, True]
        assert book["actions"].max_row == 2
    else:
        rows = [json.loads(line) for line in content.splitlines()]
        assert rows[1]["archived"] is True
    assert [row["slug"] for row in rows] == ["case", "gone"]
    assert rows[1]["updated_at"] == "2026-04-01T13:00:00+09:00"
    assert "SECRET NOW" not in str(rows)
