"""The public columns of rounds, indicators and figures, in the order of the CSV, and what a figure counts."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sih_portal.downloads import SOURCE
from sih_portal.language import in_language
from sih_portal.tabular import Column, Columns, listed, plain_columns, text_columns
from sih_portal.workbook import Sheet
from sih_portal.years import day
from universities.exporting import ADDRESSES, MEANINGS, PROVENANCE

from .models import Caveat, Figure, Indicator, IndicatorItem, Measure, Release, Round, Unit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RATIO: Final = "ratio"
UNITS: Final[Mapping[str, "StrOrPromise"]] = {**dict(Unit.choices), RATIO: _("one number divided by another")}
# What these measures count, whatever their indicator does.
UNITS_OF_MEASURES: Final[Mapping[str, str]] = {
    Measure.ASKED: Unit.INSTITUTIONS,
    Measure.ANSWERED: Unit.INSTITUTIONS,
    Measure.USABLE: Unit.INSTITUTIONS,
    Measure.RATE: Unit.PERCENT,
    Measure.SHARE: Unit.PERCENT,
    Measure.INCREASE: Unit.INCREASE,
    Measure.RATIO: RATIO,
}


def unit_of(figure: Figure) -> str:
    """The indicator's, unless the measure has one of its own."""
    return UNITS_OF_MEASURES.get(figure.measure, figure.indicator.unit)


def number_of(figure: Figure) -> int | float | None:
    """The value as it is told, for formats that know numbers; None where none is told or it is withheld."""
    printed = figure.printed
    if printed is None:
        return None
    return float(printed) if figure.decimals else int(printed)


def item_of(figure: Figure) -> IndicatorItem | None:
    """From what is loaded with the indicator; None for a figure that is not by item, or of an item without a name."""
    return next((item for item in figure.indicator.items.all() if item.code == figure.item), None)


def release_of(survey_round: Round) -> Release:
    """The public one, from what is loaded with the round."""
    [release] = survey_round.releases.all()
    return release


def source_of(release: Release) -> str:
    """Where its figures come from: the printed report, or the answers to its round."""
    if release.computed_at is None:
        return gettext(SOURCE)
    return gettext(
        "%(round)s: computed from the answers that the Japan Society for the Promotion of Science (JSPS) accepted. "
        "Release %(number)s, published on %(date)s."
    ) % {
        "round": in_language(release.round, "title").value,
        "number": release.number,
        "date": day(timezone.localtime(release.published_at)),
    }


def sources_of(releases: Iterable[Release]) -> list[str]:
    """Each once, in the order of the releases."""
    return list(dict.fromkeys(source_of(release) for release in releases))


def rounds_of(indicator: Indicator) -> list[Round]:
    """The rounds that tell of it, the newest first, from what is loaded with the indicator."""
    return [figure.release.round for figure in indicator.figures.all()]


def indicator_address(indicator: Indicator, language: str) -> str:
    """Its page in the newest round that tells of it."""
    with translation.override(language):
        page = reverse("survey:indicator-detail", args=[rounds_of(indicator)[0].code, indicator.code])
    return f"{settings.SITE_URL}{page}"


def themes_of(indicator: Indicator) -> list[int]:
    return [theme.number for theme in indicator.themes.all()]


def _indicators(caveat: Caveat) -> str:
    return listed(indicator.code for indicator in caveat.indicators.all())


def _publication(survey_round: Round) -> str:
    return survey_round.publication.slug if survey_round.publication else ""


ROUNDS: Final[Columns] = [
    *plain_columns("code"),
    *ADDRESSES,
    *text_columns("title"),
    *plain_columns("first_year", "last_year"),
    *text_columns("purpose"),
    *text_columns("selection"),
    Column("publication", _publication),
    *plain_columns("state"),
    Column("release", lambda row: release_of(row).number),
    Column("published_at", lambda row: release_of(row).published_at),
    *PROVENANCE,
]

CAVEATS: Final[Columns] = [
    Column("round", lambda row: row.round.code),
    *plain_columns("number"),
    *text_columns("title"),
    *text_columns("text"),
    Column("indicators", _indicators),
    *PROVENANCE,
]

INDICATORS: Final[Columns] = [
    *plain_columns("code"),
    Column("url_en", lambda row: indicator_address(row, "en")),
    Column("url_ja", lambda row: indicator_address(row, "ja")),
    *text_columns("title"),
    *text_columns("definition"),
    *text_columns("base"),
    *text_columns("formula"),
    *text_columns("computed_definition"),
    *text_columns("computed_base"),
    *text_columns("computed_formula"),
    *plain_columns("unit", "survey_item"),
    Column("themes", lambda row: listed(themes_of(row))),
    Column("rounds", lambda row: listed(survey_round.code for survey_round in rounds_of(row))),
    *PROVENANCE,
]

ITEMS: Final[Columns] = [
    Column("indicator", lambda row: row.indicator.code),
    *plain_columns("code"),
    *text_columns("label"),
]

FIGURES: Final[Columns] = [
    Column("id", lambda row: row.public_id),
    Column("round", lambda row: row.release.round.code),
    Column("indicator", lambda row: row.indicator.code),
    *text_columns("title", lambda row: row.indicator, name="indicator_title"),
    Column("group", lambda row: row.group.code),
    *text_columns("name", lambda row: row.group, name="group_name"),
    *plain_columns("period", "measure", "item"),
    *text_columns("label", item_of, name="item_label"),
    Column("value", lambda row: row.printed),
    Column("unit", unit_of),
    *plain_columns("decimals", "numerator", "denominator", "n_base", "n_valid"),
    *plain_columns("origin", "confidentiality", "verdict"),
    *text_columns("note"),
    Column("source", lambda row: row.locator),
    *ADDRESSES,
]

CAVEAT_SHEET: Final = Sheet("caveats", CAVEATS, lambda row: row.caveats.all())
ITEM_SHEET: Final = Sheet("items", ITEMS, lambda row: row.items.all())

ROUND_MEANINGS: Final[dict[str, Any]] = {
    **MEANINGS,
    "indicators": _("codes of the indicators it concerns"),
    "number": _("number of the point to know"),
    "publication": _("slug of the source publication"),
    "published_at": _("moment when the public release was published"),
    "release": _("number of the public release"),
    "round": _("code of the round"),
    "text_": _("text of the point to know"),
}
INDICATOR_MEANINGS: Final[dict[str, Any]] = {
    **MEANINGS,
    "computed_base_": _("base of figures computed from answers, where it is worded otherwise"),
    "computed_definition_": _("definition of figures computed from answers, where it is worded otherwise"),
    "computed_formula_": _("formula of figures computed from answers, where it is worded otherwise"),
    "indicator": _("code of the indicator"),
    "label_": _("name of the item"),
    "rounds": _("codes of the rounds that tell of it"),
    "themes": _("numbers of the themes it bears on"),
}
FIGURE_MEANINGS: Final[dict[str, Any]] = {
    **MEANINGS,
    "confidentiality": _("`F`: free; `C`: withheld"),
    "decimals": _("number of decimals it is told with"),
    "denominator": _("what it is a share of, where that is told"),
    "group": _("code of the group of institutions"),
    "group_name_": _("name of the group"),
    "indicator": _("code of the indicator"),
    "indicator_title_": _("title of the indicator"),
    "item": _("code of the item, where figures are told by item"),
    "item_label_": _("name of the item"),
    "numerator": _("how many of the denominator, where that is told"),
    "period": _("fiscal year, or two with a hyphen between them; empty for the round's own"),
    "round": _("code of the round"),
    "source": _("place in the printed source; empty for figures computed from answers"),
    "unit": _("what the value counts"),
    "value": _("value as the report prints it or as computed; empty where no number is told or it is withheld"),
    "verdict": _("what checking the figure gave; empty where nothing can be checked"),
}
