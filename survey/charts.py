"""Charts of results as horizontal bars: where each piece stands, in percent of the width, and what it is called.

Bars and not slopes or columns: they keep their text size at any width, and every number stands on its bar. The
shapes differ by filling and label, never by colour alone, so that they print in grey.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import groupby, pairwise
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sih_portal.language import in_language

from .ledger import PARTS, WHOLE
from .models import Figure, Group, Measure, Origin, Unit
from .results import WITHHELD, Result, by_division, is_beside, is_told, period_label, tell

FULL: Final = Decimal(100)  # percent: of a share, and of the width
PLACE: Final = Decimal("0.01")  # of the width, in percent
PLAIN: Final = (Measure.SHARE, Measure.INCREASE, Measure.ADDED, Measure.ASKED, Measure.ANSWERED)
COMPARED: Final = (Measure.SHARE, Measure.MEAN, Measure.INCREASE, Measure.ADDED)
ENDS: Final = (Measure.MINIMUM, Measure.MAXIMUM)
STACKED: Final = (Measure.EDUCATORS, Measure.ADMIN_STAFF)
BAR, GAP = 18, 8  # heights, in pixels
LEADING: Final = 18  # from one line of words to the next
LONGEST_LINE: Final = 42  # letters, as a phone is wide
LINE: Final = 26  # height of a line with marks on it
TONES: Final = {WHOLE: "all", "pilot": "pilot", "other": "other"}  # of no other group
FILLS: Final = {"all": "#767676", "pilot": "#0017c1", "part": "#ffffff"}


@dataclass(frozen=True)
class Piece:
    """A rectangle: from `start`, `width` wide, in percent of the longest bar there can be."""

    start: Decimal
    width: Decimal
    tone: str

    @property
    def fill(self) -> str:
        """Its colour where no style sheet changes it; empty for the hatched one."""
        return FILLS.get(self.tone, "")


class Shape(Enum):
    """A mark on a line, as a path around the point that it marks; they differ by outline, not by colour alone."""

    ZERO = "M0-5V5"
    OWN = "M0 5V-4M0-3 5.5-9.5 0-16-5.5-9.5Z"
    CIRCLE = "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0-4.5 0Z"
    TRIANGLE = "M0-6 5.5 4H-5.5Z"
    SQUARE = "M-4-4H4V4H-4Z"
    REVERSED = "M0 5 5.5-5H-5.5Z"


@dataclass(frozen=True)
class Mark:
    """Whose value it is, and how it is told; without a value nothing is drawn."""

    shape: Shape
    label: str
    value: Decimal | None
    told: str


@dataclass(frozen=True)
class Point:
    """Where a mark stands, in percent of its line."""

    place: Decimal
    shape: Shape

    @property
    def tone(self) -> str:
        return self.shape.name.lower()


@dataclass(frozen=True)
class Scale:
    """What the whole width stands for, from `low` (0 or below it) to `high`."""

    low: Decimal
    high: Decimal

    def place(self, value: Decimal) -> Decimal:
        """In percent of the width, to a hundredth."""
        return self.length(value - self.low)

    def length(self, value: Decimal) -> Decimal:
        return (FULL * value / (self.high - self.low)).quantize(PLACE)


class Kind(Enum):
    """What a row is; the value is the height of its words, in pixels."""

    SECTION = 44
    GROUP = 36
    BAR = 28
    NOTE = 19


@dataclass(frozen=True)
class Row:
    """Words, and under them a bar with `value` at its end; only a bar has pieces. A note may show a sample of one.

    `points` stand on a line of their own instead; their numbers are told beside the chart.
    """

    kind: Kind
    label: str
    value: str = ""
    pieces: Sequence[Piece] = ()
    sample: Piece | None = None
    points: Sequence[Point] = ()

    @property
    def end(self) -> Decimal:
        return max((piece.start + piece.width for piece in self.pieces), default=Decimal(0))

    @cached_property
    def lines(self) -> list[str]:
        """The label as long as a phone is wide; where it can be parted, at blanks alone."""
        label = capfirst(self.label)
        return textwrap.wrap(label, LONGEST_LINE, break_long_words=False, break_on_hyphens=False)

    @property
    def words_height(self) -> int:
        return self.kind.value + LEADING * len(self.lines[1:]) if self.label else 0

    @property
    def height(self) -> int:
        return self.words_height + (BAR + GAP if self.pieces else 0) + (LINE if self.points else 0)


@dataclass(frozen=True)
class Placed:
    """A row at its height in the chart, in pixels from the top."""

    row: Row
    top: int

    @property
    def line(self) -> int:
        """Where its words stand, the first line of them."""
        return self.top + self.row.words_height - LEADING * len(self.row.lines[1:]) - 6

    @property
    def sample(self) -> int:
        """Where the sample before its words begins."""
        return self.line - 11

    @property
    def bar(self) -> int:
        """Where its bar begins."""
        return self.top + self.row.words_height


@dataclass(frozen=True)
class Chart:
    """`name` is its own among all charts of a page."""

    name: str
    title: str
    rows: Sequence[Row]

    @cached_property
    def placed(self) -> list[Placed]:
        tops = [0]
        for row in self.rows:
            tops.append(tops[-1] + row.height)
        return [Placed(row, top) for row, top in zip(self.rows, tops, strict=False)]

    @cached_property
    def height(self) -> int:
        return sum(row.height for row in self.rows)

    @property
    def sections(self) -> list["Chart"]:
        """The chart cut before the headings that follow bars: each part fits a printed page."""
        heads = [at for at, row in enumerate(self.rows) if row.kind is Kind.SECTION]
        cuts = [at for at in heads if any(row.pieces for row in self.rows[:at])]
        return [self._part(*ends) for ends in pairwise([0, *cuts, len(self.rows)])]

    def _part(self, first: int, beyond: int) -> "Chart":
        rows = self.rows[first:beyond]
        if len(rows) == len(self.rows):
            return self
        title = _("%(measure)s: %(value)s") % {"measure": self.title, "value": rows[0].label}
        return replace(self, name=f"{self.name}-{first}", title=title, rows=rows)

    @property
    def has_withheld(self) -> bool:
        return any(row.value == WITHHELD for row in self.rows)

    @property
    def description(self) -> str:
        """The chart in words, for those who do not see it."""
        return "; ".join(" ".join(filter(None, (row.label, row.value))) for row in self.rows)


def chart_of(result: Result) -> Chart | None:
    """Everything the source tells of an indicator; None where it tells no number."""
    rows = [*_plain(result), *_means(result), *_totals(result), *_lost(result)]
    return _chart(result, "whole", rows)


def brief_chart_of(result: Result) -> Chart | None:
    """What the indicator is about, pilots beside others, or all where both are withheld; None without a number."""
    compared = [figure for figure in result.of(*COMPARED) if is_told(figure)]
    figures = [figure for figure in compared if figure.group.code in PARTS]
    if all(figure.value is None for figure in figures):
        figures = [figure for figure in compared if figure.group.code == WHOLE and figure.value is not None]
    asked = [figure for figure in result.of(Measure.ASKED, Measure.ANSWERED) if figure.group.code == WHOLE]
    rows = _by_item(result, figures) if result.is_by_item else _bars(_by_group_and_year(figures) or asked)
    return _chart(result, "brief", list(rows))


def line_of(name: str, title: str, marks: Sequence[Mark], *, is_share: bool) -> Chart | None:
    """Values as marks on one line, from 0 (or the lowest below it) to the largest, a share's to 100%; None without any.

    `name` is its own among all charts of the page.
    """
    known = [(mark.value, mark.shape) for mark in marks if mark.value is not None]
    if not known:
        return None
    reach = [Decimal(0), *(value for value, _shape in known)]
    scale = Scale(Decimal(0), FULL) if is_share else Scale(min(reach), max(reach) if any(reach) else FULL)
    points = [Point(scale.place(value), shape) for value, shape in [(Decimal(0), Shape.ZERO), *known]]
    words = "; ".join(f"{mark.label} {mark.told}" for mark in marks)
    return Chart(name, title, [Row(Kind.BAR, "", words, points=points)])


def _chart(result: Result, form: str, rows: Sequence[Row]) -> Chart | None:
    if not any(row.pieces for row in rows):
        return None
    name = f"{form}-{result.release.round.code}-{result.indicator.code}"
    return Chart(name, str(in_language(result.indicator, "title")), rows)


def _plain(result: Result) -> Iterator[Row]:
    """Shares, growth and counts, in every division; those told by item only of pilots, others and all."""
    told = [figure for figure in result.of(*PLAIN) if is_told(figure)]
    figures = sorted(told, key=lambda figure: figure.group.position)
    beside, scale = [figure for figure in figures if is_beside(figure)], _scale(figures)
    if result.is_by_item:
        yield from _by_item(result, beside)
        return
    yield from _bars(beside, scale)
    rest = [figure for figure in figures if not is_beside(figure)]
    for scheme in by_division(figure.group for figure in rest):
        yield Row(Kind.GROUP, str(in_language(scheme, "title")))
        yield from _bars([figure for figure in rest if figure.group.scheme_id == scheme.pk], scale)


def _by_item(result: Result, figures: Sequence[Figure]) -> Iterator[Row]:
    """A heading for each item, and under it the bars of the groups."""
    scale = _scale(figures)
    named = {figure.item: result.items[figure.item] for figure in figures if figure.item in result.items}
    for code, item in sorted(named.items(), key=lambda pair: (pair[1].position, pair[0])):
        if own := [figure for figure in figures if figure.item == code]:
            yield Row(Kind.GROUP, str(in_language(item, "label")))
            yield from _bars(_by_group_and_year(own), scale)


def _bars(figures: Sequence[Figure], scale: Scale | None = None) -> Iterator[Row]:
    scale = scale or _scale(figures)
    for figure in figures:
        label = " ".join(filter(None, (_who(figure), period_label(figure.period))))
        yield Row(Kind.BAR, label, tell(figure), _stack([figure], scale))


def _means(result: Result) -> Iterator[Row]:
    figures = [figure for figure in result.of(Measure.MEAN) if is_beside(figure)]
    if figures:
        yield Row(Kind.SECTION, _("Average per institution"))
    for group, rows in _of_each_group(figures):
        yield Row(Kind.GROUP, _named_with_n(result, group))
        yield from rows
        yield from (_note(ratio) for ratio in result.of(Measure.RATIO) if ratio.group_id == group.pk)


def _totals(result: Result) -> Iterator[Row]:
    figures = [figure for figure in result.of(Measure.TOTAL) if is_beside(figure)]
    stacked = [[row for row in result.of(*STACKED) if _is_beside(row, figure)] for figure in figures]
    scale = _scale(figures, *(sum((row.value or Decimal(0) for row in parts), Decimal(0)) for parts in stacked))
    if figures:
        yield Row(Kind.SECTION, _("Totals"))
    places = {code: place for place, code in enumerate(result.items)}
    figures.sort(key=lambda figure: (*_place(figure.group), places.get(figure.item, 0), figure.period))
    for group, cells in groupby(figures, key=lambda figure: figure.group):
        yield Row(Kind.GROUP, _named_with_n(result, group) if result.is_by_item else _name(group))
        for figure in cells:
            details = [row for row in result.of(*STACKED, *ENDS) if _is_beside(row, figure)]
            parts = [row for row in details if row.measure in STACKED]
            pieces = _stack(parts or [figure], scale)
            samples = {part.measure: piece for part, piece in zip(parts, pieces, strict=False)}
            yield Row(Kind.BAR, _item_and_year(result, figure), tell(figure), pieces)
            yield from (_note(row, samples.get(row.measure)) for row in details)


def _lost(result: Result) -> Iterator[Row]:
    """The numbers of a chart that lost its bars, in rising order: more is not known of them."""
    scale = _scale(result.bars)
    if result.bars:
        yield from (Row(Kind.NOTE, _named_with_n(result, group)) for group in result.columns)
        yield Row(Kind.SECTION, _("Numbers on the bars, in rising order"))
        yield Row(Kind.NOTE, _("Which bar each belongs to is lost."))
    yield from (Row(Kind.BAR, "", tell(figure), _stack([figure], scale)) for figure in result.bars)


def _of_each_group(figures: Sequence[Figure]) -> Iterator[tuple[Group, list[Row]]]:
    """The groups, each with a bar for each year."""
    scale = _scale(figures)
    for group, cells in groupby(_by_group_and_year(figures), key=lambda figure: figure.group):
        rows = [Row(Kind.BAR, period_label(row.period), tell(row), _stack([row], scale)) for row in cells]
        yield group, rows


def _stack(figures: Sequence[Figure], scale: Scale) -> list[Piece]:
    """End to end from 0; one below it ends there."""
    pieces: list[Piece] = []
    start = scale.place(Decimal(0))
    for figure in figures:
        tone = TONES.get(figure.group.code, "part") if not pieces else "part"
        value = figure.value or Decimal(0)
        width = scale.length(abs(value))
        pieces.append(Piece(start if value >= 0 else start - width, width, tone))
        start += width
    return pieces


def _item_and_year(result: Result, figure: Figure) -> str:
    item = result.items.get(figure.item)
    return " ".join(filter(None, (str(in_language(item, "label")) if item else "", period_label(figure.period))))


def _by_group_and_year(figures: Iterable[Figure]) -> list[Figure]:
    """What is equal in both stays in its order."""
    return sorted(figures, key=lambda figure: (*_place(figure.group), figure.period))


def _place(group: Group) -> tuple[int, str]:
    return group.position, group.code


def _is_beside(figure: Figure, other: Figure) -> bool:
    return (figure.group_id, figure.period) == (other.group_id, other.period)


def _scale(figures: Iterable[Figure], *sums: Decimal) -> Scale:
    """A share's is 100%; else from 0, or the lowest below it, to the largest of the numbers and the sums."""
    rows = list(figures)
    if rows and rows[0].indicator.unit == Unit.PERCENT:
        return Scale(Decimal(0), FULL)
    reach = [Decimal(0), *sums, *(row.value for row in rows if row.value is not None)]
    low, high = min(reach), max(reach)
    return Scale(low, high if high > low else FULL)


def _note(figure: Figure, sample: Piece | None = None) -> Row:
    words = {"measure": Measure(figure.measure).label, "value": tell(figure)}
    return Row(Kind.NOTE, _("%(measure)s: %(value)s") % words, sample=sample)


def _who(figure: Figure) -> str:
    """Whom a bar is about; of counts, whether they were asked or answered, where both are told."""
    if figure.measure not in {Measure.ASKED, Measure.ANSWERED}:
        return _name(figure.group)
    if figure.group.code == WHOLE:
        return str(figure.get_measure_display())
    if figure.origin == Origin.PRINTED:
        return _name(figure.group)
    return _("%(group)s: %(measure)s") % {"group": _name(figure.group), "measure": figure.get_measure_display()}


def _name(group: Group) -> str:
    return str(in_language(group, "name"))


def _named_with_n(result: Result, group: Group) -> str:
    usable = result.figure(Measure.USABLE, group.code) or result.figure(Measure.COUNTED, group.code)
    return _("%(group)s (N=%(number)s)") % {"group": _name(group), "number": tell(usable)} if usable else _name(group)
