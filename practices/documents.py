"""The Word documents of an office: one case on a sheet, and a comparison of cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal.addresses import page_address
from sih_portal.language import Text, current_language, in_language
from sih_portal.query_names import OneOf
from sih_portal.word import Paper, Piece, Sheet

from .citation import citation
from .fields import EFFECTS, FACTS, SOURCE, TEXTS, Field, Line, result_of_theme, rows_of
from .models.edition import Edition

FORMAT: Final = OneOf("format", gettext_lazy("`docx`: the page as a Word document."), lambda: ("docx",))
LABEL_WIDTH: Final = 32  # mm
NARROW_LABEL_WIDTH: Final = 30


def case_sheet(edition: Edition, language: str, *, made_at: datetime) -> bytes:
    """One case on A4 portrait, in `language`. No query when the parts are loaded."""
    with translation.override(language):
        title = in_language(edition, "title")
        paper = Paper(Sheet(title.value, _("Case sheet"), page_address(edition, language), language, made_at))
        paper.heading(_piece(Line(title)), 1)
        widths = (LABEL_WIDTH, paper.sheet.width - LABEL_WIDTH)
        paper.table(widths, _fact_rows(edition, FACTS))
        for field in TEXTS:
            _add_text(paper, edition, field, widths)
        _add_result(paper, edition)
        paper.heading(_said(_("Source and citation")), 2)
        paper.table(widths, [*_fact_rows(edition, SOURCE), *_closing_rows(edition, paper.sheet)])
        return paper.content()


def comparison_sheet(editions: Sequence[Edition], language: str, *, address: str, made_at: datetime) -> bytes:
    """Two to four cases side by side on A4 landscape, in `language`; `address` is the page's. No query."""
    with translation.override(language):
        title = _("Comparison of practices")
        paper = Paper(Sheet(title, title, address, language, made_at, is_landscape=True, size=9.5))
        paper.heading(_said(title), 1)
        column = (paper.sheet.width - NARROW_LABEL_WIDTH) / len(editions)
        head = [[_said(_("Item"))], *([_piece(Line(in_language(edition, "title")))] for edition in editions)]
        body = [
            [[_said(str(row.field.label))], *(_cell(cell.lines) for cell in row.cells)] for row in rows_of(editions)
        ]
        paper.table([NARROW_LABEL_WIDTH, *[column] * len(editions)], [head, *body], has_head=True)
        paper.heading(_said(_("Source and citation")), 2)
        paper.texts(_citation(edition, paper.sheet) for edition in editions)
        paper.texts([_said(licence())])
        return paper.content()


def licence() -> str:
    """What may be done with the texts."""
    if settings.CONTENT_LICENCE:
        return _("Licence of the texts: %(content_licence)s.") % {"content_licence": settings.CONTENT_LICENCE}
    return _("No licence has been set for the texts yet. Quotations that name the source are welcome.")


def _said(text: str) -> Piece:
    return Piece(Text(text, current_language(), is_fallback=False))


def _piece(line: Line) -> Piece:
    note = _("Not translated yet (shown in Japanese)") if line.is_untranslated else ""
    return Piece(line.text, line.label, note)


def _cell(lines: Sequence[Line]) -> list[Piece]:
    return [_piece(line) for line in lines] or [_said(f"— {_('not stated')}")]


def _fact_rows(edition: Edition, fields: Sequence[Field]) -> list[list[list[Piece]]]:
    return [[[_said(str(row.field.label))], _cell(row.cells[0].lines)] for row in rows_of([edition], fields)]


def _add_text(paper: Paper, edition: Edition, field: Field, widths: tuple[float, float]) -> None:
    """A heading with the text under it; numbered parts as a table. A field without text is left out."""
    lines = field.read(edition)
    if not lines and field is not EFFECTS:
        return
    paper.heading(_said(str(field.label)), 2)
    if any(line.label for line in lines):
        rows = [[[_said(line.label)], [_piece(Line(line.text))]] for line in lines]
        paper.table(widths, rows)
    else:
        paper.texts(_cell(lines))


def _add_result(paper: Paper, edition: Edition) -> None:
    """What the theme came to, and that it is not this case's own; left out where the theme has none."""
    if lines := result_of_theme(edition):
        paper.heading(_said(_("Result of theme %(number)s") % {"number": edition.theme.number}), 2)
        paper.texts(_cell(lines))
        paper.texts([_said(_("The result belongs to the theme as a whole, not to this practice alone."))])


def _closing_rows(edition: Edition, sheet: Sheet) -> list[list[list[Piece]]]:
    address = Piece(Text(sheet.address, sheet.language, is_fallback=False), is_link=True)
    return [
        [[_said(_("Citation"))], [_citation(edition, sheet)]],
        [[_said(_("Reuse"))], [_said(licence())]],
        [[_said(_("Web page"))], [address]],
    ]


def _citation(edition: Edition, sheet: Sheet) -> Piece:
    return _said(citation(edition, sheet.language, accessed_on=timezone.localdate(sheet.made_at)))
