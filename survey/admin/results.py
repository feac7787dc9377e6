"""The survey's results at the desk: its managers keep indicators and points to know; everybody reads the figures.

Releases and figures are written as a whole and only shown here: to managers also what was computed and is not public
yet. Groups and the divisions they belong to are not here: the ledger and the headlines call them by code, so they come
with the source.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sih_portal.language import in_language
from sih_portal.staff import DeskAdmin, RecordAdmin, RecordPart, Row, in_both_languages
from survey.forms import CalculationForm, IndicatorForm, ItemsOfFigures
from survey.models import Calculation, Caveat, Figure, Indicator, IndicatorItem, Release, Round
from survey.permissions import may_keep_survey
from survey.results import period_label, tell
from universities.admin import SOURCE
from universities.forms import RecordForm, SourcedForm

LONGEST_NOTE = 60
COMPUTED_TEXTS = ("computed_headline", "computed_definition", "computed_base", "computed_formula")


class KeptByManagers:
    """For records of the survey and their parts."""

    def may_keep(self, request: HttpRequest) -> bool:
        return may_keep_survey(request.user)


class OnlyShown(DeskAdmin[Row]):
    """What a release wrote: everybody at the desk reads it, nobody changes it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


class ItemInline(KeptByManagers, RecordPart, admin.TabularInline[IndicatorItem, Indicator]):
    model = IndicatorItem
    form = SourcedForm
    formset = ItemsOfFigures
    fields = ["code", "position", "label_ja", "label_en"]
    extra = 0


class CalculationInline(KeptByManagers, RecordPart, admin.StackedInline[Calculation, Indicator]):
    model = Calculation
    form = CalculationForm
    fieldsets = [
        (None, {"fields": [("measure", "item", "position", "decimals"), ("base", "condition")]}),
        (None, {"fields": [("rows", "parts"), ("policy_all", "policy_groups")]}),
    ]
    extra = 0


@admin.register(Indicator)
class IndicatorAdmin(KeptByManagers, RecordAdmin[Indicator]):
    """With the code the unit is fixed: the figures say nothing without it."""

    form = IndicatorForm
    fieldsets = [
        (None, {"fields": [*in_both_languages("title"), ("code", "position", "survey_item"), ("unit", "sensitivity")]}),
        (None, {"fields": [*in_both_languages("headline", "definition", "base", "formula"), "themes"]}),
        (
            _("Where figures are computed from answers, if it is worded otherwise then"),
            {"fields": [*in_both_languages(*COMPUTED_TEXTS)]},
        ),
        SOURCE,
    ]
    inlines = [ItemInline, CalculationInline]
    autocomplete_fields = ["themes"]
    list_display = ["code", "title_ja", "title_en", "unit", "survey_item"]
    list_display_links = ["code", "title_ja"]
    list_filter = ["unit", "sensitivity"]
    search_fields = ["code", "title_ja", "title_en"]
    ordering = ["position", "code"]
    public_id = ["code", "unit"]
    published_by = ["figures"]

    def save_model(self, request: HttpRequest, obj: Indicator, form: Any, change: Any) -> None:
        """An indicator that becomes internal is shown before this alone."""
        with self.telling_caches(Indicator.objects.filter(pk=obj.pk)):
            super().save_model(request, obj, form, change)

    def are_shown(self, rows: QuerySet[Indicator]) -> bool:
        return rows.filter(pk__in=Indicator.objects.public()).exists()


@admin.register(Caveat)
class CaveatAdmin(KeptByManagers, RecordAdmin[Caveat]):
    form = RecordForm
    fieldsets = [
        (None, {"fields": [("round", "number"), *in_both_languages("title", "text"), "indicators"]}),
        SOURCE,
    ]
    autocomplete_fields = ["round", "indicators"]
    list_display = ["number", "title_ja", "title_en", "of_round"]
    list_display_links = ["number", "title_ja"]
    list_select_related = ["round"]
    list_filter = ["round", "indicators"]
    search_fields = ["=number", "title_ja", "title_en", "text_ja", "text_en"]
    ordering = ["round__code", "number"]
    public_id = ["round", "number"]

    def are_shown(self, rows: QuerySet[Caveat]) -> bool:
        return rows.filter(round__in=Round.objects.public()).exists()

    @admin.display(description=_("round"), ordering="round__code")
    def of_round(self, caveat: Caveat) -> str:
        return caveat.round.code


@admin.register(Release)
class ReleaseAdmin(OnlyShown[Release]):
    fields = ["round", "number", "published_at", "superseded_at", "told"]
    readonly_fields = ["told"]
    list_display = ["__str__", "published_at", "superseded_at", "told"]
    list_filter = ["round"]
    search_fields = ["round__code", "round__title_ja", "round__title_en"]
    ordering = ["round__code", "-number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        rows = super().get_queryset(request).select_related("round").annotate(count=Count("figures"))
        return rows if may_keep_survey(request.user) else rows.filter(published_at__isnull=False)

    @admin.display(description=_("figures"))
    def told(self, release: Any) -> SafeString:
        """How many there are, as a link to their list."""
        query = urlencode({"release__id__exact": release.pk})
        return format_html('<a href="{}?{}">{}</a>', reverse("admin:survey_figure_changelist"), query, release.count)


class ReleaseFilter(admin.RelatedFieldListFilter):
    """Releases are called by their round: all of them in one query."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        rows = Release.objects.select_related("round").order_by("round__code", "-number")
        return [(row.pk, str(row)) for row in rows]


@admin.register(Figure)
class FigureAdmin(OnlyShown[Figure]):
    fieldsets = [
        (None, {"fields": ["release", "indicator", "group", ("measure", "period", "item")]}),
        (None, {"fields": ["told", ("numerator", "denominator"), ("n_base", "n_valid")]}),
        (None, {"fields": [("origin", "locator"), "confidentiality", "verdict", *in_both_languages("note")]}),
    ]
    readonly_fields = ["told"]
    list_display = ["measured", "group", "tells_of", "told", "verdict", "usable", "noted", "release"]
    list_filter = ["release__round", ("release", ReleaseFilter), "indicator", "group", "verdict"]
    search_fields = ["indicator__code", "indicator__title_ja", "indicator__title_en", "note_ja", "note_en", "locator"]
    ordering = ["release__round__code", "-release__number", "indicator__position", "indicator__code", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Figure]:
        rows = super().get_queryset(request).select_related("release__round", "indicator", "group")
        return rows if may_keep_survey(request.user) else rows.filter(release__published_at__isnull=False)

    @admin.display(description=_("indicator"), ordering="indicator__position")
    def measured(self, figure: Figure) -> str:
        return figure.indicator.code

    @admin.display(description=_("measure"))
    def tells_of(self, figure: Figure) -> str:
        """The measure with its period and the item it is about."""
        return " ".join(filter(None, [str(figure.get_measure_display()), period_label(figure.period), figure.item]))

    @admin.display(description=_("value"), ordering="value")
    def told(self, figure: Figure) -> str:
        return tell(figure)

    @admin.display(description=_("usable answers / institutions"))
    def usable(self, figure: Figure) -> str | None:
        counts = (figure.n_valid, figure.n_base)
        told = (self.get_empty_value_display() if count is None else f"{count:,}" for count in counts)
        return None if counts == (None, None) else " / ".join(told)

    @admin.display(description=pgettext_lazy("figure", "note"))
    def noted(self, figure: Figure) -> str:
        return Truncator(str(in_language(figure, "note"))).chars(LONGEST_NOTE)
