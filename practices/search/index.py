"""Keeps the index and its words equal to the public editions: one at a time with the workflow's steps, or all anew."""

from collections.abc import Callable

from django.db import connection, transaction

from practices.models.edition import Edition, EditionQuerySet
from sih_portal.models import DataVersion

from . import stored
from .documents import document
from .engine import search_engine
from .vocabulary import Recount, count_in, count_out

BATCH = 200
TABLE = "practices_vocabularyword"  # the last that came


def index_edition(edition: Edition) -> None:
    """This will make a published edition findable; called in the transaction that publishes it."""
    [loaded] = _write(Edition.objects.filter(pk=edition.pk))
    count_in(loaded)


def unindex_edition(edition_id: int) -> None:
    """This will take an edition out of the search; called in the transaction that retires it."""
    search_engine().delete([edition_id])
    stored.delete([edition_id])
    count_out(edition_id)


def fill() -> None:
    """This will make an empty index anew where there is something to find; nothing where there is no index."""
    if TABLE in connection.introspection.table_names() and not search_engine().indexed() and Edition.objects.exists():
        rebuild()


@transaction.atomic
def rebuild(progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """This will make the whole index anew and return how many editions it holds.

    Calls `progress(done, total)` after each batch. Readers find the old index until the end.
    """
    engine = search_engine()
    engine.clear()
    stored.clear()
    DataVersion.objects.bump()
    words = Recount()
    keys = list(Edition.objects.public().order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(keys), BATCH):
        words.add(_write(Edition.objects.public().filter(pk__in=keys[at : at + BATCH])))
        progress(min(at + BATCH, len(keys)), len(keys))
    words.save()
    return len(keys)


def _write(rows: EditionQuerySet) -> list[Edition]:
    """This will put the editions into the index, and return them with all that was read of them."""
    editions = list(rows.with_parts().with_first_published_at().order_by("pk"))
    search_engine().index(map(document, editions))
    stored.write(editions)
    return editions
