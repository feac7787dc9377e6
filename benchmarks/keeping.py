"""What it costs to keep the index: all of it anew, and one case of it; and what the process holds in memory."""

from typing import Any

from django.db import transaction

from benchmarks.timing import Pace, Task, compare
from practices.models.edition import Edition
from practices.search import index_edition

EDITIONS = 20


def updates(pace: Pace) -> dict[str, Any]:
    """Side `index`: one case into the index, with the transaction around it. The case has been read before."""
    editions = Edition.objects.public().with_parts().order_by("pk")[:EDITIONS]
    return compare([Task("update", {"index": _indexing(edition)}, {}) for edition in editions], pace)


def _indexing(edition: Edition) -> Any:
    def index() -> None:
        with transaction.atomic():
            index_edition(edition)

    return index
