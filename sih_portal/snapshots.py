"""A record with its parts as plain texts: what a page was made from, carried by the page itself in a hidden field."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypedDict

from django.core import signing
from django.db import models
from django.utils import timezone

Plain = str | list[str]
Values = dict[str, Plain]

SALT: Final = "sih_portal.snapshots"
# Under it the values of a part keep what the part is called.
NAME: Final = ""


class Snapshot(TypedDict):
    """A record at one moment: its values by field, and those of its parts by relation and key."""

    at: str
    own: Values
    parts: dict[str, dict[str, Values]]


def snapshot(record: models.Model, parts: Sequence[str]) -> Snapshot:
    """The record as it is in memory, with its many-to-many relations and its `parts` as stored.

    One query for each relation and kind of part, and for each many-to-many relation of these.
    """
    return {
        "at": timezone.now().isoformat(),
        "own": _values(record),
        "parts": {name: {str(part.pk): _part_values(part) for part in _stored_parts(record, name)} for name in parts},
    }


def state_of(seen: Snapshot) -> str:
    """A hash: equal where the record was the same."""
    return hash_of([seen["own"], seen["parts"]])


def hash_of(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def seal(state: Snapshot) -> str:
    """For a hidden field: packed, and signed so that what comes back is what went out."""
    return signing.dumps(state, salt=SALT, compress=True)


def unseal(sealed: str) -> Snapshot | None:
    """None for what was not sealed here, or with a key of the past."""
    try:
        state: Snapshot = signing.loads(sealed, salt=SALT)
    except signing.BadSignature:
        return None
    return state


def moment_of(state: Snapshot) -> datetime:
    return datetime.fromisoformat(state["at"])


def plain(value: Any) -> Plain:
    """A value as texts by which two states are compared; blanks around a text and kinds of line ends don't count."""
    if isinstance(value, (list, models.QuerySet)):
        return sorted(str(row.pk if isinstance(row, models.Model) else row) for row in value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def fields_of(model: type[models.Model]) -> list[Any]:
    columns = [field for field in model._meta.concrete_fields if not field.primary_key]
    return [*columns, *model._meta.many_to_many]


def _values(row: models.Model) -> Values:
    return {field.name: plain(field.value_from_object(row)) for field in fields_of(type(row))}


def _part_values(part: models.Model) -> Values:
    return {NAME: str(part), **_values(part)}


def _stored_parts(record: models.Model, name: str) -> Any:
    rows = getattr(record, name).order_by("pk")
    return rows.prefetch_related(*(field.name for field in rows.model._meta.many_to_many))
