"""Every figure says the same on its page, in the table, in the chart, in the files and by the API."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import pytest
from django.test import Client
from django.utils.text import capfirst
from django.utils.translation import override
from openpyxl import load_workbook

from sih_portal.language import in_language
from survey.models import Figure, IndicatorItem, Measure
from survey.results import period_label, tell

pytestmark = pytest.mark.django_db
FIGURES = "/api/v1/survey/figures/"
SVG = "{http://www.w3.org/2000/svg}"
BLANKS = re.compile(r"\s+")
# Their shares are not printed: there is nothing to draw.
CHARTLESS: Final = ("q4", "q6")
WORDS: Final = {
    "en": {
        "mean": "Average per institution",
        "total": "Totals",
        "bars": "Numbers on the bars, in rising order",
        "lost": "Which bar each belongs to is lost.",
        "n": "{} (N={})",
        "note": "{}: {}",
    },
    "ja": {
        "mean": "1機関当たりの平均",
        "total": "合計",
        "bars": "棒に付された数値（小さい順）",
        "lost": "どの棒の数値かは不明",
        "n": "{}（N＝{}）",
        "note": "{}：{}",
    },
}
# The sizes of words in a chart: what they head.
SECTION, GROUP = ("16", "700"), ("14", "700")


# Where a chart tells a figure of each measure.
IN_TOTALS: Final = {"section": "total", "group": "who", "words": "note"}
PLAIN: Final = {"bar": "who and period", "words": "value"}
PLACES: Final[dict[str, dict[str, str]]] = {
    Measure.MEAN: {"section": "mean", "group": "who and N", "bar": "period", "words": "value"},
    Measure.TOTAL: {"section": "total", "group": "who", "bar": "period", "words": "value"},
    Measure.EDUCATORS: IN_TOTALS,
    Measure.ADMIN_STAFF: IN_TOTALS,
    Measure.MINIMUM: IN_TOTALS,
    Measure.MAXIMUM: IN_TOTALS,
    Measure.RATIO: {"section": "mean", "group": "who and N", "words": "note"},
    Measure.USABLE: {"words": "who and N"},
    Measure.COUNTED: {"words": "who and N"},
    Measure.BAR: {"section": "bars", "bar": "lost", "words": "value"},
    Measure.ASKED: {"bar": "measure", "words": "value"},
}


def stored() -> list[Figure]:
    return list(Figure.objects.public().with_labels().in_order())


def words(element: ET.Element) -> str:
    return BLANKS.sub(" ", "".join(element.itertext())).strip()


def page(client: Client, language: str, indicator: str) -> ET.Element:
    """The main part of an indicator's page: our markup is XML but for the names of characters."""
    html = client.get(f"/{language}/survey/sih-fy2008/{indicator}/").content.decode()
    main = html[html.index("<main") : html.index("</main>") + len("</main>")]
    return ET.fromstring(re.sub(r"&(?!amp;|lt;|gt;|#)\w+;", " ", main))


def name(figure: Figure) -> str:
    return str(in_language(figure.group, "name"))


def table_of(main: ET.Element) -> dict[tuple[str, str], str]:
    """The cells of the table of numbers, by the words of their row and column."""
    [table] = [each for each in main.iter("table") if "ledger" not in each.attrib["class"]]
    _corner, *columns = [words(cell) for cell in table.iter("th") if cell.attrib["scope"] == "col"]
    rows = [row for row in table.iter("tr") if row.find("td") is not None]
    return {
        (words(row[0]), column): words(cell)
        for row in rows
        for column, cell in zip(columns, row.findall("td"), strict=True)
    }


def row_label(figure: Figure) -> str:
    """What the table calls the row of a figure."""
    item = IndicatorItem.objects.filter(indicator=figure.indicator, code=figure.item).first()
    label = str(in_language(item, "label")) if item else str(Measure(figure.measure).label)
    return capfirst(f"{label} {period_label(figure.period)}".strip())


class Drawn(NamedTuple):
    """Words of a chart with what they stand under; of a bar `words` is its value."""

    section: str
    group: str
    bar: str
    words: str


def drawn(drawing: ET.Element) -> Iterator[Drawn]:
    section = group = bar = ""
    for element in drawing.iter(f"{SVG}text"):
        text = words(element)
        style = element.attrib["font-size"], element.attrib.get("font-weight", "400")
        if "dx" in element.attrib:
            yield Drawn(section, group, bar, text)
        elif style == SECTION:
            section, group, bar = text, "", ""
        elif style == GROUP:
            group, bar = text, ""
            yield Drawn(section, group, bar, text)
        else:
            bar = text
            yield Drawn(section, group, bar, text)


def expected(figure: Figure, language: str) -> dict[str, str]:
    """What the chart has to write of a figure that has a number, and what that has to stand under."""
    told, who, period = WORDS[language], name(figure), period_label(figure.period)
    measure = str(Measure(figure.measure).label)
    known = {
        **told,
        "": "",
        "who": who,
        "who and N": n_of(figure, told["n"]),
        "period": period,
        "who and period": f"{who} {period}".strip(),
        "measure": measure,
        "value": tell(figure),
        "note": told["note"].format(measure, tell(figure)),
    }
    is_whole = figure.measure == Measure.ANSWERED and figure.group.code == "all"
    places = PLACES[Measure.ASKED] if is_whole else PLACES.get(figure.measure, PLAIN)
    return {column: capfirst(known[part]) for column, part in places.items()}


def n_of(figure: Figure, words_: str) -> str:
    """The group with its N; empty where no N is told."""
    numbers = [Measure.USABLE, Measure.COUNTED]
    found = Figure.objects.public().filter(indicator=figure.indicator, group=figure.group, measure__in=numbers)
    return "".join(words_.format(name(figure), tell(usable)) for usable in found.with_labels().order_by("pk"))


class Faces:
    """Everything that tells figures, read once, in one language."""

    def __init__(self, client: Client, language: str, codes: Iterable[str]) -> None:
        self.language = language
        self.pages = {code: page(client, language, code) for code in codes}
        self.tables = {code: table_of(main) for code, main in self.pages.items()}
        self.charts = {code: list(drawn(chart_file(client, language, code))) for code in codes if code not in CHARTLESS}
        rows = csv.DictReader(io.StringIO(download(client, "csv").decode("utf-8-sig")))
        self.csv = {row["id"]: row["value"] for row in rows}
        self.api = dict(of_api(client))

    def told(self, figure: Figure) -> dict[str, object]:
        main = self.pages[figure.indicator.code]
        [place] = [each for each in main.iter() if each.attrib.get("id") == figure.anchor]
        return {
            "page": words(place),
            "table": self.cell(figure),
            "chart": self.is_drawn(figure),
            "csv": self.csv[figure.public_id],
            "api": self.api[figure.public_id],
        }

    def cell(self, figure: Figure) -> str:
        """The number in the table, or in the line of those whose bars are lost."""
        code = figure.indicator.code
        if figure.measure != Measure.BAR:
            return self.tables[code][row_label(figure), name(figure)]
        [line] = [words(each) for each in self.pages[code].iter("p") if words(each).endswith("93")]
        numbers = re.findall(r"\d+", line)
        assert len(numbers) == 20
        return numbers[int(figure.item.removeprefix("number-")) - 1]

    def is_drawn(self, figure: Figure) -> bool:
        wanted = expected(figure, self.language).items()
        return any(wanted <= each._asdict().items() for each in self.charts.get(figure.indicator.code, []))


def as_stored(figure: Figure) -> dict[str, object]:
    number = figure.printed
    return {
        "page": tell(figure),
        "table": tell(figure),
        "chart": number is not None,
        "csv": "" if number is None else str(number),
        "api": None if number is None else float(number),
    }


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_figure_says_the_same_on_page_table_chart_csv_and_api(
    client: Client, loaded_source: None, language: str
) -> None:
    figures = stored()

    faces = Faces(client, language, {figure.indicator.code for figure in figures})
    with override(language):
        told = {str(figure): faces.told(figure) for figure in figures}
        wanted = {str(figure): as_stored(figure) for figure in figures}
    assert {key: (told[key], wanted[key]) for key in wanted if told[key] != wanted[key]} == {}
    assert len(wanted) == 128


def chart_file(client: Client, language: str, code: str) -> ET.Element:
    return ET.fromstring(client.get(f"/{language}/survey/sih-fy2008/{code}/chart.svg").content)


def test_workbook_says_what_is_stored(client: Client, loaded_source: None) -> None:
    numbers = {row.public_id: None if row.printed is None else float(row.printed) for row in stored()}

    assert dict(of_workbook(download(client, "xlsx"))) == numbers


def download(client: Client, form: str) -> bytes:
    response: Any = client.get(f"{FIGURES}?format={form}")
    return b"".join(response.streaming_content)


def of_api(client: Client) -> Iterator[tuple[str, float | None]]:
    address = f"{FIGURES}?page_size=100"
    while address:
        answer = client.get(address).json()
        yield from ((row["id"], row["value"]) for row in answer["results"])
        address = answer["next"]


def of_workbook(file: bytes) -> Iterator[tuple[str, float | None]]:
    head: Any
    rows: list[Any]
    head, *rows = load_workbook(io.BytesIO(file)).worksheets[0].iter_rows(values_only=True)
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        yield cells["id"], cells["value"]
