"""Copies a case from the desk into an edition: the columns come from the models, so a new one is never forgotten."""

from typing import Any

from django.db import models

from .models.desk import PARTS, GoodPractice
from .models.edition import EDITION_PARTS, Edition


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
