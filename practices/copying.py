"""Copies a case from the desk into an edition and back: the columns come from the models, so none is forgotten."""

import re
from typing import Any, Final

from django.db import models

from . import translations
from .models.desk import PARTS, GoodPractice
from .models.edition import EDITION_PARTS, Edition

# What the titles and the slug of a duplicate end with until somebody gives it its own.
MARKS: Final = {"title_ja": "（複製）", "title_en": " (copy)"}
SLUG_OF_A_COPY: Final = re.compile(r"-copy\d*$")


def is_named_as_copied(practice: GoodPractice) -> bool:
    """Whether a title, or the slug of a case that was never public, still is the one a duplicate was given."""
    if any(getattr(practice, name).endswith(mark) for name, mark in MARKS.items()):
        return True
    return bool(SLUG_OF_A_COPY.search(practice.slug)) and not practice.editions.exists()


def shared_columns(one: type[models.Model], other: type[models.Model]) -> list[str]:
    """Attribute names of the columns both models have, without the primary key; sorted."""
    names = [{field.attname for field in model._meta.concrete_fields} for model in (one, other)]
    return sorted((names[0] & names[1]) - {"id"})


def shared_relations(one: type[models.Model], other: type[models.Model]) -> list[str]:
    """Names of the many-to-many relations both models have; sorted."""
    names = [{field.name for field in model._meta.many_to_many} for model in (one, other)]
    return sorted(names[0] & names[1])


def edition_of(practice: GoodPractice, **facts: object) -> Edition:
    """Writes a new edition with the desk's content; `facts` are version, moment and publisher."""
    content = {name: getattr(practice, name) for name in shared_columns(GoodPractice, Edition)}
    edition = Edition.objects.create(draft=practice, **content, **facts)
    for name in shared_relations(GoodPractice, Edition):
        getattr(edition, name).set(getattr(practice, name).all())
    for kind, desk_model in PARTS.items():
        world_model: Any = EDITION_PARTS[kind]
        rows = getattr(practice, kind).values(*shared_columns(desk_model, world_model))
        world_model.objects.bulk_create(world_model(edition=edition, **row) for row in rows)
    return edition


def copy_back(edition: Edition, practice: GoodPractice) -> None:
    """Makes the case on the desk say what one of its editions says, in every column, relation and part."""
    before = translations.places(practice)
    names = shared_columns(GoodPractice, Edition)
    for name in names:
        setattr(practice, name, getattr(edition, name))
    practice.save(update_fields=names)
    for name in shared_relations(GoodPractice, Edition):
        getattr(practice, name).set(getattr(edition, name).all())
    for kind, model in PARTS.items():
        _copy_parts_back(getattr(edition, kind), model, practice)
    translations.note(practice, before=before, after=translations.places(practice))


def _copy_parts_back(published: Any, model: Any, practice: GoodPractice) -> None:
    """A part that the desk still has under its number keeps its row."""
    names = shared_columns(model, published.model)
    rows = list(published.values(*names))
    model.objects.filter(practice=practice).exclude(number__in=[row["number"] for row in rows]).delete()
    model.objects.bulk_create(
        [model(practice=practice, **row) for row in rows],
        update_conflicts=True,
        unique_fields=["practice", "number"],
        update_fields=[name for name in names if name != "number"],
    )
