"""A new draft from a case: its content under a slug of its own, without history, numbers and files of the first."""

import re
from itertools import count
from pathlib import PurePosixPath
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from universities.models import Institution

from .copying import MARKS, shared_columns, shared_relations
from .models.desk import PARTS, RESERVED_SLUGS, Attachment, GoodPractice, TextPair
from .models.edition import Edition

LONGEST_SLUG: Final = GoodPractice._meta.get_field("slug").max_length or 0
LONGEST_TITLE: Final = GoodPractice._meta.get_field("title_ja").max_length or 0
# Of the three to five words of a slug the last one says "copy".
MOST_WORDS, FEWEST_WORDS = 4, 2
# The institution has confirmed the first text, not the one that is to be made of it.
NOT_COPIED: Final = frozenset({"slug", "confirmed_on"})


@transaction.atomic
def duplicate(practice: GoodPractice, *, by: User) -> GoodPractice:
    """This will make a draft owned by `by` that says what the case on the desk says, with both titles marked.

    Parts are numbered from 1 in their order; files are copied, and left out where the store has lost them.
    """
    # Read anew and held: nobody saves between the columns and the parts.
    practice = GoodPractice.objects.select_for_update().get(pk=practice.pk)
    # One at a time for each institution: nobody gets a slug that somebody else is about to take.
    institution = Institution.objects.select_for_update(no_key=True).get(pk=practice.institution_id)
    names = set(shared_columns(GoodPractice, Edition)) - NOT_COPIED
    content = {name: getattr(practice, name) for name in names}
    content |= {name: marked(content[name], name) for name in MARKS}
    copy = GoodPractice.objects.create(slug=free_slug(practice.slug, institution.slug), owner=by, **content)
    for name in shared_relations(GoodPractice, Edition):
        getattr(copy, name).set(getattr(practice, name).all())
    numbers = {kind: copy_parts(getattr(practice, kind), copy) for kind in PARTS}
    copy_pairs(practice, copy, numbers)
    return copy


def marked(title: str, name: str) -> str:
    """A title that nobody takes for the first one's; of a title in the other language only, nothing."""
    mark = MARKS[name]
    return f"{title.removesuffix(mark)[: LONGEST_TITLE - len(mark)]}{mark}" if title else ""


def free_slug(slug: str, institution: str) -> str:
    """The institution's slug, the first words of the case's, and "copy" with a number where that is taken."""
    start = f"{institution}-{'-'.join(words_of(slug, institution))}-copy"
    taken = {*GoodPractice.objects.filter(slug__startswith=start).values_list("slug", flat=True), *RESERVED_SLUGS}
    return next(slug for number in count(1) if (slug := f"{start}{number if number > 1 else ''}") not in taken)


def words_of(slug: str, institution: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", slug.removeprefix(f"{institution}-"))[:MOST_WORDS]
    words = ["case"] * (FEWEST_WORDS - len(words)) + words
    room = LONGEST_SLUG - len(f"{institution}-copy0000") - len(words)
    if sum(map(len, words)) > room:
        words = [word[: room // len(words)] for word in words]
    return words


def copy_parts(parts: Any, copy: GoodPractice) -> dict[str, int]:
    """The new number of each part by the number it had."""
    names = set(shared_columns(parts.model, parts.model)) - {"practice_id", "file", "number", "position"}
    numbers: dict[str, int] = {}
    for part in parts.order_by("position", "number"):
        place = len(numbers) + 1
        content = {name: getattr(part, name) for name in names}
        new = parts.model(practice=copy, number=place, position=place, **content)
        if not isinstance(part, Attachment) or copy_file(part, new):
            new.save()
            numbers[str(part.number)] = place
    return numbers


def copy_pairs(practice: GoodPractice, copy: GoodPractice, numbers: dict[str, dict[str, int]]) -> None:
    """What the translations were made from: a translation that has drifted has drifted in the copy too."""
    names = set(shared_columns(TextPair, TextPair)) - {"practice_id"}
    for pair in practice.text_pairs.order_by("place"):
        content = {name: getattr(pair, name) for name in names} | {"place": new_place(pair.place, numbers)}
        if pair.place == "title":
            content |= {f"text_{name[-2:]}": marked(content[f"text_{name[-2:]}"], name) for name in MARKS}
        if content["place"]:
            TextPair.objects.create(practice=copy, **content)


def new_place(place: str, numbers: dict[str, dict[str, int]]) -> str:
    """The place of a text in the copy; empty where the copy has no such part."""
    kind, _line, rest = place.partition("-")
    number, _line, stem = rest.partition("-")
    if not rest:
        return place
    return f"{kind}-{numbers[kind][number]}-{stem}" if number in numbers[kind] else ""


def copy_file(attachment: Attachment, copy: Attachment) -> bool:
    """Whether there was a file to copy. A path of its own, for no row's file may go with another row."""
    try:
        with attachment.file.open() as stored:
            copy.file.save(PurePosixPath(str(attachment.file)).name, stored, save=False)
    except FileNotFoundError:
        return False
    return True
