"""What differs between two states of a case, field by field, in both languages; and word by word inside a text.

Works on editions and on rows of the desk alike, by their attribute names: public pages may ask it too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Literal

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal.language import in_language, in_reading_order, stem_and_language

from .models.edition import EDITION_PARTS, PART_LABELS, Edition

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What an edition is, beside what it says.
FACTS: Final = frozenset({"id", "draft", "version", "published_at", "published_by", "retired_at"})
PLACES_OF_PARTS: Final = frozenset({"number", "position"})
ORDER_LABELS: Final = {
    "actions": gettext_lazy("order of the actions"),
    "effects": gettext_lazy("order of the effects"),
    "links": gettext_lazy("order of the links"),
    "attachments": gettext_lazy("order of the files"),
}
# The stems under which rows that a case names keep their names.
NAMES: Final = ("short", "name", "title", "pref_label")

SENTENCE: Final = re.compile(r"[^。．！？.!?\n]*[。．！？.!?\n]+\s*|[^。．！？.!?\n]+")
# Words of letters with accents and apostrophes, numbers, katakana words, blanks; of everything else each character.
TOKEN: Final = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-zÀ-ɏ]+)*|\d+|[ァ-ヺー]+|\s+|.", re.DOTALL)
# Pairs of tokens that one text may cost: measured 0.4 s at worst. What lies beyond counts as replaced.
MOST_PAIRS: Final = 160_000
# Two changes with fewer characters than this between them read better as one.
SHORTEST_KEPT: Final = 3

Change = Literal["added", "removed", "changed", "moved"]
Kind = Literal["kept", "removed", "added"]


@dataclass(frozen=True)
class Difference:
    """`place` is the stem of the column ("summary"), behind kind and number for parts ("actions-2-text").

    `label` names field and language; `old` and `new` are as people read them, "" where there is nothing.
    """

    place: str
    label: "StrOrPromise"
    language: str | None
    old: str
    new: str
    is_move: bool = False

    @property
    def segments(self) -> list["Segment"]:
        """What to show: a text word by word, anything else whole."""
        if self.language:
            return marked(self.old, self.new)
        kinds: tuple[tuple[Kind, str], ...] = (("removed", self.old), ("added", self.new))
        return [Segment(kind, text) for kind, text in kinds if text]

    @property
    def change(self) -> Change:
        if self.is_move:
            return "moved"
        if not self.old:
            return "added"
        return "changed" if self.new else "removed"


@dataclass(frozen=True)
class Segment:
    kind: Kind
    text: str


def content_fields() -> list[models.Field[Any, Any]]:
    """The columns of what a case says, in the order of the models, Japanese before English."""
    fields = [field for field in Edition._meta.concrete_fields if field.name not in FACTS]
    return in_reading_order(fields)


def differences(old: Any, new: Any) -> list[Difference]:
    """What `new` says otherwise than `old`: its columns first, then relations, then parts by number.

    No query where relations and parts are loaded.
    """
    return [*_of_columns(content_fields(), old, new), *_of_relations(old, new), *_of_parts(old, new)]


def marked(old: str, new: str) -> list[Segment]:
    """The two texts as one: what was kept, removed and added, by words in English and by characters in Japanese.

    Sentences are compared first, and words within those that changed. Without the removed segments it is `new`.
    """
    segments: list[Segment] = []
    left = MOST_PAIRS
    for old_part, new_part in _aligned(SENTENCE.findall(old), SENTENCE.findall(new)):
        tokens = TOKEN.findall("".join(old_part)), TOKEN.findall("".join(new_part))
        pairs = len(tokens[0]) * len(tokens[1])
        is_cheap = old_part != new_part and pairs <= left
        left -= pairs if is_cheap else 0
        for old_words, new_words in _aligned(*tokens) if is_cheap else [(old_part, new_part)]:
            segments += _segments("".join(old_words), "".join(new_words))
    return list(_merged(_without_crumbs(list(_merged(segments)))))


def _of_columns(
    fields: Iterable[models.Field[Any, Any]], old: Any, new: Any, *, part: str = "", label: str = ""
) -> Iterator[Difference]:
    """`part` stands before the place and `label` before the name of each field; with a part one side may be None."""
    for field in fields:
        before, after = _value(old, field.attname), _value(new, field.attname)
        if before != after:
            stem, language = stem_and_language(field.name)
            name = _("%(part)s: %(field)s") % {"part": label, "field": field.verbose_name} if label else None
            yield Difference(
                f"{part}-{stem}" if part else stem,
                name or field.verbose_name,
                language or None,
                _shown(old, field) if before != "" else "",
                _shown(new, field) if after != "" else "",
            )


def _of_relations(old: Any, new: Any) -> Iterator[Difference]:
    for field in Edition._meta.many_to_many:
        before, after = ({row.pk: _name(row) for row in getattr(case, field.name).all()} for case in (old, new))
        if before.keys() != after.keys():
            names = [_listed(sorted(rows.values())) for rows in (before, after)]
            yield Difference(field.name, field.verbose_name, None, names[0], names[1])


def _of_parts(old: Any, new: Any) -> Iterator[Difference]:
    for kind, model in EDITION_PARTS.items():
        before, after = ({part.number: part for part in _ordered(case, kind)} for case in (old, new))
        fields = in_reading_order(
            field
            for field in model._meta.concrete_fields
            if not (field.primary_key or field.is_relation or field.name in PLACES_OF_PARTS)
        )
        for number in sorted(before.keys() | after.keys()):
            parts, label = (before.get(number), after.get(number)), PART_LABELS[kind] % {"number": number}
            yield from _of_columns(fields, *parts, part=f"{kind}-{number}", label=label)
        orders = (
            [number for number in these if number in others] for these, others in ((before, after), (after, before))
        )
        numbers = [_listed(map(str, these)) for these in orders]
        if numbers[0] != numbers[1]:
            yield Difference(kind, ORDER_LABELS[kind], None, numbers[0], numbers[1], is_move=True)


def _ordered(case: Any, kind: str) -> list[Any]:
    return sorted(getattr(case, kind).all(), key=lambda part: (part.position, part.number))


def _value(row: Any, name: str) -> Any:
    """What is compared; "" for nothing. A file is its path."""
    value = getattr(row, name, None)
    if isinstance(value, models.fields.files.FieldFile):
        return value.name or ""
    return "" if value is None else value


def _shown(row: Any, field: models.Field[Any, Any]) -> str:
    value = getattr(row, field.name)
    if isinstance(value, models.Model):
        return _name(value)
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, models.fields.files.FieldFile):
        # Stored under a random name of 32 characters: a few tell two files apart.
        stem, dot, suffix = (value.name or "").rpartition("/")[2].rpartition(".")
        return f"{stem[:8]}{dot}{suffix}"
    return str(value)


def _name(row: Any) -> str:
    """A row that a case names, in the language of the page."""
    stem = next(stem for stem in NAMES if hasattr(row, f"{stem}_ja"))
    name = str(in_language(row, stem))
    return f"{row.number} {name}" if hasattr(row, "number") else name


def _listed(names: Iterable[str]) -> str:
    return _(", ").join(names)


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Stretches of both, in order: equal ones, and those where the one replaced the other."""
    head = _equal_at_start(old, new)
    tail = _equal_at_start(old[head:][::-1], new[head:][::-1])
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    yield old[:head], new[:head]
    if len(middle[0]) * len(middle[1]) > MOST_PAIRS:
        yield middle
    else:
        for _tag, start, end, new_start, new_end in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
            yield middle[0][start:end], middle[1][new_start:new_end]
    yield old[len(old) - tail :], new[len(new) - tail :]


def _equal_at_start(old: Sequence[str], new: Sequence[str]) -> int:
    """How many of the first items are the same in both."""
    return next(
        (place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )


def _segments(old: str, new: str) -> list[Segment]:
    if old == new:
        return [Segment("kept", old)]
    return [Segment("removed", old), Segment("added", new)]


def _without_crumbs(segments: list[Segment]) -> Iterator[Segment]:
    """What is too short between two changes becomes part of them."""
    for place, segment in enumerate(segments):
        is_between = 0 < place < len(segments) - 1
        if segment.kind == "kept" and is_between and len(segment.text.strip()) < SHORTEST_KEPT:
            yield Segment("removed", segment.text)
            yield Segment("added", segment.text)
        else:
            yield segment


def _merged(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Neighbours of one kind as one; between two kept ones first all that was removed, then all that was added."""
    for _is_kept, group in groupby(segments, key=lambda segment: segment.kind == "kept"):
        neighbours = list(group)
        kinds: tuple[Kind, ...] = ("kept", "removed", "added")
        for kind in kinds:
            if text := "".join(segment.text for segment in neighbours if segment.kind == kind):
                yield Segment(kind, text)
