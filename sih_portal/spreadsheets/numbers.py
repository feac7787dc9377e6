"""What a number in a workbook says: as it is shown without a format, or as a day or moment when its format is one."""

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from typing import Final

# Nearly all numbers, written as we show them.
SHOWN_SO: Final = re.compile(r"-?(?:0|[1-9]\d{0,7})(?:\.\d{0,6}[1-9])?", re.ASCII)
WHOLE: Final = re.compile(r"(-?)0*(\d{1,40})", re.ASCII)
NUMBER: Final = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})(E[+-]?\d{1,9})?", re.ASCII | re.IGNORECASE)
# A moment in a cell of type "d", which is ISO 8601 already.
ISO_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z?)?", re.ASCII)
# Excel counts and shows no more than these; what is written behind them is what a double leaves over.
DIGITS: Final = 15
SECONDS: Final = 86_400
LAST_DAY: Final = 2_958_465  # 9999-12-31 in the 1900 system
NO_DAY: Final = 60  # 1900-02-29, which Lotus took for a day
DAYS_OF_1904: Final = 1_462

LONGEST_FORMAT: Final = 255
# Texts, escaped letters, room, fillers, and colours, conditions or locales; not [h], [mm], [ss].
NOT_OF_THE_FORMAT: Final = re.compile(r'"[^"]*"?|[\\_*].?|\[(?!(?:h+|m+|s+)\])[^\]]*\]?', re.IGNORECASE)
ELAPSED: Final = re.compile(r"\[[hms]", re.IGNORECASE)
OF_A_DAY: Final = re.compile(r"[dyegb]|(?<![hs:.])m{3,}", re.IGNORECASE)
OF_A_TIME: Final = re.compile(r"[hs]", re.IGNORECASE)
EXPONENT: Final = re.compile(r"E[+-]|General|G/標準", re.IGNORECASE)


class Kind(Enum):
    """What a number format makes of a number."""

    NUMBER = auto()
    DAY = auto()
    TIME = auto()
    ELAPSED = auto()


# ECMA-376 18.8.30; 27 to 36 and 50 to 58 are days in Japanese, Chinese and Korean Excel.
BUILT_IN: Final = {
    **dict.fromkeys((*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)), Kind.DAY),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47), Kind.TIME),
    46: Kind.ELAPSED,
}


def kind_of(code: str) -> Kind:
    """What a number format of its own does, by the code for positive numbers: `yyyy"年"m"月"` is a day."""
    bare = EXPONENT.sub("", NOT_OF_THE_FORMAT.sub("", code[:LONGEST_FORMAT]).partition(";")[0])
    if ELAPSED.search(bare):
        return Kind.ELAPSED
    if OF_A_DAY.search(bare):
        return Kind.DAY
    if OF_A_TIME.search(bare):
        return Kind.TIME
    return Kind.DAY if re.search("m", bare, re.IGNORECASE) else Kind.NUMBER


def number(text: str) -> str | None:
    """The number without exponent, idle zeros or a negative zero: 12, 1.5, 1000; None when it is no number."""
    if SHOWN_SO.fullmatch(text) and text != "-0":
        return text
    if whole := WHOLE.fullmatch(text):
        sign, digits = whole.groups()
        return digits if digits == "0" else f"{sign}{digits}"
    if not NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
        return None
    plain = format(value, f".{DIGITS}g")
    if "e" in plain:
        plain = format(Decimal(plain), "f")
    return "0" if plain == "-0" else plain


def moment(text: str, kind: Kind, *, is_1904: bool) -> str | None:
    """The day, moment or time of a number as ISO 8601, to the second; None when Excel has no such day."""
    if not NUMBER.fullmatch(text) or not 0 <= (value := float(text)) <= LAST_DAY + 1:
        return None
    days, seconds = divmod(round(value * SECONDS), SECONDS)
    if kind is Kind.ELAPSED:
        return _clock(days * SECONDS + seconds)
    if days == 0 and (kind is Kind.TIME or (seconds and not is_1904)):
        return _clock(seconds)
    day = _day(days + DAYS_OF_1904 if is_1904 else days)
    if day is None:
        return None
    return f"{day.isoformat()}T{_clock(seconds)}" if seconds else day.isoformat()


def iso_moment(text: str) -> str | None:
    """A moment that is written as such; None when there is no such day."""
    if not ISO_MOMENT.fullmatch(text):
        return None
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text.removesuffix("T00:00:00")


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"


def _day(serial: int) -> date | None:
    """The day of a number in the 1900 system, which has one day too many."""
    if not 1 <= serial <= LAST_DAY or serial == NO_DAY:
        return None
    return date(1899, 12, 31 if serial < NO_DAY else 30) + timedelta(days=serial)
