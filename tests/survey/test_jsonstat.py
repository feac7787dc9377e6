"""JSON-stat, read back by pyjstat: the stored figures with their labels, and what the numbers alone do not say."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pytest
from django.test import Client
from jsonschema import Draft4Validator
from pyjstat import pyjstat

from survey.models import Figure, Indicator
from tests.factories.practices import PublicationFactory
from tests.factories.survey import CaveatFactory, FigureFactory, GroupFactory, IndicatorFactory, ItemFactory
from tests.sih_portal.test_rest import nullable
from tests.survey.hidden import public_figure

pytestmark = [
    pytest.mark.django_db,
    # pyjstat's own methods call what it no longer wants to be called.
    pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning"),
]
FIGURES: Final = "/api/v1/survey/figures/"
NONE: Final = "_Z"
LIMITS: Final = (
    "Institutions were chosen and not sampled, so there are no margins of error and no tests. The pilots were "
    "selected for the programme, so differences are not effects of the programme."
)

Values = dict[tuple[str, ...], Decimal]


def answer(client: Client, query: str = "") -> Any:
    response = client.get(f"{FIGURES}?format=json-stat{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    return json.loads(response.content, object_pairs_hook=OrderedDict)


def read(dataset: Any) -> Values:
    """What pyjstat makes of a dataset: the cells that have a number, by indicator, group, period, measure and item."""
    frame = pyjstat.Dataset.read(dataset).write("dataframe", naming="id")
    rows = [{"item": NONE, **row} for row in frame.astype(object).where(frame.notna(), None).to_dict("records")]
    indicator = dataset["extension"]["indicator"]
    return {
        (indicator, row["group"], row["period"], row["measure"], row["item"]): Decimal(str(row["value"]))
        for row in rows
        if row["value"] is not None
    }


def stored(**narrowed: str) -> Values:
    figures = Figure.objects.public().with_labels().filter(**narrowed)
    return {
        (row.indicator.code, row.group.code, row.period or NONE, row.measure, row.item or NONE): row.printed
        for row in figures
        if row.printed is not None
    }


def test_collection_holds_every_stored_number(client: Client, loaded_source: None) -> None:
    collection = pyjstat.Collection.read(answer(client))

    items = collection["link"]["item"]
    found: Values = {}
    for item in items:
        assert (item["class"], item["version"]) == ("dataset", "2.0")
        found |= read(item)

    assert (collection["class"], collection["version"]) == ("collection", "2.0")
    assert found == stored()
    assert len(items) == Indicator.objects.public().count()
    assert len(found) > 100


@pytest.mark.parametrize("query", ["", "&indicator=t4", "&indicator=q4", "&measure=bar&group=pilot"])
def test_answer_is_what_the_schema_says(client: Client, loaded_source: None, query: str) -> None:
    document = client.get("/api/v1/schema/").json()
    declared = document["paths"][FIGURES]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

    errors = Draft4Validator(nullable(document) | nullable(declared)).iter_errors(answer(client, query))

    assert [error.message for error in errors] == []
    assert declared["oneOf"][1]["required"] == ["version", "class", "href", "label"]


@pytest.mark.parametrize("code", ["t4", "t6", "s1a", "c7", "d7"])
def test_dataset_holds_the_stored_numbers(client: Client, loaded_source: None, code: str) -> None:
    dataset = answer(client, f"&indicator={code}")

    assert dataset["class"] == "dataset"
    assert read(dataset) == stored(indicator__code=code)


def test_collection_is_followed_by_its_addresses(
    client: Client, loaded_source: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def request(address: str, **_options: object) -> Any:
        return client.get(address.removeprefix(settings.SITE_URL)).json()

    monkeypatch.setattr(pyjstat, "request", request)
    collection = answer(client, "&theme=8&group=pilot&lang=ja")

    frames = pyjstat.Collection.read(collection).write("dataframe_list")

    assert [item["extension"]["indicator"] for item in collection["link"]["item"]] == ["t4", "g4", "q4", "g5"]
    assert [set(frame["区分"]) for frame in frames] == [{"採択機関"}] * 4
    assert [len(item["extension"]["figure"]) for item in collection["link"]["item"]] == [10, 1, 4, 1]


@pytest.mark.parametrize(
    ("language", "columns", "row"),
    [
        (
            "en",
            ["Group", "Period", "Measure", "value"],
            ["Pilot institutions", "FY2005", "average per institution"],
        ),
        ("ja", ["区分", "年度", "値の種類", "value"], ["採択機関", "2005年度", "1機関当たりの平均"]),
    ],
)
def test_labels_are_those_of_the_language(
    client: Client, loaded_source: None, language: str, columns: list[str], row: list[str]
) -> None:
    query = f"&indicator=t4&group=pilot&period=2005&measure=mean&lang={language}"

    frame = pyjstat.Dataset.read(answer(client, query)).write("dataframe")

    assert list(frame.columns) == columns
    assert frame.to_numpy().tolist() == [[*row, 2372]]


def test_nothing_found_is_an_empty_collection(client: Client, settings: Any) -> None:
    public_figure()

    collection = answer(client, "&measure=bar")

    assert (collection["class"], collection["label"]) == ("collection", "Survey results")
    assert collection["link"] == {"item": []}
    assert collection["href"] == f"{settings.SITE_URL}{FIGURES}?format=json-stat&measure=bar"


def test_two_rounds_of_an_indicator_are_two_datasets(client: Client) -> None:
    indicator = public_figure("sih-fy2008", indicator__code="s1a").indicator
    public_figure("sih-fy2012", indicator=indicator, value=80)

    items = answer(client, "&indicator=s1a")["link"]["item"]

    assert [(item["extension"]["round"], list(read(item).values())) for item in items] == [
        ("sih-fy2008", [Decimal(57)]),
        ("sih-fy2012", [Decimal(80)]),
    ]


def table() -> Figure:
    """Two groups, of which one has a number by year and a ratio, the other its N alone."""
    first = public_figure(
        indicator__code="t4", indicator__unit="persons", measure="total", period="2005", value=None, confidentiality="C"
    )
    told: dict[str, Any] = {"release": first.release, "indicator": first.indicator}
    FigureFactory(**told, measure="ratio", period="2005-2008", value=Decimal("1.10"), decimals=2, verdict="confirmed")
    FigureFactory(
        **told, group=GroupFactory(code="other"), measure="usable", value=167, n_valid=167, note_en="Counted."
    )
    return first


def test_dimensions_have_roles_units_and_the_source_order(client: Client) -> None:
    table()

    dataset = answer(client)

    assert (dataset["id"], dataset["size"]) == (["group", "period", "measure"], [2, 3, 3])
    assert dataset["role"] == {"time": ["period"], "metric": ["measure"]}
    categories: Mapping[str, Any] = {name: side["category"] for name, side in dataset["dimension"].items()}
    assert categories["group"]["index"] == ["pilot", "other"]
    assert categories["period"]["index"] == ["2005", "2005-2008", NONE]
    assert categories["period"]["label"][NONE] == "the whole round"
    assert categories["measure"]["unit"] == {
        "total": {"label": "persons", "decimals": 0},
        "ratio": {"label": "one number divided by another", "decimals": 2},
        "usable": {"label": "institutions", "decimals": 0},
    }


def test_numbers_statuses_and_the_rest_stand_by_index(client: Client) -> None:
    table()

    dataset = answer(client)

    assert dataset["value"] == {"4": 1.1, "17": 167}
    assert dataset["status"] == {"0": "C", "4": "confirmed"}
    assert dataset["extension"]["status"]["label"] == {"C": "withheld", "confirmed": "arithmetic confirmed"}
    assert dataset["extension"]["figure"]["17"] == {
        "id": "sih-fy2008:t4:other:usable",
        "decimals": 0,
        "numerator": None,
        "denominator": None,
        "n_base": None,
        "n_valid": 167,
        "origin": "printed",
        "confidentiality": "F",
        "verdict": None,
        "note": "Counted.",
        "source": "V-4(1), p. 9",
    }


def test_full_cube_is_an_array_with_null_for_no_number(client: Client) -> None:
    indicator = IndicatorFactory(code="q4")
    ItemFactory(indicator=indicator, code="funding", label_en="Money")
    first = public_figure(indicator=indicator, item="funding", value=None)
    FigureFactory(release=first.release, indicator=indicator, item="unnamed", value=40)

    dataset = answer(client)

    assert (dataset["id"], dataset["value"]) == (["group", "period", "measure", "item"], [None, 40])
    assert dataset["dimension"]["item"]["category"]["label"] == {"funding": "Money", "unnamed": "unnamed"}


def test_dataset_says_where_it_is_from_and_what_to_know(client: Client, settings: Any) -> None:
    figure = table()
    survey_round, indicator = figure.release.round, figure.indicator
    survey_round.publication = PublicationFactory(title_en="Final report")
    survey_round.selection_en = "Chosen, not sampled."
    survey_round.save()
    indicator.definition_en, indicator.base_en = "People sent overseas.", "All respondents"
    indicator.save()
    CaveatFactory(round=survey_round).indicators.add(indicator)
    CaveatFactory(round=survey_round)

    dataset = answer(client, "&group=other&page=2")

    assert dataset["label"] == "A headquarters (The survey of 2008)"
    assert dataset["source"] == "Final report; V-4(1), p. 9"
    assert dataset["updated"] == "2026-04-01T12:00:00+09:00"
    assert dataset["note"] == [
        "People sent overseas.",
        "Base: All respondents",
        "Chosen, not sampled.",
        LIMITS,
        "Something does not fit: One number contradicts another.",
    ]
    query = "group=other&round=sih-fy2008&indicator=t4&lang=en&format=json-stat"
    assert dataset["href"] == f"{settings.SITE_URL}{FIGURES}?{query}"
    page = f"{settings.SITE_URL}/en/survey/sih-fy2008/t4/"
    assert dataset["link"] == {"alternate": [{"type": "text/html", "href": page}]}
