"""Which kind of file this is, by its first bytes: names lie."""

import re
from typing import Final

from django.utils.translation import gettext as _

from sih_portal.spreadsheets.book import Refused, shown

ZIP: Final = b"PK\x03\x04"
EMPTY_ZIP: Final = b"PK\x05\x06"
# Old Excel files, and new ones with a password.
OLE: Final = b"\xd0\xcf\x11\xe0"
FOREIGN: Final = (
    *((b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"BM", "BMP")),
    *((b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf", "7-Zip"), (b"Rar!", "RAR"), (b"{\\rtf", "RTF"), (b"\x7fELF", "ELF")),
    *((b"MZ", "EXE"), (b"SQLite format 3", "SQLite"), (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF")),
)
MARKUP: Final = re.compile(rb"(\xef\xbb\xbf)?\s*<([!?]|html|head|body|table|script|svg)", re.IGNORECASE)
TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")


def is_workbook(content: bytes, *, name: str) -> bool:
    """Whether to read an Excel workbook; otherwise it is a text with a table.

    :raises Refused: when it is neither.
    """
    if not content.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise Refused(_("The file is empty."))
    if content.startswith((ZIP, EMPTY_ZIP)):
        return True
    if content.startswith(OLE):
        raise Refused(
            _(
                "This is an old Excel file (.xls) or one with a password. Open it in Excel, take the password away, "
                "save it as .xlsx and upload that."
            )
        )
    _refuse_foreign(content)
    if not name.casefold().endswith(TEXT_SUFFIXES):
        message = _("“%(name)s” is neither an Excel workbook nor a CSV file. Save it as .xlsx and upload that.")
        raise Refused(message % {"name": shown(name)})
    return False


def _refuse_foreign(content: bytes) -> None:
    kind = next((kind for magic, kind in FOREIGN if _begins(content, magic)), "")
    if MARKUP.match(content):
        kind = "HTML / XML"
    if kind:
        message = _("This is no table but a file of the kind %(kind)s. Save the table as .xlsx and upload that.")
        raise Refused(message % {"kind": kind})


def _begins(content: bytes, magic: bytes) -> bool:
    """Two letters may begin a CSV file too (BM, MZ): then a NUL must follow soon, as it does in such files."""
    return content.startswith(magic) and (len(magic) > 2 or b"\x00" in content[:64] or magic == b"\x1f\x8b")
