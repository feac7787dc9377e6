"""The rules that bind figures of class A, and which of them a number breaks. Whole numbers only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from .cells import Kind


@dataclass(frozen=True)
class Rules:
    """What may not be published (section 5 of the survey's design). `None` and `False` switch one rule off.

    `fewest`: institutions that a total needs, and that a share needs on both sides (k and n - k). OECD and the
    handbook on disclosure control name three or five.
    `dominance`: p of the p% rule: nobody may come closer to the largest contribution, in percent of it.
    `base`: institutions that a percentage needs; below `small_base` it is marked.
    `extremes`: a minimum or a maximum is one institution's own number.
    `complementary`: nothing withheld may follow from what is published, and withheld cells must be safe together.
    `residuals`: who is in the whole and in no group is a cell; so are any few institutions that cells tell apart.
    `differencing`: earlier releases count as known, and the difference to them is a cell.
    """

    fewest: int | None = 5
    dominance: int | None = 10
    base: int | None = 10
    small_base: int = 20
    quartiles_from: int = 20
    tails_from: int = 50
    extremes: bool = True
    complementary: bool = True
    residuals: bool = True
    differencing: bool = True


class Reason(Enum):
    """Which rule a number breaks."""

    FEW = "few institutions"
    SHARE = "few institutions on one side of a share"
    BASE = "small base of a percentage"
    DOMINANCE = "one or two institutions make nearly all of it"
    ZERO = "nothing at all, so that each institution's number is known"


class Mark(Enum):
    """Why a number is withheld, in SDMX's letters: by a rule of its own, or to protect another."""

    PRIMARY = "C"
    SECONDARY = "D"


class Base(Enum):
    """What a percentage of some base may be."""

    WITHHELD = "withheld"
    SMALL = "small base"
    FULL = "full"


class Statistic(Enum):
    """Numbers of a distribution other than its sum."""

    MINIMUM = "minimum"
    TENTH = "p10"
    LOWER_QUARTILE = "q1"
    MEDIAN = "median"
    UPPER_QUARTILE = "q3"
    NINETIETH = "p90"
    MAXIMUM = "maximum"


EXTREMES = (Statistic.MINIMUM, Statistic.MAXIMUM)
TAILS = (Statistic.TENTH, Statistic.NINETIETH)


@dataclass(frozen=True)
class Tally:
    """What institutions contribute to a sum.

    `first` and `second` are the largest contributions of an institution by size, over all its columns; in a difference
    they may be negative. Where they are not `is_exact` they are sizes that no contribution exceeds. `least` and `most`
    are the ends between which a count of these institutions can lie.
    """

    institutions: int
    total: int
    first: int
    second: int
    least: int
    most: int
    is_exact: bool = True

    @property
    def rest(self) -> int:
        """What the two largest contributors don't know of each other's remainder, at the least."""
        if self.is_exact:
            return abs(self.total - self.first - self.second)
        return max(0, abs(self.total) - self.first - self.second)


def breach(kind: Kind, tally: Tally, rules: Rules) -> Reason | None:
    """The first rule that would be broken if this sum were known; None where no institution is in it, or none is."""
    if not tally.institutions:
        return None
    if rules.fewest is not None and tally.institutions < rules.fewest:
        return Reason.FEW
    return _breach_of_count(tally, rules) if kind is Kind.COUNT else _breach_of_total(tally, rules)


def _breach_of_count(tally: Tally, rules: Rules) -> Reason | None:
    nearest = min(tally.total - tally.least, tally.most - tally.total)
    if rules.fewest is not None and nearest < rules.fewest:
        return Reason.SHARE
    return Reason.BASE if rules.base is not None and tally.institutions < rules.base else None


def _breach_of_total(tally: Tally, rules: Rules) -> Reason | None:
    """A remainder of nothing tells everything, also where the largest contribution is 0."""
    if rules.dominance is None:
        return None
    if tally.rest == 0:
        return Reason.DOMINANCE if tally.first else Reason.ZERO
    return Reason.DOMINANCE if 100 * tally.rest < rules.dominance * abs(tally.first) else None


def base_of(institutions: int, rules: Rules) -> Base:
    """Whether a percentage of so many institutions may be published, and how. Binds public facts too."""
    if rules.base is not None and institutions < rules.base:
        return Base.WITHHELD
    return Base.SMALL if institutions < rules.small_base else Base.FULL


def may_publish(statistic: Statistic, institutions: int, rules: Rules) -> bool:
    """Whether a number of the distribution over so many institutions may be published, if their total may."""
    if statistic in EXTREMES:
        return not rules.extremes
    return institutions >= (rules.tails_from if statistic in TAILS else rules.quartiles_from)


def refuses_release(differing: int, rules: Rules) -> bool:
    """Whether a further release has to wait: too few responses with class-A answers differ from the one before."""
    return rules.differencing and rules.fewest is not None and 0 < differing < rules.fewest


def marks_of_dependants(hangs_on: Mapping[str, Collection[str]], marks: Mapping[str, Mark]) -> dict[str, Mark]:
    """The marks of averages, ratios and increases: withheld with any cell they hang on, for its reason.

    An average gives its total, a ratio the one total with the other: none may be published beside a withheld cell.
    """
    found = {name: {marks[key] for key in keys if key in marks} for name, keys in hangs_on.items()}
    return {name: Mark.PRIMARY if Mark.PRIMARY in among else Mark.SECONDARY for name, among in found.items() if among}
