"""The form as a whole: a sheet to read first, and one for each section, which can be sent around by itself."""

import re
from collections.abc import Iterator
from typing import IO, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sih_portal import workbook
from sih_portal.language import in_language
from sih_portal.years import day_and_time
from survey.answering import Sheet
from survey.models import Invitation, Response, Round
from survey.questionnaires import Form
from survey.uploading import Mark
from survey.values import REASONS

from . import drawing, section
from .drawing import put
from .section import Occasion

# Two less than Excel allows: openpyxl numbers sheets of the same name.
LONGEST_NAME: Final = 29
UNNAMED: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
WIDTHS: Final = (24, 84)

Lines = Iterator[tuple[str, str]]


def answer_sheet(
    form: Form, *, survey_round: Round, response: Response | None = None, sheet: Sheet | None = None
) -> IO[bytes]:
    """The form as an open temporary file, at its beginning; blank and nobody's without a response and its sheet.

    No query when the response's invitation is loaded.
    """
    invitation = response.invitation if response else None
    deadline = invitation.deadline if invitation else survey_round.closes_at
    occasion = Occasion(
        in_language(invitation, "name").value if invitation else "",
        day_and_time(deadline) if deadline else "",
        Mark.of(form.row, response.public_id if response else ""),
        sheet,
    )
    book = Workbook()
    cover = book.worksheets[0]
    cover.title = _("Read first")
    _Cover(cover, form, occasion, invitation).draw(in_language(survey_round, "title").value)
    for part in form.sections:
        section.draw(book.create_sheet(_name(section.title_of(part))), form, part, occasion)
    book.calculation.fullCalcOnLoad = True
    return workbook.saved(book)


def _name(title: str) -> str:
    """A name that Excel allows: no brackets, slashes and the like, no quotation marks at its ends."""
    clean = UNNAMED.sub(" ", workbook.UNWRITABLE.sub("", title))
    return clean.encode("utf-16-le")[: 2 * LONGEST_NAME].decode("utf-16-le", "ignore").strip(" '")


class _Cover:
    """The sheet to read first, while it is drawn."""

    def __init__(self, sheet: Worksheet, form: Form, occasion: Occasion, invitation: Invitation | None) -> None:
        self.sheet = sheet
        self.form = form
        self.occasion = occasion
        self.invitation = invitation
        self.row = 2

    def draw(self, survey: str) -> None:
        drawing.widen(self.sheet, WIDTHS)
        drawing.head(self.sheet, in_language(self.form.row, "title").value or survey)
        self._lines(self._about(survey))
        self._heading(_("In your institution"))
        self._fields()
        self._heading(_("How to fill it in"))
        self._lines((str(number), text) for number, text in enumerate(_how_to(), 1))
        if self.form.definitions:
            self._heading(_("What words mean here"))
            self._lines(
                (in_language(one, "term").value, in_language(one, "text").value) for one in self.form.definitions
            )
        self.sheet.print_area = f"A1:B{self.row - 1}"
        drawing.lay_out(self.sheet, is_wide=False, foot=str(self.occasion.mark))

    def _about(self, survey: str) -> Lines:
        yield _("Name of the survey"), survey
        yield _("Name of the institution"), self.occasion.institution or _("(blank form)")
        if self.occasion.deadline:
            yield pgettext("answer", "Deadline"), self.occasion.deadline
        if introduction := in_language(self.form.row, "introduction").value:
            yield _("Purpose"), introduction
        yield _("Number of the form"), str(self.occasion.mark)

    def _heading(self, text: str) -> None:
        self.row += 1
        put(self.sheet, self.row, 1, text, drawing.BOLD)
        self.row += 1

    def _lines(self, lines: Lines) -> None:
        for label, text in lines:
            put(self.sheet, self.row, 1, label).border = drawing.GRID
            put(self.sheet, self.row, 2, text).border = drawing.GRID
            count = max(drawing.lines(label, WIDTHS[0]), drawing.lines(text, WIDTHS[1]))
            drawing.heighten(self.sheet, self.row, count)
            self.row += 1

    def _fields(self) -> None:
        """Whom to give the sheets back to inside the institution, and by when: for its own office to fill in."""
        office = (
            " ".join(filter(None, (self.invitation.department, self.invitation.contact_name)))
            if self.invitation
            else ""
        )
        for label, text in ((_("Give it back to"), office), (_("By"), "")):
            put(self.sheet, self.row, 1, label).border = drawing.GRID
            drawing.opened(put(self.sheet, self.row, 2, text or None))
            drawing.heighten(self.sheet, self.row, 1)
            self.row += 1


def _how_to() -> Iterator[str]:
    yield _("Write only into the framed cells. The others are locked against slips; there is no password.")
    yield _("Choose answers from the list of the cell. Write numbers as whole numbers, in digits.")
    yield _("0 is an answer: there were none. A blank is no answer.")
    reasons = _(", ").join(str(status.label) for status in REASONS)
    yield _("Where you have no answer, leave it blank and choose a reason beside it: %(reasons)s.") % {
        "reasons": reasons
    }
    yield _("Totals are worked out by themselves.")
    yield _("Each sheet can be sent around by itself. Leave its headings and its column of codes as they are.")
    yield _("A cell that is blank in this file erases nothing that was entered before.")
    yield _(
        "Upload the file on the page that the link in your mail opens. There you see what it would change; then "
        "submit the answers there. Uploading alone does not submit them."
    )
