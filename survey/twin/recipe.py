"""What the twin holds, as `V` of the summary prints it: groups, shares, totals, gaps. Pilots first, then the others.

Numbers that are not printed are free (areas, reception under agreements, the kinds of those that did not answer), and
so is which bar of the chart of overseas centres is which: of the few ways that fit, it takes one.
"""

from dataclasses import dataclass
from typing import Final

from survey.models import Status
from universities.models import InstitutionKind

NATIONAL, PUBLIC, PRIVATE, INTER = (
    *(InstitutionKind.NATIONAL, InstitutionKind.PUBLIC, InstitutionKind.PRIVATE),
    InstitutionKind.INTER_UNIVERSITY,
)
YEARS: Final = (2005, 2008)
# How many of each kind answered, and how many did not.
PILOTS: Final = {NATIONAL: 15, PUBLIC: 1, PRIVATE: 3, INTER: 1}
OTHERS: Final = {NATIONAL: 57, PUBLIC: 22, PRIVATE: 92, INTER: 1}
SILENT: Final = {NATIONAL: 6, PUBLIC: 10, PRIVATE: 24, INTER: 2}

# How many of the 20 pilots and of the 172 others say yes.
YES: Final = {
    "Q1.hq": (20, 98),
    "Q1.vision": (20, 91),
    "Q3.consortium": (15, 51),
    "Q7.has_center": (19, 48),
    **dict(zip((f"Q4.area{number}" for number in range(1, 5)), ((17, 95), (16, 90), (16, 86), (17, 88)), strict=True)),
    **dict(
        zip(
            (f"Q6.area{number}" for number in range(1, 6)),
            ((16, 90), (17, 95), (16, 86), (17, 92), (16, 88)),
            strict=True,
        )
    ),
}
# Of those with goals, how many have no vision: goals are no part of the vision.
GOALS: Final = (18, 94)
WITHOUT_VISION: Final = (0, 6)
# Of those with a headquarters, where the president or a vice president heads it.
HEADED: Final = (18, 59)
# Who reflects evaluations; nearly all of them have goals.
REFLECTED: Final = (20, 108)

NC, M, U, X = (Status.NOT_COLLECTED.value, Status.MISSING.value, Status.UNKNOWN.value, Status.ELSEWHERE.value)


@dataclass(frozen=True)
class Totals:
    """A row of a table in both years, over the institutions of a group that have a number there."""

    first: int
    last: int


# Dispatched: educators, then administrative staff.
DISPATCHED: Final = {
    "Q4.edu": (Totals(39_368, 43_573), Totals(38_807, 39_017)),
    "Q4.adm": (Totals(953, 1_214), Totals(793, 1_354)),
}
# Why the others of each group have none.
NOT_DISPATCHED: Final = ((NC, U, M), (NC, M, U, X))
# One institution more counts in "all" and in neither group: a number, then a blank.
HALF: Final = {"Q4.edu.2005": "1174", "Q4.edu.2008": M, "Q4.adm.2005": "1", "Q4.adm.2008": "1"}

# Under agreements: 4,000 to 6,600 and 6,000 to 8,700.
AGREED: Final = {
    "Q5.fac": (Totals(900, 1_400), Totals(1_500, 2_100)),
    "Q5.stu": (Totals(3_100, 5_200), Totals(4_500, 6_600)),
}


@dataclass(frozen=True)
class Range:
    """The smallest and the largest number of a year, and the total of all."""

    low: int
    high: int
    total: int


RECEIVED: Final = (
    (Range(25, 2_718, 11_812), Range(0, 3_080, 13_119)),
    (Range(0, 2_102, 8_979), Range(0, 1_905, 9_579)),
)
NOT_RECEIVED: Final = ((NC, M), (NC, U, M, X, NC, U, M, NC))

# Overseas centres by type, of the 19 and of the 48 that have any.
CENTRES: Final = (
    (Totals(14, 22), Totals(1, 11), Totals(3, 4), Totals(0, 10), Totals(34, 93)),
    (Totals(52, 64), Totals(1, 11), Totals(14, 18), Totals(0, 25), Totals(15, 43)),
)
