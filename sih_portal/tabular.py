"""Rows out as CSV: a table of columns, written as it is read, in cells that no spreadsheet takes for formulas."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from django.utils import timezone

CONTENT_TYPE: Final = "text/csv; charset=utf-8"
# Without the mark, Excel on a Japanese desk reads UTF-8 as Shift_JIS.
BYTE_ORDER_MARK: Final = "\ufeff"
# What a spreadsheet may take for the beginning of a formula, also behind blanks and quotation marks.
# The full-width signs count because input methods and some spreadsheets turn them into the plain ones.
FORMULA: Final = re.compile(r"""["'\s]*[=+\-@＝＋－＠\t\r]""")


@dataclass(frozen=True)
class Column:
    """A named column, and how its cell is read from a row."""

    name: str
    cell: Callable[[Any], object]


Columns = Sequence[Column]


def plain_columns(*names: str) -> Columns:
    """Columns that hold what the attribute of their name holds."""
    return [Column(name, attrgetter(name)) for name in names]


def text_columns(stem: str, read: Callable[[Any], Any] = lambda row: row, name: str = "") -> Columns:
    """The two columns of a bilingual text of what `read` gives; empty where it gives None."""

    def column(language: str) -> Column:
        return Column(f"{name or stem}_{language}", lambda row: getattr(read(row), f"{stem}_{language}", ""))

    return [column("en"), column("ja")]


class _Echo:
    """The file that `csv.writer` wants; what is written comes back at once."""

    def write(self, line: str) -> str:
        return line


def safe(text: str) -> str:
    """The text with `'` before it where a spreadsheet might run it; taking that `'` away restores the text."""
    return f"'{text}" if FORMULA.match(text) else text


def csv_lines(columns: Columns, rows: Iterable[object]) -> Iterator[bytes]:
    """The header and one line per row, each as soon as its row is there."""
    writer = csv.writer(_Echo())
    yield (BYTE_ORDER_MARK + writer.writerow([column.name for column in columns])).encode()
    for row in rows:
        line: str = writer.writerow([_written(column.cell(row)) for column in columns])
        yield line.encode()


def numbered(lines: Iterable[tuple[int, str]]) -> str:
    """Parts as lines of one cell, each with its number; a part without text has no line."""
    return "\n".join(f"{number}. {text}" for number, text in lines if text)


def listed(values: Iterable[object]) -> str:
    """Codes as one cell. Slugs and numbers hold no semicolon."""
    return "; ".join(map(str, values))


def _written(value: object) -> str:
    """Days and moments as ISO 8601, truth as `true` and `false`, nothing as an empty cell, decimals as they stand."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return str(value)
        case datetime():
            return timezone.localtime(value).isoformat()
        case date():
            return value.isoformat()
        case _:
            return safe(str(value))
