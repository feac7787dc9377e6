"""Read-only endpoints of the survey's results. Everything comes through public releases alone."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from practices.models.theme import Theme
from sih_portal.negotiation import JSONStatRenderer
from sih_portal.query_names import narrow
from sih_portal.rest import Records
from survey import exporting, jsonstat
from survey.filters import FIGURES, INDICATORS
from survey.models import Caveat, Figure, Indicator, IndicatorItem, Release, Round

from . import converters, serializers  # noqa: F401  (converters register when imported)

PUBLIC: Final = Figure.objects.public()
RELEASES: Final = Release.objects.public()
WITH_ROUNDS: Final = RELEASES.select_related("round").defer("plan").order_by("round__code")
ITEMS: Final = IndicatorItem.objects.order_by("position", "code")


class Rounds(Records[Round]):
    queryset = (
        Round.objects.public()
        .select_related("publication")
        .prefetch_related(
            Prefetch("releases", RELEASES),
            Prefetch("caveats", Caveat.objects.order_by("number")),
            Prefetch("caveats__indicators", Indicator.objects.public().in_order()),
        )
        .newest_first()
    )
    serializer_class = serializers.RoundSerializer
    columns = exporting.ROUNDS
    meanings = exporting.ROUND_MEANINGS
    more_sheets = (exporting.CAVEAT_SHEET,)
    about = _(
        "Rounds of the survey: who was asked, which release is public, and what contradicts itself in the source."
    )
    lookup_field = "code"

    def sources(self) -> Sequence[str]:
        return exporting.sources_of(WITH_ROUNDS.all())


class Indicators(Records[Indicator]):
    queryset = (
        Indicator.objects.public()
        .prefetch_related(
            Prefetch("themes", Theme.objects.order_by("number")),
            Prefetch("items", ITEMS),
            Prefetch(
                "figures",
                PUBLIC.one_of_each_indicator()
                .select_related("release__round")
                .order_by("-release__round__last_year", "release__round__code"),
            ),
        )
        .in_order()
    )
    serializer_class = serializers.IndicatorSerializer
    columns = exporting.INDICATORS
    meanings = exporting.INDICATOR_MEANINGS
    more_sheets = (exporting.ITEM_SHEET,)
    about = _("What the survey measures: how each indicator is defined, of whom, and how it is computed.")
    lookup_field = "code"
    narrowing = INDICATORS


class Figures(Records[Figure]):
    queryset = (
        PUBLIC.with_labels()
        .select_related("release__round__publication")
        .prefetch_related(Prefetch("indicator__items", ITEMS))
        .in_order()
    )
    serializer_class = serializers.FigureSerializer
    renderer_classes = [*Records.renderer_classes, JSONStatRenderer]
    columns = exporting.FIGURES
    meanings = exporting.FIGURE_MEANINGS
    more_downloads = {JSONStatRenderer.format: jsonstat.answer}
    about = _("Every figure of the survey, with its base, its place in the source and what checking it gave.")
    id_about = _(
        "Codes of round, indicator, group and measure, then period and item where the figure has them, with colons "
        "between: `sih-fy2008:t4:pilot:mean:2005`, `sih-fy2008:q4:pilot:share::funding`."
    )
    lookup_url_kwarg = "id"
    lookup_value_converter = "public_figure"
    narrowing = FIGURES

    def file_name(self, name: str) -> str:
        """Of the round, and of the indicator, where all figures are of one."""
        rounds = {release.round.code for release in self._releases}
        codes = {code for _release, code in self._told}
        if len(rounds) != 1:
            return name
        return "-".join(["survey", *rounds, "figures", *(codes if len(codes) == 1 else ())])

    def sources(self) -> Sequence[str]:
        return exporting.sources_of(self._releases)

    @cached_property
    def _releases(self) -> list[Release]:
        return list(WITH_ROUNDS.filter(pk__in={release for release, _code in self._told}))

    @cached_property
    def _told(self) -> list[tuple[int, str]]:
        """The keys of the releases and the codes of the indicators that the whole answer is of."""
        rows = narrow(self.get_queryset(), self.request.query_params, self.narrowing)
        return list(rows.order_by().values_list("release", "indicator__code").distinct())

    def named(self, **ids: Any) -> QuerySet[Figure]:
        return self.get_queryset().filter(**ids["id"])
