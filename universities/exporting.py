"""The public columns of institutions, headquarters and programmes, in the order of the CSV."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from sih_portal.addresses import page_address
from sih_portal.tabular import Column, Columns, listed, plain_columns, text_columns

from .models import Headquarters, Institution, Programme

ADDRESSES: Final[Columns] = [
    Column("url_en", lambda row: page_address(row, "en")),
    Column("url_ja", lambda row: page_address(row, "ja")),
]
PROVENANCE: Final[Columns] = [*plain_columns("provenance", "locator"), *text_columns("reference")]

# What columns hold that are not a field of the model; one ending in a line is a text in two languages.
MEANINGS: Final = {
    "id": _("public id"),
    "url_": _("address of the page"),
    "headquarters": _("public id of the headquarters"),
    "headquarters_name_": _("name of the headquarters"),
    "institution": _("slug of the institution"),
    "institution_name_": _("name of the institution"),
    "pilot": _("whether it is a pilot institution"),
    "pilots": _("slugs of the pilot institutions"),
    "programme": _("slug of the programme"),
    "region": _("region"),
    "aliases": _("short names"),
    "other_names_": _("former and later names"),
    "bases_": _("overseas bases"),
}


def headquarters_of(institution: Institution) -> list[Headquarters]:
    """Of every programme, from what is loaded with the institution."""
    return [unit for part in institution.participations.all() for unit in part.headquarters.all()]


def pilots_of(programme: Programme) -> list[Institution]:
    return [part.institution for part in programme.participations.all()]


def institution_of(unit: Headquarters) -> Institution:
    return unit.participation.institution


def _names(rows: Any, language: str) -> str:
    return listed(filter(None, (getattr(row, f"name_{language}") for row in rows)))


INSTITUTIONS: Final[Columns] = [
    *plain_columns("slug"),
    *ADDRESSES,
    *text_columns("name"),
    *plain_columns("name_kana", "kind", "prefecture", "region", "ror", "website"),
    Column("pilot", lambda row: row.is_pilot),
    Column("headquarters", lambda row: listed(unit.slug for unit in headquarters_of(row))),
    Column("aliases", lambda row: listed(alias.label for alias in row.aliases.all())),
    Column("other_names_en", lambda row: _names(row.other_names.all(), "en")),
    Column("other_names_ja", lambda row: _names(row.other_names.all(), "ja")),
    Column("bases_en", lambda row: _names(row.bases.all(), "en")),
    Column("bases_ja", lambda row: _names(row.bases.all(), "ja")),
    *PROVENANCE,
]

HEADQUARTERS: Final[Columns] = [
    Column("id", lambda row: row.slug),
    *text_columns("name"),
    *plain_columns("abbreviation", "head"),
    Column("institution", lambda row: institution_of(row).slug),
    *text_columns("name", institution_of, name="institution_name"),
    Column("programme", lambda row: row.participation.programme.slug),
    *plain_columns("valid_from_year", "valid_to_year"),
    *text_columns("successor"),
    *plain_columns("website"),
    *text_columns("note"),
    *PROVENANCE,
]

PROGRAMMES: Final[Columns] = [
    *plain_columns("slug", "abbreviation"),
    *text_columns("name"),
    *text_columns("aim"),
    *text_columns("funder"),
    *text_columns("operator"),
    *plain_columns("first_fiscal_year", "last_fiscal_year", "grant_min_jpy", "grant_max_jpy"),
    *text_columns("grant_note"),
    *plain_columns("website"),
    Column("pilots", lambda row: listed(institution.slug for institution in pilots_of(row))),
    *PROVENANCE,
]
