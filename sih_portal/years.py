"""Years, months and days as Japanese offices write them, with the era beside the Western year; plain in English."""

from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format

from sih_portal.language import current_language

# An era's first year and first month; the year it begins in counts as 元年.
ERAS: Final = ((2019, 5, "令和"), (1989, 1, "平成"), (1926, 12, "昭和"), (1912, 7, "大正"), (1868, 1, "明治"))

WEEKDAYS: Final = "月火水木金土日"


def era_year(year: int, month: int) -> str:
    """The Japanese year without 年: 平成22, 令和元; empty before Meiji."""
    for first, month_of_change, era in ERAS:
        if (year, month) >= (first, month_of_change):
            count = year - first + 1
            return f"{era}{'元' if count == 1 else count}"
    return ""


def fiscal_year(year: int) -> str:
    """2005年度（平成17年度） / FY2005. The year an era begins in is named after the new era."""
    if current_language() == "en":
        return f"FY{year}"
    return f"{year}年度（{era_year(year, 12)}年度）"


def fiscal_year_alone(year: int) -> str:
    """2005年度 / FY2005, for charts and tables."""
    return f"FY{year}" if current_language() == "en" else f"{year}年度"


def month(year: int, number: int | None) -> str:
    """2010年2月（平成22年2月） / February 2010; only the year where the month is not known."""
    if current_language() == "en":
        return f"{MONTHS[number]} {year}" if number in MONTHS else str(year)
    if number in MONTHS:
        return f"{year}年{number}月（{era_year(year, number)}年{number}月）"
    return f"{year}年（{era_year(year, 12)}年）"


def day(value: date | datetime, *, with_era: bool = True) -> str:
    """2026年3月4日（令和8年3月4日） / 4 March 2026, in the portal's time zone."""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    if current_language() == "en":
        return date_format(local, "j F Y")
    tail = f"{local.month}月{local.day}日"
    if not with_era:
        return f"{local.year}年{tail}"
    return f"{local.year}年{tail}（{era_year(local.year, local.month)}年{tail}）"


def day_and_time(value: datetime) -> str:
    """2026年12月18日（金）17:00 / 18 December 2026, 17:00 (JST), in the portal's time zone."""
    local = timezone.localtime(value)
    if current_language() == "en":
        return f"{date_format(local, 'j F Y, H:i')} ({local.tzname()})"
    return f"{local.year}年{local.month}月{local.day}日（{WEEKDAYS[local.weekday()]}）{local:%H:%M}"
