"""One reading of a query for page, export and API: which cases it names, in which order, with which facet counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import reduce
from operator import and_
from typing import ClassVar, Final

from django.db.models import F, Q
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet, MultipleChoiceFilter

from sih_portal.kept import held
from sih_portal.query_names import PAGE, PAGE_SIZE, Documented, OneOf, Refusal, sift, unknown
from universities.models import region_of

from . import search
from .choices import Choices, by_value, choices_of, offered, texts_in
from .models.edition import Edition, EditionQuerySet

PUBLISHED: Final = "-published_at"
SORTS: Final = ("relevance", PUBLISHED, "title", "institution")
# Of the feed: when a case got its current edition.
CHANGED: Final = "-changed_at"
FACETS: Final = ("theme", "kind", "region", "prefecture", "institution", "concept", "translated")
# Sets of editions, at 12 kB for a hundred thousand cases; filters can name any year and any moment.
MOST_FILTERS_HELD: Final = 200
SEARCH_NAMES: Final = (
    Documented(
        "q",
        gettext_lazy(
            "Words to find, in Japanese or English, at most 200 characters and 20 words. All must occur; "
            "quotation marks hold a phrase together, a minus sign before a word leaves out what has it. When no case "
            "has all of them, those with most of them are listed and the answer says `relaxed`."
        ),
    ),
    OneOf(
        "expand",
        gettext_lazy("`1`: also find what the thesaurus calls the same; `0`: only the words."),
        lambda: ("1", "0"),
    ),
    OneOf(
        "sort",
        gettext_lazy("Order; without it `relevance` with `q`, else `-published_at`. Ties go by theme and slug."),
        lambda: SORTS,
    ),
)
SINGLE: Final = (*SEARCH_NAMES, PAGE, PAGE_SIZE)
MORE_NAMES: Final = tuple(name.name for name in SINGLE)


@dataclass(frozen=True)
class Asked:
    """What an address asks for, with what it asked in vain."""

    q: str
    filters: QueryDict
    sort: str
    page: int
    page_size: int
    expand: bool
    refusals: tuple[Refusal, ...]

    def values(self, name: str) -> list[str]:
        return self.filters.getlist(name)


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    is_chosen: bool
    level: int = 0  # in a tree, below a value of one level less


@dataclass(frozen=True)
class Answer:
    """`ids` are all editions in the asked order; `found` tells how the words were understood (None without q)."""

    bits: search.Bits
    ids: Sequence[int]
    found: search.Found | None

    @property
    def total(self) -> int:
        return self.bits.bit_count()


class EditionFilterSet(FilterSet):
    """The filters of page, export and API; values of one name are OR-ed, names AND-ed."""

    theme = MultipleChoiceFilter(method="in_themes")
    recommendation = MultipleChoiceFilter(method="in_themes")
    institution = MultipleChoiceFilter(method="at_institutions")
    kind = MultipleChoiceFilter(field_name="institution__kind")
    region = MultipleChoiceFilter(field_name="institution__region")
    prefecture = MultipleChoiceFilter(field_name="institution__prefecture")
    headquarters_head = MultipleChoiceFilter(field_name="headquarters__head")
    concept = MultipleChoiceFilter(method="with_concepts")
    year = MultipleChoiceFilter(method="in_years")
    translated = MultipleChoiceFilter(method="in_languages")
    updated_since = MultipleChoiceFilter(method="updated")

    class Meta:
        model = Edition
        fields: ClassVar[list[str]] = []

    def __init__(self, data: QueryDict, queryset: EditionQuerySet) -> None:
        super().__init__(data, queryset)
        for name in data:
            values = data.getlist(name)
            choices = [(value, value) for value in values] if name == "updated_since" else choices_of(name)
            self.filters[name].extra["choices"] = choices

    def in_themes(self, editions: EditionQuerySet, _name: str, numbers: Sequence[str]) -> EditionQuerySet:
        further = Edition.themes.through._default_manager.filter(theme__number__in=numbers)
        return editions.filter(Q(theme__number__in=numbers) | Q(pk__in=further.values("edition")))

    def at_institutions(self, editions: EditionQuerySet, _name: str, slugs: Sequence[str]) -> EditionQuerySet:
        return editions.filter(institution__slug__in=slugs)

    def with_concepts(self, editions: EditionQuerySet, _name: str, slugs: Sequence[str]) -> EditionQuerySet:
        links = Edition.concepts.through._default_manager.filter(concept__slug__in=slugs)
        return editions.filter(pk__in=links.values("edition"))

    def in_years(self, editions: EditionQuerySet, _name: str, years: Sequence[str]) -> EditionQuerySet:
        condition = Q(pk__in=[])
        for year in years:
            open_end = Q(last_fiscal_year__gte=year) | Q(last_fiscal_year__isnull=True)
            condition |= Q(first_fiscal_year__lte=year) & open_end
        return editions.filter(condition)

    def in_languages(self, editions: EditionQuerySet, _name: str, languages: Sequence[str]) -> EditionQuerySet:
        condition = Q(pk__in=[])
        for language in languages:
            condition |= texts_in(language)
        return editions.filter(condition)

    def updated(self, editions: EditionQuerySet, _name: str, moments: Sequence[str]) -> EditionQuerySet:
        return editions.filter(published_at__gte=earliest(moments))


FILTERS: Final = tuple(EditionFilterSet.base_filters)


def moment(value: str) -> datetime | None:
    """A date or a moment of ISO 8601, from 1900 to 9000; without a zone it is one of the portal's own time zone."""
    try:
        found = parse_datetime(value)
        day = None if found else parse_date(value)
    except ValueError:
        return None
    if day:
        found = datetime.combine(day, time.min)
    if found is None or not 1900 <= found.year <= 9000:
        return None
    return (found if found.tzinfo else timezone.make_aware(found)).astimezone(UTC)


def earliest(moments: Iterable[str]) -> datetime | None:
    return min(filter(None, map(moment, moments)), default=None)


def updated_since(asked: Asked) -> datetime | None:
    """Since when a harvester wants to know what changed; None when the query does not say."""
    return earliest(asked.values("updated_since"))


def read(params: QueryDict, *, more: Iterable[str] = ()) -> Asked:
    """This will read an address. What it can't use is left out and listed in `refusals`; nothing is raised.

    `more` are names the caller reads itself.
    """
    clean = QueryDict(mutable=True)
    refusals: list[Refusal] = []
    known = {*FILTERS, *MORE_NAMES, *more}
    for name in params:
        if name not in known:
            refusals.append(unknown(name, known))
        elif name in FILTERS:
            refusals += _read_filter(name, [value for value in params.getlist(name) if value], clean)
    chosen: dict[str, str] = {}
    for single in SINGLE:
        values, refused = sift(params, single)
        chosen[single.name] = next(iter(values), "")
        refusals += refused
    q = chosen["q"].strip()
    return Asked(
        q=q,
        filters=clean,
        sort=chosen["sort"] or ("relevance" if q else PUBLISHED),
        page=int(chosen["page"] or PAGE.default),
        page_size=int(chosen["page_size"] or PAGE_SIZE.default),
        expand=chosen["expand"] != "0",
        refusals=tuple(refusals),
    )


def answer(asked: Asked, language: str) -> Answer:
    """This will find the cases. Sorting by name is by the names of `language`.

    :raises search.QueryError: when `q` is too long or not text.
    """
    found = search.find(asked.q, expand=asked.expand) if asked.q else None
    bits = found.bits if found else search.public()
    for name in asked.filters:
        bits &= _filtered(name, asked.values(name))
    ids = found.within(bits) if found and asked.sort == "relevance" else sorted_by(asked.sort, language, bits)
    return Answer(bits, ids, found)


def facets(asked: Asked, found: search.Found | None) -> dict[str, list[FacetValue]]:
    """The facets with at least two live values. Each count uses every filter but the facet's own.

    Chosen values and those with cases come first. No query while the public data stay the same.
    """
    every = found.bits if found else search.public()
    filters = {name: _filtered(name, asked.values(name)) for name in asked.filters}
    result = {}
    for name in FACETS:
        choices, having, chosen = _offered(name, asked), by_value(name), asked.values(name)
        if len(choices) > 1:
            bits = reduce(and_, (own for other, own in filters.items() if other != name), every)
            result[name] = [
                FacetValue(value, label, (having.get(value, 0) & bits).bit_count(), value in chosen)
                for value, label in choices
            ]
    return result


def _offered(name: str, asked: Asked) -> Choices:
    """The choices with cases; prefectures only of regions that were chosen, or of chosen prefectures."""
    choices = offered(name)
    if name != "prefecture":
        return choices
    regions = {*asked.values("region"), *map(region_of, asked.values("prefecture"))}
    return [choice for choice in choices if region_of(choice[0]) in regions]


def sorted_by(sort: str, language: str, bits: search.Bits) -> list[int]:
    """The public editions among `bits`, in an order that does not depend on a query."""
    in_language = "" if sort == PUBLISHED else f" {language}"
    order = held(f"editions by {sort}{in_language}", lambda: _keys(_sorted(Edition.objects.public(), sort, language)))
    return search.in_order(order, bits)


def _keys(editions: EditionQuerySet) -> list[int]:
    return list(editions.values_list("pk", flat=True))


def _filtered(name: str, values: Sequence[str]) -> search.Bits:
    """The public editions that one filter lets through. No query when it was asked of these data before."""
    known: dict[tuple[str, ...], search.Bits] = held("filtered editions", dict)
    key = (name, *sorted(values))
    if key not in known:
        if len(known) >= MOST_FILTERS_HELD:
            known.clear()
        asked = QueryDict(mutable=True)
        asked.setlist(name, list(values))
        known[key] = search.bits_in(EditionFilterSet(asked, Edition.objects.public()).qs)
    return known[key]


def _sorted(editions: EditionQuerySet, sort: str, language: str) -> EditionQuerySet:
    ties = ("theme__number", "slug")
    if sort == "title":
        return editions.order_by(Lower(f"title_{language}"), *ties)
    if sort == "institution":
        return editions.order_by("institution__name_kana" if language == "ja" else "institution__name_en", *ties)
    if sort == CHANGED:
        return editions.order_by("-published_at", *ties)
    return editions.with_first_published_at().order_by(F("first_published_at").desc(), *ties)


def _read_filter(name: str, values: list[str], clean: QueryDict) -> list[Refusal]:
    allowed: tuple[str, ...] = ()
    if name == "updated_since":
        good = [value for value in values if moment(value)]
        hint = _("Write a date or a moment from 1900 to 9000, for example 2026-04-01.")
    else:
        known = dict(choices_of(name))
        good = [value for value in values if value in known]
        hint = _("Write a year from 1900 to 2100.") if name == "year" else _("This value is not known.")
        allowed = () if name == "year" else tuple(known)
    if good:
        clean.setlist(name, list(dict.fromkeys(good)))
    return [Refusal(name, value, hint, allowed) for value in values if value not in good]
