"""The source's themes, recommendations, thesaurus, publications and cases, from `practices/source/` into rows.

Cases go through the workflow as the password-less account `source-import`; a case changed in the files gets a new
edition, and one that staff edited or opened is kept as it is.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import cast

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Model

from sih_portal import loading
from sih_portal.loading import Content, Plan, Record, Shape
from sih_portal.roles import SOURCE_ACCOUNT
from universities.importing import SOURCED, bilingual, renamed

from . import translations
from .models import (
    Action,
    Attachment,
    Chapter,
    Concept,
    ConceptLabel,
    Effect,
    Event,
    GoodPractice,
    Link,
    PracticeStatus,
    ProgrammeAction,
    Publication,
    Recommendation,
    Theme,
)
from .models.content import PracticeContent
from .permissions import Role
from .workflow import CHANGED_MEANWHILE, EditConflict, InvalidTransition, Steps, take

SOURCE = Path(__file__).parent / "source"
BY_POSITION = ("position", "number")

PUBLICATIONS = Shape(
    Publication,
    ("slug",),
    ("slug", *bilingual("title", "publisher", "note"), "year", "month", "url", *SOURCED),
    children={
        "chapters": Shape(
            Chapter, ("number",), ("number", *bilingual("title")), many={"themes": "number"}, order=("number",)
        )
    },
)
EVENTS = Shape(
    Event,
    ("slug",),
    (
        *("slug", "kind", "held_on", "year", "month", "attendance", "url"),
        *bilingual("title", "place"),
        *SOURCED,
    ),
)
THEMES = Shape(
    Theme,
    ("number",),
    ("number", "title_ja_origin", *bilingual("title", "short", "result"), *SOURCED),
    children={
        "programme_actions": Shape(
            ProgrammeAction,
            ("number",),
            ("number", *bilingual("text"), *SOURCED),
            references={"publication": "slug"},
            order=("number",),
        )
    },
)
RECOMMENDATIONS = Shape(
    Recommendation,
    ("number",),
    ("number", *bilingual("title", "text"), *SOURCED),
    references={"theme": "number"},
)
CONCEPTS = Shape(
    Concept,
    ("slug",),
    ("slug", *bilingual("pref_label", "reference")),
    references={"broader": "slug"},
    many={"related": "slug"},
    children={"labels": Shape(ConceptLabel, ("label",), ("language", "relation", "label"))},
)
PARTS = {
    "actions": Shape(Action, ("number",), ("number", "position", *bilingual("text")), order=BY_POSITION),
    "effects": Shape(Effect, ("number",), ("number", "position", *bilingual("text")), order=BY_POSITION),
    "links": Shape(Link, ("number",), ("number", "position", "url", *bilingual("label")), order=BY_POSITION),
    "attachments": Shape(Attachment, ("number",), ("number", "position", *bilingual("title")), order=BY_POSITION),
}
CASES = Shape(
    GoodPractice,
    ("slug",),
    ("slug", *sorted(field.name for field in PracticeContent._meta.get_fields())),
    references={"institution": "slug", "headquarters": "slug", "theme": "number", "publication": "slug"},
    many={"themes": "number", "concepts": "slug"},
    children=PARTS,
)
SHAPES = (PUBLICATIONS, EVENTS, THEMES, RECOMMENDATIONS, CONCEPTS)


def plans() -> list[Plan]:
    """What loading everything but the cases would do, in the order it has to be done; nothing is written.

    :raises SourceError: when a file is not as it should be.
    """
    records = parse()
    return [loading.plan(shape, records[shape.model]) for shape in SHAPES]


def parse() -> dict[type[Model], list[Record]]:
    """The files' records by model.

    :raises SourceError: when a file is not as it should be.
    """
    publications = [
        (origin, renamed(raw, chapter="chapters"))
        for origin, raw in loading.read(SOURCE / "publications.toml", "publication")
    ]
    events = loading.read(SOURCE / "publications.toml", "event")
    themes = [(origin, _theme(raw)) for origin, raw in loading.read(SOURCE / "themes.toml", "theme")]
    recommendations = [
        (origin, {"theme": raw.get("number"), **raw})
        for origin, raw in loading.read(SOURCE / "themes.toml", "recommendation")
    ]
    concepts = [(origin, _concept(raw)) for origin, raw in loading.read(SOURCE / "concepts.toml", "concept")]
    tables = (publications, events, themes, recommendations, _symmetrical(concepts))
    return {
        shape.model: [loading.record(shape, origin, raw) for origin, raw in rows]
        for shape, rows in zip(SHAPES, tables, strict=True)
    }


def parse_cases() -> list[Record]:
    """The cases in the source's order, one file each.

    :raises SourceError: when a file is not as it should be.
    """
    return [
        loading.record(CASES, path.name, _case(loading.read_one(path)))
        for path in sorted((SOURCE / "cases").glob("*.toml"))
    ]


def plan_cases() -> Plan:
    """What loading the cases would do. A case that somebody has opened for editing counts as edited here."""
    plan = loading.plan(CASES, parse_cases())
    opened = set(GoodPractice.objects.exclude(status=PracticeStatus.PUBLISHED).values_list("slug", flat=True))
    busy = [one for one in plan.changed if one.content["slug"] in opened]
    plan.changed = [one for one in plan.changed if one not in busy]
    plan.kept += busy
    return plan


def apply_cases(plan: Plan, *, at: datetime, progress: Callable[[str], None]) -> list[Record]:
    """This will write and publish the plan's cases at `at`. Call it inside a transaction.

    Returns what it kept, because staff edited or opened the case since the plan was made.
    """
    account = source_account()
    todo = [*plan.added, *plan.changed]
    kept = []
    for done, one in enumerate(todo, 1):
        try:
            _put(one, by=account, at=at)
        except (InvalidTransition, EditConflict):
            kept.append(one)
        else:
            progress(f"{done}/{len(todo)} {one.content['slug']}")
    return kept


@transaction.atomic
def _put(one: Record, *, by: User, at: datetime) -> None:
    """:raises InvalidTransition, EditConflict: when staff opened or edited the case; then nothing is written."""
    row = cast("GoodPractice | None", loading.find(CASES, one))
    if row is not None:
        row = _opened(row, by=by, at=at)
    texts = translations.places(row) if row else {}
    practice = cast("GoodPractice", loading.write(CASES, one, row))
    loading.connect(CASES, one, practice)
    translations.note(practice, before=texts, after=translations.places(practice))
    for step in (Steps.SUBMIT, Steps.PUBLISH):
        take(step, practice=practice, by=by, at=at)


def _opened(row: GoodPractice, *, by: User, at: datetime) -> GoodPractice:
    """The case, open and locked: from here on nobody edits it before the load is done."""
    locked = take(Steps.REVISE, practice=row, by=by, at=at)
    if loading.content_hash(CASES, loading.content_of(CASES, locked)) != locked.loaded_hash:
        raise EditConflict(str(CHANGED_MEANWHILE))
    return locked


def source_account() -> User:
    """The account that publishes what is loaded: no password, no way into the admin."""
    account, created = User.objects.get_or_create(username=SOURCE_ACCOUNT, defaults={"is_staff": False})
    if created:
        account.set_unusable_password()
        account.save()
        account.groups.set(Group.objects.filter(name__in=[Role.CURATOR, Role.PUBLISHER]))
    return account


def _theme(raw: Content) -> Content:
    content = renamed(raw, programme_action="programme_actions")
    content["programme_actions"] = [
        {"provenance": content.get("provenance", ""), "locator": content.get("locator", ""), **action}
        for action in content.get("programme_actions", [])
    ]
    return content


def _concept(raw: Content) -> Content:
    relations = {"alt_labels": "alternative", "related_labels": "related"}
    labels = [
        {"language": language, "relation": relation, "label": label}
        for name, relation in relations.items()
        for language in ("en", "ja")
        for label in raw.get(f"{name}_{language}", [])
    ]
    plain = {name: value for name, value in raw.items() if name[:-3] not in relations}
    return plain | {"labels": labels}


def _symmetrical(rows: list[tuple[str, Content]]) -> list[tuple[str, Content]]:
    """`related` holds both ways, whichever of the two records names it."""
    related: dict[str, set[str]] = defaultdict(set)
    for _origin, raw in rows:
        for slug in raw.get("related", []):
            related[raw["slug"]].add(slug)
            related[slug].add(raw["slug"])
    return [(origin, raw | {"related": sorted(related[raw["slug"]])}) for origin, raw in rows]


def _case(raw: Content) -> Content:
    content = renamed(raw, action="actions", effect="effects", link="links")
    for kind in ("actions", "effects", "links"):
        content[kind] = [
            {"number": position, **part, "position": position} for position, part in enumerate(content.get(kind, []), 1)
        ]
    return content
