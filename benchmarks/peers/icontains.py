"""Search as Django has it built in: every word somewhere in a case, in no order of merit, without facets."""

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from benchmarks.queries import OF_PEERS, Asking
from benchmarks.searching import searching
from benchmarks.timing import Pace, Task, compare
from practices.models.edition import Edition, EditionAction, EditionEffect, EditionQuerySet

TEXTS: Final = ("title", "summary", "context", "enabling", "hindering", "lessons", "transferability")


def beside(pace: Pace) -> dict[str, Any]:
    """Sides `call` (facets, passages and all) and `icontains` (20 newest with their parts, and how many there are)."""
    return compare([_task(words) for words in OF_PEERS], pace)


def _task(words: str) -> Task:
    found = _containing(words)
    about = {"query": words, "hits": found.count()}
    return Task("peers", {"call": searching(Asking("peers", f"q={words}")), "icontains": _first_page(found)}, about)


def _containing(words: str) -> EditionQuerySet:
    return Edition.objects.public().filter(reduce(and_, map(_has, words.split())))


def _has(word: str) -> Q:
    own = [Q(**{f"{text}_{language}__icontains": word}) for text in TEXTS for language in ("en", "ja")]
    either = Q(text_en__icontains=word) | Q(text_ja__icontains=word)
    parts = [
        Q(Exists(model.objects.filter(either, edition=OuterRef("pk")))) for model in (EditionAction, EditionEffect)
    ]
    return reduce(or_, (*own, *parts))


def _first_page(found: EditionQuerySet) -> Callable[[], object]:
    return lambda: (found.count(), list(found.with_parts().order_by("-published_at", "slug")[:20]))
