"""Bounds of the numbers people type: forms and the loader refuse what lies outside, for years the database too.

Without them SQLite would store what PostgreSQL refuses and what no calendar knows.
"""

from functools import reduce
from operator import and_
from typing import Any, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Meiji began in 1868: older years have no Japanese name.
FIRST_YEAR: Final = 1868
LAST_YEAR: Final = 2100
LAST_NUMBER: Final = 999


def between(least: int, most: int, message: Any = None) -> list[Any]:
    """The validators of a column with whole numbers from `least` to `most`."""
    return [MinValueValidator(least, message), MaxValueValidator(most, message)]


YEARS: Final = between(FIRST_YEAR, LAST_YEAR, _("Write the year with four digits, from 1868 to 2100."))
MONTHS: Final = between(1, 12)
NUMBERS: Final = between(1, LAST_NUMBER)
PLACES: Final = between(0, 9999)
SUMS_JPY: Final = between(0, 10**12)


def plausible_years(*columns: str) -> models.CheckConstraint:
    """The constraint for columns validated by `YEARS`; an empty year is allowed where the column allows it."""
    conditions = [models.Q(**{f"{column}__range": (FIRST_YEAR, LAST_YEAR)}) for column in columns]
    return models.CheckConstraint(
        condition=reduce(and_, conditions), name="%(app_label)s_%(class)s_lies_in_plausible_years"
    )
