"""A world in which every field of what is not public holds a string of its own, to be looked for everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, cast

from django.db import models

from practices.models import Edition, GoodPractice
from practices.models.desk import PARTS
from practices.workflow import Steps, take
from tests.factories.practices import (
    A_MOMENT,
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    archive,
    publish,
    staff,
)
from tests.factories.universities import HeadquartersFactory

TEXT_FIELDS = (models.CharField, models.TextField)


@dataclass
class World:
    """`canaries` must never show. `edition` is the one public case; `hidden` the slugs that answer 404."""

    edition: Edition
    archived: Edition
    hidden: list[str] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)


def canary_names() -> Iterator[str]:
    return (f"kanaria{number}x" for number in count(1000))


def fill(row: models.Model, names: Iterator[str], canaries: list[str]) -> None:
    """Puts a canary into every text field of a row that staff can fill, choices apart."""
    for column in row._meta.concrete_fields:
        if isinstance(column, TEXT_FIELDS) and not isinstance(column, models.FileField):
            if column.choices or column.name in {"slug", "loaded_hash", "url", "status"}:
                continue
            canaries.append(next(names))
            setattr(row, column.name, canaries[-1])
    row.save()


def hidden_case(names: Iterator[str], canaries: list[str], **fields: object) -> GoodPractice:
    slug = next(names)
    canaries.append(slug)
    practice: GoodPractice = PracticeFactory(slug=slug, concepts=[ConceptFactory()], **fields)
    fill(practice, names, canaries)
    for kind, model in PARTS.items():
        part: Any = getattr(practice, kind).first() or cast("Any", model)(practice=practice, number=1)
        part.url = f"https://{slug}.example/"
        fill(part, names, canaries)
    return practice


def make_world() -> World:
    """One public case, one archived, and hidden ones in every other status, all of one theme and institution."""
    names = canary_names()
    headquarters = HeadquartersFactory()
    theme = RecommendationFactory(theme=ThemeFactory(number=6)).theme
    shared = {
        "institution": headquarters.participation.institution,
        "headquarters": headquarters,
        "theme": theme,
        "publication": PublicationFactory(slug="final-report-summary"),
    }
    edition = publish(slug="public-case", concepts=[ConceptFactory(slug="shared")], **shared)
    canaries: list[str] = []
    gone = hidden_case(names, canaries, **shared)
    gone.slug = "archived-case"
    gone.save()
    archived = publish(gone)
    canaries.append(next(names))
    archive(archived, at=A_MOMENT + timedelta(days=1), reason=canaries[-1])
    world = World(edition, archived, canaries=canaries)
    for status in ("draft", "in_review", "changes_requested"):
        practice = hidden_case(names, world.canaries, **shared)
        world.hidden.append(practice.slug)
        move(practice, status, names, world.canaries)
    return world


def move(practice: GoodPractice, status: str, names: Iterator[str], canaries: list[str]) -> None:
    steps: dict[str, list[Steps]] = {
        "draft": [],
        "in_review": [Steps.SUBMIT],
        "changes_requested": [Steps.SUBMIT, Steps.REQUEST_CHANGES],
    }
    for step in steps[status]:
        canaries.append(next(names))
        take(step, practice=practice, by=staff("curator", "publisher"), at=A_MOMENT, note=canaries[-1])
