"""What no page of the survey may leave out: bases, formulas, places in the source, files, N and verdicts."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from io import BytesIO, StringIO
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.text import capfirst
from django.utils.translation import gettext, override
from openpyxl import load_workbook

from practices.models import Theme
from sih_portal.language import LANGUAGES
from survey.importing import PILOTS
from survey.models import Figure, Indicator, Verdict

pytestmark = pytest.mark.django_db
ROUND: Final = "survey/sih-fy2008/"
CHOSEN: Final = {
    "en": "Institutions were chosen and not sampled, so there are no margins of error",
    "ja": "調査対象は無作為抽出ではなく選定された機関であるため",
}
PRINTED: Final = {"en": "printed in the source", "ja": "報告書掲載値"}
NO_N: Final = {"en": "N is not printed", "ja": "Nの記載なし"}
# No number of theirs is printed: there is nothing to draw, to count in a unit or to say N of.
WITHOUT_NUMBERS: Final = {"q4", "q6"}
# Its numbers are printed, but which bar each belongs to is lost: its panel says so instead.
PLACES_LOST: Final = {"c7"}
UNCHECKED: Final = {"en": "nothing printed to check it against", "ja": "検算できる数値の記載なし"}
EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def part_of(client: Client, path: str, start: str, end: str) -> ET.Element:
    """An element of a page: our markup is XML but for the names of characters."""
    html = client.get(path).content.decode()
    first = html.index(start)
    part = html[first : html.index(end, first) + len(end)]
    return ET.fromstring(re.sub(r"&(?!amp;|lt;|gt;|#)\w+;", " ", part))


def main_of(client: Client, path: str) -> ET.Element:
    return part_of(client, path, "<main", "</main>")


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def of_class(main: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in main.iter() if name in element.get("class", "").split()]


def links(element: ET.Element) -> list[str]:
    return [link.attrib["href"] for link in element.iter("a")]


def facts(main: ET.Element) -> dict[str, str]:
    [facts_] = of_class(main, "facts")
    return {words(term): words(told) for term, told in zip(facts_.iter("dt"), facts_.iter("dd"), strict=True)}


def codes() -> list[str]:
    found = list(Indicator.objects.public().in_order().values_list("code", flat=True))
    assert len(found) == 17
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_indicator_tells_base_formula_unit_and_place(language: str, client: Client, loaded_source: None) -> None:
    missing = {}
    for code in codes():
        indicator = Indicator.objects.get(code=code)
        told = facts(main_of(client, f"/{language}/{ROUND}{code}/"))
        with override(language):
            expected = {
                gettext("Base"): getattr(indicator, f"base_{language}"),
                gettext("Formula"): getattr(indicator, f"formula_{language}"),
                gettext("Place in the source"): indicator.locator,
            }
            if code not in WITHOUT_NUMBERS:
                expected[gettext("Unit")] = capfirst(indicator.get_unit_display())
        if wrong := {term: told.get(term) for term, text in expected.items() if not text or told.get(term) != text}:
            missing[code] = wrong

    assert missing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_that_institutions_were_chosen(language: str, client: Client, loaded_source: None) -> None:
    paths = ["", *(f"{code}/" for code in codes())]
    notices = {path: of_class(main_of(client, f"/{language}/{ROUND}{path}"), "notice") for path in paths}

    told = {path: [words(notice).startswith(CHOSEN[language]) for notice in found] for path, found in notices.items()}
    assert told == {path: [True] for path in paths}


@pytest.mark.parametrize("language", LANGUAGES)
def test_round_tells_step_by_step_whose_answers_count(language: str, client: Client, loaded_source: None) -> None:
    [waterfall] = of_class(main_of(client, f"/{language}/{ROUND}"), "waterfall")

    steps = [([words(number) for number in item.iter("strong")], links(item)) for item in waterfall.iter("li")]
    assert steps == [
        (["234"], []),
        (["192"], []),
        (["185"], [f"/{language}/{ROUND}t4/"]),
        (["182"], [f"/{language}/{ROUND}t6/"]),
    ]


def downloads(client: Client, path: str) -> dict[str, str]:
    """The addresses of a page's files by what they are."""
    [listed] = of_class(main_of(client, path), "downloads")
    return {parse_qs(urlsplit(link).query).get("format", ["svg"])[0]: link for link in links(listed)}


def file_at(client: Client, link: str) -> tuple[str, bytes]:
    response: Any = client.get(link)
    assert response.status_code == 200, link
    return response["Content-Type"], response.getvalue()


def rows_of_workbook(content: bytes) -> int:
    """Of its first sheet, without the names of the columns."""
    book = load_workbook(BytesIO(content))
    return len(list(book[book.sheetnames[0]].iter_rows(min_row=2)))


def rows_of_table(content: bytes) -> int:
    rows = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""))
    assert {"id", "value", "source"} <= set(rows.fieldnames or ())
    return len(list(rows))


def numbers_in(content: bytes) -> int:
    """How many numbers a JSON-stat answer has a place for or holds."""
    answer = json.loads(content)
    if answer["class"] == "collection":
        return len(answer["link"]["item"])
    assert answer["class"] == "dataset"
    return len(answer["value"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_of_a_round_hold_all_of_its_figures(language: str, client: Client, loaded_source: None) -> None:
    found = downloads(client, f"/{language}/{ROUND}")
    files = {form: file_at(client, link) for form, link in found.items()}

    assert {form: kind.partition(";")[0] for form, (kind, _content) in files.items()} == {
        "xlsx": EXCEL,
        "csv": "text/csv",
        "json-stat": "application/json",
    }
    count = Figure.objects.public().count()
    assert (rows_of_workbook(files["xlsx"][1]), rows_of_table(files["csv"][1])) == (count, count)
    assert json.loads(files["json-stat"][1])["class"] == "collection"
    assert numbers_in(files["json-stat"][1]) == len(codes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_of_an_indicator_hold_all_of_its_figures(language: str, client: Client, loaded_source: None) -> None:
    for code in codes():
        found = downloads(client, f"/{language}/{ROUND}{code}/")
        files = {form: file_at(client, link)[1] for form, link in found.items() if form != "svg"}
        count = Figure.objects.public().filter(indicator__code=code).count()

        assert set(files) == {"xlsx", "csv", "json-stat"}
        assert (rows_of_workbook(files["xlsx"]), rows_of_table(files["csv"])) == (count, count)
        assert json.loads(files["json-stat"])["class"] == "dataset", code
        assert numbers_in(files["json-stat"]) > 0 or code in WITHOUT_NUMBERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_with_numbers_has_its_chart_as_a_file(
    language: str, client: Client, loaded_source: None
) -> None:
    for code in codes():
        link = downloads(client, f"/{language}/{ROUND}{code}/").get("svg")
        assert (link is None) == (code in WITHOUT_NUMBERS)
        if link:
            kind, content = file_at(client, link)
            drawing = ET.fromstring(content)
            assert (kind, drawing.tag) == ("image/svg+xml", "{http://www.w3.org/2000/svg}svg")
            assert any(words(text) for text in drawing.iter("{http://www.w3.org/2000/svg}text"))


def facts_in_panel(client: Client, language: str, number: int) -> dict[str, tuple[str, str]]:
    """What stands below each figure of a theme's panel, and its verdict, by the indicator's code."""
    with override(language):
        path = Theme.objects.get(number=number).get_absolute_url()
    told = {}
    panel = part_of(client, path, '<section class="evidence"', "</section>")
    for figure in of_class(panel, "evidence-figure"):
        [below], [badge] = of_class(figure, "result-facts"), of_class(figure, "badge")
        told[links(figure)[0].rstrip("/").rpartition("/")[2]] = (words(below), words(badge))
    return told


def usable(code: str) -> list[str]:
    """The printed N of all, of the pilots and of the others."""
    told = Figure.objects.public().filter(indicator__code=code, measure="usable")
    return [str(figure.printed) for figure in told.order_by("group__position")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [1, 4, 7, 8, 9])
def test_figure_in_a_panel_says_n_and_where_it_is_from(
    number: int, language: str, client: Client, loaded_source: None
) -> None:
    told = facts_in_panel(client, language, number)
    bearing = Indicator.objects.filter(themes__number=number)

    assert set(told) == set(bearing.values_list("code", flat=True)) > set()
    for code in set(told) - WITHOUT_NUMBERS - PLACES_LOST:
        below, _verdict = told[code]
        assert re.findall(r"N[=＝](\d+)", below) == usable(code), code
        assert (NO_N[language] in below) == (not usable(code)), code
        assert PRINTED[language] in below, code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [1, 4, 7, 8, 9])
def test_figure_in_a_panel_has_its_verdict(number: int, language: str, client: Client, loaded_source: None) -> None:
    with override(language):
        labels = {value: str(label) for value, label in Verdict.choices}
    for code, (_below, badge) in facts_in_panel(client, language, number).items():
        stored = set(Figure.objects.public().filter(indicator__code=code).values_list("verdict", flat=True)) - {""}
        assert badge in {labels[verdict] for verdict in stored} or (not stored and badge == UNCHECKED[language]), code


@pytest.mark.parametrize("code", ["t4", "t6"])
def test_tables_are_about_all_that_answered_and_all_pilots(code: str, loaded_source: None) -> None:
    answered = Figure.objects.public().get(indicator__code="r0", group__code="all", measure="answered").value
    bases = Figure.objects.public().filter(indicator__code=code).values_list("group__code", "n_base")

    assert set(bases) == {("all", answered), ("pilot", PILOTS), ("other", None)}
