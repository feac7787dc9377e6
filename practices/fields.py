"""What a case says, field by field in the language of the request: for comparisons, and for paper."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal.language import Text, current_language, in_language
from sih_portal.years import day, fiscal_year, month

from .models.edition import PART_LABELS, Edition
from .presenting import FURTHER_TEXTS


@dataclass(frozen=True)
class Line:
    """One text of a field. `label` and `anchor` are those of a numbered part; a name is never called untranslated."""

    text: Text
    label: str = ""
    anchor: str = ""
    is_name: bool = False

    @property
    def is_untranslated(self) -> bool:
        return self.text.is_fallback and not self.is_name


@dataclass(frozen=True)
class Field:
    """`is_fact`: a word or two; the others are running text. `read` gives no line where the case says nothing."""

    name: str
    label: str | Promise
    read: Callable[[Edition], Sequence[Line]]
    is_fact: bool = False


@dataclass(frozen=True)
class Cell:
    """What a case says in a field: no lines where it says nothing."""

    practice: Edition
    lines: Sequence[Line]


@dataclass(frozen=True)
class Row:
    """One field of several cases, a cell for each."""

    field: Field
    cells: Sequence[Cell]


def rows_of(editions: Sequence[Edition], fields: Iterable[Field] | None = None) -> list[Row]:
    """The fields of which at least one of the cases says something. No query when the parts are loaded."""
    rows = (Row(field, [Cell(edition, field.read(edition)) for edition in editions]) for field in fields or FIELDS)
    return [row for row in rows if any(cell.lines for cell in row.cells)]


def _plain(value: str) -> list[Line]:
    return [Line(Text(value, current_language(), is_fallback=False))] if value else []


def _name(row: Any, field: str = "name", *, before: str = "", after: str = "") -> Line:
    found = in_language(row, field)
    return Line(Text(f"{before}{found.value}{after}", found.lang, found.is_fallback), is_name=True)


def _text(field: str, row: Any) -> list[Line]:
    found = in_language(row, field)
    return [Line(found)] if found.value else []


def _institution(edition: Edition) -> list[Line]:
    return [_name(edition.institution)]


def _kind(edition: Edition) -> list[Line]:
    return _plain(edition.institution.get_kind_display())


def _headquarters(edition: Edition) -> list[Line]:
    """The unit as it was reported: one of 2010 never looks like today's."""
    unit = edition.headquarters
    if unit is None:
        return []
    year = edition.publication.year if edition.publication else None
    when = _("[as of %(year)s]") % {"year": year} if year else _("[name at the time]")
    abbreviation = _(" (%(abbreviation)s)") % {"abbreviation": unit.abbreviation} if unit.abbreviation else ""
    return [_name(unit, after=f"{abbreviation} {when}")]


def _themes(edition: Edition) -> list[Line]:
    themes = [edition.theme, *edition.themes.all()]
    return [_name(theme, "short", before=f"{theme.number} ") for theme in themes]


def _period(edition: Edition) -> list[Line]:
    first, last = edition.first_fiscal_year, edition.last_fiscal_year
    if not first and not last:
        return []
    start = fiscal_year(first) if first else _("(start not known)")
    end = fiscal_year(last) if last else _("(end not known)")
    return _plain(f"{start} – {end}")


def _state(edition: Edition) -> list[Line]:
    if edition.confirmed_on:
        return _plain(f"{_('Confirmed on:')} {day(edition.confirmed_on)}")
    publication = edition.publication
    if publication and publication.year:
        return _plain(_("As reported in %(reported)s") % {"reported": month(publication.year, publication.month)})
    return []


def _parts(kind: str, edition: Edition) -> list[Line]:
    return [
        Line(in_language(part, "text"), PART_LABELS[f"{kind}s"] % {"number": part.number}, f"#{kind}-{part.number}")
        for part in getattr(edition, f"{kind}s").all()
    ]


def result_of_theme(edition: Edition) -> list[Line]:
    return _text("result", edition.theme)


def _source(edition: Edition) -> list[Line]:
    """Publication, publisher, month and place in one line, in the language of the publication's title."""
    publication = edition.publication
    if publication is None:
        return []
    title = in_language(publication, "title")
    when = month(publication.year, publication.month) if publication.year else ""
    said = (title.value, in_language(publication, "publisher").value, when, edition.locator)
    return [Line(Text(_(", ").join(filter(None, said)), title.lang, title.is_fallback), is_name=True)]


def _version(edition: Edition) -> list[Line]:
    said = {"version": edition.version, "date": day(edition.published_at)}
    return _plain(_("Version %(version)s, published on %(date)s") % said)


FACTS: Final = (
    Field("institution", gettext_lazy("Institution"), _institution, is_fact=True),
    Field("kind", gettext_lazy("Kind of institution"), _kind, is_fact=True),
    Field("headquarters", gettext_lazy("International strategy headquarters"), _headquarters, is_fact=True),
    Field("themes", gettext_lazy("Theme"), _themes, is_fact=True),
    Field("period", gettext_lazy("Period of the case"), _period, is_fact=True),
    Field("state", gettext_lazy("State of the text"), _state, is_fact=True),
)
SUMMARY: Final = Field("summary", gettext_lazy("Summary"), partial(_text, "summary"))
ACTIONS: Final = Field("actions", gettext_lazy("What was done (actions)"), partial(_parts, "action"))
EFFECTS: Final = Field("effects", gettext_lazy("What came of it (effects)"), partial(_parts, "effect"))
CONTEXT, *AFTERWARDS = (Field(name, label, partial(_text, name)) for name, label in FURTHER_TEXTS.items())
NOTE: Final = Field("note", gettext_lazy("Note on the source"), partial(_text, "note"))
SOURCE: Final = (
    Field("source", gettext_lazy("Source"), _source, is_fact=True),
    Field("version", gettext_lazy("Version"), _version, is_fact=True),
)
TEXTS: Final = (SUMMARY, CONTEXT, ACTIONS, EFFECTS, *AFTERWARDS, NOTE)
FIELDS: Final = (*FACTS, *TEXTS, *SOURCE)
