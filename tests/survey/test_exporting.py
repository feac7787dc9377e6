"""The survey's lists as files: CSV and Excel hold the stored figures as they are printed."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from survey.models import Figure
from tests.factories.survey import CaveatFactory, IndicatorFactory, ItemFactory
from tests.survey.hidden import public_figure

pytestmark = pytest.mark.django_db
FIGURES = "/api/v1/survey/figures/"


def content(client: Client, address: str) -> bytes:
    response: Any = client.get(address)
    return b"".join(response.streaming_content)


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    text = content(client, f"{address}?format=csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def cells(client: Client, address: str, sheet: str = "") -> list[dict[str, Any]]:
    """The cells of a sheet, the first one where none is named."""
    book = load_workbook(io.BytesIO(content(client, f"{address}?format=xlsx")))
    names, *rows = book[sheet or book.sheetnames[0]].iter_rows()
    return [dict(zip([str(name.value) for name in names], row, strict=True)) for row in rows]


def test_csv_holds_every_figure_as_printed(client: Client, loaded_source: None) -> None:
    stored = {figure.public_id: figure.printed for figure in Figure.objects.public().with_labels()}

    rows = rows_of(client, FIGURES)

    assert {row["id"]: row["value"] for row in rows} == {
        key: "" if value is None else str(value) for key, value in stored.items()
    }
    assert len(rows) == len(stored) > 100


def test_workbook_holds_every_figure_as_a_number(client: Client, loaded_source: None) -> None:
    stored = {figure.public_id: figure.printed for figure in Figure.objects.public().with_labels()}

    found = {row["id"].value: row["value"].value for row in cells(client, FIGURES)}

    assert {key: None if value is None else Decimal(str(value)) for key, value in found.items()} == stored
    assert {type(value) for value in found.values()} == {int, float, type(None)}


def test_value_keeps_its_decimals(client: Client) -> None:
    public_figure(value=Decimal("1.1"), decimals=2, measure="ratio")

    assert [row["value"] for row in rows_of(client, FIGURES)] == ["1.10"]
    [row] = cells(client, FIGURES)
    assert (row["value"].value, row["value"].data_type, row["value"].number_format) == (1.1, "n", "0.00")


def test_figure_names_what_it_tells_of_in_both_languages(client: Client, settings: Any) -> None:
    indicator = IndicatorFactory(code="q4")
    ItemFactory(indicator=indicator, code="funding", label_en="Money", label_ja="資金")
    public_figure(indicator=indicator, item="funding", note_en="=1+1")

    [row] = rows_of(client, FIGURES)

    assert row["id"] == "sih-fy2008:q4:pilot:share::funding"
    assert [row[f"{name}_{language}"] for name in ("indicator_title", "group_name") for language in ("en", "ja")] == [
        "A headquarters", "本部の設置", "pilot institutions", "pilotの機関",
    ]  # fmt: skip
    assert (row["item_label_en"], row["item_label_ja"], row["note_en"]) == ("Money", "資金", "'=1+1")
    assert row["url_ja"] == f"{settings.SITE_URL}/ja/survey/sih-fy2008/q4/#pilot-share-funding"
    assert (row["period"], row["verdict"], row["numerator"], row["source"]) == ("", "", "", "V-4(1), p. 9")


def test_round_comes_with_its_points_to_know(client: Client) -> None:
    figure = public_figure(indicator__code="t4")
    CaveatFactory(round=figure.release.round, number=3).indicators.add(figure.indicator)

    [row] = rows_of(client, "/api/v1/survey/rounds/")
    [caveat] = cells(client, "/api/v1/survey/rounds/", "caveats")

    assert (row["code"], row["release"], row["published_at"]) == ("sih-fy2008", "1", "2026-04-01T12:00:00+09:00")
    assert [caveat[name].value for name in ("round", "number", "title_ja", "indicators")] == [
        "sih-fy2008", 3, "一致しない数値がある", "t4",
    ]  # fmt: skip


def test_indicator_comes_with_its_items(client: Client) -> None:
    indicator = public_figure(indicator__code="q4").indicator
    ItemFactory(indicator=indicator, code="training", position=2)
    ItemFactory(indicator=indicator, code="funding", position=1)

    [row] = rows_of(client, "/api/v1/survey/indicators/")

    assert (row["code"], row["rounds"], row["themes"], row["unit"]) == ("q4", "sih-fy2008", "", "percent")
    items = cells(client, "/api/v1/survey/indicators/", "items")
    assert [(item["indicator"].value, item["code"].value) for item in items] == [("q4", "funding"), ("q4", "training")]


@pytest.mark.parametrize(
    ("name", "form", "file"),
    [
        ("rounds", "csv", "survey-rounds.csv"),
        ("indicators", "jsonl", "survey-indicators.jsonl"),
        ("figures", "xlsx", "survey-figures.xlsx"),
        ("figures", "json-stat", "survey-figures.json"),
    ],
)
def test_files_are_named_for_the_survey(client: Client, name: str, form: str, file: str) -> None:
    response: Any = client.get(f"/api/v1/survey/{name}/?format={form}")

    b"".join(response)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{file}"'
