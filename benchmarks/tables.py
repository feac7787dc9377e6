"""Writes made-up cases into the portal's own tables, beside the cases of the programme."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final, TypeVar

from django.contrib.auth.models import User
from django.db import connection, transaction

from benchmarks.corpus import Case, cases
from practices.models import Concept, Edition, EditionAction, EditionEffect, GoodPractice, PracticeStatus, Theme
from universities.models import Headquarters, Institution, InstitutionKind, Prefecture

BATCH: Final = 1000
INSTITUTIONS: Final = 100
FIRST_PUBLISHED: Final = datetime(2011, 4, 1, 3, tzinfo=UTC)
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Shelves:
    """What cases belong to: the records of the programme, and institutions to make a hundred of them."""

    publisher: User
    institutions: list[Institution]
    headquarters: dict[int, Headquarters]
    themes: list[Theme]
    concepts: list[Concept]


def fill(size: int, progress: Callable[[int], None] = lambda _done: None) -> int:
    """This will add cases until `size` are public, and return how many it added. They are not indexed yet.

    The source of the programme must have been loaded.
    """
    missing = size - Edition.objects.public().count()
    shelves = _shelves()
    found, done = cases(max(0, missing)), 0
    while batch := list(islice(found, BATCH)):
        with transaction.atomic():
            _write(batch, shelves)
        done += len(batch)
        progress(done)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # As its own housekeeping would after a while.
            cursor.execute("ANALYZE")
    return done


def _shelves() -> Shelves:
    have = Institution.objects.count()
    Institution.objects.bulk_create(_institution(number) for number in range(have, INSTITUTIONS))
    return Shelves(
        publisher=User.objects.get_or_create(username="benchmarks")[0],
        institutions=list(Institution.objects.order_by("pk")),
        headquarters={unit.participation.institution_id: unit for unit in _headquarters()},
        themes=list(Theme.objects.open_to_cases().order_by("number")),
        concepts=list(Concept.objects.order_by("pk")),
    )


def _headquarters() -> Iterator[Headquarters]:
    return Headquarters.objects.select_related("participation").order_by("pk").iterator()


def _institution(number: int) -> Institution:
    return Institution(
        slug=f"bench-{number}",
        name_en=f"Made-up College No. {number}",
        name_ja=f"架空第{number}学園",
        name_kana=f"かくう{number:03}",
        kind=InstitutionKind.values[number % len(InstitutionKind.values)],
        prefecture=Prefecture.values[number * 7 % len(Prefecture.values)],
        provenance="reference",
        reference_en="Made up by benchmarks",
    )


def _write(batch: Sequence[Case], shelves: Shelves) -> None:
    editions = [_edition(case, shelves) for case in batch]
    drafts = GoodPractice.objects.bulk_create(_draft(edition) for edition in editions)
    for edition, draft in zip(editions, drafts, strict=True):
        edition.draft = draft
    editions = Edition.objects.bulk_create(editions)
    pairs = list(zip(batch, editions, strict=True))
    EditionAction.objects.bulk_create(part for case, row in pairs for part in _parts(EditionAction, row, case.actions))
    EditionEffect.objects.bulk_create(part for case, row in pairs for part in _parts(EditionEffect, row, case.effects))
    _relate("theme", ((row.pk, _at(place, shelves.themes).pk) for case, row in pairs for place in case.themes))
    _relate("concept", ((row.pk, _at(place, shelves.concepts).pk) for case, row in pairs for place in case.concepts))


def _edition(case: Case, shelves: Shelves) -> Edition:
    institution = _at(case.institution, shelves.institutions)
    return Edition(
        slug=f"bench-case-{case.number}",
        version=1,
        published_at=FIRST_PUBLISHED + timedelta(hours=case.number * 37 % 130_000),
        published_by=shelves.publisher,
        institution=institution,
        headquarters=shelves.headquarters.get(institution.pk),
        theme=_at(case.theme, shelves.themes),
        first_fiscal_year=case.first_year,
        last_fiscal_year=case.last_year,
        **case.texts,
    )


def _draft(edition: Edition) -> GoodPractice:
    """Only what an edition can't be without: no public answer reads the desk."""
    same = ("slug", "title_en", "title_ja", "institution", "theme")
    return GoodPractice(status=PracticeStatus.PUBLISHED, **{name: getattr(edition, name) for name in same})


def _parts(model: Any, edition: Edition, texts: Sequence[tuple[str, str]]) -> Iterator[Any]:
    for number, (english, japanese) in enumerate(texts, 1):
        yield model(edition=edition, number=number, position=number, text_en=english, text_ja=japanese)


def _relate(name: str, pairs: Iterator[tuple[int, int]]) -> None:
    through: Any = getattr(Edition, f"{name}s").through
    rows = [through(**{"edition_id": edition, f"{name}_id": other}) for edition, other in dict.fromkeys(pairs)]
    through.objects.bulk_create(rows)


def _at(place: float, entries: Sequence[Entry]) -> Entry:
    return entries[int(place * len(entries))]
