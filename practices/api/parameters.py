"""What the query names of cases mean, for the API's description of itself. They are read by `practices.filters`."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from practices.filters import SEARCH_NAMES
from sih_portal.language import LANGUAGES
from sih_portal.query_names import Documented, Name
from universities.filters import kind_at, region_at
from universities.models import HeadquartersHead, Prefecture

YEAR: Final = {"type": "array", "items": {"type": "integer", "minimum": 1900, "maximum": 2100}}

QUERY: Final[tuple[Name, ...]] = (
    *SEARCH_NAMES,
    Documented("theme", _("Number of a theme; primary and further themes of a case count."), is_repeatable=True),
    Documented("recommendation", _("Number of a recommendation: the same as the theme's."), is_repeatable=True),
    Documented("institution", _("Slug of the institution."), is_repeatable=True),
    kind_at("institution__kind"),
    region_at("institution__region"),
    Documented(
        "prefecture",
        _("Prefecture of the institution: its code of JIS X 0401."),
        enum=Prefecture.values,
        is_repeatable=True,
    ),
    Documented(
        "headquarters_head", _("Who headed the headquarters."), enum=HeadquartersHead.values, is_repeatable=True
    ),
    Documented("concept", _("Slug of a concept of the thesaurus."), is_repeatable=True),
    Documented("year", _("Fiscal year inside the case's own period."), YEAR),
    Documented("translated", _("Every filled text has this language."), enum=LANGUAGES, is_repeatable=True),
    Documented(
        "updated_since",
        _(
            "Day or moment (ISO 8601): cases published or updated since. A moment without a zone is one of Japan. "
            "The list of practices then ends with the cases archived since, whatever the other names ask for: "
            "`archived` is true, and only `slug`, `url` and `updated_at` (when it was archived) stand beside it. "
            "A new name of an institution or a theme does not move `updated_at`. Whoever harvests asks from some "
            "minutes before the last request: a case may appear a little later than its `updated_at` says."
        ),
        is_repeatable=True,
    ),
)
