"""The survey's figures on pages of other apps, one panel and two queries each, and how figures are written."""

from typing import Any, Final

from django import template

from practices.models.theme import Theme
from survey.charts import Chart, brief_chart_of
from survey.models import Figure
from survey.results import Result, period_label, results_of, tell

register = template.Library()
HEADLINES: Final = ("s1a", "s3", "s7")

register.filter(tell)
register.filter(period_label)


@register.inclusion_tag("survey/partials/evidence.html")
def survey_evidence(theme: Theme) -> dict[str, Any]:
    """What the survey tells that bears on a theme."""
    return {"theme": theme, "results": _newest(Figure.objects.filter(indicator__themes=theme))}


@register.inclusion_tag("survey/partials/headlines.html")
def survey_headlines() -> dict[str, Any]:
    """Three figures for the home page: institutions that have a headquarters, consortia, overseas centres."""
    results = _newest(Figure.objects.filter(indicator__code__in=HEADLINES))
    return {"results": results, "rounds": list(dict.fromkeys(result.release.round for result, _chart in results))}


def _newest(figures: Any) -> list[tuple[Result, Chart | None]]:
    """The results of each indicator's newest public round, with their charts."""
    rows = (
        figures.public()
        .with_labels()
        .prefetch_related("indicator__items")
        .order_by(
            "indicator__position", "indicator__code", "-release__round__last_year", "release__round__code", "position"
        )
    )
    found: dict[int, Result] = {}
    for result in results_of(rows):
        found.setdefault(result.indicator.pk, result)
    return [(result, brief_chart_of(result)) for result in found.values()]
