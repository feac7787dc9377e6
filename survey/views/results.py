"""The survey's results: the rounds, one round with all its indicators, one indicator, its chart as a file."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.generic import ListView, TemplateView, View

from survey.charts import brief_chart_of, chart_of
from survey.models import Caveat, Indicator, Release, Round
from survey.models.figure import ReleaseQuerySet
from survey.models.round import RoundQuerySet
from survey.results import Result, branches_of, response_of, results
from survey.series import series_of

SVG = "image/svg+xml"


def releases() -> ReleaseQuerySet:
    return Release.objects.public().select_related("round__publication")


class RoundList(ListView[Round]):
    template_name = "survey/round_list.html"
    context_object_name = "rounds"

    def get_queryset(self) -> RoundQuerySet:
        return Round.objects.public().newest_first()


class OfRound:
    """A page about a round: its public release and all of its results, whatever the page shows of them."""

    kwargs: dict[str, str]

    @cached_property
    def release(self) -> Release:
        """:raises Http404: when the round has no public release."""
        release = releases().filter(round__code=self.kwargs["round"]).first()
        if release is None:
            raise Http404
        return release

    @cached_property
    def results(self) -> list[Result]:
        return results(self.release)

    @cached_property
    def result(self) -> Result:
        """:raises Http404: when the release tells nothing of the indicator."""
        found = [result for result in self.results if result.indicator.code == self.kwargs["indicator"]]
        if not found:
            raise Http404
        return found[0]

    def caveats(self) -> list[Caveat]:
        """The points to know of the round, with those of their indicators that its release tells of."""
        told = [result.indicator.pk for result in self.results]
        concerned = Prefetch("indicators", Indicator.objects.filter(pk__in=told).in_order())
        return list(self.release.round.caveats.order_by("number").prefetch_related(concerned))


class RoundDetail(OfRound, TemplateView):
    template_name = "survey/round_detail.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        response = response_of(self.results)
        shown = {
            "release": self.release,
            "round": self.release.round,
            "response": response,
            "results": [(result, brief_chart_of(result)) for result in self.results],
            "caveats": self.caveats(),
        }
        return super().get_context_data(**context | shown)


class IndicatorDetail(OfRound, TemplateView):
    template_name = "survey/indicator_detail.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        result = self.result
        response = response_of(self.results)
        shown = {
            "release": self.release,
            "round": self.release.round,
            "result": result,
            "chart": chart_of(result),
            "series": series_of(result.indicator),
            "response": response,
            "branches": branches_of([result], response.answered) if response else [],
            "caveats": [caveat for caveat in self.caveats() if result.indicator in caveat.indicators.all()],
        }
        return super().get_context_data(**context | shown | self._neighbours(result))

    def _neighbours(self, result: Result) -> dict[str, Sequence[Result]]:
        place = self.results.index(result)
        return {"previous": self.results[:place][-1:], "following": self.results[place + 1 :][:1]}


class IndicatorChart(OfRound, View):
    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The chart of the indicator's page as a file that stands by itself.

        :raises Http404: when the source tells no number.
        """
        chart = chart_of(self.result)
        if chart is None:
            raise Http404
        file = render_to_string("survey/chart_file.svg", {"chart": chart, "result": self.result}, request)
        name = f"{self.release.round.code}-{self.result.indicator.code}.svg"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(file, content_type=SVG, headers=headers)
