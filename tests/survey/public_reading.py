"""What everybody reads of a round, by asking for it as anybody may: pages, drawings, API, files. Knows no table.

Every face is brought into the same statements. A face that tells a number which another withholds is a fault.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import product
from typing import Any, Final

from django.test import Client
from lxml import etree, html
from openpyxl import load_workbook

API: Final = "/api/v1/survey/figures/"
FILES: Final = ("csv", "xlsx", "jsonl", "json-stat")
LANGUAGES: Final = ("ja", "en")
COUNTS: Final = ("numerator", "denominator", "n_base", "n_valid")
DIGITS: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# Those of the round itself, not the one that sets rounds beside each other.
TABLES: Final = "//main//table[contains(@class, 'figures') and not(contains(@class, 'series'))]"
# Headings, and what drawings say in words.
WORDS: Final = "//h1 | //h3 | //*[local-name()='title' or local-name()='desc' or @class='chart-text']"
WITHHELD, UNTOLD = "x", "—"


@dataclass(frozen=True)
class Statement:
    """A figure as everybody reads it. `value` has the decimals it is told with; None where it is withheld."""

    id: str
    value: Decimal | None
    decimals: int
    numerator: int | None
    denominator: int | None
    n_base: int | None
    n_valid: int | None
    confidentiality: str

    @property
    def place(self) -> tuple[str, str, str, str, str]:
        """Indicator, group, measure, period, item."""
        _round, indicator, group, measure, *more = self.id.split(":")
        period, item = [*more, "", ""][:2]
        return indicator, group, measure, period, item

    @property
    def indicator(self) -> str:
        return self.place[0]

    @property
    def group(self) -> str:
        return self.place[1]

    @property
    def line(self) -> tuple[str, str, str]:
        """Measure, period, item: a row of its indicator's table."""
        return self.place[2:]

    @property
    def anchor(self) -> str:
        return "-".join(filter(None, self.place[1:]))

    @property
    def is_withheld(self) -> bool:
        return self.confidentiality != "F"

    @property
    def told(self) -> str:
        """As pages say it, without a sign of percent."""
        if self.value is None:
            return WITHHELD if self.is_withheld else UNTOLD
        return f"{self.value:,}"

    @property
    def fraction(self) -> str:
        """How many of how many, as pages say it beside a share and the rate of response."""
        is_share = self.line[0] in {"share", "rate"} and self.numerator is not None
        return f"{self.numerator}/{self.denominator}" if is_share else ""


class Reader:
    """Reads one round through the faces of a client. Faults are collected, so that one does not hide another."""

    def __init__(self, client: Client, code: str) -> None:
        self.client, self.code = client, code
        self.faults: list[str] = []

    def read(self, languages: Iterable[str] = LANGUAGES) -> list[Statement]:
        """Everything that is told of the round now, in the order of the API; pages in these languages."""
        statements = self._api()
        self._compare_files(statements)
        for language in languages:
            self._compare_pages(language, statements)
        return statements

    def _api(self) -> list[Statement]:
        found, address = [], f"{API}?round={self.code}&page_size=100"
        while address:
            page = json.loads(self._get(address))
            found += [_statement(row) for row in page["results"]]
            address = page["next"]
        return found

    def _get(self, address: str) -> bytes:
        """An answer read to its end. It isn't closed: that would close the connection of the test as well."""
        response: Any = self.client.get(address)
        assert response.status_code == 200, address
        return b"".join(response.streaming_content) if response.streaming else response.content

    # Files

    def _compare_files(self, statements: Sequence[Statement]) -> None:
        told = {one.id: one for one in statements}
        for name in FILES:
            rows = READERS[name](self._get(f"{API}?round={self.code}&format={name}"))
            others = {one.id: one for one in rows}
            self.faults += [f"{name}: {key}" for key in sorted({*told, *others}) if told.get(key) != others.get(key)]

    # Pages

    def _compare_pages(self, language: str, statements: Sequence[Statement]) -> None:
        rows = _records(self._get(f"{API}?round={self.code}&format=csv"))
        groups = {row["group"]: row[f"group_name_{language}"] or row["group_name_ja"] for row in rows}
        titles = " ".join({row[f"indicator_title_{language}"] for row in rows})
        top = f"/{language}/survey/{self.code}/"
        self._compare_drawings(top, statements, titles)
        for indicator in dict.fromkeys(one.indicator for one in statements):
            own = [one for one in statements if one.indicator == indicator]
            page = self._compare_drawings(f"{top}{indicator}/", own, titles)
            self._compare_places(f"{top}{indicator}/", page, own)
            self._compare_table(f"{top}{indicator}/", page, own, groups)
            if page.xpath("//main//svg[@role='img']"):
                self._compare_drawings(f"{top}{indicator}/chart.svg", own, titles)

    def _compare_places(self, address: str, page: Any, own: Sequence[Statement]) -> None:
        """Every figure has a place on the page, named as links to it name it."""
        places = {
            one.get("id"): (_value(one), _text_of_all(one.xpath("./small"))) for one in page.xpath("//main//*[@id]")
        }
        self.faults += [f"{address}#{one.anchor}" for one in own if places.get(one.anchor) != (one.told, one.fraction)]

    def _compare_table(self, address: str, page: Any, own: Sequence[Statement], groups: Mapping[str, str]) -> None:
        """Each group has a column in one of the tables, and its table a row for each line of one of its groups."""
        cells = {(one.line, groups[one.group]): one.told for one in own}
        lines, seen = list(dict.fromkeys(one.line for one in own)), list[str]()
        for table in page.xpath(TABLES):
            heads = [_text(head) for head in table.xpath("./thead/tr/th")][1:]
            told = [line for line in lines if any((line, head) in cells for head in heads)]
            expected = [[cells.get((line, head), UNTOLD) for head in heads] for line in told]
            found = [[_value(cell) for cell in row.xpath("./td")] for row in table.xpath("./tbody/tr")]
            if expected != found:
                self.faults.append(f"{address} table {len(seen)}")
            seen += heads
        if sorted(seen) != sorted({head for _line, head in cells}):
            self.faults.append(f"{address} columns")

    def _compare_drawings(self, address: str, own: Sequence[Statement], titles: str) -> Any:
        """Neither headings nor the words and lengths of a drawing say a number that no statement tells."""
        content = self._get(address)
        page: Any = etree.fromstring(content) if address.endswith(".svg") else html.fromstring(content.decode())
        said = set(DIGITS.findall(" ".join(_text(part) for part in page.xpath(WORDS))))
        told = {*_numbers_of(own), *DIGITS.findall(f"{self.code} {titles}")}
        self.faults += [f"{address} says {number}" for number in sorted(said - told)]
        drawn = {one.get("width") for one in page.xpath("//*[local-name()='rect'][contains(@width, '.')]")}
        self.faults += [f"{address} draws {width}" for width in sorted(drawn - _lengths_of(own))]
        return page


def _statement(row: Mapping[str, Any]) -> Statement:
    """From the API's JSON."""
    decimals = row["decimals"]
    value = None if row["value"] is None else Decimal(str(row["value"])).quantize(Decimal(1).scaleb(-decimals))
    counts = {name: row[name] for name in COUNTS}
    return Statement(row["id"], value, decimals, **counts, confidentiality=row["confidentiality"])


def _flat(row: Mapping[str, Any]) -> Statement:
    """From a row of a table, whose cells are texts or numbers."""
    counts = {name: None if row[name] in {"", None} else int(row[name]) for name in COUNTS}
    decimals = int(row["decimals"])
    value = None if row["value"] in {"", None} else Decimal(str(row["value"])).quantize(Decimal(1).scaleb(-decimals))
    return Statement(row["id"], value, decimals, **counts, confidentiality=row["confidentiality"])


def _records(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def _of_csv(content: bytes) -> list[Statement]:
    return [_flat(row) for row in _records(content)]


def _of_xlsx(content: bytes) -> list[Statement]:
    """The sheet whose first column is the id."""
    found: list[Statement] = []
    for sheet in load_workbook(BytesIO(content), data_only=True).worksheets:
        rows: list[tuple[Any, ...]] = list(sheet.iter_rows(values_only=True))
        head = rows.pop(0)
        if head[0] == "id":
            found += [_flat(dict(zip(head, row, strict=True))) for row in rows]
    return found


def _of_jsonl(content: bytes) -> list[Statement]:
    return [_statement(json.loads(line)) for line in content.decode().splitlines()]


def _of_cubes(content: bytes) -> list[Statement]:
    """JSON-stat: what stands beside a value says whose it is, and its place in the cube says the same."""
    whole = json.loads(content)
    cubes = whole["link"]["item"] if whole["class"] == "collection" else [whole]
    return [one for cube in cubes for one in _of_cube(cube)]


def _of_cube(cube: Mapping[str, Any]) -> Iterator[Statement]:
    values = cube["value"]
    values = values if isinstance(values, dict) else {str(place): value for place, value in enumerate(values)}
    codes = list(product(*(cube["dimension"][name]["category"]["index"] for name in cube["id"])))
    beside: dict[str, Any] = cube["extension"]["figure"]
    for place, value in values.items():
        assert value is None or place in beside, f"{cube['label']}: a value without a figure at {place}"
    for place, more in beside.items():
        one = _statement({**more, "value": values.get(place)})
        named = dict(zip(cube["id"], codes[int(place)], strict=True))
        in_cube = tuple(named.get(name, "_Z").replace("_Z", "") for name in ("group", "measure", "period", "item"))
        assert in_cube == one.place[1:]
        yield one


READERS: Final = {"csv": _of_csv, "xlsx": _of_xlsx, "jsonl": _of_jsonl, "json-stat": _of_cubes}


def _value(element: Any) -> str:
    """What a cell tells, without the sign of percent and without what stands small beside it."""
    return _text(element).partition(" ")[0].rstrip("%")


def _text_of_all(elements: Iterable[Any]) -> str:
    return " ".join(map(_text, elements))


def _text(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _numbers_of(own: Iterable[Statement]) -> Iterator[str]:
    """Whatever statements tell: values, how many institutions, years, and what their names hold."""
    for one in own:
        yield from DIGITS.findall(" ".join((one.told, one.id.replace("-", " "))))
        yield from (f"{count:,}" for count in (one.n_base, one.n_valid) if count is not None)


def _lengths_of(own: Iterable[Statement]) -> set[str]:
    """Bars as long as a value in percent of another, or of 100; none where a value is withheld."""
    values = {one.value for one in own if one.value is not None} | {Decimal(0)}
    scales = {*(value for value in values if value), Decimal(100)}
    return {f"{(100 * value / scale).quantize(Decimal('0.01'))}%" for value, scale in product(values, scales)}
