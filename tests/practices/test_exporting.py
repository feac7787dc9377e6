"""Cases and their parts as CSV."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.desk_guard import refuse_desk_tables
from tests.factories.practices import ConceptFactory, ThemeFactory, publish

pytestmark = pytest.mark.django_db


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    """The CSV read back, its rows read under the guard that no desk table may be named."""
    response: Any = client.get(address)
    with connection.execute_wrapper(refuse_desk_tables):
        text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def a_case() -> None:
    publish(
        slug="kyoto-workshops",
        theme=ThemeFactory(number=6),
        themes=[ThemeFactory(number=9)],
        concepts=[ConceptFactory(pref_label_ja="研修")],
        title_en="Workshops",
        title_ja="=1+1",
        actions=[("Met.", "集まった。"), ("Met again.", "")],
        effects=[("Learned.", "学んだ。")],
        with_headquarters=True,
        institution__slug="kyoto",
    )


def test_csv_holds_one_row_per_case_with_parts_as_numbered_lines(client: Client) -> None:
    a_case()

    [row] = rows_of(client, "/api/v1/practices/?format=csv&theme=6")

    assert {name: value for name, value in row.items() if name.startswith(("actions", "effects", "title"))} == {
        "title_en": "Workshops",
        "title_ja": "'=1+1",
        "actions_en": "1. Met.\n2. Met again.",
        "actions_ja": "1. 集まった。",
        "effects_en": "1. Learned.",
        "effects_ja": "1. 学んだ。",
    }
    assert (row["theme"], row["themes"], row["concept_labels_ja"]) == ("6", "9", "研修")
    assert (row["headquarters"], row["published_at"]) == ("sih-kyoto", "2026-04-01T12:00:00+09:00")


def test_csv_holds_more_than_a_page_in_the_asked_order(client: Client) -> None:
    for number in range(25):
        publish(slug=f"case-{number}", title_en=f"{number:02}")

    rows = rows_of(client, "/api/v1/practices/?format=csv&sort=title&page_size=1")

    assert [row["title_en"] for row in rows] == [f"{number:02}" for number in range(25)]


def test_csv_of_parts_names_their_case(client: Client) -> None:
    a_case()

    assert [(row["id"], row["practice"], row["text_ja"]) for row in rows_of(client, "/api/v1/actions/?format=csv")] == [
        ("kyoto-workshops:action-1", "kyoto-workshops", "集まった。"),
        ("kyoto-workshops:action-2", "kyoto-workshops", ""),
    ]
