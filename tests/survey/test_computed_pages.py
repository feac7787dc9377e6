"""A computed round stands on the same pages and in the same files as the printed one, what is withheld as x."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from survey import releasing
from survey.models import Release, Round
from tests.factories.staff import StaffFactory
from tests.factories.survey import IndicatorFactory
from tests.survey.crowds import crowded_round
from tests.survey.test_releasing import groups, indicators, revealing_round
from tests.test_query_counts import cost

pytestmark = pytest.mark.django_db
PAGES = (
    *("/ja/survey/{code}/", "/en/survey/{code}/", "/ja/survey/{code}/t4/", "/ja/survey/{code}/s1a/"),
    "/ja/survey/{code}/t4/chart.svg",
    *(f"/api/v1/survey/figures/?round={{code}}&page_size=100{more}" for more in ("", "&format=csv", "&format=xlsx")),
    "/api/v1/survey/rounds/{code}/",
)
__all__ = ["groups", "indicators"]
SOURCE = {"ja": "出典", "en": "Source"}


@pytest.fixture
def published() -> Round:
    frame = IndicatorFactory(code="r0", unit="institutions")
    for measure, decimals in (("asked", 0), ("answered", 0), ("rate", 1)):
        frame.calculations.create(measure=measure, decimals=decimals)
    by: User = StaffFactory(roles=["survey_manager"])
    survey_round = revealing_round()
    survey_round.invitations.update(sent_at=timezone.now())
    releasing.publish(withheld(survey_round, by), by=by, at=timezone.now())
    return survey_round


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_show_computed_figures(published: Round, client: Client, language: str) -> None:
    top = f"/{language}/survey/{published.code}/"

    pages = {code: client.get(f"{top}{code}") for code in ("", "t4/", "s1a/", "q6/", "r0/")}

    assert {code: page.status_code for code, page in pages.items()} == dict.fromkeys(pages, 200)
    row = pages["t4/"].content.decode()
    assert 'id="pilot-total-2005"' in row
    assert ">x<" in row.replace(" ", "").replace("\n", "")


def test_rate_of_response_stands_below_its_counts(published: Round, client: Client) -> None:
    page = client.get(f"/ja/survey/{published.code}/r0/").content.decode()

    rows = re.findall(r'<th scope="row">回収率（%）</th>(.*?)</tr>', page, re.DOTALL)
    assert '100.0% <small class="n">29/29</small>' in rows[0]


@pytest.mark.parametrize(
    ("language", "computed", "printed"),
    [("ja", "29機関の回答から算出", "出典"), ("en", "Computed from the answers of 29 institutions", "source")],
)
def test_pages_of_computed_figures_speak_of_no_printed_source(
    published: Round, client: Client, language: str, computed: str, printed: str
) -> None:
    for code in ("", "t4/", "s1a/", "q6/", "r0/"):
        text = client.get(f"/{language}/survey/{published.code}/{code}").content.decode()
        content = re.sub(r"<[^>]*>", " ", text.partition("<main")[2].partition("</main>")[0])

        assert (code, computed in content) == (code, True)
        assert [line.strip() for line in content.splitlines() if printed in line.lower()] in ([], [SOURCE[language]])


def test_next_release_is_seen_at_once_by_who_kept_the_one_before(published: Round, client: Client) -> None:
    address = f"/ja/survey/{published.code}/"
    kept = client.get(address).headers["ETag"]
    by: User = StaffFactory(roles=["survey_manager"])

    releasing.publish(withheld(published, by), by=by, at=timezone.now())

    answer = client.get(address, headers={"If-None-Match": kept})
    assert (answer.status_code, "第2回公表" in answer.content.decode()) == (200, True)


def withheld(survey_round: Round, by: User) -> Release:
    release = releasing.compute(survey_round, by=by, at=timezone.now())
    releasing.withhold(release, by=by)
    return release


@pytest.mark.parametrize("form", ["json", "csv", "xlsx", "jsonl", "json-stat"])
def test_files_hold_computed_figures(published: Round, client: Client, form: str) -> None:
    answer = client.get(f"/api/v1/survey/figures/?round={published.code}&page_size=100&format={form}")

    content = answer.getvalue()
    answer.close()
    assert (answer.status_code, len(content) > 1_000) == (200, True)


def test_withheld_figure_says_so_in_the_api(published: Round, client: Client) -> None:
    query = f"round={published.code}&indicator=t4&group=pilot&page_size=100"

    rows = client.get(f"/api/v1/survey/figures/?{query}").json()["results"]

    told = {(row["measure"], row["period"] or ""): row for row in rows}
    total, usable = told["total", "2005"], told["usable", ""]
    assert (total["value"], total["numerator"], total["confidentiality"]) == (None, None, "C")
    assert (usable["value"] is None, usable["confidentiality"], usable["origin"]) == (False, "F", "computed")


def test_pages_cost_the_same_for_any_number_of_responses() -> None:
    """They read stored figures alone."""
    by: User = StaffFactory(roles=["survey_manager"])
    rounds = [crowded_round(count) for count in (40, 240)]
    for survey_round in rounds:
        releasing.publish(releasing.compute(survey_round, by=by, at=timezone.now()), by=by, at=timezone.now())

    few, many = ([cost(path.format(code=survey_round.code)) for path in PAGES] for survey_round in rounds)

    assert few == many
