"""The parts of a workbook beside its sheets: which sheets there are, their styles, and the texts they share."""

import posixpath
import re
from dataclasses import dataclass
from typing import Final

from sih_portal.spreadsheets.archive import too_large
from sih_portal.spreadsheets.book import MOST_CELLS, MOST_CHARACTERS, MOST_SHEETS
from sih_portal.spreadsheets.markup import Attributes, Reader
from sih_portal.spreadsheets.numbers import BUILT_IN, Kind, kind_of

MOST_STYLES: Final = 65_536
MOST_FORMATS: Final = 5_000  # Excel allows some 250
MOST_RELATIONS: Final = 1_000
TRUE: Final = ("1", "true", "on")
# ECMA-376 22.9.2.19: any UTF-16 unit, also the underscore that would begin an escape.
ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
SURROGATE: Final = re.compile("[\ud800-\udfff]")


def unescaped(text: str) -> str:
    """The text that `_x0041_` stands for in: two halves of a letter become one, a lone half stays."""
    if "_x" not in text:
        return text
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if SURROGATE.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


@dataclass(frozen=True)
class Relation:
    """What a part points to; `kind` is the last word of its type, alike in the strict and the usual format."""

    kind: str
    target: str


class Relations(Reader):
    """The relations of a part by id. Those that lead out of the file are left out."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.opened = {"Relationship": self._add}
        self.folder = folder
        self.by_id: dict[str, Relation] = {}

    def target(self, kind: str) -> str | None:
        return next((relation.target for relation in self.by_id.values() if relation.kind == kind), None)

    def _add(self, attributes: Attributes) -> None:
        if attributes.get("TargetMode", "").casefold() == "external":
            return
        if len(self.by_id) == MOST_RELATIONS:
            raise too_large()
        kind = attributes.get("Type", "").rpartition("/")[2]
        path = posixpath.join("/", self.folder, attributes.get("Target", ""))
        self.by_id[attributes.get("Id", "")] = Relation(kind, posixpath.normpath(path).lstrip("/"))


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    is_hidden: bool


class Workbook(Reader):
    """The list of sheets, and from when days are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = {"workbook": self._see, "workbookPr": self._set_up, "sheet": self._add}
        self.is_workbook = False
        self.is_1904 = False
        self.sheets: list[SheetEntry] = []

    def _see(self, _attributes: Attributes) -> None:
        self.is_workbook = True

    def _set_up(self, attributes: Attributes) -> None:
        self.is_1904 = attributes.get("date1904") in TRUE

    def _add(self, attributes: Attributes) -> None:
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        is_hidden = attributes.get("state", "visible") != "visible"
        self.sheets.append(SheetEntry(attributes.get("name", ""), relation, is_hidden))
        if len(self.sheets) > MOST_SHEETS:
            raise too_large()


@dataclass(frozen=True)
class Style:
    """What the style of a cell says about its content: a quote prefix marks a text that looks like a formula."""

    kind: Kind = Kind.NUMBER
    has_quote_prefix: bool = False


PLAIN: Final = Style()


class Styles(Reader):
    """The styles of cells, by number."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = {"numFmt": self._add_format, "cellXfs": self._begin, "xf": self._add}
        self.closed = {"cellXfs": self._end}
        self._styles: list[Style] = []
        self._kinds: dict[str, Kind] = {}
        self._is_within = False

    def style(self, number: str) -> Style:
        index = int(number) if number.isdecimal() and len(number) <= 6 else len(self._styles)
        return self._styles[index] if index < len(self._styles) else PLAIN

    def _add_format(self, attributes: Attributes) -> None:
        self._kinds[attributes.get("numFmtId", "")] = kind_of(attributes.get("formatCode", ""))
        if len(self._kinds) > MOST_FORMATS:
            raise too_large()

    def _begin(self, _attributes: Attributes) -> None:
        self._is_within = True

    def _end(self) -> None:
        self._is_within = False

    def _add(self, attributes: Attributes) -> None:
        if self._is_within:
            self._styles.append(self._style(attributes))
        if len(self._styles) > MOST_STYLES:
            raise too_large()

    def _style(self, attributes: Attributes) -> Style:
        number = attributes.get("numFmtId", "0")
        built_in = BUILT_IN.get(int(number), Kind.NUMBER) if number.isdecimal() and len(number) <= 6 else Kind.NUMBER
        return Style(self._kinds.get(number, built_in), attributes.get("quotePrefix") in TRUE)


class SharedStrings(Reader):
    """The texts that cells share, without the readings (furigana) that Japanese Excel keeps beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = {"rPh": self._begin_reading, "t": self._begin}
        self.closed = {"rPh": self._end_reading, "t": self._end, "si": self._add}
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._is_within = False
        self._readings = 0
        self._characters = 0

    def text(self, data: str) -> None:
        if self._is_within:
            self._pieces.append(data)
            self._characters += len(data)
            if self._characters > MOST_CHARACTERS:
                raise too_large()

    def _begin(self, _attributes: Attributes) -> None:
        self._is_within = not self._readings

    def _end(self) -> None:
        self._is_within = False

    def _begin_reading(self, _attributes: Attributes) -> None:
        self._readings += 1

    def _end_reading(self) -> None:
        self._readings -= 1

    def _add(self) -> None:
        self.texts.append(unescaped("".join(self._pieces)))
        self._pieces = []
        if len(self.texts) > MOST_CELLS:
            raise too_large()
