"""CSV files as Excel and others write them: the encoding found honestly, each row with its number."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from sih_portal.spreadsheets.book import MOST_ROWS, Book, Filling, Refused, Row, Sheet, letters, too_far
from sih_portal.tabular import BYTE_ORDER_MARK, FORMULA

DELIMITERS: Final = (",", "\t", ";")
QUOTED: Final = re.compile('"[^"]*"')
FIRST_LINE: Final = re.compile(r"[^\r\n]*")
# A line this long is no row of a table; looked at before the line is taken apart.
LONGEST_LINE: Final = 1_000_000
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Single bytes that Shift_JIS leaves open and Python's cp932 takes nevertheless.
OPEN_IN_CP932: Final = re.compile("[\x80\uf8f0-\uf8f3]")
# Kana and common kanji.
KANJI_IN_UTF_8: Final = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")


def read(content: bytes) -> Book:
    """:raises Refused: when the text can't be read, or is no table."""
    text = _decoded(content).removeprefix(BYTE_ORDER_MARK)
    return Book([Sheet("", list(_rows(text)))])


def unguarded(text: str) -> str:
    """The text without the `'` that `tabular.safe` put before it."""
    return text[1:] if text.startswith("'") and FORMULA.match(text, 1) else text


def _rows(text: str) -> Iterator[Row]:
    filling = Filling()
    reader = csv.reader(_lines(text), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(_broken(number)) from error
        if number > MOST_ROWS:
            raise too_far(number)
        cells = [filling.cell(unguarded(value), number, column) for column, value in enumerate(values, 1) if value]
        if cells:
            yield Row(number, cells)


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            raise Refused(_("Line %(row)s is too long for a row of a table.") % {"row": number})
        yield line


def _delimiter(text: str) -> str:
    """What stands most often in the first line, outside of quotation marks; a comma where none does."""
    line = FIRST_LINE.match(text, 0, LONGEST_LINE)
    bare = QUOTED.sub("", line[0] if line else "")
    return max(DELIMITERS, key=bare.count)


def _broken(row: int) -> str:
    message = _('Row %(row)s: a quotation mark (") is not closed, or something stands behind a closed one.')
    return message % {"row": row}


def _decoded(content: bytes) -> str:
    """:raises Refused: when the text is in none of the encodings we know, in two at once, or holds NUL."""
    if content.startswith(UTF_16):
        text = _strictly(content, "utf-16")
    elif content.startswith(codecs.BOM_UTF8):
        text = _strictly(content, "utf-8")
    else:
        text = _guessed(content)
    if (place := text.find("\x00")) >= 0:
        raise Refused(_nul(text[:place]))
    return text


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unknown_encoding(content, error) from error


def _guessed(content: bytes) -> str:
    """UTF-8, or else what Excel writes on a Japanese desk."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        failed = error
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError as error:
        # The encoding that got further is the one it was meant to be.
        raise _unknown_encoding(content, max(failed, error, key=lambda one: one.start)) from error
    if OPEN_IN_CP932.search(text) or _is_ambiguous(content) or _is_mixed(content):
        raise _unknown_encoding(content, failed)
    return text


def _is_ambiguous(content: bytes) -> bool:
    """Whether Shift_JIS text could be EUC-JP as well: a file that is, turns into half-width kana without an error.

    Nearly all Japanese text holds kana or common kanji, whose first byte in Shift_JIS is nothing in EUC-JP.
    """
    try:
        content.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return True


def _is_mixed(content: bytes) -> bool:
    """Whether a line is Japanese in UTF-8: read as Shift_JIS, it would turn into other kanji without an error."""
    return any(KANJI_IN_UTF_8.search(line) and _is_utf_8(line) for line in content.splitlines())


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _unknown_encoding(content: bytes, error: UnicodeDecodeError) -> Refused:
    lines = content[: error.start].decode(error.encoding, "ignore")
    message = _(
        "Line %(row)s holds letters that are neither UTF-8 nor Shift_JIS. Save the file as “CSV UTF-8” or as .xlsx."
    )
    return Refused(message % {"row": _line_of(lines)})


def _nul(before: str) -> str:
    row = _line_of(before)
    last = before[1 + max(before.rfind("\n"), before.rfind("\r")) :]
    message = _(
        "Row %(row)s, column %(column)s holds a NUL character: this is no CSV text. Save the file as “CSV UTF-8” or "
        "as .xlsx."
    )
    return message % {"row": row, "column": letters(1 + last.count(_delimiter(before)))}


def _line_of(before: str) -> int:
    return 1 + before.count("\n") + before.count("\r") - before.count("\r\n")
