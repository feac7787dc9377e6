"""What the index holds of a case: its own texts as tokens, and the ids of what it belongs to."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from practices.models.content import PracticeContent
from practices.models.edition import Edition

from .names import concept_id, headquarters_id, institution_id, theme_id
from .ranking import COLUMNS, tie
from .tokens import tokens

# Stands between two texts, so that no phrase crosses from one into the next; nobody can type it.
GAP: Final = "_"

# What PostgreSQL's tsvector can hold: 16,383 positions, 255 of one token, one megabyte. Both databases keep to it.
MOST_POSITIONS: Final = 16_000
MOST_OF_ONE_TOKEN: Final = 255
MOST_BYTES: Final = 800_000

HEAD: Final = ("title", "summary")
COLUMN_OF: Final = {name: name for name in (*HEAD, "context")} | {"action": "actions", "effect": "effects"}
REST: Final = tuple(
    name
    for field in PracticeContent._meta.local_fields
    if (name := field.name.removesuffix("_ja")) != field.name and name not in HEAD
)


@dataclass(frozen=True)
class Place:
    """Where in a case a text stands: `title`, `summary`, `action` and `effect` with their number, or a field's name."""

    kind: str
    number: int | None = None

    def __str__(self) -> str:
        return self.kind if self.number is None else f"{self.kind} {self.number}"

    @property
    def anchor(self) -> str:
        """Its place on the page of the case."""
        return self.kind if self.number is None else f"{self.kind}-{self.number}"

    @property
    def column(self) -> str:
        return COLUMN_OF.get(self.kind, "rest")


@dataclass(frozen=True)
class CaseText:
    place: Place
    language: str
    value: str


@dataclass(frozen=True)
class Document:
    """The tokens of an edition by column, in the order of `COLUMNS`; `tie` orders cases of equal score."""

    edition_id: int
    columns: tuple[tuple[str, ...], ...]
    tie: str


def texts(case: Edition) -> Iterator[CaseText]:
    """Every filled text of a case in the order of the page, Japanese before English.

    Works alike on a row of the desk, which has the same attribute names. No query when the parts are loaded.
    """
    for name in HEAD:
        yield from _texts(case, name, Place(name))
    for kind, parts in (("action", case.actions), ("effect", case.effects)):
        for part in parts.all():
            yield from _texts(part, "text", Place(kind, part.number))
    for name in REST:
        yield from _texts(case, name, Place(name))
    for link in case.links.all():
        yield from _texts(link, "label", Place("link", link.number))
    for attachment in case.attachments.all():
        yield from _texts(attachment, "title", Place("attachment", attachment.number))


def ids(case: Edition) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tokens of the institution and its headquarters; those of themes and concepts."""
    names = [institution_id(case.institution_id)]
    if case.headquarters_id:
        names.append(headquarters_id(case.headquarters_id))
    themes = {case.theme_id, *(theme.pk for theme in case.themes.all())}
    concepts = [concept_id(concept.pk) for concept in case.concepts.all()]
    return tuple(names), (*sorted(map(theme_id, themes)), *sorted(concepts))


def document(edition: Edition) -> Document:
    columns: dict[str, list[str]] = {column.name: [] for column in COLUMNS}
    columns["names"], columns["subjects"] = map(list, ids(edition))
    own = list(texts(edition))
    for text in own:
        columns[text.place.column].extend([*(token.text for token in tokens(text.value)), GAP])
    filled = len({(text.place.kind, text.language) for text in own})
    order = tie(filled=filled, theme_number=edition.theme.number, slug=edition.slug)
    return Document(edition.pk, tuple(_within_limits(columns.values())), order)


def _texts(row: object, field: str, place: Place) -> Iterator[CaseText]:
    for language in ("ja", "en"):
        if value := getattr(row, f"{field}_{language}"):
            yield CaseText(place, language, value)


def _within_limits(columns: Iterable[list[str]]) -> Iterator[tuple[str, ...]]:
    seen: Counter[str] = Counter()
    left = MOST_POSITIONS
    size = 0
    for column in columns:
        kept = []
        for token in islice(column, left):
            size += 0 if seen[token] else len(token.encode())
            seen[token] += 1
            kept.append(token if seen[token] <= MOST_OF_ONE_TOKEN and size <= MOST_BYTES else GAP)
        left -= len(kept)
        yield tuple(kept)
