"""The API in process: a list of 20 beside the same list by a plain ModelSerializer, a 304, and what SQL alone takes."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.urls import reverse

from benchmarks.queries import Asking
from benchmarks.searching import address
from benchmarks.statements import recorded, replay
from benchmarks.timing import Pace, Task, compare
from benchmarks.visits import visiting
from practices.models.edition import Edition
from sih_portal.query_names import USUAL_PAGE

# Several pages in turn, so that no single answer is measured.
PAGES: Final = 5
DETAILS: Final = 20
PLAIN: Final = "/plain/practices/"


def lists(pace: Pace) -> dict[str, Any]:
    """Sides `api`, `sql`, `plain` and `not_modified` (a 304 from the portal): pages of 20 of the whole list.

    :raises RuntimeError: when the plain list says something else than the API.
    """
    return compare([_list(number) for number in pages()], pace)


def pages() -> Iterable[int]:
    return range(1, min(PAGES, Edition.objects.public().count() // USUAL_PAGE) + 1)


def _list(number: int) -> Task:
    ours, theirs = f"{reverse('api:practice-list')}?page={number}", f"{PLAIN}?page={number}"
    refuse_difference(visiting(ours)().body, visiting(theirs)().body)
    api = visiting(ours)
    reply = api()
    statements = recorded(api)
    sides = {
        "api": api,
        "sql": lambda: replay(statements),
        "plain": visiting(theirs),
        "not_modified": visiting(ours, **{"If-None-Match": reply.headers["ETag"]}),
    }
    return Task("list", sides, {"page": number, "statements": len(statements), "bytes": len(reply.body)})


def refuse_difference(ours: bytes, theirs: bytes) -> None:
    """:raises RuntimeError: when the two do not hold the same records in the same order."""
    one, other = json.loads(ours), json.loads(theirs)
    if (one["count"], one["results"]) != (other["count"], other["results"]):
        raise RuntimeError("A peer's list says something else than the API's.")


def found_lists(asked: Sequence[Asking], pace: Pace) -> dict[str, Any]:
    """Sides `api` and `sql`: the first 20 of what each query finds."""
    path = reverse("api:practice-list")
    return compare([_against_sql(asking.kind, address(path, asking)) for asking in asked], pace)


def details(pace: Pace) -> dict[str, Any]:
    """Sides `api` and `sql`: single cases."""
    slugs = Edition.objects.public().order_by("pk").values_list("slug", flat=True)[:DETAILS]
    return compare([_against_sql("detail", reverse("api:practice-detail", args=[slug])) for slug in slugs], pace)


def _against_sql(kind: str, path: str) -> Task:
    api = visiting(path)
    api()
    statements = recorded(api)
    return Task(kind, {"api": api, "sql": lambda: replay(statements)}, {"path": path, "statements": len(statements)})
