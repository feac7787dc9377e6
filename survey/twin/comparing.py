"""The printed figures beside those that the engine computes from the twin's answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from survey.engine import computed
from survey.importing import printed_figures
from survey.ledger import PARTS, Key
from survey.models import Measure, Round
from survey.workflow import form_of_round

CHART: Final = "c7"


@dataclass(frozen=True)
class Compared:
    """A printed figure and the computed one; the numbers on bars are told in rising order, for their bars are lost."""

    name: str
    printed: Decimal
    computed: Decimal | None

    @property
    def is_equal(self) -> bool:
        return self.printed == self.computed


def compared(survey_round: Round) -> Iterator[Compared]:
    """Every figure that is printed with a number, in the order of the source."""
    found: dict[Key, Decimal | None] = {}
    bars: list[Decimal] = []
    for figure in computed(survey_round, form_of_round(survey_round)):
        found[figure.key] = figure.value
        if figure.key.indicator == CHART and figure.key.measure == Measure.TOTAL and figure.key.group in PARTS:
            bars.append(figure.value or Decimal(0))
    left = iter(sorted(bars))
    for printed in printed_figures():
        if printed.value is not None:
            is_bar = printed.key.measure == Measure.BAR
            name = " ".join(filter(None, printed.key))
            yield Compared(name, printed.value, next(left, None) if is_bar else found.get(printed.key))
