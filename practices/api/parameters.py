"""What the query names of cases mean, for the API's description of itself. They are read by `practices.filters`."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from practices.filters import SORTS
from sih_portal.query_names import LANGUAGES, Documented, Name
from universities.models import HeadquartersHead, InstitutionKind, Region

YEAR: Final = {"type": "array", "items": {"type": "integer", "minimum": 1900, "maximum": 2100}}

QUERY: Final[tuple[Name, ...]] = (
    Documented(
        "q",
        _(
            "Words to find, in Japanese or English, at most 200 characters and 20 words. All must occur; "
            "quotation marks hold a phrase together. When no case has all of them, those with most of them are listed "
            "and the answer says `relaxed`."
        ),
    ),
    Documented("expand", _("`1`: also find what the thesaurus calls the same; `0`: only the words."), enum=("1", "0")),
    Documented("theme", _("Number of a theme; primary and further themes of a case count."), is_repeatable=True),
    Documented("recommendation", _("Number of a recommendation: the same as the theme's."), is_repeatable=True),
    Documented("institution", _("Slug of the institution."), is_repeatable=True),
    Documented("kind", _("Kind of institution."), enum=InstitutionKind.values, is_repeatable=True),
    Documented("region", _("Region of Japan; Niigata counts as Chubu."), enum=Region.values, is_repeatable=True),
    Documented(
        "headquarters_head", _("Who headed the headquarters."), enum=HeadquartersHead.values, is_repeatable=True
    ),
    Documented("concept", _("Slug of a concept of the thesaurus."), is_repeatable=True),
    Documented("year", _("Fiscal year inside the case's own period."), YEAR),
    Documented("translated", _("Every filled text has this language."), enum=LANGUAGES, is_repeatable=True),
    Documented(
        "updated_since",
        _("Day or moment (ISO 8601): cases published or updated since. A moment without a zone is one of Japan."),
    ),
    Documented(
        "sort",
        _("Order; without it `relevance` with `q`, else `-published_at`. Ties go by theme and slug."),
        enum=SORTS,
    ),
)
