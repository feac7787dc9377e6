"""The mirror as an Excel sheet: whose it is and of which release, then a row for each value, numbers as numbers."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import IO, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from sih_portal import workbook
from sih_portal.language import in_language
from sih_portal.years import day
from survey.answer_sheet import drawing
from survey.answer_sheet.drawing import put
from survey.models import Invitation, Measure
from survey.results import NO_VALUE, WITHHELD, period_label

from .mirror import Mirror, Part, Value
from .own import INCOMPLETE

WIDTHS: Final = (44.0, 40.0, 20.0, 18.0, 26.0)
GROUP_WIDTHS: Final = (14.0, 8.0)
RIGHT: Final = Alignment(horizontal="right", vertical="top")
PERCENT: Final = (Measure.SHARE, Measure.INCREASE)


def mirror_sheet(mirror: Mirror, invitation: Invitation) -> IO[bytes]:
    """The mirror as an open temporary file, at its beginning. No query."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Own values")
    title = _("Your own values beside the results")
    drawing.widen(sheet, (*WIDTHS, *GROUP_WIDTHS * len(mirror.groups)))
    drawing.head(sheet, title)
    for label, text in _about(mirror, invitation):
        put(sheet, sheet.max_row + 1, 1, label, drawing.BOLD)
        put(sheet, sheet.max_row, 2, text).alignment = drawing.ONE_LINE
    top = sheet.max_row + 2
    _row(sheet, top, list(_heads(mirror)), font=drawing.BOLD)
    for part in mirror.parts:
        for value in part.values:
            _row(sheet, sheet.max_row + 1, list(_cells(part, value)), measure=value.measure)
    sheet.freeze_panes = f"A{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    drawing.fit(sheet, is_wide=True, foot=title)
    return workbook.saved(book)


def _about(mirror: Mirror, invitation: Invitation) -> Iterator[tuple[str, str]]:
    release = mirror.release
    yield pgettext("answer", "Institution"), in_language(invitation, "name").value
    yield _("Name of the survey"), in_language(release.round, "title").value
    if release.published_at:
        told = {"number": release.number, "date": day(release.published_at)}
        yield pgettext("mirror", "Results"), _("Release %(number)s, published on %(date)s") % told
    yield _("Answers accepted on"), day(mirror.accepted_at)
    if mirror.has_incomplete:
        yield str(INCOMPLETE).capitalize(), _("A sum counts only those who answered all of its rows in both years.")
    if mirror.has_averages:
        yield _("Averages"), _("Where the release tells a total, the groups stand here with total ÷ N.")
    if mirror.has_withheld:
        yield "x", _("withheld, so that no single institution’s answer can be worked out")


def _heads(mirror: Mirror) -> Iterator[str]:
    yield from (
        _("Indicator"),
        _("Figure"),
        pgettext("mirror", "Period"),
        pgettext("mirror", "Your institution"),
        _("Note"),
    )
    for group, _shape in mirror.groups:
        yield from (in_language(group, "name").value, "N")


def _cells(part: Part, value: Value) -> Iterator[object]:
    yield from (in_language(part.indicator, "title").value, value.label, period_label(value.period))
    own = value.own
    yield own.told if own.value is None or value.measure == Measure.SHARE else own.value
    yield own.lack
    for beside in value.groups:
        yield from (beside.told if beside.number is None else beside.number, beside.n)


def _row(sheet: Worksheet, row: int, cells: Sequence[object], *, measure: str = "", font: Font = drawing.PLAIN) -> None:
    for column, value in enumerate(cells, 1):
        cell = put(sheet, row, column, value, font)
        cell.border = drawing.GRID
        if isinstance(value, Decimal | int) or value in {NO_VALUE, WITHHELD}:
            cell.alignment = RIGHT
        if isinstance(value, Decimal):
            cell.number_format = _format(value, measure)


def _format(number: Decimal, measure: str) -> str:
    """How a number is shown: with the decimals it has, and with % where it is one."""
    decimals = max(0, -int(number.as_tuple().exponent))
    shown = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return f'{shown}"%"' if measure in PERCENT else shown
