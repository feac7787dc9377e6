"""The Atom feed of a query: what the search page lists, as entries, the case changed last first.

Names and values mean what they mean on the page; those that can't be used are ignored and named in the subtitle.
Words that can't be searched for answer 400, a page beyond the last one 404. Nothing is cut off: pages are linked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.generic import View

from practices import search
from practices.filters import CHANGED, Answer, Asked, answer, read, sorted_by
from practices.models.edition import Edition
from practices.results import SORT_LABELS, VIEWS, chips, clean_query
from sih_portal.addresses import page_address
from sih_portal.atom import ATOM, HTML, Category, Entry, Link, PagedFeed
from sih_portal.language import Text, current_language, in_language, other_language

TAG_YEAR: Final = "2026"  # of a tag URI (RFC 4151): never changed, or every reader would see every case anew
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Result:
    """`query` is the address without what was ignored; `ids` are all cases in the feed's order."""

    asked: Asked
    answer: Answer
    query: QueryDict
    conditions: str
    ids: Sequence[int]
    updated: datetime

    @property
    def is_sorted(self) -> bool:
        return "sort" in self.query


class PracticeFeed(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        """:raises BadRequest: when the search words can't be searched for.

        :raises Http404: when the list ends before the page.
        """
        try:
            result = result_of(request.GET)
        except search.QueryError as error:
            raise BadRequest(str(error)) from error
        try:
            page = Paginator(result.ids, result.asked.page_size).page(result.asked.page)
        except EmptyPage as error:
            raise Http404 from error
        feed = feed_of(result, page)
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def result_of(params: QueryDict) -> Result:
    """:raises search.QueryError: when the search words can't be searched for."""
    asked = read(params, more=("view",))
    found = answer(asked, current_language())
    query = clean_query(asked, VIEWS[0])
    if asked.sort in params.getlist("sort"):
        query["sort"] = asked.sort
    changed = sorted_by(CHANGED, current_language(), found.bits)
    return Result(
        asked=asked,
        answer=found,
        query=query,
        conditions=", ".join(chip.label for chip in chips(asked)),
        ids=found.ids if "sort" in query else changed,
        updated=last_change(changed[:1]),
    )


def last_change(editions: Sequence[int]) -> datetime:
    """Of these; for a feed without entries, the portal's last publication."""
    public = Edition.objects.public()
    asked = public.filter(pk__in=editions) if editions else public
    newest: datetime | None = asked.aggregate(at=Max("published_at"))["at"]
    return newest or LONG_AGO


def feed_of(result: Result, page: Page[int]) -> PagedFeed:
    language = current_language()
    list_address = address("practices:practice-list", language, result.query)
    feed = PagedFeed(
        title=_("Practices for “%(q)s”") % {"q": result.asked.q} if result.asked.q else _("Practices"),
        link=list_address,
        description="",
        language=language,
        subtitle=" ".join(subtitle(result, page)),
        feed_guid=feed_address(without(result.query, "page_size"), language, 1),
        feed_copyright=settings.CONTENT_LICENCE or None,
        updated=result.updated,
        links=list(feed_links(result.query, page)),
        total=page.paginator.count,
        start=page.start_index(),
        size=result.asked.page_size,
    )
    for entry in entries(page):
        feed.add_entry(entry)
    return feed


def subtitle(result: Result, page: Page[int]) -> Iterable[str]:
    """What a reader has to know of the list, in sentences."""
    total = page.paginator.count
    yield ngettext("%(number)d practice in all.", "%(number)d practices in all.", total) % {"number": total}
    if result.conditions:
        yield _("Conditions: %(conditions)s.") % {"conditions": result.conditions}
    if result.answer.found and result.answer.found.relaxed:
        yield _("No practice has all of the words. Shown are practices that have some of them.")
    order = SORT_LABELS[result.asked.sort] if result.is_sorted else _("Last change, newest first")
    yield _("Order: %(order)s.") % {"order": order}
    if page.paginator.num_pages > 1:
        yield _("Page %(number)d of %(pages)d.") % {"number": page.number, "pages": page.paginator.num_pages}
    if refusals := result.asked.refusals:
        ignored = ", ".join(each.name if each.value is None else f"{each.name}={each.value[:60]}" for each in refusals)
        yield _("These conditions can’t be used and were ignored:") + f" {ignored}"


def without(query: QueryDict, name: str) -> QueryDict:
    rest = query.copy()
    rest.pop(name, None)
    return rest


def feed_links(query: QueryDict, page: Page[int]) -> Iterable[Link]:
    language, other = current_language(), other_language(current_language())
    yield Link("self", feed_address(query, language, page.number), ATOM)
    yield Link("alternate", feed_address(query, other, page.number), ATOM, other)
    yield Link("alternate", address("practices:practice-list", other, query), HTML, other)
    numbers = {"first": 1, "last": page.paginator.num_pages}
    if page.has_previous():
        numbers["previous"] = page.previous_page_number()
    if page.has_next():
        numbers["next"] = page.next_page_number()
    for rel, number in numbers.items():
        yield Link(rel, feed_address(query, language, number), ATOM)


def entries(page: Page[int]) -> Iterable[Entry]:
    """One entry for each case of the page, in its order. A constant number of queries."""
    editions = Edition.objects.public().with_parts().with_first_published_at().in_bulk(list(page))
    return [entry_of(editions[pk]) for pk in page if pk in editions]


def entry_of(edition: Edition) -> Entry:
    language = current_language()
    first_published_at: datetime = edition.first_published_at  # type: ignore[attr-defined]  # annotated
    return Entry(
        id=tag(f"practices/{edition.slug}"),
        title=in_language(edition, "title"),
        summary=in_language(edition, "summary"),
        author=in_language(edition.institution, "name"),
        author_uri=page_address(edition.institution, language),
        published=first_published_at,
        updated=edition.published_at,
        links=[
            Link("alternate", page_address(edition, each), HTML, each) for each in (language, other_language(language))
        ],
        categories=list(categories(edition)),
    )


def categories(edition: Edition) -> Iterable[Category]:
    """Each term is a value of the query name that its scheme ends with."""
    kind = edition.institution.kind, edition.institution.get_kind_display()
    further = (theme for theme in edition.themes.all() if theme.pk != edition.theme_id)
    for theme in (edition.theme, *further):
        yield Category(str(theme.number), tag("theme"), in_language(theme, "short"))
    yield Category(kind[0], tag("kind"), Text(str(kind[1]), current_language(), is_fallback=False))
    for concept in edition.concepts.all():
        yield Category(concept.slug, tag("concept"), in_language(concept, "pref_label"))


def tag(name: str) -> str:
    """A name that stays when addresses change."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{TAG_YEAR}:{name}"


def feed_address(query: QueryDict, language: str, page: int) -> str:
    paged = query.copy()
    if page > 1:
        paged["page"] = str(page)
    return address("practices:practice-feed", language, paged)


def address(view_name: str, language: str, query: QueryDict) -> str:
    with override(language):
        path = reverse(view_name)
    return f"{settings.SITE_URL}{path}?{query.urlencode()}" if query else f"{settings.SITE_URL}{path}"
