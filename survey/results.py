"""What the pages say of a release: per indicator a headline, a table, a verdict; for the round, who answered.

Pages read stored figures only: the queries do not depend on how many institutions answered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from string import Formatter
from typing import Final

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from practices.models.theme import Theme
from sih_portal.language import Text, in_language
from sih_portal.years import fiscal_year_alone

from . import ledger
from .models import Confidentiality, Figure, Group, GroupScheme, Indicator, IndicatorItem, Measure, Release, Unit

# What an indicator is about, the first that it has; the rest explains it.
MAIN: Final = (Measure.SHARE, Measure.MEAN, Measure.INCREASE, Measure.ADDED, Measure.ANSWERED)
NO_VALUE: Final = "—"
SMALL_BASE: Final = range(10, 20)
WITHHELD: Final = "x"
# Texts of an indicator that may be worded otherwise where its figures are computed from answers.
WORDED: Final = ("headline", "definition", "base", "formula")
# The divisions whose groups headlines and charts set beside each other.
BESIDE: Final = ("whole", "participation")


@dataclass(frozen=True)
class Line:
    """One row of an indicator's table: a figure for each group, None where the source tells none."""

    measure: str
    period: str
    item: str
    label: str
    cells: Sequence[Figure | None]


@dataclass(frozen=True)
class Table:
    """The figures of one division of the institutions, a group a column; `scheme` is None where there is none."""

    scheme: GroupScheme | None
    columns: Sequence[Group]
    lines: Sequence[Line]


@dataclass(frozen=True)
class Entry:
    """Figures of one group, measure and period of which the ledger says the same, with the items they tell apart."""

    figures: Sequence[Figure]
    items: Sequence[IndicatorItem | None]

    @property
    def first(self) -> Figure:
        return self.figures[0]

    @property
    def told(self) -> list[tuple[Figure, IndicatorItem | None]]:
        return list(zip(self.figures, self.items, strict=True))


@dataclass(frozen=True)
class Result:
    """An indicator and its figures of one release, in the source's order."""

    indicator: Indicator
    release: Release
    figures: Sequence[Figure]

    @cached_property
    def headline(self) -> Text:
        """The headline with its figures; the title where a figure it needs is missing or withheld."""
        told = {key: tell(figure) for key, figure in self._by_name.items() if figure.value is not None}
        headline = in_language(self.indicator, self.wording["headline"])
        names = {name for _text, name, _spec, _conversion in Formatter().parse(headline.value) if name}
        if not headline.value or not names <= set(told):
            return in_language(self.indicator, "title")
        text = headline.value
        for name in names:
            text = text.replace(f"{{{name}}}", told[name])
        return Text(text, headline.lang, headline.is_fallback)

    @cached_property
    def groups(self) -> list[Group]:
        return sorted({figure.group for figure in self.figures}, key=lambda group: (group.position, group.code))

    @property
    def is_computed(self) -> bool:
        return self.release.computed_at is not None

    @cached_property
    def wording(self) -> dict[str, str]:
        """The names of the indicator's texts that hold for these figures."""
        own = {name: f"computed_{name}" for name in WORDED if self.is_computed}
        return {name: name for name in WORDED} | {
            name: other for name, other in own.items() if in_language(self.indicator, other).value
        }

    @cached_property
    def tables(self) -> list[Table]:
        """A table for each division, all institutions beside the first: numbers of no group are listed apart."""
        whole = [group for group in self.columns if group.code == ledger.WHOLE]
        divided = by_division(group for group in self.columns if group.code != ledger.WHOLE)
        if whole and not divided:
            return [self.table(None, whole, self.figures)]
        found = []
        for scheme, groups in divided.items():
            found.append(self.table(scheme, [*whole, *groups], self.figures))
            whole = []
        return found

    def table(self, scheme: GroupScheme | None, groups: Sequence[Group], figures: Iterable[Figure]) -> Table:
        """A line for each measure, period and item that the figures tell of one of the groups."""
        own = {group.pk for group in groups}
        rows: dict[tuple[str, str, str], dict[int, Figure]] = {}
        for figure in figures:
            if figure.measure != Measure.BAR and figure.group_id in own:
                rows.setdefault((figure.measure, figure.period, figure.item), {})[figure.group_id] = figure
        lines = [
            Line(*key, self._label(*key), [cells.get(group.pk) for group in groups]) for key, cells in rows.items()
        ]
        return Table(scheme, groups, lines)

    @cached_property
    def columns(self) -> list[Group]:
        """The groups that the table has a column for."""
        told = {figure.group_id for figure in self.figures if figure.measure != Measure.BAR}
        return [group for group in self.groups if group.pk in told]

    @cached_property
    def bars(self) -> list[Figure]:
        """The numbers on the source's chart, whose bars are lost."""
        return [figure for figure in self.figures if figure.measure == Measure.BAR]

    @cached_property
    def verdict(self) -> Figure:
        """The figure with the gravest verdict; one without a verdict where nothing can be checked."""
        return max(self.figures, key=lambda figure: ledger.STRENGTH.index(figure.verdict))

    @cached_property
    def main(self) -> list[Figure]:
        """The figures the indicator is about, of the last period: with a value, a group each; none told by item."""
        found = {measure: [row for row in self.figures if row.measure == measure] for measure in MAIN}
        figures = [row for row in next(filter(None, found.values()), []) if not row.item and is_beside(row)]
        last = max((figure.period for figure in figures), default="")
        return [figure for figure in figures if figure.period == last and figure.value is not None]

    def figure(self, measure: str, group: str, period: str = "") -> Figure | None:
        """None where the source tells none."""
        return next((row for row in self.of(measure) if (row.group.code, row.period) == (group, period)), None)

    def of(self, *measures: str) -> list[Figure]:
        return [figure for figure in self.figures if figure.measure in measures]

    @cached_property
    def ledger(self) -> list[Entry]:
        """What can be checked of each figure; numbers that share everything but their value share an entry."""
        found = [list(rows) for _key, rows in groupby(self.figures, key=_checked_alike)]
        return [Entry(rows, [self.items.get(figure.item) for figure in rows]) for rows in found]

    @cached_property
    def small_bases(self) -> dict[Group, int]:
        """The smallest N of groups with so few usable answers that their figures are only an indication."""
        found: dict[Group, int] = {}
        for figure in self.of(Measure.USABLE, Measure.SHARE):
            number = int(figure.value or 0) if figure.measure == Measure.USABLE else figure.n_valid or 0
            if figure.value is not None and number in SMALL_BASE:
                found[figure.group] = min(number, found.get(figure.group, SMALL_BASE.stop))
        return found

    @property
    def periods(self) -> set[str]:
        """The years that figures are told for; empty where none is told."""
        return {figure.period for figure in self.figures} - {""}

    @property
    def has_withheld(self) -> bool:
        return any(figure.confidentiality != Confidentiality.FREE for figure in self.figures)

    @property
    def has_gaps(self) -> bool:
        """Whether something was not computed of a group: order statistics need more institutions than it has."""
        if not self.is_computed:
            return False
        cells = [cell for table in self.tables for line in table.lines for cell in line.cells]
        return any(cell is None or not is_told(cell) for cell in cells)

    @property
    def has_numbers(self) -> bool:
        return any(figure.value is not None for figure in self.figures)

    @property
    def is_by_item(self) -> bool:
        """Whether its figures are told apart by item; the numbers of a chart that lost its bars are not."""
        return any(figure.item for figure in self.figures if figure.measure != Measure.BAR)

    @cached_property
    def locators(self) -> list[str]:
        """The places in the source, each once."""
        return list(dict.fromkeys(figure.locator for figure in self.figures if figure.locator))

    @cached_property
    def items(self) -> dict[str, IndicatorItem]:
        return {item.code: item for item in self.indicator.items.all()}

    @property
    def _by_name(self) -> dict[str, Figure]:
        """The figures by the names headlines call them: `pilot`, `pilot/mean/2005`, `pilot/mean/first`, `pilot/ratio`.

        Without a period it is the round's own, or the one of both years.
        """
        years = {str(self.release.round.first_year): "first", str(self.release.round.last_year): "last"}
        names: dict[str, Figure] = {}
        for figure in self.figures:
            names.setdefault(figure.group.code, figure)
            period = "" if "-" in figure.period else years.get(figure.period, figure.period)
            for told in (figure.period, period):
                names.setdefault("/".join(filter(None, (figure.group.code, figure.measure, told))), figure)
        return names

    def _label(self, measure: str, period: str, item: str) -> str:
        parts = [str(in_language(self.items[item], "label")) if item in self.items else str(Measure(measure).label)]
        return " ".join([*parts, period_label(period)]).strip()


@dataclass(frozen=True)
class Branch:
    """From those that answered to those whose answers one table could use."""

    result: Result
    usable: Figure
    answered: Figure

    @property
    def lost(self) -> int:
        return _whole(self.answered) - _whole(self.usable)


@dataclass(frozen=True)
class Response:
    """Who was asked and who answered."""

    asked: Figure
    answered: Figure
    divisions: Sequence[tuple[GroupScheme, Sequence[Figure]]]
    branches: Sequence[Branch]

    @property
    def count(self) -> int:
        """How many answered."""
        return _whole(self.answered)

    @property
    def rate(self) -> Decimal:
        """Percent with one decimal, our own division: the source does not print it."""
        return ledger.half_up(Fraction(100 * _whole(self.answered), _whole(self.asked)), 1)


def _checked_alike(figure: Figure) -> tuple[object, ...]:
    return figure.group_id, figure.measure, figure.period, figure.verdict, figure.note_en, figure.note_ja


def is_beside(figure: Figure) -> bool:
    """Whether it tells of all institutions, of the pilots or of the others."""
    return figure.group.scheme.code in BESIDE


def is_told(figure: Figure) -> bool:
    """A withheld one is told too, as such; a statement without a number is not."""
    return figure.value is not None or figure.confidentiality != Confidentiality.FREE


def by_division(groups: Iterable[Group]) -> dict[GroupScheme, list[Group]]:
    """The groups of each division, in their order; their divisions are loaded."""
    found: dict[GroupScheme, list[Group]] = {}
    for group in groups:
        found.setdefault(group.scheme, []).append(group)
    return found


def tell(figure: Figure) -> str:
    """The value as a reader sees it: `57%`, `2,372`; a dash where none is told, x where it is withheld."""
    if figure.printed is None:
        return NO_VALUE if figure.confidentiality == Confidentiality.FREE else WITHHELD
    number = f"{figure.printed:,}"
    shares = figure.measure in {Measure.SHARE, Measure.INCREASE}
    is_percent = shares and figure.indicator.unit in {Unit.PERCENT, Unit.INCREASE}
    return f"{number}%" if is_percent or figure.measure == Measure.RATE else number


def period_label(period: str) -> str:
    """2005年度 / FY2005; both ends of `2005-2008`; nothing for the round's own period."""
    first, _line, last = period.partition("-")
    if not last:
        return fiscal_year_alone(int(first)) if first else ""
    return _("%(first)s to %(last)s") % {"first": fiscal_year_alone(int(first)), "last": fiscal_year_alone(int(last))}


def results_of(figures: Iterable[Figure]) -> list[Result]:
    """A result for each release and indicator, in the order of the figures, which come with their labels."""
    grouped = groupby(figures, key=lambda figure: (figure.release_id, figure.indicator_id))
    found = [list(rows) for _key, rows in grouped]
    return [Result(rows[0].indicator, rows[0].release, rows) for rows in found]


def results(release: Release) -> list[Result]:
    """Every indicator of a release with what its page shows. Three queries."""
    items = Prefetch("items", IndicatorItem.objects.order_by("position", "code"))
    themes = Prefetch("themes", Theme.objects.order_by("number"))
    figures = list(Figure.objects.public().filter(release=release).with_labels().in_order())
    rows = Indicator.objects.filter(pk__in={figure.indicator_id for figure in figures}).prefetch_related(items, themes)
    indicators = rows.in_bulk()
    for figure in figures:
        figure.indicator = indicators[figure.indicator_id]
    return results_of(figures)


def response_of(found: Sequence[Result]) -> Response | None:
    """Who answered, from the indicator that tells whom the round asked; None where a number is missing or withheld."""
    for result in found:
        asked, answered = (result.figure(measure, ledger.WHOLE) for measure in (Measure.ASKED, Measure.ANSWERED))
        if asked and answered and asked.value and answered.value is not None:
            parts = {figure.group: figure for figure in result.of(Measure.ANSWERED) if figure is not answered}
            divided = by_division(parts).items()
            divisions = [(scheme, [parts[group] for group in groups]) for scheme, groups in divided]
            return Response(asked, answered, divisions, branches_of(found, answered))
    return None


def branches_of(found: Iterable[Result], answered: Figure) -> list[Branch]:
    usable = ((result, result.figure(Measure.USABLE, ledger.WHOLE)) for result in found)
    return [Branch(result, figure, answered) for result, figure in usable if figure and figure.value is not None]


def _whole(figure: Figure) -> int:
    return int(figure.value or 0)
