"""Three states of one record, field by field: what a page was made from, what is stored now, and what was typed.

What only others changed is taken over into the posted form, what was typed stays, and where both changed a field the
person decides. Nothing here saves anything.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .language import in_reading_order, stem_and_language
from .snapshots import NAME, Plain, Snapshot, Values, fields_of, hash_of, plain

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PLACE: Final = "position"
LONGEST_NAME: Final = 40
GONE: Final = gettext_lazy(
    "Deleted by somebody else while you wrote in it. Saving brings it back as a new entry; "
    "to leave it deleted, remove it or empty its fields."
)


class Whose(StrEnum):
    THEIRS = "theirs"
    YOURS = "yours"
    BOTH = "both"


@dataclass(frozen=True)
class MergeDifference:
    """`name` is the field's in the posted form ("" where it has none); `take` what chooses the stored text instead."""

    whose: Whose
    label: str
    theirs: str
    yours: str
    name: str = ""
    language: str = ""
    take: str = ""
    remark: "StrOrPromise" = ""


@dataclass(frozen=True)
class Row:
    """The record itself, or one of its parts. `key` names it in a choice, `prefix` in the posted form."""

    model: type[models.Model]
    stored: Values
    base: Values | None
    label: str = ""
    key: str = ""
    prefix: str = ""

    def label_of(self, field: Any) -> str:
        if not self.label:
            return str(field.verbose_name)
        return _("%(part)s: %(field)s") % {"part": self.label, "field": field.verbose_name}


class Merge:
    """What a posted form becomes beside the record as it is stored now: `data`, `files` and the `differences`.

    `fields` are the names of the form's own fields; parts that were not posted are compared as the page had them.
    `is_contested`: a text was given up for the stored one, and typed in, in one form. `has_returning_parts`: others
    deleted parts in which something was typed.
    """

    def __init__(
        self,
        record: models.Model,
        *,
        stored: Snapshot,
        base: Snapshot | None,
        data: QueryDict | None = None,
        files: Any = None,
        fields: Collection[str] = (),
    ) -> None:
        self.record, self.fields = record, fields
        self.data: Any = (data or QueryDict()).copy()
        self.files: Any = MultiValueDict() if files is None else files
        self.is_contested = self.has_returning_parts = False
        self.takes = dict(row.rpartition("=")[::2] for row in self.data.getlist("take"))
        own = Row(type(record), stored["own"], base["own"] if base else None)
        self.differences = list(self.of_row(own))
        for relation, parts in stored["parts"].items():
            if base or f"{relation}-TOTAL_FORMS" in self.data:
                of_kind = PartsMerge(self, relation, parts, base["parts"].get(relation, {}) if base else None)
                self.differences += of_kind.differences()

    def of_row(self, row: Row) -> Iterator[MergeDifference]:
        for field in compared(row.model):
            if field.name in row.stored and (difference := self._of_field(row, field)):
                yield difference

    def _of_field(self, row: Row, field: Any) -> MergeDifference | None:
        """Takes over what only others changed, and what was chosen."""
        name, theirs = f"{row.prefix}{field.name}", row.stored[field.name]
        was = row.base.get(field.name) if row.base is not None else None
        is_posted = self.is_posted(name, field)
        typed = self.typed(name, field) if is_posted else was
        if typed is None or typed == theirs:
            return None
        whose, own = _whose(was, theirs, typed), f"{row.key}{field.name}"
        choice, is_file = f"{own}={hash_of(typed)[:8]}", name in self.files
        is_chosen = own in self.takes and was == theirs
        is_contested = is_chosen and f"{own}={self.takes[own]}" != choice
        self.is_contested |= is_contested
        if is_posted and (whose is Whose.THEIRS or (is_chosen and not is_contested)):
            self.write(name, theirs)
        if is_chosen and not is_contested:
            return None
        whose = Whose.BOTH if is_contested else whose
        return MergeDifference(
            whose,
            row.label_of(field),
            in_words(field, theirs),
            in_words(field, typed),
            name=name if is_posted else "",
            language=stem_and_language(field.name)[1],
            take=choice if whose is Whose.BOTH and is_posted and not is_file else "",
            remark=_remark(is_contested=is_contested, is_file=is_file),
        )

    def is_posted(self, name: str, field: Any) -> bool:
        """A choice of none is not posted at all."""
        if isinstance(field, models.FileField):
            return name in self.files
        return name in self.data or name in self.fields

    def typed(self, name: str, field: Any) -> Plain:
        if name in self.files:
            return str(self.files[name].name)
        if field.many_to_many:
            return plain(self.data.getlist(name))
        raw = self.data.get(name, "")
        try:
            return plain(raw if field.is_relation else field.formfield().to_python(raw))
        except ValidationError:
            return plain(raw)

    def write(self, name: str, value: Plain) -> None:
        self.data.setlist(name, value if isinstance(value, list) else [value])


class PartsMerge:
    """The parts of one kind. In the posted form they come to stand as Django reads them: stored ones, then new ones."""

    def __init__(
        self, merge: Merge, relation: str, stored: Mapping[str, Values], base: dict[str, Values] | None
    ) -> None:
        self.merge, self.relation, self.stored, self.base = merge, relation, stored, base
        self.model: type[models.Model] = getattr(merge.record, relation).model
        self.is_posted = f"{relation}-TOTAL_FORMS" in merge.data
        self.keys = self._posted_keys() if self.is_posted else dict(enumerate(base or {}))
        self.standing = [index for index, key in self.keys.items() if key in stored]

    def differences(self) -> Iterator[MergeDifference]:
        added = [key for key in self.stored if key not in {*self.keys.values(), *(self.base or {})}]
        yield from self._of_deleted()
        self._arrange(added)
        yield from self._of_added(added)
        kept = [self.keys[index] for index in self.standing]
        yield from self._of_order(kept)
        for index, key in enumerate(kept):
            yield from self._of_standing(self._row(index, key))
        yield from self._of_new()

    def _posted_keys(self) -> dict[int, str]:
        """The posted parts by their number in the form; "" is the key of a new one."""
        pattern = re.compile(rf"{re.escape(self.relation)}-(\d{{1,4}})-.+")
        rows = sorted({int(match[1]) for name in self.merge.data if (match := pattern.fullmatch(name))})
        return {index: str(self.merge.data.get(self._name(index, "id"), "")) for index in rows}

    def _name(self, index: int, field: str) -> str:
        return f"{self.relation}-{index}-{field}"

    def _row(self, index: int, key: str) -> Row:
        base = self.base.get(key) if self.base is not None else None
        label = called(self.model, self.stored[key])
        return Row(self.model, self.stored[key], base, label, f"{self.relation}:{key}:", self._name(index, ""))

    def _of_deleted(self) -> Iterator[MergeDifference]:
        """Parts that others deleted. Where nothing was typed they go from the form too."""
        self.returning: list[int] = []
        for index, key in self.keys.items():
            if not key or key in self.stored or self.merge.data.get(self._name(index, "DELETE")):
                continue
            was, typed = (self.base or {}).get(key), self._typed(index)
            is_touched = was is None or any(value != was.get(name) for name, value in typed.items())
            if is_touched:
                self.returning.append(index)
                self.merge.has_returning_parts = True
            whose = Whose.BOTH if is_touched else Whose.THEIRS
            text = text_of(self.model, typed if is_touched or was is None else was)
            remark = GONE if is_touched else gettext_lazy("Deleted by somebody else.")
            yield MergeDifference(whose, called(self.model, was or {}), "", text, remark=remark)

    def _typed(self, index: int) -> Values:
        names = {field.name: field for field in compared(self.model)}
        posted = {name for name, field in names.items() if self.merge.is_posted(self._name(index, name), field)}
        return {name: self.merge.typed(self._name(index, name), names[name]) for name in names if name in posted}

    def _arrange(self, added: Sequence[str]) -> None:
        if not self.is_posted:
            return
        new = [index for index, key in self.keys.items() if not key]
        first = max(self.keys, default=-1) + 1
        places = range(first, first + len(added))
        for index, key in zip(places, added, strict=True):
            self._add(index, key)
        stored = [*self.standing, *places, *self.returning]
        merge = self.merge
        merge.data = in_order(merge.data, self.relation, [*stored, *new])
        merge.files = in_order(merge.files, self.relation, [*stored, *new])
        merge.data[f"{self.relation}-INITIAL_FORMS"] = str(len(stored))
        merge.data[f"{self.relation}-TOTAL_FORMS"] = str(len(stored) + len(new))

    def _add(self, index: int, key: str) -> None:
        related = self.merge.record._meta.related_objects
        parent = next(row.field.name for row in related if row.get_accessor_name() == self.relation)
        values = {name: value for name, value in self.stored[key].items() if name != NAME}
        for name, value in {**values, "id": key, parent: str(self.merge.record.pk)}.items():
            self.merge.write(self._name(index, name), value)

    def _of_added(self, added: Sequence[str]) -> Iterator[MergeDifference]:
        for index, key in enumerate(added, len(self.standing)):
            values = self.stored[key]
            name = self._name(index, self._first_field()) if self.is_posted else ""
            label, text = called(self.model, values), text_of(self.model, values)
            yield MergeDifference(Whose.THEIRS, label, text, "", name, remark=_("Added by somebody else."))

    def _of_new(self) -> Iterator[MergeDifference]:
        """Parts that were written in this form, which by now is in its new order."""
        for index in sorted(index for index, key in self._posted_keys().items() if not key) if self.is_posted else ():
            typed = self._typed(index)
            if any(
                typed[field.name] for field in compared(self.model) if field.name in typed and not _is_choice(field)
            ):
                name = self._name(index, self._first_field())
                yield MergeDifference(Whose.YOURS, called(self.model, {}), "", text_of(self.model, typed), name)

    def _first_field(self) -> str:
        return next(str(field.name) for field in compared(self.model) if not field.is_relation)

    def _of_standing(self, row: Row) -> Iterator[MergeDifference]:
        data, delete = self.merge.data, f"{row.prefix}DELETE"
        if data.get(delete):
            is_changed = row.base is None or _without_place(row.stored) != _without_place(row.base)
            remark = _("You delete it.")
            if is_changed:
                del data[delete]
                remark = _(
                    "You wanted to delete it, but somebody else changed it. To delete it all the same, say so again."
                )
            whose = Whose.BOTH if is_changed else Whose.YOURS
            yield MergeDifference(whose, row.label, text_of(row.model, row.stored), "", delete, remark=remark)
        yield from self.merge.of_row(row)

    def _of_order(self, keys: Sequence[str]) -> Iterator[MergeDifference]:
        """The parts that both have, in their two orders. Where one side alone moved them, theirs or yours holds."""
        base = {key: (self.base or {}).get(key, self.stored[key]) for key in keys}
        places = {key: self._typed_place(index) or _place(base[key]) for index, key in enumerate(keys)}
        moved = [key for key in keys if places[key] != _place(base[key])]
        theirs = sorted(keys, key=lambda key: _place(self.stored[key]))
        was = sorted(keys, key=lambda key: _place(base[key]))
        yours = [key for key in was if key not in moved]
        for key in sorted(moved, key=lambda key: places[key]):
            yours.insert(max(0, places[key] - 1), key)
        whose = Whose.THEIRS if yours == was else Whose.YOURS if theirs == was else Whose.BOTH
        is_contested = whose is Whose.BOTH and yours != theirs
        for index, key in enumerate(keys):
            if is_contested or key not in moved:
                self._put(index, str(yours.index(key) + 1) if is_contested else self.stored[key].get(PLACE, ""))
        if yours != theirs:
            label = _("%(part)s: %(field)s") % {"part": self.model._meta.verbose_name_plural, "field": _("order")}
            orders = [_(", ").join(str(self.stored[key][NAME]) for key in order) for order in (theirs, yours)]
            name = self._name(0, PLACE) if self.is_posted else ""
            yield MergeDifference(whose, label, orders[0], orders[1], name)

    def _put(self, index: int, place: Plain) -> None:
        if self._name(index, PLACE) in self.merge.data:
            self.merge.write(self._name(index, PLACE), place)

    def _typed_place(self, index: int) -> int:
        return _place({PLACE: plain(self.merge.data.get(self._name(index, PLACE)))})


def in_order(values: Any, prefix: str, order: Sequence[int]) -> Any:
    """A copy in which the part posted as number `order[n]` is number n; parts not in `order` are left out."""
    places = {str(index): place for place, index in enumerate(order)}
    ordered = values.copy()
    ordered.clear()
    for name in values:
        part = re.fullmatch(rf"{re.escape(prefix)}-(\d+)-(.+)", name)
        if part is None:
            ordered.setlist(name, values.getlist(name))
        elif part[1] in places:
            ordered.setlist(f"{prefix}-{places[part[1]]}-{part[2]}", values.getlist(name))
    return ordered


def compared(model: type[models.Model]) -> list[Any]:
    """The fields people edit, Japanese before English; the place of a part is compared by itself."""
    fields = [field for field in fields_of(model) if field.editable and field.name != PLACE]
    return in_reading_order(fields)


def called(model: type[models.Model], values: Values) -> str:
    """What a part is called on the page."""
    name = Truncator(str(values.get(NAME, ""))).chars(LONGEST_NAME)
    if name.isdecimal():
        return _("%(part)s %(number)s") % {"part": model._meta.verbose_name, "number": name}
    return f"{model._meta.verbose_name} {name}".strip()


def text_of(model: type[models.Model], values: Mapping[str, Plain]) -> str:
    """What a part says, one text on each line."""
    fields = [field for field in compared(model) if not field.is_relation and field.name in values]
    return "\n".join(filter(None, (in_words(field, values[field.name]) for field in fields)))


def in_words(field: Any, value: Plain) -> str:
    """A value as people read it. One query for a relation."""
    if field.is_relation:
        return _(", ").join(_names(field.related_model, [value] if isinstance(value, str) else value))
    if isinstance(field, models.DateField):
        return _day(str(value))
    if isinstance(field, models.FileField):
        return str(value).rpartition("/")[2]
    return str(dict(field.flatchoices).get(value, value))


def _names(model: Any, keys: Sequence[str]) -> list[str]:
    known = [key for key in keys if key.isdecimal() and len(key) < 19]
    return [str(row) for row in model._default_manager.filter(pk__in=known).order_by("pk")] if known else []


def _day(value: str) -> str:
    try:
        return date_format(date.fromisoformat(value))
    except ValueError:
        return value


def _whose(was: Plain | None, theirs: Plain, typed: Plain) -> Whose:
    if was is None:
        return Whose.BOTH
    if typed == was:
        return Whose.THEIRS
    return Whose.YOURS if theirs == was else Whose.BOTH


def _remark(*, is_contested: bool, is_file: bool) -> str:
    if is_contested:
        return _("You chose the stored text and typed another one. Please decide once more.")
    return _("Please choose the file again: a page can't keep it.") if is_file else ""


def _is_choice(field: Any) -> bool:
    return bool(field.is_relation or field.choices)


def _place(values: Values) -> int:
    place = str(values.get(PLACE, ""))
    return int(place) if place.isdecimal() and len(place) < 6 else 0


def _without_place(values: Values) -> Values:
    return {name: value for name, value in values.items() if name != PLACE}
