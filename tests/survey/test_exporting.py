"""The survey's lists as files: CSV and Excel hold the stored figures as they are printed."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from survey.models import Figure
from tests.factories.survey import CaveatFactory, FigureFactory, IndicatorFactory, ItemFactory, ReleaseFactory
from tests.survey.hidden import A_MOMENT, public_figure

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


def name_of_file(client: Client, query: str) -> str:
    response: Any = client.get(f"{FIGURES}?{query}")
    b"".join(response)
    return str(response.headers["Content-Disposition"].partition("filename=")[2].strip('"'))


def printed_and_computed() -> None:
    """One round of each kind, with two indicators each."""
    indicators = [IndicatorFactory(code=code) for code in ("t4", "t6")]
    for code, moment in (("sih-fy2008", None), ("sih-fy2026", A_MOMENT)):
        release = ReleaseFactory(round__code=code, published_at=A_MOMENT, computed_at=moment)
        for indicator in indicators:
            FigureFactory(release=release, indicator=indicator)


@pytest.mark.parametrize(
    ("query", "file"),
    [
        ("format=xlsx", "survey-figures.xlsx"),
        ("format=csv&indicator=t4", "survey-figures.csv"),
        ("format=xlsx&round=sih-fy2026", "survey-sih-fy2026-figures.xlsx"),
        ("format=csv&round=sih-fy2026&indicator=t6", "survey-sih-fy2026-figures-t6.csv"),
        ("format=json-stat&round=sih-fy2008&indicator=t4&indicator=t6", "survey-sih-fy2008-figures.json"),
        ("format=jsonl&round=sih-fy2008&indicator=t4", "survey-sih-fy2008-figures-t4.jsonl"),
    ],
)
def test_file_is_named_for_what_all_of_its_figures_are_of(client: Client, query: str, file: str) -> None:
    printed_and_computed()

    assert name_of_file(client, query) == file


PRINTED = "出典：独立行政法人日本学術振興会"
COMPUTED = "2008年度調査：独立行政法人日本学術振興会が受理した回答から算出した数値。第1回公表、2026年4月1日"


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("figures/?", [PRINTED, COMPUTED]),
        ("figures/?round=sih-fy2008&", [PRINTED]),
        ("figures/?round=sih-fy2026&", [COMPUTED]),
        ("rounds/?", [PRINTED, COMPUTED]),
    ],
)
def test_workbook_names_what_its_figures_come_from(client: Client, query: str, sources: list[str]) -> None:
    printed_and_computed()

    book = load_workbook(io.BytesIO(content(client, f"/api/v1/survey/{query}format=xlsx&lang=ja")))

    told = [str(row[1].value) for row in book["about"].iter_rows() if row[0].value == "出典"]
    assert [(one, one.startswith(start)) for one, start in zip(told, sources, strict=True)] == [
        (one, True) for one in told
    ]


def test_meanings_of_columns_hold_for_computed_figures_too(client: Client) -> None:
    printed_and_computed()

    book = load_workbook(io.BytesIO(content(client, f"{FIGURES}?format=xlsx&lang=ja")))

    meanings = {row[0].value: str(row[1].value) for row in book["about"].iter_rows()}
    assert "回答から算出" in meanings["value"]
    assert "回答から算出" in meanings["source"]
    assert [name for name in ("decimals", "numerator", "denominator") if "掲載" in meanings[name]] == []


def test_json_stat_of_computed_figures_names_the_answers(client: Client) -> None:
    printed_and_computed()

    found = client.get(f"{FIGURES}?format=json-stat&indicator=t4&lang=ja").json()["link"]["item"]

    assert [one["source"].startswith(COMPUTED) for one in found] == [False, True]
