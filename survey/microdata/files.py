"""The files themselves: each table as CSV while it is read, and all of them as one workbook."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal import tabular, workbook
from sih_portal.one_moment import one_moment
from sih_portal.tabular import Columns
from survey.models import ResponseState, Round, Status
from survey.questionnaires import Form

from .rows import Filled, FormCell, cells_of, filled_of, form_cells, spoken_of
from .tables import CODEBOOK, EXPLANATIONS, LONG, MEANINGS, wide

STATES: Final[Mapping[str, tuple[ResponseState, ...]]] = {
    "accepted": (ResponseState.ACCEPTED,),
    "answered": (ResponseState.SUBMITTED, ResponseState.ACCEPTED),
    "all": tuple(ResponseState),
}
PARTS: Final = ("wide", "long", "explanations", "codebook")
# Answers that are published nowhere stand in these files: the mark of documents that are not passed on.
MARK: Final = gettext_lazy("HANDLE-WITH-CARE")
WARNING: Final = gettext_lazy(
    "Handle with care: the file holds the answers of single institutions, also to questions that are never published. "
    "Do not pass it on, and delete it when the work is done."
)


@dataclass(frozen=True)
class Export:
    """Which responses of a round, by a name of `STATES`."""

    round: Round
    form: Form
    states: str

    @property
    def filled(self) -> Iterator[Filled]:
        return filled_of(self.round, self.form, STATES[self.states])

    def name(self, part: str) -> str:
        """The name of a file, without its ending."""
        return f"{MARK}_{self.round.code}_{part}_{self.states}_{timezone.localdate():%Y%m%d}"


def csv_of(export: Export, part: str) -> Iterator[bytes]:
    """The lines of one table, as they are read: all of one moment."""
    columns, rows = _table(export, part)
    with one_moment():
        yield from tabular.csv_lines(columns, rows)


def workbook_of(export: Export) -> IO[bytes]:
    """All tables as an open temporary file, at its beginning; memory does not grow with the responses."""
    sheets = [
        workbook.Sheet("wide", wide(export.form), lambda row: [row] if isinstance(row, Filled) else []),
        workbook.Sheet("long", LONG, lambda row: cells_of(row) if isinstance(row, Filled) else []),
        workbook.Sheet("explanations", EXPLANATIONS, lambda row: spoken_of(row) if isinstance(row, Filled) else []),
        workbook.Sheet("codebook", CODEBOOK, lambda row: [row] if isinstance(row, FormCell) else []),
    ]
    with one_moment():
        return workbook.write(sheets, _rows(export), lambda count: _about(export, count))


def _table(export: Export, part: str) -> tuple[Columns, Iterable[Any]]:
    match part:
        case "wide":
            return wide(export.form), export.filled
        case "long":
            return LONG, (cell for filled in export.filled for cell in cells_of(filled))
        case "explanations":
            return EXPLANATIONS, (spoken for filled in export.filled for spoken in spoken_of(filled))
        case _:
            return CODEBOOK, form_cells(export.form)


def _rows(export: Export) -> Iterator[Filled | FormCell]:
    yield from export.filled
    yield from form_cells(export.form)


def _about(export: Export, count: int) -> workbook.Lines:
    questionnaire = export.form.row
    yield (MARK, WARNING)
    yield (_("Round"), f"{export.round.code} {export.round}")
    yield (_("Questionnaire"), f"{questionnaire.code} v{questionnaire.version}")
    yield ("SHA-256", questionnaire.sha256)
    states = ", ".join(str(state.label) for state in STATES[export.states])
    yield (_("States of the responses"), states)
    yield (_("Number of responses"), count)
    yield (_("Made on"), timezone.localdate())
    yield ("",)
    yield (_("Code"), _("Meaning"))
    yield from ((status.value, status.label) for status in Status)
    yield ("",)
    yield (_("Column"), _("Meaning"))
    yield from MEANINGS.items()
    yield (_("Other columns of the sheet “wide”"), _("the cell of that code: see the sheet “codebook”"))
