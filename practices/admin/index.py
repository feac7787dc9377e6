"""The first page of the office as the desk of cases: the answers of `practices.desk` with their words and links."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practices import desk
from practices.desk import Queue
from practices.models import FruitlessQuery, PracticeStatus
from practices.permissions import may_curate, may_read_desk

from .fruitless import search_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Heading:
    """What a queue is called, the query of the list that shows all of it, and what is said when it is empty."""

    title: "StrOrPromise"
    query: dict[str, str]
    empty: "StrOrPromise" = ""


@dataclass(frozen=True)
class Block:
    heading: Heading
    queue: Queue

    @property
    def query(self) -> str:
        return urlencode(self.heading.query)


@dataclass(frozen=True)
class Searches:
    """How many searches without a result are shown, and the most asked ones with the address to ask again."""

    count: int
    most_asked: list[tuple[FruitlessQuery, str]]


NOTHING_TO_CHECK: Final = _("No translation to check in the cases open for editing.")
NOTHING_MISSING: Final = _("No translation is missing in the cases open for editing.")
HEADINGS: Final = {
    "changes_requested": Heading(
        _("Sent back to be changed"),
        {"status__exact": PracticeStatus.CHANGES_REQUESTED},
        _("No case was sent back."),
    ),
    "drafts": Heading(_("Drafts"), {"status__exact": PracticeStatus.DRAFT}, _("There is no draft.")),
    "in_review": Heading(
        _("Waiting for review, oldest first"),
        {"status__exact": PracticeStatus.IN_REVIEW},
        _("No case waits for review."),
    ),
    "my_drifted_ja": Heading(_("Japanese to check"), {"drifted": "ja", "open": "yes"}, NOTHING_TO_CHECK),
    "my_missing_ja": Heading(_("Japanese to write"), {"missing": "ja", "open": "yes"}, NOTHING_MISSING),
    "my_drifted_en": Heading(_("English to check"), {"drifted": "en", "open": "yes"}, NOTHING_TO_CHECK),
    "my_missing_en": Heading(_("English to write"), {"missing": "en", "open": "yes"}, NOTHING_MISSING),
    "drifted_ja": Heading(_("The English changed after it was translated"), {"drifted": "ja"}),
    "drifted_en": Heading(_("The Japanese changed after it was translated"), {"drifted": "en"}),
    "missing_ja": Heading(_("Japanese missing"), {"missing": "ja"}),
    "missing_en": Heading(_("English missing"), {"missing": "en"}),
    "review": Heading(_("Review date passed"), {"care": "review"}),
    "confirm": Heading(_("Public, never confirmed"), {"care": "confirm"}),
}


class DeskOnIndex:
    """For the admin of cases; `sih_portal.office` asks it."""

    def index_context(self, request: HttpRequest) -> dict[str, Any]:
        """What the page shows of the desk; nothing for those who may not read it."""
        if not may_read_desk(request.user):
            return {"desk": None}
        care = desk.needs_care(today=timezone.localdate())
        return {
            "desk": {
                "work": [_block(queue) for queue in desk.my_work(request.user)],
                "care": [_block(queue) for queue in care if queue.count],
                "searches": _searches() if may_curate(request.user) else None,
                "coverage": desk.coverage(),
                "steps": desk.last_steps(),
            }
        }


def _searches() -> Searches:
    rows = FruitlessQuery.objects.shown(timezone.localdate())
    return Searches(rows.count(), [(row, search_page(row)) for row in rows[: desk.SHOWN_OF_QUEUE]])


def _block(queue: Queue) -> Block:
    return Block(HEADINGS[queue.name], queue)
