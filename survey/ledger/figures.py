"""What the ledger reads and says: figures by key, and checks of them with their verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sih_portal.language import sentences
from survey.models import Measure, Verdict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WHOLE, PARTS = "all", ("pilot", "other")
YEARS: Final = ("2005", "2008")
BOTH_YEARS: Final = "2005-2008"
# What a figure can be said to be, the strongest last.
STRENGTH: Final = ("", Verdict.COMPATIBLE, Verdict.CONFIRMED, Verdict.NOT_RECOVERABLE, Verdict.INCONSISTENT)


class Key(NamedTuple):
    """What a figure tells: the columns that make it one of its release."""

    indicator: str
    group: str
    measure: str
    period: str = ""
    item: str = ""


Printed = Mapping[Key, Decimal | None]


@dataclass(frozen=True)
class Check:
    """One recomputation: what it proves of one figure, in a sentence with its numbers."""

    key: Key
    verdict: Verdict
    text: "StrOrPromise"
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return str(self.text) % {name: written(value) for name, value in self.values.items()}


@dataclass
class Judgement:
    """Everything the ledger has to say of one figure."""

    checks: list[Check] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """The gravest of the checks' verdicts; "" where nothing can be checked."""
        return max((check.verdict for check in self.checks), key=STRENGTH.index, default="")

    def __str__(self) -> str:
        return sentences(str(check) for check in self.checks)


def others(printed: Printed, pilots: int) -> int:
    """How many institutions answered that are not pilots, if all pilots answered."""
    return count_of(printed, Key("r0", WHOLE, Measure.ANSWERED)) - pilots


def count_of(printed: Printed, key: Key) -> int:
    return int(value_of(printed, key))


def value_of(printed: Printed, key: Key) -> Decimal:
    """:raises ValueError: for a figure that is stated without a number."""
    value = printed[key]
    if value is None:
        raise ValueError(f"{key} has no number")
    return value


def written(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value)
