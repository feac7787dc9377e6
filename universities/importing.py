"""The source's programme, institutions, headquarters and bases, from `universities/source/` into rows."""

from pathlib import Path

from django.db.models import Model

from sih_portal import loading
from sih_portal.loading import Content, Plan, Record, Shape

from .models import (
    Headquarters,
    Institution,
    InstitutionAlias,
    InstitutionName,
    OverseasBase,
    Participation,
    Programme,
    ProgrammeRole,
)

SOURCE = Path(__file__).parent / "source"


def bilingual(*names: str) -> tuple[str, ...]:
    """The column names of bilingual texts."""
    return tuple(f"{name}_{language}" for name in names for language in ("en", "ja"))


SOURCED = ("provenance", "locator", *bilingual("reference"))

PROGRAMMES = Shape(
    Programme,
    ("slug",),
    (
        *("slug", "abbreviation", "website", "first_fiscal_year", "last_fiscal_year", "grant_min_jpy", "grant_max_jpy"),
        *bilingual("name", "aim", "funder", "operator", "grant_note"),
        *SOURCED,
    ),
    children={
        "roles": Shape(
            ProgrammeRole, ("position",), ("position", *bilingual("actor", "text"), *SOURCED), order=("position", "pk")
        )
    },
)
INSTITUTIONS = Shape(
    Institution,
    ("slug",),
    ("slug", "position", *bilingual("name"), "name_kana", "kind", "prefecture", "ror", "website", *SOURCED),
    children={
        "aliases": Shape(InstitutionAlias, ("label",), ("label",)),
        "other_names": Shape(
            InstitutionName, ("relation",), ("relation", *bilingual("name"), "from_year", "to_year", *SOURCED)
        ),
    },
)
PARTICIPATIONS = Shape(
    Participation,
    ("institution", "programme"),
    ("role",),
    references={"institution": "slug", "programme": "slug"},
)
HEADQUARTERS = Shape(
    Headquarters,
    ("slug",),
    (
        *("slug", "abbreviation", "head", "valid_from_year", "valid_to_year", "website"),
        *bilingual("name", "successor", "note"),
        *SOURCED,
    ),
    references={"participation": "institution__slug"},
)
BASES = Shape(
    OverseasBase,
    ("slug",),
    ("slug", "country", "kind", *bilingual("name", "city", "partner", "note"), *SOURCED),
    references={"institution": "slug"},
)
SHAPES = (PROGRAMMES, INSTITUTIONS, PARTICIPATIONS, HEADQUARTERS, BASES)


def plans() -> list[Plan]:
    """What loading `universities/source/` would do, in the order it has to be done; nothing is written.

    :raises SourceError: when a file is not as it should be.
    """
    records = parse()
    return [loading.plan(shape, records[shape.model]) for shape in SHAPES]


def parse() -> dict[type[Model], list[Record]]:
    """The files' records by model: an institution's table holds its headquarters and bases.

    :raises SourceError: when a file is not as it should be.
    """
    found: dict[type[Model], list[Record]] = {shape.model: [] for shape in SHAPES}
    for origin, raw in loading.read(SOURCE / "programme.toml", "programme"):
        found[Programme].append(loading.record(PROGRAMMES, origin, renamed(raw, role="roles")))
    for origin, raw in loading.read(SOURCE / "institutions.toml", "institution"):
        for shape, content in _institution_records(raw):
            found[shape.model].append(loading.record(shape, origin, content))
    return found


def renamed(raw: Content, **names: str) -> Content:
    """The record with tables renamed as their relations: a file says `[[programme.role]]`, the model `roles`."""
    return {names.get(name, name): value for name, value in raw.items()}


def _institution_records(raw: Content) -> list[tuple[Shape, Content]]:
    content = renamed(raw, other_name="other_names")
    headquarters, bases = content.pop("headquarters", None), content.pop("base", [])
    content["aliases"] = [{"label": label} for label in content.get("aliases", [])]
    slug = content.get("slug")
    records = [(INSTITUTIONS, content)]
    if headquarters is not None:
        records.append((PARTICIPATIONS, {"institution": slug, "programme": "sih"}))
        records.append((HEADQUARTERS, headquarters | {"participation": slug}))
    return records + [(BASES, base | {"institution": slug}) for base in bases]
