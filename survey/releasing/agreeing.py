"""Figures were added up by the database, and their answers read once more to protect them: both must say the same."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from survey.disclosure import Gathered
from survey.engine import IN_ORDER
from survey.models import Figure, Measure

from .holding import Held


def disagreement(held: Held, figures: Iterable[Figure], gathered: Gathered) -> str:
    """Which class-A figure tells another sum than its answers make; empty where none does.

    The indicators and groups of the figures are loaded. Rounds made up for tests, which nobody publishes, count who
    left a part of a sum blank, as the printed report does: they are not compared.
    """
    for figure in figures if not held.round.is_synthetic else ():
        wrong = next(_wrong(figure, held.keys_of(figure), gathered), None)
        if wrong:
            told, read = wrong
            return _(
                "%(figure)s says %(told)s, but the answers make %(read)s: sums are added up twice, and these differ. "
                "Please tell those who look after the portal."
            ) % {"figure": figure.public_id, "told": told, "read": read}
    return ""


def _wrong(figure: Figure, keys: Sequence[str], gathered: Gathered) -> Iterator[tuple[int | None, int]]:
    """What it says and what the answers make, where these differ."""
    tallies = [gathered.tally(gathered.vectors[key]) for key in keys]
    if len(tallies) == 1:
        if figure.n_valid != tallies[0].institutions:
            yield figure.n_valid, tallies[0].institutions
        told = figure.value if figure.numerator is None else figure.numerator
        if told is not None and figure.measure not in IN_ORDER and told != tallies[0].total:
            yield int(told), tallies[0].total
    elif tallies and figure.numerator is not None and figure.denominator is not None:
        first, last = (tally.total for tally in tallies)
        if figure.measure == Measure.ADDED:
            first, last = tallies[0].institutions, last - first
        yield from (pair for pair in ((figure.numerator, last), (figure.denominator, first)) if pair[0] != pair[1])
