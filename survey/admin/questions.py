"""A section with its questions, and a question with its options and cells, at the desk of the survey's managers."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sih_portal.staff import RecordPart, in_both_languages
from survey.models import Cell, Option, Question, Questionnaire, Section

from .building import BuiltPart, link_to
from .question_forms import CellForm, PlacedParts, QuestionForm, SectionForm
from .results import KeptByManagers

# As many as fit into one form with what else a page holds.
MOST_CELLS: Final = 80


class QuestionInline(KeptByManagers, RecordPart, admin.StackedInline[Question, Section]):
    model = Question
    formset = PlacedParts
    fieldsets = [
        (None, {"fields": [("code", "position", "kind", "is_required"), *in_both_languages("text"), "opened"]}),
    ]
    readonly_fields = ["opened"]

    @admin.display(description=_("options, cells, notes"))
    def opened(self, question: Question) -> str | SafeString:
        return link_to(question, _("Open the question")) if question.pk else "—"


@admin.register(Section)
class SectionAdmin(BuiltPart):
    form = SectionForm
    held_by = "sections"
    fieldsets = [
        (None, {"fields": [*in_both_languages("title"), ("code", "position")]}),
        (None, {"fields": [*in_both_languages("help")]}),
    ]
    inlines = [QuestionInline]
    public_id = ()
    list_display = ["code", "title_ja", "title_en", "questionnaire"]
    list_filter = ["questionnaire"]
    search_fields = ["code", "title_ja", "title_en"]
    ordering = ["questionnaire__code", "-questionnaire__version", "position", "code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("questionnaire")

    def parent_of(self, row: Any) -> Questionnaire:
        parent: Questionnaire = row.questionnaire
        return parent


class OptionInline(KeptByManagers, RecordPart, admin.TabularInline[Option, Question]):
    model = Option
    fields = ["code", "label_ja", "label_en", "takes_text"]
    ordering = ["code"]


class CellInline(KeptByManagers, RecordPart, admin.TabularInline[Cell, Question]):
    model = Cell
    form = CellForm
    formset = PlacedParts
    max_num = MOST_CELLS
    fields = ["code", "position", "label_ja", "label_en", "fiscal_year", "minimum", "maximum", "is_total"]


@admin.register(Question)
class QuestionAdmin(BuiltPart):
    form = QuestionForm
    held_by = "sections__questions"
    fieldsets = [
        (None, {"fields": [*in_both_languages("text"), ("code", "position", "kind"), ("sensitivity", "is_required")]}),
        (None, {"fields": ["universe", *in_both_languages("help", "unit")]}),
        (_("Series"), {"fields": [("follows", "breaks_series")]}),
    ]
    inlines = [OptionInline, CellInline]
    public_id = ()
    list_display = ["code", "text_ja", "kind", "sensitivity", "section", "of_questionnaire"]
    list_filter = ["section__questionnaire", "kind", "sensitivity"]
    search_fields = ["code", "text_ja", "text_en", "cells__code"]
    ordering = ["section__questionnaire__code", "-section__questionnaire__version", "section__position", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("section__questionnaire", "follows")

    def parent_of(self, row: Any) -> Section:
        parent: Section = row.section
        return parent

    @admin.display(description=_("questionnaire"))
    def of_questionnaire(self, question: Question) -> str:
        return str(question.section.questionnaire)
