"""What the search page shows of an answer: cards with their passages, facets, chips, sorts and pages."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal.kept import held
from sih_portal.language import LANGUAGES, current_language, in_language
from sih_portal.query_names import OneOf, Refusal, sift
from universities.models import Institution

from . import search
from .choices import broader_concepts, choices_of, offered
from .completing import frequent
from .filters import FILTERS, Answer, Asked, FacetValue, answer, facets, read
from .models.edition import PART_LABELS
from .models.theme import Theme
from .presenting import FURTHER_TEXTS
from .suggesting import suggestions

VIEWS: Final = ("cards", "table")
VIEW: Final = OneOf("view", "", lambda: VIEWS)
FORMAT: Final = OneOf("format", "", lambda: ("xlsx",))
PAGE_NAMES: Final = (VIEW.name, FORMAT.name)
FIRST_VALUES: Final = 8
# Deeper keywords stand as far in as these.
DEEPEST: Final = 2
FILTER_LABELS: Final = {
    "theme": gettext_lazy("Theme"),
    "recommendation": gettext_lazy("Recommendation"),
    "kind": gettext_lazy("Kind of institution"),
    "region": gettext_lazy("Region"),
    "prefecture": gettext_lazy("Prefecture"),
    "institution": gettext_lazy("Institution"),
    "concept": gettext_lazy("Keyword"),
    "translated": gettext_lazy("Available in"),
    "headquarters_head": gettext_lazy("Head of the headquarters"),
    "year": gettext_lazy("Fiscal year"),
    "updated_since": gettext_lazy("Updated since"),
}
SORT_LABELS: Final = {
    "relevance": gettext_lazy("Relevance"),
    "-published_at": gettext_lazy("Date of publication, newest first"),
    "title": gettext_lazy("Title, A to Z"),
    "institution": gettext_lazy("Institution, A to Z"),
}
PLACE_LABELS: Final = FURTHER_TEXTS | {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("Summary"),
    "note": gettext_lazy("Note on the source"),
}


@dataclass(frozen=True)
class MatchedPlace:
    label: str
    anchor: str


@dataclass(frozen=True)
class ListedCase:
    """What a list shows of a case beside the words that found it; titles and summaries as on an edition."""

    slug: str
    institution: Institution
    theme: Theme
    title_ja: str
    title_en: str
    summary_ja: str
    summary_en: str
    actions: int
    effects: int

    def get_absolute_url(self) -> str:
        return reverse("practices:practice-detail", args=[self.slug])


@dataclass(frozen=True)
class Card:
    """`hit` is None without search words; `title` is cut where words are to be marked.

    `institution_called` are words asked for that mean the institution by another name than the one shown.
    """

    practice: ListedCase
    title: search.Passage
    hit: search.Hit | None
    institution_called: Sequence[str] = ()

    @property
    def places(self) -> list[MatchedPlace]:
        return [matched_place(place) for place in self.hit.places if place.kind != "title"] if self.hit else []


@dataclass(frozen=True)
class Facet:
    """`more` are the values behind the fold; `opens` when one of them is chosen."""

    name: str
    label: str | Promise
    values: Sequence[FacetValue]
    more: Sequence[FacetValue]

    @property
    def opens(self) -> bool:
        return any(value.is_chosen for value in self.more)


@dataclass(frozen=True)
class Chip:
    """A chosen filter value, with the words to remove it by."""

    name: str
    value: str
    label: str


def results_context(params: QueryDict) -> dict[str, Any]:
    """The variables of `practices/practice_list.html`; a constant number of queries.

    :raises search.QueryError: when the search words can't be searched for.
    """
    asked = read(params, more=PAGE_NAMES)
    found = answer(asked, current_language())
    page, refusals = _page(found, asked)
    views, refused_views = sift(params, VIEW)
    _formats, refused_formats = sift(params, FORMAT)
    view = (views or VIEWS)[0]
    broader = broader_concepts()
    return {
        "asked": asked,
        "query": clean_query(asked, view),
        "view": view,
        "refusals": [*asked.refusals, *refusals, *refused_views, *refused_formats],
        "answer": found,
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "cards": _cards(page, found),
        "facets": [_facet(name, values, broader) for name, values in facets(asked, found.found).items()],
        "chips": chips(asked),
        "sorts": [(name, label) for name, label in SORT_LABELS.items() if asked.q or name != "relevance"],
        "sort_label": SORT_LABELS["-published_at" if asked.sort == "relevance" and not asked.q else asked.sort],
        "themes": offered("theme"),
        "words": frequent(),
        "suggestions": suggestions(asked, found, current_language()),
    }


def clean_query(asked: Asked, view: str) -> QueryDict:
    """The address again, with neither what was ignored nor what is the default: what every link starts from."""
    query = QueryDict(mutable=True)
    if asked.q:
        query["q"] = asked.q
    for name in asked.filters:
        query.setlist(name, asked.values(name))
    usual = {"sort": "relevance" if asked.q else "-published_at", "page_size": 20, "expand": True, "view": VIEWS[0]}
    chosen = {"sort": asked.sort, "page_size": asked.page_size, "expand": asked.expand, "view": view}
    for name, value in chosen.items():
        if value != usual[name]:
            query[name] = "0" if value is False else str(value)
    return query


def _page(found: Answer, asked: Asked) -> tuple[Page[int], list[Refusal]]:
    paginator = Paginator(found.ids, asked.page_size)
    if asked.page <= paginator.num_pages:
        return paginator.page(asked.page), []
    message = _("There are fewer pages than that.")
    return paginator.page(1), [Refusal("page", str(asked.page), message)]


def _cards(ids: Page[int], found: Answer) -> list[Card]:
    """One card for each id, in the order of the ids. One query while the public data stay the same."""
    language = current_language()
    institutions = held("institutions by key", Institution.objects.in_bulk)
    themes = held("themes by key", Theme.objects.in_bulk)
    return [
        _card(_listed(case, institutions[case.institution_id], themes[case.theme_id]), case, found.found, language)
        for case in search.public_cases(list(ids))
    ]


def _listed(case: search.Stored, institution: Institution, theme: Theme) -> ListedCase:
    texts = {
        f"{kind}_{language}": case.value(kind, language) for kind in ("title", "summary") for language in LANGUAGES
    }
    return ListedCase(
        slug=case.slug,
        institution=institution,
        theme=theme,
        actions=case.count("action"),
        effects=case.count("effect"),
        **texts,
    )


def _card(practice: ListedCase, case: search.Stored, found: search.Found | None, language: str) -> Card:
    title = in_language(practice, "title", language)
    marks = search.marks(title.value, found.phrases) if found else ()
    hit = search.hit_in(case, found, language) if found else None
    called = search.other_names(found.query, practice.institution) if found else ()
    return Card(practice, search.Passage(search.Place("title"), title.lang, title.value, marks), hit, called)


def matched_place(place: search.Place) -> MatchedPlace:
    of_part = place.number is not None
    label = PART_LABELS[f"{place.kind}s"] % {"number": place.number} if of_part else str(PLACE_LABELS[place.kind])
    return MatchedPlace(label, f"#{place.anchor}")


def _facet(name: str, values: Sequence[FacetValue], broader: Mapping[str, str]) -> Facet:
    """A facet with its first eight values in sight: the chosen ones first, those without a case last.

    Keywords stand as a tree, those of most cases first. One or two values are never folded away.
    """
    if name == "concept":
        ordered = _tree(values, broader)
    else:
        ordered = sorted(values, key=lambda value: (not value.is_chosen, not value.count))
    fold = len(ordered) if len(ordered) <= FIRST_VALUES + 2 else FIRST_VALUES
    while fold < len(ordered) and ordered[fold].level:
        fold += 1  # a branch is not cut
    return Facet(name, FILTER_LABELS[name], ordered[:fold], ordered[fold:])


def _tree(values: Sequence[FacetValue], broader: Mapping[str, str]) -> list[FacetValue]:
    """Each keyword below the broader one, where that is offered too; branches with a chosen one first."""
    offered = {value.value for value in values}
    below: dict[str, list[FacetValue]] = defaultdict(list)
    for value in sorted(values, key=lambda value: -value.count):
        parent = broader.get(value.value, "")
        below[parent if parent in offered else ""].append(value)

    def branch(value: FacetValue, level: int) -> Iterator[FacetValue]:
        yield replace(value, level=level) if level else value
        for narrower in below.pop(value.value, ()):
            yield from branch(narrower, min(level + 1, DEEPEST))

    branches = [list(branch(value, 0)) for value in below.pop("", ())]
    branches.sort(key=lambda found: not any(value.is_chosen for value in found))
    in_circles = below.values()  # each broader than the other: nothing stands above them
    return list(chain.from_iterable([*branches, *in_circles]))


def chips(asked: Asked) -> list[Chip]:
    names = (name for name in FILTERS if name in asked.filters)
    return list(chain.from_iterable(_chips_of(name, asked.values(name)) for name in names))


def _chips_of(name: str, values: Sequence[str]) -> list[Chip]:
    labels = {} if name == "updated_since" else dict(choices_of(name))
    return [Chip(name, value, f"{FILTER_LABELS[name]} {labels.get(value, value)}") for value in values]
