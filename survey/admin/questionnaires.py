"""Questionnaires at the desk of the survey's managers: built, looked at, and copied into their next version."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sih_portal.language import LANGUAGES, current_language
from sih_portal.staff import RecordPart, in_both_languages
from survey import questionnaires
from survey.answering import Sheet
from survey.entering import section_page
from survey.models import Definition, EditCheck, Questionnaire, Section
from survey.questionnaires import form_of
from survey.rules import RuleError

from .building import BuiltRecord, address_of, link_to
from .question_forms import CheckForm, Definitions, PlacedParts, QuestionnaireForm
from .results import KeptByManagers
from .rooms import page, room

# As many as fit into one form with what else the page holds.
MOST_CHECKS: Final = 80
UNREADABLE: Final = _("There is nothing to look at yet: a rule can't be read.")


class SectionInline(KeptByManagers, RecordPart, admin.TabularInline[Section, Questionnaire]):
    model = Section
    formset = PlacedParts
    fields = ["code", "position", "title_ja", "title_en", "opened"]
    readonly_fields = ["opened"]

    @admin.display(description=_("questions"))
    def opened(self, section: Section) -> str | SafeString:
        return link_to(section, _("Open the section")) if section.pk else "—"


class DefinitionInline(KeptByManagers, RecordPart, admin.StackedInline[Definition, Questionnaire]):
    model = Definition
    formset = Definitions
    fieldsets = [(None, {"fields": [("code", "position", "section"), *in_both_languages("term", "text")]})]
    classes = ["collapse"]


class CheckInline(KeptByManagers, RecordPart, admin.StackedInline[EditCheck, Questionnaire]):
    model = EditCheck
    form = CheckForm
    formset = PlacedParts
    max_num = MOST_CHECKS
    fieldsets = [(None, {"fields": [("code", "position", "severity"), "rule", *in_both_languages("message")]})]
    classes = ["collapse"]


@admin.register(Questionnaire)
class QuestionnaireAdmin(BuiltRecord):
    form = QuestionnaireForm
    change_form_template = "admin/survey/questionnaire/change_form.html"
    fieldsets = [
        (None, {"fields": [*in_both_languages("title"), ("code", "version")]}),
        (None, {"fields": [*in_both_languages("introduction")]}),
        (None, {"fields": [("follows", "frozen_at", "sha256")]}),
    ]
    readonly_fields = ["follows", "frozen_at", "sha256"]
    public_id = ("code", "version")
    inlines = [SectionInline, DefinitionInline, CheckInline]
    list_display = ["code", "version", "title_ja", "title_en", "state", "of_rounds"]
    list_display_links = ["code", "version", "title_ja"]
    search_fields = ["code", "title_ja", "title_en"]
    ordering = ["code", "-version"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("follows").prefetch_related("rounds")

    def get_urls(self) -> list[URLPattern]:
        return [
            room(self, "<int:pk>/preview/", self.preview, "preview"),
            room(self, "<int:pk>/next-version/", self.next_version, "next_version"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        row = context["original"]
        context["mistakes"] = questionnaires.mistakes(row) if row and not row.is_frozen else []
        return super().render_change_form(request, context, *arguments, **named)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form as those see it who answer it, in `?lang=ja` or `en`, with all that is checked."""
        row = get_object_or_404(Questionnaire, pk=pk)
        try:
            form = form_of(row)
        except RuleError:
            self.message_user(request, UNREADABLE, messages.ERROR)
            return HttpResponseRedirect(address_of(row))
        sheet = Sheet(form, {}, {}, is_pilot=False)
        language = request.GET.get("lang", "")
        with translation.override(language if language in LANGUAGES else current_language()):
            pages = [section_page(sheet, section) for section in form.sections]
            context = {"form": form, "pages": pages, "original": row}
            return TemplateResponse(request, "survey/questionnaire_preview.html", context).render()

    def next_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks first. Pressed twice, the button leads to the same version."""
        row = get_object_or_404(Questionnaire, pk=pk)
        if request.method == "POST":
            return self._make_next(request, row)
        context = {
            "original": row,
            "number": questionnaires.next_number(row),
            "title": gettext("Make the next version"),
        }
        return page(self, request, "questionnaire/next_version", context)

    def _make_next(self, request: HttpRequest, row: Questionnaire) -> HttpResponse:
        number = request.POST.get("number", "")
        if not number.isdecimal() or len(number) > 4:
            raise BadRequest
        copy = questionnaires.next_version(row, number=int(number))
        self.log_addition(request, copy, [{"added": {}}])
        told = gettext("Version %(number)s is here, and can be changed.") % {"number": copy.version}
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(address_of(copy))

    @admin.display(description=_("state"))
    def state(self, row: Questionnaire) -> str:
        return gettext("frozen") if row.is_frozen else gettext("draft")

    @admin.display(description=_("rounds"))
    def of_rounds(self, row: Questionnaire) -> str:
        return gettext(", ").join(sorted(survey_round.code for survey_round in row.rounds.all()))
