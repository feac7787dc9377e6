"""The zip archive that an Excel workbook is: looked through before anything of it is unpacked, then read in bounds."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from sih_portal.spreadsheets.book import Refused

MOST_MEMBERS: Final = 1_000
LARGEST_DIRECTORY: Final = 256 * 1024  # bytes; looked at before `zipfile` makes an object of each entry
LARGEST_MEMBER: Final = 25 * 1024 * 1024  # bytes, unpacked; 120,000 cells need some 5 MB
LARGEST_TOTAL: Final = 50 * 1024 * 1024
# Deflate reaches 1,000 : 1 with equal bytes; a sheet of 120,000 equal cells with their places reaches 16 : 1.
HIGHEST_RATIO: Final = 200
SMALL: Final = 1024 * 1024  # bytes; below that no ratio is alarming
CHUNK: Final = 64 * 1024

END: Final = struct.Struct("<4s4H2LH")
END_MAGIC: Final = b"PK\x05\x06"
ZIP64_MAGIC: Final = b"PK\x06\x07"
ZIP64_LOCATOR: Final = 20  # bytes
LONGEST_COMMENT: Final = 65_535
LOCAL_HEADER: Final = 30  # bytes, and the name behind them
IS_ENCRYPTED: Final = 0x1
# Names that no program gives: absolute, out of the archive, with a drive, a control character; archives in archives.
ODD_NAME: Final = re.compile(
    r"[/\\]|.*[\\:\x00-\x1f]|(.*/)?\.\.?(/|$)|.*//|.*\.(zip|gz|bz2|xz|7z|rar|jar)$", re.DOTALL | re.IGNORECASE
)
MACROS: Final = ("vbaproject.bin", "vbadata.xml")
LONGEST_NAME: Final = 200
# All that `zipfile` raises for a broken archive.
BROKEN: Final = (
    *(BadZipFile, EOFError, IndexError, KeyError, NotImplementedError, OSError, OverflowError, RuntimeError),
    *(ValueError, struct.error, zlib.error),
)


class Archive:
    """The members of a workbook's archive by name.

    :raises Refused: when the archive is broken, or made to harm.
    """

    def __init__(self, content: bytes) -> None:
        directory = _directory_start(content)
        try:
            self._zip = ZipFile(io.BytesIO(content))
        except BROKEN as error:
            raise damaged() from error
        members = self._zip.infolist()
        _look_through(members)
        _refuse_overlaps(members, directory)
        self._members = {member.filename: member for member in members}

    def names(self) -> list[str]:
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def chunks(self, name: str) -> Iterator[bytes]:
        """The member unpacked, in pieces; never more than the directory says, however much is packed.

        :raises Refused: when it can't be unpacked, or is not what the directory says.
        """
        if name not in self._members:
            raise damaged()
        left = self._members[name].file_size
        try:
            with self._zip.open(self._members[name]) as file:
                while chunk := file.read(CHUNK):
                    left -= len(chunk)
                    yield chunk
        except BROKEN as error:
            raise damaged() from error
        if left:
            raise damaged()


def damaged() -> Refused:
    return Refused(_("The workbook is damaged. Open it in Excel, save it as .xlsx again and upload that."))


def suspicious() -> Refused:
    return Refused(
        _(
            "The workbook is built in a way that no spreadsheet program builds it. Copy the table into a new workbook, "
            "save it as .xlsx and upload that."
        )
    )


def too_large() -> Refused:
    return Refused(_("Unpacked, the workbook is too large. Copy the table into a new workbook and upload that."))


def _directory_start(content: bytes) -> int:
    """Where the directory begins; found here first, because `zipfile` would read one of any size.

    The largest archives (Zip64) are refused: nothing of 5 MB needs them.
    """
    position = content.rfind(END_MAGIC, max(0, len(content) - END.size - LONGEST_COMMENT))
    if position < 0 or len(content) - position < END.size:
        raise damaged()
    if content.startswith(ZIP64_MAGIC, max(0, position - ZIP64_LOCATOR)):
        raise suspicious()
    *_disks, count, size, start, comment = END.unpack_from(content, position)
    if position + END.size + comment != len(content) or start + size != position:
        raise damaged()
    if count > MOST_MEMBERS or size > LARGEST_DIRECTORY:
        raise too_large()
    return int(start)


def _look_through(members: list[ZipInfo]) -> None:
    names = [member.filename.casefold() for member in members]
    if any(name.rpartition("/")[2] in MACROS for name in names):
        raise Refused(_("The workbook holds macros. Save it as .xlsx, which has none, and upload that."))
    if len({*names}) < len(names) or any(map(_is_odd, members)):
        raise suspicious()
    if sum(member.file_size for member in members) > LARGEST_TOTAL or any(map(_is_bomb, members)):
        raise too_large()


def _is_odd(member: ZipInfo) -> bool:
    return (
        bool(member.flag_bits & IS_ENCRYPTED)
        or member.compress_type not in (ZIP_STORED, ZIP_DEFLATED)
        or len(member.filename) > LONGEST_NAME
        or bool(ODD_NAME.match(member.orig_filename))
    )


def _is_bomb(member: ZipInfo) -> bool:
    if member.file_size > LARGEST_MEMBER:
        return True
    return member.file_size > SMALL and member.file_size > HIGHEST_RATIO * member.compress_size


def _refuse_overlaps(members: list[ZipInfo], directory: int) -> None:
    """Members that share their packed bytes make a small file unpack to any size."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    starts = [member.header_offset for member in ordered[1:]]
    for member, following in zip(ordered, [*starts, directory], strict=False):
        name = member.orig_filename.encode("utf-8", "replace")
        if member.header_offset + LOCAL_HEADER + len(name) + member.compress_size > following:
            raise suspicious()
