"""What the index keeps of a case to show it in a list: read back in one query, however many parts the case has.

Editions never change, so neither does this; names of institutions, themes and concepts are not in it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from django.db import connection

from practices.models.edition import Edition

from .documents import CaseText, Place, ids, texts
from .tokens import fold

FACTS: Final = (
    "headquarters_id",
    "publication_id",
    "locator",
    "first_fiscal_year",
    "last_fiscal_year",
    "confirmed_on",
    "first_published_at",
    "published_at",
    "version",
)
WRITE: Final = """
    INSERT INTO practices_search_stored (edition_id, stored) VALUES (%s, %s)
    ON CONFLICT (edition_id) DO UPDATE SET stored = excluded.stored
"""
READ: Final = """
    SELECT stored.edition_id, stored.stored
    FROM practices_search_stored AS stored JOIN ({public}) AS shown ON shown.pk = stored.edition_id
    WHERE stored.edition_id IN ({places})
"""


class StoredText(NamedTuple):
    """A text of a case; `folded` is empty where small letters are all that differs."""

    kind: str
    number: int | None
    language: str
    value: str
    folded: str = ""

    @property
    def text(self) -> CaseText:
        return CaseText(Place(self.kind, self.number), self.language, self.value)


@dataclass(frozen=True)
class Stored:
    """A case as it was indexed; `ids` are the tokens of what it belongs to, `texts` are in the order of the page.

    `facts` are the columns of `FACTS`, what of moments and days is text as ISO 8601; `themes` and `concepts`, primary
    keys in the order of the page; `links`, (number, address); `first_published_at`.
    """

    pk: int
    slug: str
    institution_id: int
    theme_id: int
    ids: frozenset[str]
    texts: tuple[StoredText, ...]
    facts: Mapping[str, Any]

    def value(self, kind: str, language: str) -> str:
        """A text that a case has once; empty when it has none."""
        return next((text.value for text in self.texts if text.kind == kind and text.language == language), "")

    def count(self, kind: str) -> int:
        """How many parts of a kind it has."""
        return len({text.number for text in self.texts if text.kind == kind})

    @property
    def folded(self) -> list[str]:
        """Its texts as they are compared."""
        return [text.folded or text.value.lower() for text in self.texts]


def write(editions: Iterable[Edition]) -> None:
    """This will keep the editions, in place of what was kept of them. They come `with_first_published_at`."""
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, [(edition.pk, _to_json(stored_of(edition))) for edition in editions])


def delete(ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM practices_search_stored WHERE edition_id = %s", [(pk,) for pk in ids])


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM practices_search_stored")


def stored_of(case: Edition) -> Stored:
    """No query when the case's parts, themes and concepts are loaded. Works alike on a row of the desk."""
    names, subjects = ids(case)
    own = tuple(map(_stored_text, texts(case)))
    known = frozenset((*names, *subjects))
    return Stored(case.pk, case.slug, case.institution_id, case.theme_id, known, own, _facts(case))


def public_cases(ids: Sequence[int]) -> list[Stored]:
    """Those of the editions that are public, in the given order. One query.

    A case that the index lacks is read from its edition, at the cost of some queries more.
    """
    found = {pk: _from_json(pk, kept) for pk, kept in _read(ids)}
    if lacking := [pk for pk in ids if pk not in found]:
        editions = Edition.objects.public().with_parts().filter(pk__in=lacking).with_first_published_at()
        found |= {edition.pk: stored_of(edition) for edition in editions}
    return [found[pk] for pk in ids if pk in found]


def _read(ids: Sequence[int]) -> list[tuple[int, str]]:
    if not ids:
        return []
    public, params = _public()
    with connection.cursor() as cursor:
        statement = READ.format(public=public, places=", ".join(["%s"] * len(ids)))
        cursor.execute(statement, [*params, *ids])
        return list(cursor.fetchall())


@cache
def _public() -> tuple[str, tuple[Any, ...]]:
    """The gate as SQL."""
    return Edition.objects.public().values("pk").query.sql_with_params()


def _stored_text(text: CaseText) -> StoredText:
    plain = StoredText(text.place.kind, text.place.number, text.language, text.value)
    folded = fold(text.value).text
    return plain if folded == text.value.lower() else plain._replace(folded=folded)


def _to_json(case: Stored) -> str:
    own = [text if text.folded else text[:-1] for text in case.texts]
    kept = [case.slug, case.institution_id, case.theme_id, sorted(case.ids), own, case.facts]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _facts(case: Edition) -> dict[str, Any]:
    facts = {name: getattr(case, name, None) for name in FACTS}
    moments = {name: fact.isoformat() for name, fact in facts.items() if isinstance(fact, date)}
    return (
        facts
        | moments
        | {
            "themes": [theme.pk for theme in case.themes.all()],
            "concepts": [concept.pk for concept in case.concepts.all()],
            "links": [(link.number, link.url) for link in case.links.all()],
        }
    )


def _from_json(pk: int, kept: str) -> Stored:
    slug, institution, theme, own_ids, own, facts = json.loads(kept)
    return Stored(pk, slug, institution, theme, frozenset(own_ids), tuple(StoredText(*row) for row in own), facts)
