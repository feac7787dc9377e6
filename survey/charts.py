"""Charts of results as horizontal bars: where each piece stands, in percent of the width, and what it is called.

Bars and not slopes or columns: they keep their text size at any width, and every number stands on its bar. The
shapes differ by filling and label, never by colour alone, so that they print in grey.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from sih_portal.language import in_language

from .ledger import PARTS, WHOLE
from .models import Figure, Group, Measure, Unit
from .results import Result, period_label, tell

FULL: Final = Decimal(100)  # percent: of a share, and of the width
PLAIN: Final = (Measure.SHARE, Measure.INCREASE, Measure.ADDED, Measure.ASKED, Measure.ANSWERED)
STACKED: Final = (Measure.EDUCATORS, Measure.ADMIN_STAFF)
HEADING, LABEL, BAR, GAP = 30, 20, 18, 8  # heights, in pixels
TONES: Final = {WHOLE: "all", "pilot": "pilot"}
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


@dataclass(frozen=True)
class Row:
    """A bar under its label, or a line of text alone; `value` stands at the end of the bar."""

    label: str
    value: str = ""
    pieces: Sequence[Piece] = ()
    is_heading: bool = False

    @property
    def end(self) -> Decimal:
        return max((piece.start + piece.width for piece in self.pieces), default=Decimal(0))

    @property
    def height(self) -> int:
        if self.is_heading:
            return HEADING
        return (LABEL if self.label else 0) + (BAR + GAP if self.pieces else 0)


@dataclass(frozen=True)
class Placed:
    """A row and the height it begins at: of its text's line and of its bar."""

    row: Row
    top: int

    @property
    def line(self) -> int:
        return self.top + (HEADING if self.row.is_heading else LABEL) - 6

    @property
    def bar(self) -> int:
        return self.top + (LABEL if self.row.label else 0)

    @property
    def value_line(self) -> int:
        return self.bar + BAR - 5


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
    def description(self) -> str:
        """The chart in words, for those who do not see it."""
        return "; ".join(" ".join(filter(None, (row.label, row.value))) for row in self.rows)


def chart_of(result: Result) -> Chart | None:
    """Everything the source tells of an indicator; None where it tells no number."""
    rows = [*_plain(result), *_means(result), *_totals(result), *_lost(result)]
    return _chart(result, "whole", rows)


def brief_chart_of(result: Result) -> Chart | None:
    """What the indicator is about, pilots and others beside each other; None where there is nothing to compare."""
    means = result.of(Measure.MEAN)
    figures = [figure for figure in means or result.of(*PLAIN[:3]) if figure.group.code in PARTS]
    named = _by_group(figures) if means else ((figure.group, [figure]) for figure in figures)
    return _chart(result, "brief", [row for _group, cells in named for row in _bars(cells, _scale(figures))])


def _chart(result: Result, form: str, rows: Sequence[Row]) -> Chart | None:
    if not any(row.pieces for row in rows):
        return None
    name = f"{form}-{result.release.round.code}-{result.indicator.code}"
    return Chart(name, str(in_language(result.indicator, "title")), rows)


def _plain(result: Result) -> Iterator[Row]:
    figures = [figure for figure in result.of(*PLAIN) if figure.value is not None]
    yield from _bars(figures, _scale(figures))


def _means(result: Result) -> Iterator[Row]:
    figures = result.of(Measure.MEAN)
    scale = _scale(figures)
    if figures:
        yield Row(_("Average per institution"), is_heading=True)
    for group, cells in _by_group(figures):
        yield Row(_named_with_n(result, group), is_heading=True)
        yield from _bars(cells, scale, named_by_group=False)
        for ratio in result.of(Measure.RATIO):
            if ratio.group == group:
                yield Row(_measured(ratio))


def _totals(result: Result) -> Iterator[Row]:
    figures = result.of(Measure.TOTAL)
    scale = _scale(figures)
    if figures:
        yield Row(str(Measure.TOTAL.label), is_heading=True)
    for figure in figures:
        parts = [part for part in result.of(*STACKED) if _is_beside(part, figure)]
        ends = [end for end in result.of(Measure.MINIMUM, Measure.MAXIMUM) if _is_beside(end, figure)]
        yield Row(
            f"{_name(figure.group)} {period_label(figure.period)}", tell(figure), _stack(parts or [figure], scale)
        )
        yield from (Row(_measured(detail)) for detail in (*parts, *ends))


def _lost(result: Result) -> Iterator[Row]:
    """The numbers of a chart that lost its bars, in rising order: more is not known of them."""
    scale = _scale(result.bars)
    if result.bars:
        yield from (Row(_named_with_n(result, group)) for group in result.columns)
        yield Row(_("Numbers on the bars, in rising order"), is_heading=True)
    for figure in result.bars:
        yield Row("", tell(figure), [Piece(Decimal(0), _share(figure, scale), "other")])


def _bars(figures: Iterable[Figure], scale: Decimal, *, named_by_group: bool = True) -> Iterator[Row]:
    for figure in figures:
        words = (_name(figure.group) if named_by_group else "", period_label(figure.period))
        asked = [str(Measure.ASKED.label)] if figure.measure == Measure.ASKED else []
        yield Row(" ".join(asked or filter(None, words)), tell(figure), _stack([figure], scale))


def _stack(figures: Sequence[Figure], scale: Decimal) -> list[Piece]:
    pieces: list[Piece] = []
    start = Decimal(0)
    for figure in figures:
        tone = TONES.get(figure.group.code, "other") if not pieces else "part"
        pieces.append(Piece(start, _share(figure, scale), tone))
        start += pieces[-1].width
    return pieces


def _by_group(figures: Sequence[Figure]) -> Iterator[tuple[Group, list[Figure]]]:
    ordered = sorted(figures, key=lambda figure: (figure.group.position, figure.period))
    for group, cells in groupby(ordered, key=lambda figure: figure.group):
        yield group, list(cells)


def _is_beside(figure: Figure, other: Figure) -> bool:
    return (figure.group_id, figure.period) == (other.group_id, other.period)


def _scale(figures: Sequence[Figure]) -> Decimal:
    """What the whole width stands for: 100% of a share, else the largest number."""
    if figures and figures[0].indicator.unit == Unit.PERCENT:
        return FULL
    return max((figure.value for figure in figures if figure.value), default=FULL)


def _share(figure: Figure, scale: Decimal) -> Decimal:
    """In percent of the width, to a hundredth."""
    return (FULL * (figure.value or 0) / scale).quantize(Decimal("0.01"))


def _measured(figure: Figure) -> str:
    return _("%(measure)s: %(value)s") % {"measure": Measure(figure.measure).label, "value": tell(figure)}


def _name(group: Group) -> str:
    return str(in_language(group, "name"))


def _named_with_n(result: Result, group: Group) -> str:
    usable = result.figure(Measure.USABLE, group.code)
    return _("%(group)s (N=%(number)s)") % {"group": _name(group), "number": tell(usable)} if usable else _name(group)
