"""The questions of the office's first page: what waits for whom, what needs care, where cases lack, what happened last.

Every answer costs the same number of queries for any number of cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, Count, F, QuerySet, Value, When, Window

from universities.models import InstitutionKind

from .models.desk import GoodPractice, GoodPracticeQuerySet, PracticeStatus, Transition
from .models.edition import Edition
from .models.theme import Theme
from .permissions import TRANSLATORS, Account, may_curate, may_publish, roles
from .workflow import step_label

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN_OF_QUEUE: Final = 5
SHOWN_STEPS: Final = 10
LONGEST_WAIT: Final = F("moved_at").asc(nulls_last=True)


@dataclass(frozen=True)
class Queue:
    """Cases of one kind: how many there are, and the first few with `moved_at` and `last_note` of their last step."""

    name: str
    count: int
    cases: Sequence[GoodPractice]


@dataclass(frozen=True)
class Cell:
    kind: str
    label: "StrOrPromise"
    count: int


@dataclass(frozen=True)
class CoverageRow:
    theme: Theme
    cells: list[Cell]
    count: int


@dataclass(frozen=True)
class Coverage:
    """How many public cases there are by primary theme and kind of institution. `empty`: cells without any."""

    rows: list[CoverageRow]
    totals: list[Cell]
    count: int
    empty: int


@dataclass(frozen=True)
class StepTaken:
    transition: Transition
    label: "StrOrPromise"


def my_work(user: Account) -> list[Queue]:
    """What waits for a step of the account, by its roles; own cases first. One query for each queue."""
    cases = _cases()
    queues = []
    if may_curate(user):
        queues += [
            _queue("changes_requested", _own_first(cases.filter(status=PracticeStatus.CHANGES_REQUESTED), user)),
            _queue("drafts", _own_first(cases.filter(status=PracticeStatus.DRAFT), user)),
        ]
    if may_publish(user):
        queues.append(_queue("in_review", cases.filter(status=PracticeStatus.IN_REVIEW).order_by(LONGEST_WAIT, "slug")))
    for language in ("ja", "en"):
        if TRANSLATORS[language] in roles(user):
            queues += [
                _queue(f"my_drifted_{language}", cases.open_for_editing().drifted(language)),
                _queue(f"my_missing_{language}", cases.open_for_editing().lacking(language)),
            ]
    return queues


def needs_care(*, today: date) -> list[Queue]:
    """What somebody should look after, whoever it is; archived cases rest. One query for each queue."""
    cases = _cases()
    return [
        _queue("drifted_ja", cases.drifted("ja")),
        _queue("drifted_en", cases.drifted("en")),
        _queue("missing_ja", cases.lacking("ja")),
        _queue("missing_en", cases.lacking("en")),
        _queue("review", cases.past_review(today).order_by("review_by", "slug")),
        _queue("confirm", cases.never_confirmed()),
    ]


def coverage() -> Coverage:
    """The themes that take cases against the kinds of institution. Two queries."""
    public = Edition.objects.public().order_by().values_list("theme", "institution__kind")
    counts = {(theme, kind): count for theme, kind, count in public.annotate(Count("pk"))}
    rows = [_coverage_row(theme, counts) for theme in Theme.objects.open_to_cases().order_by("number")]
    totals = [
        Cell(kind.value, kind.label, sum(row.cells[column].count for row in rows))
        for column, kind in enumerate(InstitutionKind)
    ]
    empty = sum(not cell.count for row in rows for cell in row.cells)
    return Coverage(rows, totals, sum(cell.count for cell in totals), empty)


def last_steps() -> list[StepTaken]:
    """The latest steps of all cases, newest first. One query."""
    rows = Transition.objects.select_related("practice", "by").order_by("-at", "-pk")[:SHOWN_STEPS]
    return [StepTaken(row, step_label(row.step)) for row in rows]


def _cases() -> GoodPracticeQuerySet:
    cases: GoodPracticeQuerySet = GoodPractice.objects.with_last_step().select_related("institution")
    return cases.order_by("theme__number", "slug")


def _own_first(cases: QuerySet[GoodPractice], user: Account) -> QuerySet[GoodPractice]:
    """Adds `is_own`. Then comes what has waited longest; cases that never took a step come last."""
    is_own = Case(When(owner=user.pk, then=Value(value=True)), default=Value(value=False))
    return cases.annotate(is_own=is_own).order_by("-is_own", LONGEST_WAIT, "slug")


def _queue(name: str, cases: QuerySet[GoodPractice]) -> Queue:
    rows: list[Any] = list(cases.annotate(count=Window(Count("*")))[:SHOWN_OF_QUEUE])
    return Queue(name, rows[0].count if rows else 0, rows)


def _coverage_row(theme: Theme, counts: dict[tuple[int, str], int]) -> CoverageRow:
    cells = [Cell(kind.value, kind.label, counts.get((theme.pk, kind.value), 0)) for kind in InstitutionKind]
    return CoverageRow(theme, cells, sum(cell.count for cell in cells))
