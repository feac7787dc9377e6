"""Notes searches that found nothing, for the curators: words and days, nothing of the visitor.

A note never delays or breaks the answer: where the database is busy there is none.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from sih_portal.language import current_language

from . import search
from .filters import Answer, Asked
from .models.fruitless import LONGEST_KEPT, FruitlessQuery
from .search.tokens import fold

logger: Final = logging.getLogger(__name__)

MOST_KEPT: Final = 2_000
LONGEST_WAIT: Final = 50  # milliseconds, for a lock on PostgreSQL
# Addresses of mail and web, and so many digits that they may be somebody's number.
PERSONAL: Final = re.compile(r"@|://|www\.|(?:\d[\s().+-]*){6}")
ROBOTS: Final = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|java/|headless", re.IGNORECASE)


def note_fruitless(request: HttpRequest, asked: Asked, answered: Answer) -> None:
    """This will count a query without any case. Not counted: filters, further pages, programs, pages fetched ahead."""
    if answered.total or not asked.q or not _is_by_a_reader(request):
        return
    if any(values != [""] for name, values in request.GET.lists() if name != "q"):
        return
    if text := kept_text(asked.q):
        note(text, current_language(), today=timezone.localdate())


def kept_text(q: str) -> str:
    """The query as it is kept, in small letters; empty where it is too long, has no word or may be personal."""
    text = " ".join(fold(q).text.split())
    is_kept = len(text) <= LONGEST_KEPT and not PERSONAL.search(text) and search.parse(text).words
    return text if is_kept else ""


def note(text: str, language: str, *, today: date) -> None:
    """This will count one more of a query, and drop what was not asked for long or is one too many.

    The least asked go first, then those not asked for longest. At most four statements; whatever fails is only logged.
    """
    try:
        with _without_waiting():
            FruitlessQuery.objects.outdated(today).delete()
            row = FruitlessQuery.objects.filter(text=text, language=language)
            if not row.update(asked=F("asked") + 1, last_asked_on=today):
                FruitlessQuery.objects.create(text=text, language=language, first_asked_on=today, last_asked_on=today)
                spare = FruitlessQuery.objects.order_by("-asked", "-last_asked_on", "-pk")[MOST_KEPT:]
                FruitlessQuery.objects.filter(pk__in=spare.values("pk")).delete()
    except DatabaseError as error:
        logger.warning("a search without a result was not counted: %s", type(error).__name__)


def _is_by_a_reader(request: HttpRequest) -> bool:
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and not is_ahead and not ROBOTS.search(agent)


@contextmanager
def _without_waiting() -> Iterator[None]:
    """A transaction that gives up where another one writes: at once on SQLite, almost at once on PostgreSQL."""
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(LONGEST_WAIT)])
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            with transaction.atomic():
                yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")
