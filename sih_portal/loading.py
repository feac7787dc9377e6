"""Data files into rows: read TOML, compare with what stands, write what is new and what nobody edited.

A `Shape` says which columns, references and children of a model a file speaks of. The same shape turns a file's
record and a stored row into one comparable content; its hash, kept on the row, tells whether staff changed it since.
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

Content = dict[str, Any]


class SourceError(Exception):
    """A data file says something the portal can't hold; names the file, the record and the field."""


@dataclass(frozen=True)
class Shape:
    """`references` and `many` map a relation to the natural key of its target, as in `{"theme": "number"}`.

    Children may have children. `siblings` maps a child's relation to another child of the same record, which is
    written before it, to the key of that one.
    """

    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    references: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, "Shape"] = field(default_factory=dict)
    siblings: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("pk",)

    def names(self) -> set[str]:
        return {*self.columns, *self.references, *self.many, *self.children, *self.siblings}


@dataclass(frozen=True)
class Record:
    """One record of a file; `origin` is what an error names."""

    origin: str
    content: Content

    def key(self, shape: Shape) -> tuple[Any, ...]:
        return tuple(self.content[name] for name in shape.key)


@dataclass
class Plan:
    """What a load will do to one model: records to add, to change, unchanged, edited here, and gone from the files."""

    shape: Shape
    added: list[Record] = field(default_factory=list)
    changed: list[Record] = field(default_factory=list)
    unchanged: list[Record] = field(default_factory=list)
    kept: list[Record] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def read(path: Path, table: str) -> list[tuple[str, Content]]:
    """The records `[[table]]` of a TOML file, each with its origin for error messages.

    :raises SourceError: when the file has no such table, or is not TOML.
    """
    rows = read_one(path).get(table)
    if not isinstance(rows, list):
        raise SourceError(f"{path.name}: no [[{table}]] records")
    return [(f"{path.name}, {table} {number}", row) for number, row in enumerate(rows, 1)]


def read_one(path: Path) -> Content:
    """:raises SourceError: when the file is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"{path.name}: {error}") from error


def record(shape: Shape, origin: str, raw: Mapping[str, Any]) -> Record:
    """The record in full: every name of the shape, defaults where the file is silent.

    :raises SourceError: for a name the shape does not know, or a missing key.
    """
    unknown = sorted(set(raw) - shape.names())
    if unknown:
        raise SourceError(f"{origin}: unknown name {unknown[0]!r}; known: {', '.join(sorted(shape.names()))}")
    absent = [name for name in shape.key if name not in raw]
    if absent:
        raise SourceError(f"{origin}: {absent[0]!r} is missing")
    content: Content = {
        name: raw.get(name, _default(shape.model, name))
        for name in (*shape.columns, *shape.references, *shape.siblings)
    }
    content |= {name: sorted(raw.get(name, [])) for name in shape.many}
    content |= {
        name: [
            record(child, f"{origin}, {name} {number}", row).content for number, row in enumerate(raw.get(name, []), 1)
        ]
        for name, child in shape.children.items()
    }
    return Record(origin, content)


def content_of(shape: Shape, row: models.Model) -> Content:
    """What is stored, in the form a file's record has."""
    content: Content = {name: getattr(row, name) for name in shape.columns}
    for name, key in (*shape.references.items(), *shape.siblings.items()):
        target = getattr(row, name)
        content[name] = None if target is None else _follow(target, key)
    content |= {name: sorted(getattr(row, name).values_list(key, flat=True)) for name, key in shape.many.items()}
    content |= {
        name: [content_of(child, part) for part in getattr(row, name).order_by(*child.order)]
        for name, child in shape.children.items()
    }
    return content


def content_hash(shape: Shape, content: Content) -> str:
    """The hash of a content. Defaults don't count, so that a column added later leaves the hash of old rows alone."""
    told = json.dumps(_told(shape, content), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def _told(shape: Shape, content: Content) -> Content:
    """What the content says beyond the defaults."""
    plain = {name: value for name, value in content.items() if name not in shape.children and value}
    told = {name: value for name, value in plain.items() if name in shape.many or value != _default(shape.model, name)}
    for name, child in shape.children.items():
        if content[name]:
            told[name] = [_told(child, row) for row in content[name]]
    return told


def plan(shape: Shape, records: Sequence[Record]) -> Plan:
    """This will compare the files' records with the rows; nothing is written.

    :raises SourceError: when two records have one key.
    """
    rows: dict[tuple[Any, ...], Any] = {
        _row_key(shape, row): row for row in shape.model._default_manager.select_related(*shape.references)
    }
    result = sort_out(Plan(shape), records, rows)
    seen = {one.key(shape) for one in records}
    result.missing = sorted(str(key) for key, row in rows.items() if key not in seen and row.loaded_hash)
    return result


def sort_out(result: Plan, records: Sequence[Record], rows: Mapping[tuple[Any, ...], models.Model]) -> Plan:
    """This will put each record where it belongs in the plan.

    :raises SourceError: when two records have one key.
    """
    seen: set[tuple[Any, ...]] = set()
    for one in records:
        if (key := one.key(result.shape)) in seen:
            raise SourceError(f"{one.origin}: {key} stands twice")
        seen.add(key)
        _sort_in(result, one, rows.get(key))
    return result


def write(shape: Shape, one: Record, row: models.Model | None) -> models.Model:
    """This will create or change one row with its relations and children, and keep the hash of what was written.

    :raises SourceError: when a reference has no target or the model refuses a value.
    """
    row = row or shape.model()
    later = [name for name in shape.references if shape.model._meta.get_field(name).related_model is shape.model]
    for name in shape.columns:
        setattr(row, name, one.content[name])
    for name in shape.references:
        if name not in later:
            setattr(row, name, _target(shape, one, name))
    _save(one, row)
    return row


def connect(shape: Shape, one: Record, row: models.Model) -> None:
    """This will set what needs the row and its siblings to stand: relations to its own kind, many-to-many, children."""
    for name in shape.references:
        if shape.model._meta.get_field(name).related_model is shape.model:
            setattr(row, name, _target(shape, one, name))
    _link(shape, one, row)
    _clear(shape, row)
    _add_parts(shape, one, row)
    row.loaded_hash = content_hash(shape, content_of(shape, row))  # type: ignore[attr-defined]
    row.save()


def apply(plans: Iterable[Plan], *, progress: Callable[[str], None]) -> None:
    """This will write what the plans say. Call it inside a transaction.

    All rows stand before the first is connected: a report names themes, and a theme names reports.
    """
    done = [(each.shape, _written(each)) for each in plans]
    for shape, written in done:
        for _one, row in written:
            _clear(shape, row)
        for one, row in written:
            connect(shape, one, row)
        progress(f"{shape.model._meta.verbose_name_plural}: {len(written)}")


def _written(each: Plan) -> list[tuple[Record, models.Model]]:
    return [(one, write(each.shape, one, find(each.shape, one))) for one in (*each.added, *each.changed)]


def _clear(shape: Shape, row: models.Model) -> None:
    """Takes the children away, so that a name that moves from one row to another is free."""
    for name in shape.children:
        getattr(row, name).all().delete()


def find(shape: Shape, one: Record) -> models.Model | None:
    """The stored row of a record, or None."""
    lookups = {
        f"{name}__{shape.references[name]}" if name in shape.references else name: one.content[name]
        for name in shape.key
    }
    return shape.model._default_manager.filter(**lookups).first()


def _sort_in(result: Plan, one: Record, row: models.Model | None) -> None:
    if row is None:
        result.added.append(one)
        return
    stored = content_hash(result.shape, content_of(result.shape, row))
    if content_hash(result.shape, one.content) == stored:
        result.unchanged.append(one)
    elif stored == row.loaded_hash:  # type: ignore[attr-defined]
        result.changed.append(one)
    else:
        result.kept.append(one)


def _row_key(shape: Shape, row: models.Model) -> tuple[Any, ...]:
    return tuple(
        _follow(getattr(row, name), shape.references[name]) if name in shape.references else getattr(row, name)
        for name in shape.key
    )


def _follow(row: Any, path: str) -> Any:
    """The value at the end of a lookup path such as `institution__slug`."""
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _default(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name).get_default()  # type: ignore[union-attr]


def _target(shape: Shape, one: Record, name: str) -> models.Model | None:
    value = one.content[name]
    if value is None:
        return None
    targets = _targets(shape, one, name, shape.references[name], [value])
    return targets[0]


def _targets(shape: Shape, one: Record, name: str, key: str, values: Sequence[Any] | None = None) -> list[models.Model]:
    wanted = one.content[name] if values is None else values
    related = shape.model._meta.get_field(name).related_model
    found = {_follow(row, key): row for row in related._default_manager.filter(**{f"{key}__in": wanted})}  # type: ignore[union-attr]
    for value in wanted:
        if value not in found:
            raise SourceError(f"{one.origin}: {name} names {value!r}, which does not exist")
    return [found[value] for value in wanted]


def _link(shape: Shape, one: Record, row: models.Model) -> None:
    for name, key in shape.many.items():
        getattr(row, name).set(_targets(shape, one, name, key))


def _add_parts(shape: Shape, one: Record, row: models.Model) -> None:
    for name, child in shape.children.items():
        owner = {getattr(row, name).field.name: row}
        for content in one.content[name]:
            of_part, part = Record(one.origin, content), child.model(**owner)
            for relation in child.siblings:
                setattr(part, relation, _sibling(child, of_part, relation, owner))
            _fill(child, of_part, part)
            _add_parts(child, of_part, part)


def _sibling(shape: Shape, one: Record, name: str, owner: Mapping[str, models.Model]) -> models.Model | None:
    """What a part of a record names among the parts of this record."""
    if (value := one.content[name]) is None:
        return None
    parts: Any = shape.model._meta.get_field(name).related_model
    found: models.Model | None = parts._default_manager.filter(**owner, **{shape.siblings[name]: value}).first()
    if found is None:
        raise SourceError(f"{one.origin}: {name} names {value!r}, which does not exist")
    return found


def _fill(shape: Shape, one: Record, part: models.Model) -> None:
    for name in shape.columns:
        setattr(part, name, one.content[name])
    for name in shape.references:
        setattr(part, name, _target(shape, one, name))
    _save(one, part)
    _link(shape, one, part)


def _save(one: Record, row: models.Model) -> None:
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise SourceError(
            f"{one.origin}: {'; '.join(f'{name}: {texts[0]}' for name, texts in error.message_dict.items())}"
        ) from error
    try:
        row.save()
    except IntegrityError as error:
        raise SourceError(f"{one.origin}: the database refuses it: {error}") from error
