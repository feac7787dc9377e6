"""Questions of several answers as a page shows them: boxes, “none of these”, and one reason for the whole question.

A sheet from a spreadsheet may hold what boxes can't show: a blank or a reason among answers. It stays as it is until
somebody touches the question; only blanks become "not ticked" with the first save of a page that shows a tick.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from survey.models import Status
from survey.values import BLANK, REASONS, Misread, Value

NO, YES = (Value(Status.OK, number=number) for number in (0, 1))
BY_DIGEST: Final = {value.digest: value for value in (BLANK, NO, YES, *map(Value, REASONS))}


@dataclass(frozen=True)
class Ticks:
    """`ticked` are the codes of the cells whose box is ticked; `none` is “none of these”."""

    ticked: frozenset[str] = frozenset()
    none: bool = False
    reason: str = ""

    @property
    def is_clear(self) -> bool:
        return sum((bool(self.ticked), self.none, bool(self.reason))) <= 1


def ticks_of(values: Mapping[str, Value]) -> Ticks:
    """How these values are shown."""
    reasons = {value.reason for value in values.values()}
    return Ticks(
        frozenset(code for code, value in values.items() if value.number),
        all(value == NO for value in values.values()),
        reasons.pop() if len(reasons) == 1 else "",
    )


def values_of(ticks: Ticks, shown: Mapping[str, Value]) -> dict[str, Value]:
    """The values that somebody left who saw `shown`; cells that were not touched keep theirs.

    :raises Misread: when they contradict each other.
    """
    if not ticks.is_clear:
        message = _("Tick answers, or “none of these”, or choose a reason: only one of the three is possible.")
        raise Misread(message)
    before = ticks_of(shown)
    if ticks == before:
        return {code: NO if ticks.ticked and value.is_blank else value for code, value in shown.items()}
    if ticks.reason:
        return dict.fromkeys(shown, Value(ticks.reason))
    if not ticks.ticked:
        return dict.fromkeys(shown, NO if ticks.none else BLANK)
    is_mixed = not before.reason
    return {
        code: YES if code in ticks.ticked else value if value.reason and is_mixed else NO
        for code, value in shown.items()
    }
