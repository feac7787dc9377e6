"""Years, months and days with the era beside them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from sih_portal import years


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2005, "2005年度（平成17年度）"),
        (2018, "2018年度（平成30年度）"),
        (2019, "2019年度（令和元年度）"),
        (1989, "1989年度（平成元年度）"),
    ],
)
def test_fiscal_year_carries_the_japanese_year(year: int, expected: str) -> None:
    with translation.override("ja"):
        assert years.fiscal_year(year) == expected


def test_fiscal_year_in_english() -> None:
    with translation.override("en"):
        assert years.fiscal_year(2005) == "FY2005"


@pytest.mark.parametrize(
    ("language", "month", "expected"),
    [
        ("ja", 2, "2010年2月（平成22年2月）"),
        ("ja", None, "2010年（平成22年）"),
        ("en", 2, "February 2010"),
        ("en", None, "2010"),
    ],
)
def test_month_with_and_without_a_month(language: str, month: int | None, expected: str) -> None:
    with translation.override(language):
        assert years.month(2010, month) == expected


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("year", [0, 1, 9999, 20100, 10**14])
@pytest.mark.parametrize("month", [None, 0, 2, 13, 10**14])
def test_month_shows_whatever_is_stored(language: str, year: int, month: int | None) -> None:
    with translation.override(language):
        assert str(year) in years.month(year, month)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2019, 4, 30), "2019年4月30日（平成31年4月30日）"),
        (date(2019, 5, 1), "2019年5月1日（令和元年5月1日）"),
        (datetime(2026, 3, 3, 16, 0, tzinfo=UTC), "2026年3月4日（令和8年3月4日）"),
    ],
)
def test_day_is_the_day_in_japan(value: date, expected: str) -> None:
    with translation.override("ja"):
        assert years.day(value) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ja", "2026年12月18日（金）17:00"), ("en", "18 December 2026, 17:00 (JST)")],
)
def test_day_and_time_as_offices_write_a_deadline(language: str, expected: str) -> None:
    with translation.override(language):
        assert years.day_and_time(datetime(2026, 12, 18, 8, 0, tzinfo=UTC)) == expected
