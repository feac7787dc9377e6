"""How far a round has come, at the desk: a page with the ways to those who are meant, files, and the first page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from sih_portal import tabular, workbook
from sih_portal.downloads import workbook_answer
from sih_portal.staff import DeskAdmin
from sih_portal.tabular import Column, Columns
from survey.models import InvitationStatus, Round
from survey.permissions import may_keep_survey
from survey.statistics import GroupProgress, RoundProgress, progress_of, progress_of_each
from universities.models import InstitutionKind

from .rooms import page, room

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What the first page has room for; the page of the round has every status.
ON_INDEX: Final = (
    InvitationStatus.INVITED,
    InvitationStatus.OPENED,
    InvitationStatus.DRAFTING,
    InvitationStatus.SUBMITTED,
    InvitationStatus.RETURNED,
    InvitationStatus.ACCEPTED,
)
RATE_MEANS: Final = _(
    "Rate of response: answers that are there (accepted or not yet) ÷ institutions asked. Those that are not to be "
    "asked count as neither; those that declined count as asked. Answers returned with questions count when they are "
    "submitted again."
)
IS_PILOT: Final = {"pilot": "1", "other": "0"}
WIDTHS: Final = (34, *(10,) * (5 + len(InvitationStatus)))


@dataclass(frozen=True)
class Cell:
    """How many institutions of a group stand at a status, and the query of the list that shows them."""

    status: str
    label: "StrOrPromise"
    count: int
    query: str


@dataclass(frozen=True)
class Line:
    group: GroupProgress
    cells: Sequence[Cell]
    query: str


@dataclass(frozen=True)
class Block:
    """Groups that are told together; `title` is empty where there is only the whole."""

    title: "StrOrPromise"
    lines: Sequence[Line]


@dataclass(frozen=True)
class Shown:
    """A round's progress as a page shows it. `labels` are those of the cells of each line."""

    round: Round
    whole: GroupProgress
    labels: Sequence["StrOrPromise"]
    blocks: Sequence[Block]


class ProgressPages(DeskAdmin[Round]):
    """For the admin of rounds."""

    def progress_urls(self) -> list[URLPattern]:
        return [
            room(self, "<int:pk>/progress/", self.progress, "progress"),
            room(self, "<int:pk>/progress/progress.csv", self.progress_csv, "progress_csv"),
            room(self, "<int:pk>/progress/progress.xlsx", self.progress_xlsx, "progress_xlsx"),
        ]

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey_round = get_object_or_404(Round, pk=pk)
        context = {
            "original": survey_round,
            "title": gettext("Progress of the survey"),
            "shown": shown(progress_of(survey_round), list(InvitationStatus)),
            "rate_means": RATE_MEANS,
        }
        return page(self, request, "round/progress", context)

    def progress_csv(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        progress = progress_of(get_object_or_404(Round, pk=pk))
        lines = tabular.csv_lines(columns(), progress.groups)
        headers = {"Content-Disposition": f'attachment; filename="{file_name(progress)}.csv"'}
        return StreamingHttpResponse(lines, content_type=tabular.CONTENT_TYPE, headers=headers)

    def progress_xlsx(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        progress = progress_of(get_object_or_404(Round, pk=pk))
        return workbook_answer(sheet(progress), file_name(progress))

    def index_context(self, request: HttpRequest) -> dict[str, Any]:
        """For the first page of the office: the rounds that are open. Two queries."""
        if not may_keep_survey(request.user):
            return {"open_rounds": []}
        rounds = Round.objects.filter(state=Round.State.OPEN).order_by("closes_at", "code")
        return {"open_rounds": [shown(progress, ON_INDEX) for progress in progress_of_each(rounds)]}


def shown(progress: RoundProgress, statuses: Sequence[InvitationStatus]) -> Shown:
    blocks = (
        ("", [progress.whole]),
        (_("By kind of institution"), progress.kinds),
        (_("By participation in the programme"), progress.participation),
    )
    return Shown(
        progress.round,
        progress.whole,
        [status.label for status in statuses],
        [Block(title, [_line(progress.round, group, statuses) for group in groups]) for title, groups in blocks],
    )


def _line(survey_round: Round, group: GroupProgress, statuses: Sequence[InvitationStatus]) -> Line:
    query = {"round__id__exact": survey_round.pk, **_query(group)}
    cells = [
        Cell(status, status.label, group.counts[status], urlencode({**query, "status": status})) for status in statuses
    ]
    return Line(group, cells, urlencode(query))


def _query(group: GroupProgress) -> dict[str, str]:
    """How the list of those who are asked is narrowed to a group."""
    if group.code in InstitutionKind.values:
        return {"kind__exact": group.code}
    return {"is_pilot__exact": IS_PILOT[group.code]} if group.code in IS_PILOT else {}


def columns() -> Columns:
    """A line for each group. The rate is a number of percent, empty where nobody was asked."""

    def count_of(status: InvitationStatus) -> Column:
        return Column(str(status.label), lambda group: group.counts[status])

    return [
        Column(gettext("group of institutions"), lambda group: group.label),
        Column(pgettext("how many", "asked"), lambda group: group.asked),
        Column(pgettext("how many", "answered"), lambda group: group.answered),
        Column(pgettext("how many", "of these accepted"), lambda group: group.accepted),
        Column(gettext("rate of response (%)"), lambda group: group.rate),
        *map(count_of, InvitationStatus),
        Column(pgettext("how many", "on the list"), lambda group: group.listed),
    ]


def sheet(progress: RoundProgress) -> IO[bytes]:
    """An open temporary file, at its beginning."""
    head = f"{progress.round} {gettext('Progress of the survey')}"
    table = workbook.Sheet(gettext("progress"), columns(), paper=workbook.Paper(WIDTHS, head))
    return workbook.write([table], progress.groups, lambda _count: _about(progress), gettext("explanatory notes"))


def _about(progress: RoundProgress) -> Iterator[tuple[object, ...]]:
    yield (gettext("Round"), str(progress.round))
    yield (gettext("Made on"), timezone.localdate())
    yield (gettext("Rate of response"), RATE_MEANS)


def file_name(progress: RoundProgress) -> str:
    return f"progress-{progress.round.code}-{timezone.localdate():%Y%m%d}"
