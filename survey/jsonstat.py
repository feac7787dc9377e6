"""Figures as JSON-stat 2.0 (https://json-stat.org/full/): a dataset for each indicator of a round."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from operator import itemgetter
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sih_portal.addresses import page_address
from sih_portal.downloads import NOT_OF_THE_QUERY, Whole, attachment
from sih_portal.language import current_language, in_language

from .exporting import UNITS, number_of, source_of, unit_of
from .models import Caveat, Confidentiality, Figure, Measure, Verdict
from .results import Result, period_label, results_of

Content = dict[str, Any]
VERSION: Final = "2.0"
# What stands for no period and no item of its own: the code of SDMX for what does not apply.
NONE: Final = "_Z"
STATUSES: Final = {**dict(Confidentiality.choices), **dict(Verdict.choices)}


@dataclass(frozen=True)
class Dimension:
    """A side of the cube, which is a column of the figures: its categories by code, in the source's order."""

    code: str
    categories: Mapping[str, str]

    def content(self) -> Content:
        column: Any = Figure._meta.get_field(self.code)
        return {
            "label": capfirst(str(column.verbose_name)),
            "category": {"index": list(self.categories), "label": dict(self.categories)},
        }


@dataclass(frozen=True)
class Cube:
    """The figures of a result by their place among all combinations of categories."""

    result: Result

    @cached_property
    def dimensions(self) -> list[Dimension]:
        """Figures that are not told by item have no such dimension."""
        figures = self.result.figures
        groups = {figure.group.code: str(in_language(figure.group, "name")) for figure in figures}
        periods = {code_of(figure.period): period_label(figure.period) or _("the whole round") for figure in figures}
        measures = {figure.measure: str(Measure(figure.measure).label) for figure in figures}
        items = {code_of(figure.item): self._item_label(figure.item) for figure in figures}
        found = [Dimension("group", groups), Dimension("period", periods), Dimension("measure", measures)]
        return [*found, Dimension("item", items)] if set(items) != {NONE} else found

    @cached_property
    def placed(self) -> dict[int, Figure]:
        """By index of the value, ascending."""
        return dict(sorted(((self._index(figure), figure) for figure in self.result.figures), key=itemgetter(0)))

    @cached_property
    def size(self) -> list[int]:
        return [len(dimension.categories) for dimension in self.dimensions]

    def values(self) -> Sequence[int | float | None] | dict[str, int | float]:
        """All of them where each combination has its figure, else those that are numbers by their index."""
        numbers = {index: number_of(figure) for index, figure in self.placed.items()}
        if len(numbers) == prod(self.size):
            return list(numbers.values())
        return {str(index): number for index, number in numbers.items() if number is not None}

    def _index(self, figure: Figure) -> int:
        codes = (figure.group.code, code_of(figure.period), figure.measure, code_of(figure.item))
        index = 0
        for dimension, code in zip(self.dimensions, codes, strict=False):
            index = index * len(dimension.categories) + list(dimension.categories).index(code)
        return index

    def _item_label(self, item: str) -> str:
        if not item:
            return _("not by item")
        known = self.result.items.get(item)
        return str(in_language(known, "label")) if known else item


def answer(whole: Whole) -> HttpResponse:
    """The whole result: a dataset where it tells of one indicator of one round, else a collection of datasets."""
    found = results_of(cast("Iterable[Figure]", whole.rows))
    caveats = caveats_of(found)
    datasets = [dataset(result, _narrowed(whole, result), caveats[_key(result)]) for result in found]
    content = datasets[0] if len(datasets) == 1 else collection(whole, datasets)
    headers = attachment(f"{whole.name}.json")
    body = json.dumps(content, ensure_ascii=False)
    return HttpResponse(body, content_type="application/json", headers=headers)


def collection(whole: Whole, datasets: Sequence[Content]) -> Content:
    """With the datasets in it, so that nobody has to ask again."""
    return {
        "version": VERSION,
        "class": "collection",
        "href": whole.about.addresses[-1],
        "label": _("Survey results"),
        "link": {"item": datasets},
    }


def dataset(result: Result, address: str, caveats: Iterable[Caveat]) -> Content:
    cube = Cube(result)
    return {
        "version": VERSION,
        "class": "dataset",
        "href": address,
        "label": _label(result),
        "source": _source(result),
        "updated": timezone.localtime(result.release.published_at).isoformat(),
        "note": _notes(result, caveats),
        "id": [dimension.code for dimension in cube.dimensions],
        "size": cube.size,
        "role": {"time": ["period"], "metric": ["measure"]},
        "dimension": _dimensions(cube),
        "value": cube.values(),
        "status": {str(index): status for index, figure in cube.placed.items() if (status := status_of(figure))},
        "link": {"alternate": [{"type": "text/html", "href": _page(result)}]},
        "extension": _extension(cube),
    }


def caveats_of(found: Iterable[Result]) -> Mapping[tuple[int, int], list[Caveat]]:
    """The points to know by round and indicator, in their order. Two queries."""
    told: dict[tuple[int, int], list[Caveat]] = defaultdict(list)
    rounds = {result.release.round_id for result in found}
    for caveat in Caveat.objects.filter(round__in=rounds).order_by("number").prefetch_related("indicators"):
        for indicator in caveat.indicators.all():
            told[caveat.round_id, indicator.pk].append(caveat)
    return told


def code_of(text: str) -> str:
    return text or NONE


def status_of(figure: Figure) -> str:
    """What withholds the figure, else its verdict; empty where neither is said."""
    is_free = figure.confidentiality == Confidentiality.FREE
    return figure.verdict if is_free else figure.confidentiality


def _dimensions(cube: Cube) -> Content:
    content = {dimension.code: dimension.content() for dimension in cube.dimensions}
    units: dict[str, Content] = {}
    for figure in cube.result.figures:
        unit = units.setdefault(figure.measure, {"label": str(UNITS[unit_of(figure)]), "decimals": 0})
        unit["decimals"] = max(unit["decimals"], figure.decimals)
    content["measure"]["category"]["unit"] = units
    return content


def _extension(cube: Cube) -> Content:
    result = cube.result
    used = {status_of(figure) for figure in result.figures}
    return {
        "round": result.release.round.code,
        "indicator": result.indicator.code,
        "release": result.release.number,
        "status": {"label": {code: str(label) for code, label in STATUSES.items() if code in used}},
        "figure": {str(index): _more(figure) for index, figure in cube.placed.items()},
    }


def _more(figure: Figure) -> Content:
    names = ("decimals", "numerator", "denominator", "n_base", "n_valid", "origin", "confidentiality")
    return {
        "id": figure.public_id,
        **{name: getattr(figure, name) for name in names},
        "verdict": figure.verdict or None,
        "note": str(in_language(figure, "note")) or None,
        "source": figure.locator or None,
    }


def _notes(result: Result, caveats: Iterable[Caveat]) -> list[str]:
    """What it means, whom it is about, how it is made, who was asked, what it can't show, and what to know of it."""
    indicator = result.indicator
    told = [
        str(in_language(indicator, result.wording["definition"])),
        _with_name(_("Base: %(text)s"), str(in_language(indicator, result.wording["base"]))),
        _with_name(_("Formula: %(text)s"), str(in_language(indicator, result.wording["formula"]))),
        str(in_language(result.release.round, "selection")),
        _(
            "Institutions were chosen and not sampled, so there are no margins of error and no tests. The pilots were "
            "selected for the programme, so differences are not effects of the programme."
        ),
        *(f"{in_language(caveat, 'title')}: {in_language(caveat, 'text')}" for caveat in caveats),
    ]
    return [text for text in told if text]


def _with_name(name: str, text: str) -> str:
    return name % {"text": text} if text else ""


def _label(result: Result) -> str:
    names = (in_language(row, "title") for row in (result.indicator, result.release.round))
    return _("%(indicator)s (%(round)s)") % dict(zip(("indicator", "round"), names, strict=True))


def _source(result: Result) -> str:
    if result.is_computed:
        return source_of(result.release)
    publication = result.release.round.publication
    title = str(in_language(publication, "title")) if publication else ""
    return "; ".join(filter(None, [title, *result.locators]))


def _page(result: Result) -> str:
    address, _mark, _anchor = page_address(result.figures[0], current_language()).partition("#")
    return address


def _key(result: Result) -> tuple[int, int]:
    return result.release.round_id, result.indicator.pk


def _narrowed(whole: Whole, result: Result) -> str:
    """The address of this result alone, narrowed as the query is."""
    asked: QueryDict = whole.about.query.copy()
    for name in NOT_OF_THE_QUERY:
        asked.pop(name, None)
    asked.setlist("round", [result.release.round.code])
    asked.setlist("indicator", [result.indicator.code])
    asked.setlist("lang", [current_language()])
    asked.setlist("format", ["json-stat"])
    path = whole.about.addresses[-1].partition("?")[0].removeprefix(settings.SITE_URL)
    return f"{settings.SITE_URL}{path}?{asked.urlencode()}"
