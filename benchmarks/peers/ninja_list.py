"""The list of practices by django-ninja, with the same JSON. Runs in an environment that has the portal's packages too.

Started with Django set up: `FILE`. Its addresses stand beside the portal's, behind the same middleware.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.test.utils import override_settings
from django.urls import path, reverse
from django.utils import timezone
from ninja import NinjaAPI, Schema

from benchmarks.listing import pages, refuse_difference
from benchmarks.timing import Pace, Task, compare
from benchmarks.visits import visiting
from practices.models.edition import Edition
from sih_portal import urls as portal

PAGE = 20


def pair(name: str) -> Any:
    """A resolver: `<name>_en` and `<name>_ja` of the row."""
    return staticmethod(lambda row: {code: getattr(row, f"{name}_{code}") or None for code in ("en", "ja")})


def told(attribute: Callable[[Any], Any]) -> Any:
    return staticmethod(attribute)


def page(slug: str, anchor: str = "") -> dict[str, str]:
    return {code: f"{settings.SITE_URL}/{code}/practices/{slug}/{anchor}" for code in ("en", "ja")}


def anchor(part: Any) -> str:
    return f"{part._meta.model_name.removeprefix('edition')}-{part.number}"


class Pair(Schema):
    en: str | None
    ja: str | None


class Institution(Schema):
    slug: str
    name: Pair
    kind: str
    resolve_name = pair("name")


class Headquarters(Schema):
    id: str
    name: Pair
    abbreviation: str | None
    resolve_id = told(lambda row: row.slug)
    resolve_name = pair("name")
    resolve_abbreviation = told(lambda row: row.abbreviation or None)


class Numbered(Schema):
    """A theme or a recommendation."""

    number: int
    title: Pair
    resolve_title = pair("title")


class Concept(Schema):
    slug: str
    pref_label: Pair
    resolve_pref_label = pair("pref_label")


class Part(Schema):
    id: str
    number: int
    text: Pair
    url: Pair
    resolve_id = told(lambda row: f"{row.edition.slug}:{anchor(row)}")
    resolve_text = pair("text")
    resolve_url = told(lambda row: page(row.edition.slug, f"#{anchor(row)}"))


class Link(Schema):
    url: str
    label: Pair
    resolve_label = pair("label")


class Case(Schema):
    slug: str
    url: Pair
    title: Pair
    summary: Pair
    institution: Institution
    headquarters: Headquarters | None
    theme: Numbered
    themes: list[Numbered]
    recommendation: Numbered | None
    actions: list[Part]
    effects: list[Part]
    concepts: list[Concept]
    source: dict[str, str | None]
    context: Pair
    enabling: Pair
    hindering: Pair
    lessons: Pair
    needs: dict[str, Pair]
    transferability: Pair
    note: Pair
    period: dict[str, int | None]
    confirmed_on: str | None
    links: list[Link]
    published_at: str
    updated_at: str
    version: int

    resolve_url = told(lambda row: page(row.slug))
    resolve_title = pair("title")
    resolve_summary = pair("summary")
    resolve_recommendation = told(lambda row: row.theme.recommendation)
    resolve_source = told(
        lambda row: {"publication": row.publication.slug if row.publication else None, "locator": row.locator or None}
    )
    resolve_context = pair("context")
    resolve_enabling = pair("enabling")
    resolve_hindering = pair("hindering")
    resolve_lessons = pair("lessons")
    resolve_needs = told(
        lambda row: {
            name: {code: getattr(row, f"needs_{name}_{code}") or None for code in ("en", "ja")}
            for name in ("staff", "money", "time")
        }
    )
    resolve_transferability = pair("transferability")
    resolve_note = pair("note")
    resolve_period = told(
        lambda row: {"first_fiscal_year": row.first_fiscal_year, "last_fiscal_year": row.last_fiscal_year}
    )
    resolve_confirmed_on = told(lambda row: row.confirmed_on and row.confirmed_on.isoformat())
    resolve_published_at = told(lambda row: timezone.localtime(row.first_published_at).isoformat())
    resolve_updated_at = told(lambda row: timezone.localtime(row.published_at).isoformat())


class Page(Schema):
    count: int
    results: list[Case]


ninja = NinjaAPI(docs_url=None, openapi_url=None)


@ninja.get("practices/", response=Page)  # type: ignore[untyped-decorator]  # where it is not installed
def cases(request: HttpRequest, page: int = 1) -> dict[str, Any]:  # noqa: ARG001  (its name is the rule)
    rows = Edition.objects.public().with_parts().with_first_published_at()
    rows = rows.order_by(F("first_published_at").desc(), "theme__number", "slug")
    start = (page - 1) * PAGE
    return {"count": rows.count(), "results": list(rows[start : start + PAGE])}


handler400, handler403 = portal.handler400, portal.handler403
handler404, handler500 = portal.handler404, portal.handler500
urlpatterns = [path("ninja/", ninja.urls), *portal.urlpatterns]


def main() -> None:
    (file,) = sys.argv[1:]
    with override_settings(ROOT_URLCONF="benchmarks.peers.ninja_list"):
        found = compare([_list(number) for number in pages()], Pace(seconds=2))
    Path(file).write_text(json.dumps(found), encoding="utf-8")


def _list(number: int) -> Task:
    api = visiting(f"{reverse('api:practice-list')}?page={number}")
    other = visiting(f"/ninja/practices/?page={number}")
    refuse_difference(api().body, other().body)
    return Task("list", {"api": api, "ninja": other}, {"page": number})


if __name__ == "__main__":
    main()
