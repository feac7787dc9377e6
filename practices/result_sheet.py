"""The result of a query as an office uses it: an Excel file in the language of the page, laid out for paper.

What a program reads is the API's file (`practices/exporting.py`); this one is for people.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal.addresses import page_address
from sih_portal.downloads import SOURCE as OF_THE_PORTAL
from sih_portal.language import Text, current_language, in_language
from sih_portal.tabular import Column, numbered
from sih_portal.workbook import Lines, Paper, Sheet, write
from sih_portal.years import day

from .documents import licence
from .exporting import Part, part_address, recommendation_of
from .fields import ACTIONS, AFTERWARDS, CONTEXT, EFFECTS, FACTS, NOTE, SOURCE, SUMMARY, Field
from .filters import Answer, Asked, answer, read
from .models.edition import Edition
from .results import PAGE_NAMES, SORT_LABELS, VIEWS, chips, clean_query

CHUNK: Final = 100


@dataclass(frozen=True)
class Item:
    """A column: its heading, its width in characters, and what it says of a row."""

    heading: str | Promise
    width: int
    read: Callable[[Any], object]


def result_sheet(params: QueryDict) -> IO[bytes]:
    """An open temporary file, at its beginning: every case of the query, whatever page it asks for.

    :raises search.QueryError: when the search words can't be searched for.
    """
    asked = read(params, more=PAGE_NAMES)
    found = answer(asked, current_language())

    def about(count: int) -> Lines:
        return [*_query_lines(asked, found), *_file_lines(asked, count)]

    ids = found.ids[:]
    return write(_sheets(ids), _editions(ids), about, _("About this file"))


def _sheets(ids: Sequence[int]) -> list[Sheet]:
    return [
        _sheet(_("Cases"), _filled(ITEMS, _editions(ids)), lambda edition: (edition,)),
        _sheet(_("Actions"), _part_items(ACTIONS), lambda edition: edition.actions.all()),
        _sheet(_("Effects"), _part_items(EFFECTS), lambda edition: edition.effects.all()),
    ]


def _sheet(name: str, items: Sequence[Item], rows: Callable[[Any], Iterable[object]]) -> Sheet:
    columns = [Column(str(item.heading), item.read) for item in items]
    return Sheet(name, columns, rows, Paper([item.width for item in items], f"{_('SIH Portal')}  {name}"))


def _filled(items: Sequence[Item], editions: Iterable[Edition]) -> list[Item]:
    """The items that at least one case says something about; all where there is no case.

    The cases are read twice for it: a sheet that is written row by row has its columns settled before the first row.
    """
    empty = list(items)
    for edition in editions:
        empty = [item for item in empty if not item.read(edition)]
    return [item for item in items if item not in empty] or list(items)


def _editions(ids: Sequence[int]) -> Iterator[Edition]:
    """In the order of the ids; a constant number of queries for each chunk."""
    editions = Edition.objects.public().with_parts().with_first_published_at()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        rows = editions.in_bulk(chunk)
        yield from (rows[pk] for pk in chunk if pk in rows)


def _marked(text: Text) -> str:
    note = _("Not translated yet (shown in Japanese)")
    return f"{text} [{note}]" if text.is_fallback else text.value


def _of(field: Field, width: int) -> Item:
    """A field of the page as a column, its lines under each other."""

    def said(edition: Edition) -> str:
        lines = field.read(edition)
        return "\n".join(_marked(line.text) if line.is_untranslated else line.text.value for line in lines)

    return Item(field.label, width, said)


def _parts(field: Field, width: int) -> Item:
    def lines(edition: Edition) -> str:
        parts = getattr(edition, field.name).all()
        return numbered((part.number, _marked(in_language(part, "text"))) for part in parts)

    return Item(field.label, width, lines)


def _title(edition: Edition) -> str:
    return _marked(in_language(edition, "title"))


def _recommendation(edition: Edition) -> str:
    found = recommendation_of(edition.theme)
    return f"{found.number} {_marked(in_language(found, 'title'))}" if found else ""


def _keywords(edition: Edition) -> str:
    return _(", ").join(in_language(concept, "pref_label").value for concept in edition.concepts.all())


def _links(edition: Edition) -> str:
    return numbered((link.number, f"{in_language(link, 'label')} {link.url}".strip()) for link in edition.links.all())


def _updated(edition: Edition) -> str:
    return day(edition.published_at) if edition.version > 1 else ""


def _address(edition: Edition) -> str:
    return page_address(edition, current_language())


INSTITUTION, KIND, HEADQUARTERS, THEMES, PERIOD, STATE = FACTS
ITEMS: Final = (
    Item(gettext_lazy("Title"), 20, _title),
    _of(INSTITUTION, 12),
    _of(KIND, 9),
    Item(gettext_lazy("Region"), 8, lambda edition: edition.institution.get_region_display()),
    _of(HEADQUARTERS, 13),
    _of(THEMES, 13),
    _of(SUMMARY, 32),
    _of(CONTEXT, 28),
    _parts(ACTIONS, 38),
    _parts(EFFECTS, 30),
    *(_of(field, 22) for field in AFTERWARDS),
    Item(gettext_lazy("Recommendation"), 13, _recommendation),
    Item(gettext_lazy("Keywords"), 12, _keywords),
    _of(PERIOD, 11),
    _of(STATE, 11),
    _of(SOURCE[0], 14),
    _of(NOTE, 14),
    Item(gettext_lazy("Links"), 16, _links),
    Item(gettext_lazy("Published on"), 11, lambda edition: day(edition.first_published_at)),
    Item(gettext_lazy("Updated on"), 11, _updated),
    Item(gettext_lazy("URL"), 14, _address),
)


def _part_items(field: Field) -> list[Item]:
    def address(part: Part) -> str:
        return part_address(part, current_language())

    return [
        Item(_("Title"), 32, lambda part: _title(part.edition)),
        Item(_("Institution"), 18, lambda part: in_language(part.edition.institution, "name")),
        Item(_("Number"), 7, lambda part: part.number),
        Item(field.label, 70, lambda part: _marked(in_language(part, "text"))),
        Item("URL", 30, address),
    ]


def _query_lines(asked: Asked, found: Answer) -> Lines:
    """What was asked for, in words."""
    yield (_("SIH Portal"), _("Find practices"))
    conditions = [chip.label for chip in chips(asked)]
    if asked.q:
        yield (_("Search words"), asked.q)
    if found.found and found.found.relaxed:
        yield ("", _("No practice has all of the words. Shown are practices that have some of them."))
    for condition in conditions:
        yield (_("Query"), condition)
    if not asked.q and not conditions:
        yield (_("Query"), _("All practices"))
    yield (_("Order"), SORT_LABELS[asked.sort])
    for refusal in asked.refusals:
        said = refusal.name if refusal.value is None else f"{refusal.name}={refusal.value[:60]}"
        yield (_("Ignored"), f"{said}: {refusal.message}")


def _file_lines(asked: Asked, count: int) -> Lines:
    query = clean_query(asked, VIEWS[0])
    query.pop("page_size", None)
    path = reverse("practices:practice-list")
    yield (_("Number of rows"), count)
    yield (_("Made on"), day(timezone.localdate()))
    yield (_("Address"), f"{settings.SITE_URL}{path}?{query.urlencode()}" if query else f"{settings.SITE_URL}{path}")
    yield (_("Source"), _(OF_THE_PORTAL))
    yield (_("Reuse"), licence())
    yield (
        _("Printing"),
        _("A row can be too high for Excel to show whole. Every part has its own row on the next sheets."),
    )
