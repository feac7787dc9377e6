"""Which cases an address asks to see side by side, and what stands in the columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal.query_names import Documented, Refusal, refusals_of

from .documents import FORMAT
from .fields import Row, rows_of
from .models.edition import Edition, EditionQuerySet

FEWEST: Final = 2
MOST: Final = 4
LONGEST_SLUG: Final = 60  # characters shown of what is no slug of a case
CASES: Final = Documented("p", gettext_lazy("Slug of a case; two to four of them."), is_repeatable=True)


@dataclass(frozen=True)
class Column:
    """A case, with the query of the same comparison without it."""

    practice: Edition
    query_without: str


@dataclass(frozen=True)
class Comparison:
    """Up to four public cases in the order asked for; what was asked in vain is in `refusals`."""

    editions: tuple[Edition, ...]
    refusals: tuple[Refusal, ...]

    @property
    def is_complete(self) -> bool:
        return len(self.editions) >= FEWEST

    @property
    def has_room(self) -> bool:
        return len(self.editions) < MOST

    @property
    def slugs(self) -> list[str]:
        return [edition.slug for edition in self.editions]

    @property
    def columns(self) -> list[Column]:
        return [
            Column(edition, query_of(slug for slug in self.slugs if slug != edition.slug)) for edition in self.editions
        ]

    @property
    def rows(self) -> list[Row]:
        return rows_of(self.editions)

    @property
    def query(self) -> str:
        return query_of(self.slugs)

    def others(self) -> EditionQuerySet:
        """The public cases that can still be put beside these, in the order of themes."""
        others = Edition.objects.public().exclude(slug__in=self.slugs)
        return others.select_related("institution", "theme").in_theme_order()


def query_of(slugs: Iterator[str] | Sequence[str]) -> str:
    return urlencode([(CASES.name, slug) for slug in slugs])


def comparison(params: QueryDict) -> Comparison:
    """This will read an address. What it can't use is left out and told; nothing is raised."""
    asked = [slug for slug in params.getlist(CASES.name) if slug]
    slugs = list(dict.fromkeys(asked))
    repeated = [slug for slug in slugs if asked.count(slug) > 1]
    public = {edition.slug: edition for edition in Edition.objects.public().with_parts().filter(slug__in=slugs)}
    found = [slug for slug in slugs if slug in public]
    refusals = (
        *refusals_of(params, (CASES, FORMAT)),
        *_told(repeated, _("The practice “%(slug)s” is named more than once.")),
        *_missing([slug for slug in slugs if slug not in public]),
        *_told(found[MOST:], _("Only four practices fit side by side: “%(slug)s” was left out.")),
    )
    return Comparison(tuple(public[slug] for slug in found[:MOST]), refusals)


def _missing(slugs: list[str]) -> Iterator[Refusal]:
    """Why a slug names no public case: archived, or never published as far as anybody may know."""
    archived = set(Edition.objects.archived().filter(slug__in=slugs).values_list("slug", flat=True))
    for slug in slugs:
        gone = slug in archived
        missing = _("The practice “%(slug)s” named for comparison was not found.")
        yield from _told([slug], _("This practice is no longer public: “%(slug)s”.") if gone else missing)


def _told(slugs: Sequence[str], pattern: str) -> Iterator[Refusal]:
    """A refusal for each slug, as a whole sentence that names it."""
    for slug in slugs:
        yield Refusal(CASES.name, slug, pattern % {"slug": Truncator(slug).chars(LONGEST_SLUG)})
