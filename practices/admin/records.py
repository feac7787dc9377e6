"""Themes, recommendations, concepts, publications and events at the desk."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from practices.forms import ConceptForm, ConceptLabelForm, RecommendationForm
from practices.models import Chapter, Concept, ConceptLabel, Event, ProgrammeAction, Publication, Recommendation, Theme
from sih_portal.staff import RecordAdmin, RecordPart, in_both_languages
from universities.admin import SOURCE
from universities.forms import DistinctLabels, RecordForm, SourcedForm


class ProgrammeActionInline(RecordPart, admin.StackedInline[ProgrammeAction, Theme]):
    model = ProgrammeAction
    form = SourcedForm
    autocomplete_fields = ["publication"]
    fieldsets = [
        (None, {"fields": [("number", "publication"), *in_both_languages("text"), ("provenance", "locator")]}),
        (None, {"fields": [*in_both_languages("reference")]}),
    ]
    extra = 0


@admin.register(Theme)
class ThemeAdmin(RecordAdmin[Theme]):
    form = RecordForm
    fieldsets = [
        (None, {"fields": ["number", *in_both_languages("title"), "title_ja_origin", *in_both_languages("short")]}),
        (None, {"fields": [*in_both_languages("result")]}),
        SOURCE,
    ]
    inlines = [ProgrammeActionInline]
    list_display = ["number", "title_ja", "title_en"]
    list_display_links = ["number", "title_ja"]
    search_fields = ["=number", "title_ja", "title_en", "short_ja", "short_en"]
    ordering = ["number"]
    public_id = ["number"]
    published_by = ["editions", "editions_of_further_theme"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Theme], search_term: str
    ) -> tuple[QuerySet[Theme], bool]:
        """A case is offered the themes it may have; a recommendation all of them."""
        if request.GET.get("model_name") == "goodpractice":
            queryset = queryset.filter(pk__in=Theme.objects.open_to_cases())
        return super().get_search_results(request, queryset, search_term)


@admin.register(Recommendation)
class RecommendationAdmin(RecordAdmin[Recommendation]):
    form = RecommendationForm
    fieldsets = [(None, {"fields": [("number", "theme"), *in_both_languages("title", "text")]}), SOURCE]
    autocomplete_fields = ["theme"]
    list_display = ["number", "title_ja", "title_en"]
    list_display_links = ["number", "title_ja"]
    search_fields = ["=number", "title_ja", "title_en"]
    ordering = ["number"]
    public_id = ["number", "theme"]
    published_by = ["theme.editions"]


class LabelInline(RecordPart, admin.TabularInline[ConceptLabel, Concept]):
    model = ConceptLabel
    form = ConceptLabelForm
    formset = DistinctLabels


@admin.register(Concept)
class ConceptAdmin(RecordAdmin[Concept]):
    form = ConceptForm
    fieldsets = [
        (None, {"fields": ["slug", *in_both_languages("pref_label"), ("broader", "related")]}),
        (None, {"fields": [*in_both_languages("reference")]}),
    ]
    inlines = [LabelInline]
    autocomplete_fields = ["broader", "related"]
    list_display = ["slug", "pref_label_ja", "pref_label_en", "broader"]
    list_select_related = ["broader"]
    search_fields = ["slug", "pref_label_ja", "pref_label_en", "labels__label"]
    ordering = ["slug"]
    published_by = ["editions"]


class ChapterInline(RecordPart, admin.TabularInline[Chapter, Publication]):
    model = Chapter
    autocomplete_fields = ["themes"]
    extra = 0


@admin.register(Publication)
class PublicationAdmin(RecordAdmin[Publication]):
    form = RecordForm
    fieldsets = [
        (None, {"fields": ["slug", *in_both_languages("title", "publisher"), ("year", "month"), "url"]}),
        (None, {"fields": [*in_both_languages("note")]}),
        SOURCE,
    ]
    inlines = [ChapterInline]
    list_display = ["__str__", "title_en", "year", "month"]
    search_fields = ["slug", "title_ja", "title_en"]
    ordering = ["year", "month", "slug"]
    published_by = ["editions"]


@admin.register(Event)
class EventAdmin(RecordAdmin[Event]):
    form = RecordForm
    fieldsets = [
        (None, {"fields": [("kind", "slug"), *in_both_languages("title", "place"), ("year", "month", "held_on")]}),
        (None, {"fields": [("attendance", "url")]}),
        SOURCE,
    ]
    list_display = ["__str__", "kind", "year", "month"]
    list_filter = ["kind"]
    search_fields = ["slug", "title_ja", "title_en"]
    ordering = ["-year", "-month", "slug"]
