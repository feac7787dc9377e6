"""The 一覧表: which institution has a case under which theme, on one sheet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q

from universities.models import Institution
from universities.models.institution import InstitutionQuerySet

from .models.edition import Edition
from .models.theme import ProgrammeAction, Theme, ThemeQuerySet


@dataclass(frozen=True)
class Mark:
    """A case in a cell: under its primary theme, or under a further one."""

    practice: Edition
    is_primary: bool


@dataclass(frozen=True)
class Row:
    """`cells` has one list of marks for each theme of the overview."""

    institution: Institution
    cells: list[list[Mark]]


@dataclass(frozen=True)
class Overview:
    themes: Sequence[Theme]
    rows: list[Row]


def overview() -> Overview:
    """The pilots and whoever else has a case, by the themes that universities' cases come under. Four queries."""
    themes = list(_themes())
    marks = _marks()
    rows = [Row(institution, [marks[institution.pk, theme.pk] for theme in themes]) for institution in _institutions()]
    return Overview(themes, rows)


def _themes() -> ThemeQuerySet:
    """Without a theme that holds only what JSPS itself did."""
    own = ProgrammeAction.objects.filter(theme=OuterRef("pk"))
    themes = Theme.objects.with_practice_count().filter(Q(practice_count__gt=0) | ~Exists(own))
    return themes.order_by("number")


def _institutions() -> InstitutionQuerySet:
    with_case = Edition.objects.public().filter(institution=OuterRef("pk"))
    pilots = Institution.objects.with_is_pilot()
    return pilots.filter(Q(is_pilot=True) | Exists(with_case)).in_source_order()


def _marks() -> defaultdict[tuple[int, int], list[Mark]]:
    """The marks of each (institution, theme)."""
    editions = Edition.objects.public().in_theme_order()
    marks: defaultdict[tuple[int, int], list[Mark]] = defaultdict(list)
    for edition in editions.prefetch_related(Prefetch("themes", Theme.objects.order_by("number"))):
        marks[edition.institution_id, edition.theme_id].append(Mark(edition, is_primary=True))
        for theme in edition.themes.all():
            marks[edition.institution_id, theme.pk].append(Mark(edition, is_primary=False))
    return marks
