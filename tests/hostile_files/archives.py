"""Archives that are no workbooks, are broken, or unpack to more than they say."""

import io
import struct
from typing import Any, Final
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED, ZipFile

from tests.hostile_files.building import (
    CENTRAL,
    END,
    RELATIONS,
    SHEET,
    HostileFile,
    Member,
    forged,
    forged_workbook,
    parts,
    read,
    refused,
    relation,
    relations,
    workbook,
    zipped,
)

MB: Final = 1024 * 1024


def archive_files() -> list[HostileFile]:
    return [*_bombs(), *_lies(), *_names(), *_broken(), *_others(), *_fine()]


def _bombs() -> list[HostileFile]:
    return [
        refused("zip-sheet-of-100-mb", lambda: workbook({SHEET: b" " * (100 * MB)})),
        refused("zip-sheet-of-blanks", lambda: workbook({SHEET: b"<worksheet>" + b" " * (20 * MB)})),
        refused("zip-unused-bomb", lambda: workbook({"xl/media/image1.png": bytes(20 * MB)})),
        refused("zip-ten-bombs", lambda: workbook({f"xl/media/{n}.png": bytes(8 * MB) for n in range(10)})),
        refused("zip-in-zip", workbook({"xl/more.zip": zipped({"a": b"a"})})),
        refused("zip-1001-members", lambda: workbook({f"xl/media/{n}.png": b"" for n in range(1_001)})),
        refused("zip-100000-members", lambda: _many_entries(100_000)),
        refused("zip-100000-members-said-to-be-1", lambda: _many_entries(100_000, 1)),
        refused("zip-shared-bytes", _shared_bytes),
        refused("zip-overlapping-members", _overlapping),
    ]


def _lies() -> list[HostileFile]:
    big = (
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>' + b" " * 200_000 + b"</sheetData></worksheet>"
    )
    named = SHEET.encode()
    return [
        refused("zip-size-too-small", lambda: forged_workbook(replace=Member(named, big, size=100))),
        refused(
            "zip-size-too-small-with-its-checksum",
            lambda: forged_workbook(replace=Member(named, big, size=100, checksum=_checksum(big[:100]))),
        ),
        refused("zip-size-too-large", lambda: forged_workbook(replace=Member(named, big, size=200_500))),
        refused("zip-size-of-4-gb", lambda: forged_workbook(replace=Member(named, big, size=2**32 - 2))),
        refused("zip-size-of-zero", lambda: forged_workbook(replace=Member(named, big, size=0))),
        refused("zip-wrong-checksum", lambda: forged_workbook(replace=Member(named, big, checksum=1))),
        refused("zip-encrypted-member", lambda: forged_workbook(replace=Member(named, big, flags=1))),
        refused("zip-strongly-encrypted-member", lambda: forged_workbook(replace=Member(named, big, flags=0x41))),
        refused("zip-patched-member", lambda: forged_workbook(replace=Member(named, big, flags=0x20))),
        refused("zip-unknown-method", lambda: forged_workbook(replace=Member(named, big, method=99))),
        refused("zip-method-deflate-without-it", lambda: forged_workbook(replace=Member(named, b"", size=9, method=8))),
        refused(
            "zip-other-local-name", lambda: forged_workbook(replace=Member(named, big, local_name=b"xl/other.xml"))
        ),
        refused("zip-bzip2", lambda: zipped(parts(), ZIP_BZIP2)),
        refused("zip-lzma", lambda: zipped(parts(), ZIP_LZMA)),
        refused("zip-64", lambda: _zip64(workbook())),
        refused("zip-wrong-comment-length", workbook() + b"trailing"),
        refused("zip-end-within-comment", lambda: forged([Member(b"a")], comment=END.pack(b"PK\x05\x06", *[0] * 7))),
    ]


def _names() -> list[HostileFile]:
    tricks = (
        {"climbing": b"../../evil.xml", "climbing-within": b"xl/../../evil.xml", "absolute": b"/etc/cron.d/evil"}
        | {"backslash": b"..\\evil.xml", "drive": b"C:/evil.xml", "nul": b"xl/a\x00.xml", "line-end": b"xl/a\n.xml"}
        | {"dot": b"./xl/a.xml", "double-slash": b"xl//a.xml", "long": b"n" * 5_000, "archive": b"xl/a.JAR"}
        | {"duplicate": SHEET.encode(), "duplicate-case": SHEET.upper().encode(), "network": b"\\\\127.0.0.1\\a"}
    )
    return [
        *(refused(f"zip-name-{label}", forged_workbook(Member(name, b"a"))) for label, name in tricks.items()),
        refused("zip-name-no-utf-8", lambda: forged_workbook(Member(b"xl/\xff\xfe.xml", b"a", flags=0x800))),
        refused("zip-all-directories-up", lambda: forged_workbook(Member(b"../", b""))),
    ]


def _broken() -> list[HostileFile]:
    whole = workbook()
    cuts = (4, 30, len(whole) // 4, len(whole) // 2, 3 * len(whole) // 4, len(whole) - 22, len(whole) - 1)
    # The sheet's name and packed bytes; in the directory its mark, method, checksum and name; the directory's start.
    sheet = whole.index(SHEET.encode())
    listed = whole.rindex(SHEET.encode())
    start = listed - CENTRAL.size
    flips = (sheet, sheet + len(SHEET) + 5, start, start + 10, start + 16, listed + 3, len(whole) - 6)
    return [
        *(refused(f"zip-cut-{number}", whole[:cut]) for number, cut in enumerate(cuts, 1)),
        *(refused(f"zip-flipped-{number}", _flipped(whole, place)) for number, place in enumerate(flips, 1)),
        refused("zip-nothing-in-it", zipped({})),
        refused("zip-behind-other-bytes", b"MZ" + whole),
        refused("zip-end-only", b"PK\x03\x04" + END.pack(b"PK\x05\x06", *[0] * 7)),
        refused("zip-start-only", b"PK\x03\x04"),
        refused("zip-directory-far-away", b"PK\x03\x04" + END.pack(b"PK\x05\x06", 0, 0, 1, 1, 50, 2**31, 0)),
        refused("zip-ends-only", b"PK\x03\x04" + b"PK\x05\x06" * 100_000),
    ]


def _others() -> list[HostileFile]:
    to = {kind: relations(relation(1, "officeDocument", kind)) for kind in ("word/document.xml", "xl/workbook.bin")}
    return [
        refused("zip-ods", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "table.ods"),
        refused("zip-ods-renamed", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})),
        refused("zip-of-csv", zipped({"table.csv": b"a,b\n"}), "table.zip"),
        refused("zip-docx", workbook({"_rels/.rels": to["word/document.xml"], "word/document.xml": b"<document/>"})),
        refused("zip-xlsb", workbook({"_rels/.rels": to["xl/workbook.bin"], "xl/workbook.bin": b"\x83\x01"})),
        refused("zip-xlsm", workbook({"xl/vbaProject.bin": b"\xd0\xcf"}), "table.xlsm"),
        refused("zip-xlsm-renamed", workbook({"xl/VBAPROJECT.BIN": b"\xd0\xcf"})),
    ]


def _fine() -> list[HostileFile]:
    link = f'<Relationships><Relationship Id="r1" Type="{RELATIONS}/externalLinkPath" Target="http://127.0.0.1:9/"/>'
    outside = {
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": link + "</Relationships>",
    }
    return [
        read("zip-stored", lambda: zipped(parts(), ZIP_STORED)),
        read("zip-named-csv", workbook(), "table.csv"),
        read("zip-without-name", workbook(), ""),
        read("zip-written-as-a-stream", _streamed),
        read("zip-with-directories", forged_workbook(Member(b"xl/", b"", method=0))),
        read("zip-with-external-link", workbook(outside)),
        read("zip-with-embedded-object", workbook({"xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"})),
    ]


def _checksum(content: bytes) -> int:
    return struct.unpack("<L", zipped({"a": content})[14:18])[0]


def _many_entries(number: int, count: int = 65_534) -> bytes:
    entry = CENTRAL.pack(b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0)
    directory = b"".join(entry + struct.pack("<L", n) for n in range(number))
    return b"PK\x03\x04" + directory + END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), 4, 0)


def _shared_bytes() -> bytes:
    """Many names for the same packed bytes: 40 times half a megabyte out of some kilobytes."""
    base = [Member(name.encode(), content) for name, content in parts().items()]
    first = Member(b"xl/media/0.png", bytes(MB // 2))
    again = [Member(f"xl/media/{n}.png".encode(), bytes(MB // 2), at=len(base)) for n in range(1, 40)]
    return forged([*base, first, *again])


def _overlapping() -> bytes:
    """A member whose packed bytes run into the next one."""
    whole = bytearray(forged_workbook())
    place = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"PK\x01\x02")) + 20
    struct.pack_into("<L", whole, place, struct.unpack_from("<L", whole, place)[0] + 50)
    return bytes(whole)


def _zip64(content: bytes) -> bytes:
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    return content[:-22] + locator + content[-22:]


def _flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 0xFF
    return bytes(changed)


class _Stream(io.RawIOBase):
    """A file that can't go back, as to which servers write: sizes stand behind the members."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.written += piece
        return len(piece)


def _streamed() -> bytes:
    stream = _Stream()
    with ZipFile(stream, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
    return bytes(stream.written)
