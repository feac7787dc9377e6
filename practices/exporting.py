"""The public columns of cases and what belongs to them, in the order of the CSV, and the public ids of parts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sih_portal.addresses import page_address
from sih_portal.tabular import Column, Columns, listed, numbered, plain_columns, text_columns
from sih_portal.workbook import Sheet
from universities.exporting import ADDRESSES, MEANINGS, PROVENANCE

from .models.concept import Concept
from .models.edition import Edition, EditionAction, EditionEffect
from .models.publication import Publication
from .models.theme import Recommendation, Theme
from .search import Place

Part = EditionAction | EditionEffect


@dataclass(frozen=True)
class ArchivedCase:
    """What stays public of a case that was archived: its address, and when that was."""

    slug: str
    updated_at: datetime

    def get_absolute_url(self) -> str:
        return reverse("practices:practice-detail", args=[self.slug])


def anchor(part: Part) -> str:
    """The part's place on the page of its case."""
    return Place("action" if isinstance(part, EditionAction) else "effect", part.number).anchor


def public_id(part: Part) -> str:
    return f"{part.edition.slug}:{anchor(part)}"


def part_address(part: Part, language: str) -> str:
    return f"{page_address(part.edition, language)}#{anchor(part)}"


def recommendation_of(theme: Theme) -> Recommendation | None:
    """From what is loaded with the theme; None where the theme has none."""
    return getattr(theme, "recommendation", None)


def concept_labels(concept: Concept, relation: str, language: str) -> list[str]:
    """From what is loaded with the concept, in the order they were entered."""
    return [label.label for label in concept.labels.all() if label.relation == relation and label.language == language]


def _both(name: str, cell: Callable[[Any, str], object]) -> Columns:
    """A column per language; `cell` gets the row and the language."""

    def column(language: str) -> Column:
        return Column(f"{name}_{language}", lambda row: cell(row, language))

    return [column("en"), column("ja")]


def _text(row: object, stem: str, language: str) -> str:
    return str(getattr(row, f"{stem}_{language}", "") or "")


def _parts(name: str) -> Columns:
    """The parts behind `name`, as numbered lines."""

    def lines(row: object, language: str) -> str:
        return numbered((part.number, _text(part, "text", language)) for part in getattr(row, name).all())

    return _both(name, lines)


def _recommendation(edition: Edition) -> Recommendation | None:
    return recommendation_of(edition.theme)


def _unless_archived(column: Column) -> Column:
    return replace(column, cell=lambda row: None if isinstance(row, ArchivedCase) else column.cell(row))


_OF_A_CASE: Final[Columns] = [
    *text_columns("title"),
    *text_columns("summary"),
    Column("institution", lambda row: row.institution.slug),
    *text_columns("name", lambda row: row.institution, name="institution_name"),
    Column("kind", lambda row: row.institution.kind),
    Column("region", lambda row: row.institution.region),
    Column("headquarters", lambda row: row.headquarters and row.headquarters.slug),
    *text_columns("name", lambda row: row.headquarters, name="headquarters_name"),
    Column("headquarters_abbreviation", lambda row: row.headquarters and row.headquarters.abbreviation),
    Column("theme", lambda row: row.theme.number),
    *text_columns("title", lambda row: row.theme, name="theme_title"),
    Column("themes", lambda row: listed(theme.number for theme in row.themes.all())),
    Column("recommendation", lambda row: getattr(_recommendation(row), "number", None)),
    *text_columns("title", _recommendation, name="recommendation_title"),
    *_parts("actions"),
    *_parts("effects"),
    Column("concepts", lambda row: listed(concept.slug for concept in row.concepts.all())),
    *_both("concept_labels", lambda row, code: listed(_text(one, "pref_label", code) for one in row.concepts.all())),
    Column("publication", lambda row: row.publication and row.publication.slug),
    *plain_columns("locator"),
    *text_columns("context"),
    *text_columns("enabling"),
    *text_columns("hindering"),
    *text_columns("lessons"),
    *text_columns("needs_staff"),
    *text_columns("needs_money"),
    *text_columns("needs_time"),
    *text_columns("transferability"),
    *text_columns("note"),
    *plain_columns("first_fiscal_year", "last_fiscal_year", "confirmed_on"),
    Column("links", lambda row: numbered((link.number, link.url) for link in row.links.all())),
    Column("published_at", lambda row: row.first_published_at),
    *plain_columns("version"),
]

PRACTICES: Final[Columns] = [
    *plain_columns("slug"),
    *ADDRESSES,
    *map(_unless_archived, _OF_A_CASE),
    Column("updated_at", lambda row: row.updated_at if isinstance(row, ArchivedCase) else row.published_at),
    Column("archived", lambda row: isinstance(row, ArchivedCase)),
]

PARTS: Final[Columns] = [
    Column("id", public_id),
    *plain_columns("number"),
    *text_columns("text"),
    *_both("url", part_address),
    Column("practice", lambda row: row.edition.slug),
    *text_columns("title", lambda row: row.edition, name="practice_title"),
    Column("institution", lambda row: row.edition.institution.slug),
    Column("theme", lambda row: row.edition.theme.number),
]

THEMES: Final[Columns] = [
    *plain_columns("number"),
    *ADDRESSES,
    *text_columns("title"),
    *plain_columns("title_ja_origin"),
    *text_columns("short"),
    *text_columns("result"),
    *plain_columns("practice_count"),
    *_parts("programme_actions"),
    Column("recommendation", lambda row: getattr(recommendation_of(row), "number", None)),
    *PROVENANCE,
]

RECOMMENDATIONS: Final[Columns] = [
    *plain_columns("number"),
    *ADDRESSES,
    *text_columns("title"),
    *text_columns("text"),
    Column("theme", lambda row: row.theme.number),
    *PROVENANCE,
]

CONCEPTS: Final[Columns] = [
    *plain_columns("slug"),
    *text_columns("pref_label"),
    *_both("alt_labels", lambda row, code: listed(concept_labels(row, "alternative", code))),
    *_both("related_labels", lambda row, code: listed(concept_labels(row, "related", code))),
    Column("broader", lambda row: row.broader and row.broader.slug),
    Column("related", lambda row: listed(concept.slug for concept in row.related.all())),
    *plain_columns("practice_count"),
    *text_columns("reference"),
]


def _chapters(publication: Publication, language: str) -> str:
    return numbered((chapter.number, _text(chapter, "title", language)) for chapter in publication.chapters.all())


def _chapter_themes(publication: Publication) -> str:
    themes = {chapter.number: chapter.themes.all() for chapter in publication.chapters.all()}
    return numbered((number, listed(theme.number for theme in rows)) for number, rows in themes.items() if rows)


PUBLICATIONS: Final[Columns] = [
    *plain_columns("slug"),
    *_both("page", page_address),
    *text_columns("title"),
    *text_columns("publisher"),
    *plain_columns("year", "month", "url"),
    *text_columns("note"),
    *_both("chapters", _chapters),
    Column("chapter_themes", _chapter_themes),
    *PROVENANCE,
]

EVENTS: Final[Columns] = [
    *plain_columns("slug"),
    *_both("page", page_address),
    *plain_columns("kind"),
    *text_columns("title"),
    *plain_columns("held_on", "year", "month", "attendance"),
    *text_columns("place"),
    *plain_columns("url"),
    *PROVENANCE,
]

MORE_MEANINGS: Final = MEANINGS | {
    "alt_labels_": _("synonyms"),
    "chapter_themes": _("themes its chapters tell of"),
    "chapters_": _("chapters"),
    "page_": _("address of the page"),
    "practice_count": _("number of practices"),
    "programme_actions_": _("what JSPS itself did"),
    "recommendation": _("number of the recommendation"),
    "related_labels_": _("related words that are no synonyms"),
}
CASE_MEANINGS: Final = MORE_MEANINGS | {
    "actions_": _("actions"),
    "archived": _("whether it was archived: then only its addresses and the moment are left"),
    "concept_labels_": _("concepts"),
    "concepts": _("slugs of the concepts"),
    "effects_": _("effects"),
    "headquarters_abbreviation": _("abbreviation of the headquarters"),
    "kind": _("kind of institution"),
    "links": _("links"),
    "number": _("number of the action or effect; it never changes"),
    "practice": _("slug of the practice"),
    "practice_title_": _("title of the practice"),
    "publication": _("slug of the source publication"),
    "published_at": _("moment of the first publication"),
    "recommendation_title_": _("title of the recommendation"),
    "text_": _("text"),
    "theme": _("number of the primary theme"),
    "theme_title_": _("title of the primary theme"),
    "themes": _("numbers of the further themes"),
    "updated_at": _("moment when the current version was published, or the case was archived"),
    "version": _("number of the version"),
}
PART_SHEETS: Final = (
    Sheet("actions", PARTS, lambda row: () if isinstance(row, ArchivedCase) else row.actions.all()),
    Sheet("effects", PARTS, lambda row: () if isinstance(row, ArchivedCase) else row.effects.all()),
)
