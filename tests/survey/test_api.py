"""Rounds, indicators and figures as the API gives them, and what it never gives."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sih_portal.models import DataVersion
from survey import importing
from survey.models import Figure, Release
from tests.factories.practices import PublicationFactory, ThemeFactory
from tests.factories.survey import CaveatFactory, FigureFactory, IndicatorFactory, ItemFactory, ReleaseFactory
from tests.survey.hidden import HIDDEN, SECRETS, hidden_beside, hidden_figure, public_figure
from tests.survey.test_importing import change_figures

pytestmark = pytest.mark.django_db

API = "/api/v1/survey/"
EMPTY = {"en": None, "ja": None}
SUMMARY = {"kind": "summary", "locator": "V, p. 8", "reference": EMPTY}
LISTS = ("rounds", "indicators", "figures")


def texts(client: Client, name: str, forms: tuple[str, ...]) -> str:
    """A list in each of the forms, as one text."""
    answers: list[Any] = [client.get(f"{API}{name}/?format={form}") for form in forms]
    assert [answer.status_code for answer in answers] == [200] * len(forms)
    return "".join(b"".join(answer).decode() for answer in answers)


def test_figure_has_the_promised_fields(client: Client, settings: Any) -> None:
    figure = public_figure(
        indicator__code="s1a", numerator=98, denominator=172, n_base=172, n_valid=171,
        verdict="compatible", note_en="Counted.", decimals=0,
    )  # fmt: skip
    page = "survey/sih-fy2008/s1a/#pilot-share"

    body = client.get(f"{API}figures/{figure.public_id}/").json()

    assert body == {
        "id": "sih-fy2008:s1a:pilot:share",
        "url": {"en": f"{settings.SITE_URL}/en/{page}", "ja": f"{settings.SITE_URL}/ja/{page}"},
        "round": "sih-fy2008",
        "indicator": "s1a",
        "group": "pilot",
        "period": None,
        "measure": "share",
        "item": None,
        "value": 57,
        "unit": "percent",
        "decimals": 0,
        "numerator": 98,
        "denominator": 172,
        "n_base": 172,
        "n_valid": 171,
        "origin": "printed",
        "confidentiality": "F",
        "verdict": "compatible",
        "note": {"en": "Counted.", "ja": None},
        "source": "V-4(1), p. 9",
    }


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"value": "1.10", "decimals": 2, "measure": "ratio"}, (1.1, "ratio", 2)),
        ({"value": "2372", "measure": "mean"}, (2372, "persons", 0)),
        ({"value": "17", "measure": "usable"}, (17, "institutions", 0)),
        ({"value": None, "measure": "total"}, (None, "persons", 0)),
        ({"value": None, "measure": "total", "confidentiality": "C"}, (None, "persons", 0)),
    ],
)
def test_value_is_a_number_with_what_it_counts(client: Client, fields: dict[str, Any], told: tuple[Any, ...]) -> None:
    figure = public_figure(indicator__unit="persons", **fields)

    body = client.get(f"{API}figures/{figure.public_id}/").json()

    assert (body["value"], body["unit"], body["decimals"]) == told
    assert type(body["value"]) is type(told[0])
    assert (body["verdict"], body["confidentiality"]) == (None, fields.get("confidentiality", "F"))


def test_round_has_the_promised_fields(client: Client, settings: Any) -> None:
    figure = public_figure(indicator__code="t4")
    survey_round = figure.release.round
    survey_round.publication = PublicationFactory(slug="final-report-summary")
    survey_round.save()
    CaveatFactory(round=survey_round, number=1).indicators.add(figure.indicator)

    assert client.get(f"{API}rounds/sih-fy2008/").json() == {
        "code": "sih-fy2008",
        "url": {language: f"{settings.SITE_URL}/{language}/survey/sih-fy2008/" for language in ("en", "ja")},
        "title": {"en": "The survey of 2008", "ja": "2008年度調査"},
        "years": [2005, 2008],
        "purpose": EMPTY,
        "selection": EMPTY,
        "publication": "final-report-summary",
        "state": "published",
        "release": {"number": 1, "published_at": "2026-04-01T12:00:00+09:00"},
        "caveats": [
            {
                "number": 1,
                "title": {"en": "Something does not fit", "ja": "一致しない数値がある"},
                "text": {"en": "One number contradicts another.", "ja": "ある数値が別の数値と矛盾している。"},
                "indicators": ["t4"],
                "provenance": {**SUMMARY, "locator": "V, p. 10"},
            }
        ],
        "provenance": SUMMARY,
    }


def test_indicator_has_the_promised_fields(client: Client, settings: Any) -> None:
    themes = [ThemeFactory(number=number) for number in (8, 4)]
    indicator = IndicatorFactory(code="q4", themes=themes, survey_item=4, definition_en="Which areas.")
    ItemFactory(indicator=indicator, code="funding", label_en="Money", label_ja="")
    public_figure("sih-fy2008", indicator=indicator)
    newest = public_figure("sih-fy2012", indicator=indicator, item="funding")
    FigureFactory(release=newest.release, indicator=indicator)
    newest.release.round.last_year = 2012
    newest.release.round.save()

    assert client.get(f"{API}indicators/q4/").json() == {
        "code": "q4",
        "url": {language: f"{settings.SITE_URL}/{language}/survey/sih-fy2012/q4/" for language in ("en", "ja")},
        "title": {"en": "A headquarters", "ja": "本部の設置"},
        "definition": {"en": "Which areas.", "ja": None},
        "base": EMPTY,
        "formula": EMPTY,
        **dict.fromkeys(("computed_definition", "computed_base", "computed_formula"), EMPTY),
        "unit": "percent",
        "survey_item": 4,
        "themes": [4, 8],
        "rounds": ["sih-fy2012", "sih-fy2008"],
        "series": [{"round": "sih-fy2008", "breaks": None}, {"round": "sih-fy2012", "breaks": "unknown"}],
        "items": [{"code": "funding", "label": {"en": "Money", "ja": None}}],
        "provenance": {**SUMMARY, "locator": "V-4(1), p. 9"},
    }


@pytest.mark.parametrize("kind", HIDDEN)
@pytest.mark.parametrize("name", LISTS)
def test_hidden_release_is_in_no_list_and_no_file(client: Client, kind: str, name: str) -> None:
    public_figure()
    hidden_figure(kind)
    forms = ("json", "csv", "jsonl", "json-stat") if name == "figures" else ("json", "csv", "jsonl")

    text = texts(client, name, forms)

    assert [secret for secret in SECRETS if secret in text] == []
    assert len(client.get(f"{API}{name}/").json()["results"]) == 1


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_release_has_no_address(client: Client, kind: str) -> None:
    hidden = hidden_figure(kind)
    paths = ["rounds/secret-round/", "indicators/secret-indicator/", f"figures/{hidden.public_id}/"]

    assert [client.get(f"{API}{path}").status_code for path in paths] == [404, 404, 404]


def test_public_round_keeps_its_next_release_to_itself(client: Client) -> None:
    figure = public_figure(indicator__code="s1a")
    caveat = CaveatFactory(round=figure.release.round)
    hidden = hidden_beside(figure, period="1999")
    unpublished = IndicatorFactory(code="secret-indicator")
    FigureFactory(release=hidden.release, indicator=unpublished, item="secret-item", value=123456)
    caveat.indicators.add(figure.indicator, unpublished)

    text = "".join(texts(client, name, ("json", "csv", "jsonl")) for name in LISTS) + texts(
        client, "figures", ("json-stat",)
    )

    assert [secret for secret in SECRETS if secret in text] == []
    assert client.get(f"{API}rounds/sih-fy2008/").json()["release"]["number"] == 1
    assert client.get(f"{API}figures/{hidden.public_id}/").status_code == 404


def test_every_figure_stands_at_its_id(client: Client, loaded_source: None) -> None:
    listed: list[dict[str, Any]] = []
    page = f"{API}figures/?page_size=100"
    while page:
        body = client.get(page).json()
        listed, page = [*listed, *body["results"]], body["next"]

    assert len(listed) == Figure.objects.count()
    assert [row for row in listed if client.get(f"{API}figures/{row['id']}/").json() != row] == []


HOSTILE = (
    *("sih-fy2008", "sih-fy2008:s1a", "sih-fy2008:s1a:pilot", "sih-fy2008:s1a:pilot:", ":s1a:pilot:share"),
    *("sih-fy2008:s1a:pilot:share:", "sih-fy2008:s1a:pilot:share::", "sih-fy2008:s1a:pilot:share:::x"),
    *("sih-fy2008:s1a:pilot:share:2005:x:y", "sih-fy2008:s1a:pilot:SHARE", "sih-fy2008::pilot:share"),
    *("sih-fy2008:s1a:pilot:share%00", "sih-fy2008:s1a:pilot:%E5%89%B2%E5%90%88", "%00", "%ff:a:b:c", "a:b:c:d%0a"),
    *("a" * 5000, ":" * 5000, "a:" * 2000 + "a", "sih-fy2008:s1a:pilot:share:" + "9" * 5000, "%F0%9F%98%80:a:b:c"),
    *("'", "a:b:c:' OR 1=1", "..%2f..", "sih-fy2008:s1a:pilot:share/x"),
)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("public_id", HOSTILE)
def test_odd_id_is_no_address(client: Client, name: str, public_id: str) -> None:
    public_figure(indicator__code="s1a")

    response = client.get(f"{API}{name}/{public_id}/")

    found = (name, public_id) == ("rounds", "sih-fy2008")
    assert (response.status_code, response.headers["Content-Type"]) == (200 if found else 404, "application/json")


def test_answers_change_with_a_new_release(
    client: Client, loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{API}figures/?indicator=s3&group=other"
    before = client.get(address)
    change_figures(tmp_path, monkeypatch, '["share", "", "75", "30"]', '["share", "", "75", "31"]')
    assert client.get(address, headers={"if-none-match": before.headers["ETag"]}).status_code == 304

    importing.apply_release(importing.plan_release(), at=timezone.now(), progress=lambda _line: None)
    DataVersion.objects.bump()
    after = client.get(address, headers={"if-none-match": before.headers["ETag"]})

    assert [answer.json()["results"][0]["value"] for answer in (before, after)] == [30, 31]
    assert before.headers["ETag"] != after.headers["ETag"]
    assert client.get(f"{API}rounds/sih-fy2008/").json()["release"]["number"] == 2


def test_release_without_figures_is_a_round_without_indicators(client: Client) -> None:
    release: Release = ReleaseFactory(round__code="sih-fy2008")

    assert client.get(f"{API}rounds/{release.round.code}/").json()["caveats"] == []
    assert [client.get(f"{API}{name}/").json()["count"] for name in LISTS] == [1, 0, 0]


@pytest.mark.parametrize("name", ["survey/rounds", "survey/indicators", "practices"])
def test_only_figures_come_as_json_stat(client: Client, name: str) -> None:
    response = client.get(f"/api/v1/{name}/?format=json-stat")

    assert response.status_code == 400
    assert "json-stat" not in response.json()["errors"][0]["allowed"]


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/json;q=0.9, text/html"])
def test_plain_json_stays_what_accept_asks_for(client: Client, accept: str) -> None:
    public_figure()

    body = json.loads(client.get(f"{API}figures/", headers={"accept": accept}).content)

    assert list(body) == ["count", "next", "previous", "results"]
