"""Figures were added up by the database, and their answers read once more to protect them: both must say the same."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from survey.disclosure import Gathered
from survey.models import Figure, Measure

from .holding import Held

# What is told of a sum without being it.
IN_ORDER = (
    Measure.MINIMUM,
    Measure.DECILE_1,
    Measure.QUARTILE_1,
    Measure.MEDIAN,
    Measure.QUARTILE_3,
    Measure.DECILE_9,
    Measure.MAXIMUM,
)


def disagreement(held: Held, figures: Iterable[Figure], gathered: Gathered) -> str:
    """Which figure tells another sum than its answers make; empty where none does. Withheld ones tell nothing.

    The indicators and groups of the figures are loaded. Rounds made up for tests count who left a part of a sum blank,
    as the printed report does; how many they are is not compared.
    """
    for figure in figures:
        is_counted = figure.n_valid is not None and not held.round.is_synthetic
        wrong = next(_wrong(figure, held.keys_of(figure), gathered, is_counted=is_counted), None)
        if wrong:
            told, read = wrong
            return _(
                "%(figure)s says %(told)s, but the answers make %(read)s: nothing is published that was not added up "
                "twice. Please tell those who look after the portal."
            ) % {"figure": figure.public_id, "told": told, "read": read}
    return ""


def _wrong(
    figure: Figure, keys: Sequence[str], gathered: Gathered, *, is_counted: bool
) -> Iterator[tuple[int | None, int]]:
    """What it says and what the answers make, where these differ."""
    tallies = [gathered.tally(gathered.vectors[key]) for key in keys]
    if len(tallies) == 1:
        if is_counted and figure.n_valid != tallies[0].institutions:
            yield figure.n_valid, tallies[0].institutions
        told = figure.value if figure.numerator is None else figure.numerator
        if told is not None and figure.measure not in IN_ORDER and told != tallies[0].total:
            yield int(told), tallies[0].total
    elif tallies and figure.numerator is not None and figure.denominator is not None:
        first, last = (tally.total for tally in tallies)
        if figure.measure == Measure.ADDED:
            first, last = tallies[0].institutions, last - first
        yield from (pair for pair in ((figure.numerator, last), (figure.denominator, first)) if pair[0] != pair[1])
