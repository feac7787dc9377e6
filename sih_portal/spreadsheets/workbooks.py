"""Excel workbooks: from the archive over its list of sheets to the cells of each."""

from typing import Final

from django.utils.translation import gettext as _

from sih_portal.spreadsheets.archive import Archive, damaged, suspicious
from sih_portal.spreadsheets.book import LONGEST_SHEET_NAME, UNREADABLE, Book, Filling, Refused, Sheet
from sih_portal.spreadsheets.cells import Context, SheetReader, uncovered
from sih_portal.spreadsheets.markup import Budget, Reader, check_beginning, parse
from sih_portal.spreadsheets.parts import Relations, SharedStrings, SheetEntry, Styles, Workbook

CONTENT_TYPES: Final = "[Content_Types].xml"
# A workbook of binary records: the same archive, other parts.
BINARY: Final = ".bin"


def read(content: bytes) -> Book:
    """:raises Refused: when it is no workbook of Excel's usual format, is damaged, or is made to harm."""
    opened = _Opened(content)
    return Book([opened.sheet(entry, path) for entry, path in opened.listed()])


class _Opened:
    """A workbook while it is read."""

    def __init__(self, content: bytes) -> None:
        self.archive = Archive(content)
        if CONTENT_TYPES not in self.archive:
            raise _no_workbook()
        self._check_beginnings()
        self.budget = Budget()
        main = self._relations("").target("officeDocument")
        if main is None or main.endswith(BINARY):
            raise _no_workbook()
        self.workbook = Workbook()
        self._parse(main, self.workbook)
        if not self.workbook.is_workbook:
            raise _no_workbook()
        self.relations = self._relations(main)
        self.context = Context(Filling(), self._strings(), self._styles(), self.workbook.is_1904)

    def listed(self) -> list[tuple[SheetEntry, str]]:
        """The sheets with cells, and where they are; charts have sheets of their own, without cells.

        :raises Refused: when a sheet is not in the file, two are the same, or a name is none.
        """
        listed = []
        for entry in self.workbook.sheets:
            relation = self.relations.by_id.get(entry.relation)
            if relation is None:
                raise damaged()
            if relation.kind == "worksheet":
                listed.append((entry, relation.target))
        names = {entry.name.casefold() for entry, _path in listed}
        if len(names) < len(listed) or len({path for _entry, path in listed}) < len(listed):
            raise suspicious()
        if any(len(name) > LONGEST_SHEET_NAME or UNREADABLE.search(name) for name in names):
            raise suspicious()
        return listed

    def sheet(self, entry: SheetEntry, path: str) -> Sheet:
        reader = SheetReader(self.context)
        self._parse(path, reader)
        rows = uncovered(reader.rows, reader.merged, self.context.filling)
        return Sheet(entry.name, rows, entry.is_hidden, reader.hidden_columns())

    def _strings(self) -> list[str]:
        strings = SharedStrings()
        if path := self.relations.target("sharedStrings"):
            self._parse(path, strings)
        return strings.texts

    def _styles(self) -> Styles:
        styles = Styles()
        if path := self.relations.target("styles"):
            self._parse(path, styles)
        return styles

    def _relations(self, part: str) -> Relations:
        """The relations of a part, or of the whole file; they stand beside it in a folder `_rels`."""
        folder, _slash, name = part.rpartition("/")
        relations = Relations(folder)
        path = f"{folder}/_rels/{name}.rels".lstrip("/")
        if path not in self.archive:
            raise damaged()
        self._parse(path, relations)
        return relations

    def _parse(self, path: str, reader: Reader) -> None:
        parse(self.archive.chunks(path), reader, self.budget)

    def _check_beginnings(self) -> None:
        """Also of parts that we do not read: others may open what is kept."""
        for name in self.archive.names():
            if name.casefold().endswith((".xml", ".rels", ".vml")):
                check_beginning(self.archive.chunks(name))


def _no_workbook() -> Refused:
    return Refused(_("This is no Excel workbook (.xlsx). Save the table as .xlsx and upload that."))
