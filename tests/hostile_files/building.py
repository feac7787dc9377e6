"""Workbooks and archives put together by hand, because no library writes what we want to see refused."""

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Expectation = Literal["refused", "read"]
Place = tuple[int, str]
Parts = dict[str, bytes]

RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET: Final = "xl/worksheets/sheet1.xml"
STRINGS: Final = "xl/sharedStrings.xml"
STYLES: Final = "xl/styles.xml"
ONE_CELL: Final = '<row r="1"><c r="A1"><v>1</v></c></row>'
LOCAL: Final = struct.Struct("<4s5H3L2H")
CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
END: Final = struct.Struct("<4s4H2LH")


@dataclass(frozen=True)
class HostileFile:
    """A file that somebody could upload, and what must become of it.

    `place` is the row and column of the first cell of a file that is read although one of its cells can't be taken.
    The content is made when it is asked for.
    """

    id: str
    name: str
    make: Callable[[], bytes]
    expect: Expectation
    place: Place | None = None

    @property
    def content(self) -> bytes:
        return self.make()

    def __str__(self) -> str:
        return self.id


def refused(label: str, make: Callable[[], bytes] | bytes, name: str = "table.xlsx") -> HostileFile:
    return HostileFile(label, name, make if callable(make) else lambda: make, "refused")


def read(
    label: str, make: Callable[[], bytes] | bytes, name: str = "table.xlsx", place: Place | None = None
) -> HostileFile:
    return HostileFile(label, name, make if callable(make) else lambda: make, "read", place)


def relation(number: int, kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"{more}/>'


def relations(*lines: str) -> bytes:
    return f"<Relationships>{''.join(lines)}</Relationships>".encode()


def sheet(rows: str = ONE_CELL, *, before: str = "", after: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def listing(*names: str, more: str = "") -> bytes:
    """The list of sheets; `more` goes into the tag of each."""
    lines = (f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"{more}/>' for n, name in enumerate(names, 1))
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{"".join(lines)}</sheets></workbook>'.encode()


def parts(changed: Mapping[str, bytes | str | None] | None = None) -> Parts:
    """A workbook with one sheet and one cell, changed part by part; None leaves a part away."""
    whole: dict[str, bytes | str | None] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(relation(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": listing("Sheet"),
        "xl/_rels/workbook.xml.rels": relations(
            relation(1, "worksheet", "worksheets/sheet1.xml"),
            relation(98, "sharedStrings", "sharedStrings.xml"),
            relation(99, "styles", "styles.xml"),
        ),
        SHEET: sheet(),
        STRINGS: "<sst><si><t>one</t></si><si><t>two</t></si></sst>",
        STYLES: "<styleSheet><cellXfs><xf/></cellXfs></styleSheet>",
        **(changed or {}),
    }
    return {name: part.encode() if isinstance(part, str) else part for name, part in whole.items() if part is not None}


def zipped(members: Mapping[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(ZipInfo(name), content, method)
    return file.getvalue()


def workbook(changed: Mapping[str, bytes | str | None] | None = None) -> bytes:
    return zipped(parts(changed))


def rows(text: str, **changed: bytes | str) -> bytes:
    """A workbook whose only sheet holds these rows; `strings` and `styles` are the parts of those names."""
    names = {"strings": STRINGS, "styles": STYLES}
    return workbook({SHEET: sheet(text), **{names[key]: part for key, part in changed.items()}})


def cell(inside: str, attributes: str = "", **changed: bytes | str) -> bytes:
    """A workbook with one cell, A1."""
    return rows(f'<row r="1"><c r="A1" {attributes}>{inside}</c></row>', **changed)


def styled(*formats: str) -> str:
    """Styles whose cells have these number formats, from style 1."""
    codes = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(formats))
    cells = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
    return f"<styleSheet><numFmts>{codes}</numFmts><cellXfs><xf/>{cells}</cellXfs></styleSheet>"


@dataclass(frozen=True)
class Member:
    """A member of an archive of which everything can be a lie. `at` shares the bytes of the member of that number."""

    name: bytes
    content: bytes = b""
    size: int | None = None
    checksum: int | None = None
    flags: int = 0
    method: int = 8
    at: int | None = None
    local_name: bytes | None = None


def forged(members: list[Member], *, count: int | None = None, comment: bytes = b"") -> bytes:
    """An archive of such members; `count` is how many its end says it has."""
    body = b""
    directory = b""
    starts: list[int] = []
    for member in members:
        packed = _packed(member)
        starts.append(len(body) if member.at is None else starts[member.at])
        if member.at is None:
            body += _local(member, packed) + packed
        directory += _central(member, len(packed), starts[-1])
    number = len(members) if count is None else count
    end = END.pack(b"PK\x05\x06", 0, 0, number, number, len(directory), len(body), len(comment))
    return body + directory + end + comment


def forged_workbook(*more: Member, replace: Member | None = None) -> bytes:
    """A workbook with members of that kind added, or in the place of the one of that name."""
    whole = [Member(name.encode(), content) for name, content in parts().items()]
    if replace:
        whole = [replace if member.name == replace.name else member for member in whole]
    return forged([*whole, *more])


def _packed(member: Member) -> bytes:
    if member.method == 0:
        return member.content
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(member.content) + packer.flush()


def _sizes(member: Member, packed: int) -> tuple[int, int, int]:
    checksum = zlib.crc32(member.content) if member.checksum is None else member.checksum
    return checksum, packed, len(member.content) if member.size is None else member.size


def _local(member: Member, packed: bytes) -> bytes:
    name = member.name if member.local_name is None else member.local_name
    sizes = _sizes(member, len(packed))
    return LOCAL.pack(b"PK\x03\x04", 20, member.flags, member.method, 0, 33, *sizes, len(name), 0) + name


def _central(member: Member, packed: int, start: int) -> bytes:
    head = (b"PK\x01\x02", 20, 20, member.flags, member.method, 0, 33, *_sizes(member, packed))
    return CENTRAL.pack(*head, len(member.name), 0, 0, 0, 0, 0, start) + member.name
