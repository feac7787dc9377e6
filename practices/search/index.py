"""Keeps the index and its words equal to the public editions: one at a time with the workflow's steps, or all anew."""

from collections.abc import Callable

from django.db import transaction

from practices.models.edition import Edition
from sih_portal.models import DataVersion

from .documents import document
from .engine import search_engine
from .vocabulary import Recount, count_in, count_out

BATCH = 200


def index_edition(edition: Edition) -> None:
    """This will make a published edition findable; called in the transaction that publishes it."""
    search_engine().index([document(edition)])
    count_in(edition)


def unindex_edition(edition_id: int) -> None:
    """This will take an edition out of the search; called in the transaction that retires it."""
    search_engine().delete([edition_id])
    count_out(edition_id)


@transaction.atomic
def rebuild(progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """This will make the whole index anew and return how many editions it holds.

    Calls `progress(done, total)` after each batch. Readers find the old index until the end.
    """
    engine = search_engine()
    engine.clear()
    DataVersion.objects.bump()
    words = Recount()
    keys = list(Edition.objects.public().order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(keys), BATCH):
        batch = Edition.objects.public().with_parts().filter(pk__in=keys[at : at + BATCH]).order_by("pk")
        engine.index([document(edition) for edition in batch])
        words.add(batch)
        progress(min(at + BATCH, len(keys)), len(keys))
    words.save()
    return len(keys)
