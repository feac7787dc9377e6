"""The curators' desk: a case with both languages side by side, its parts, its steps and its history."""

from pathlib import PurePosixPath
from typing import Any

from adminsortable2.admin import SortableAdminBase
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from practices.forms import PracticeForm
from practices.models import Attachment, GoodPractice
from practices.permissions import may_curate, may_delete, may_edit, may_keep_records
from practices.presenting import practice_context
from practices.workflow import claim
from sih_portal.language import LANGUAGES, current_language, in_language
from sih_portal.people import full_name
from sih_portal.staff import in_both_languages

from .bulk import BulkSteps
from .conflict import PracticeClashes
from .duplicate import Duplicating
from .editions import EditionPages
from .index import DeskOnIndex
from .listing import (
    Currency,
    DriftedTranslation,
    MissingTranslation,
    OpenForEditing,
    RegionOfInstitution,
    ShownToReaders,
    with_history,
)
from .parts import ActionInline, AttachmentInline, EffectInline, LinkInline, locked_texts
from .saved_filters import SavedFilters
from .steps import StepButtons
from .translations import DriftNotices
from .why import WhyFound

IDENTITY = [
    ("institution", "headquarters"),
    ("theme", "themes"),
    ("slug",),
    ("concepts",),
    ("publication", "locator"),
    ("first_fiscal_year", "last_fiscal_year"),
    ("owner",),
    ("review_by", "confirmed_on"),
]
FURTHER_TEXTS = [
    "enabling",
    "hindering",
    "lessons",
    "needs_staff",
    "needs_money",
    "needs_time",
    "transferability",
    "note",
]


@admin.register(GoodPractice)
class PracticeAdmin(
    SortableAdminBase,
    DeskOnIndex,
    DriftNotices,
    BulkSteps,
    Duplicating,
    SavedFilters,
    PracticeClashes,
    StepButtons,
    EditionPages,
    WhyFound,
):
    form = PracticeForm
    fieldsets = [
        (_("What and where"), {"fields": [*IDENTITY]}),
        (_("Texts"), {"fields": [*in_both_languages("title", "summary", "context")]}),
        (_("Further texts"), {"fields": [*in_both_languages(*FURTHER_TEXTS)], "classes": ["collapse"]}),
    ]
    inlines = [ActionInline, EffectInline, LinkInline, AttachmentInline]
    autocomplete_fields = ["institution", "headquarters", "theme", "themes", "concepts", "publication"]
    list_display = ["title", "institution", "short_theme", "state", "edition", "last_step"]
    list_filter = [
        "status",
        OpenForEditing,
        ShownToReaders,
        "theme",
        MissingTranslation,
        DriftedTranslation,
        Currency,
        "institution__kind",
        RegionOfInstitution,
        ("owner", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["institution", "theme"]
    search_fields = [
        "slug",
        "title_ja",
        "title_en",
        "institution__name_ja",
        "institution__name_en",
        "institution__aliases__label",
    ]
    ordering = ["theme__number", "slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GoodPractice]:
        return with_history(super().get_queryset(request))

    @admin.display(description=_("title"), ordering="title_ja")
    def title(self, practice: GoodPractice) -> str:
        return str(in_language(practice, "title"))

    @admin.display(description=_("theme"), ordering="theme__number")
    def short_theme(self, practice: GoodPractice) -> str:
        return f"{practice.theme.number} {in_language(practice.theme, 'short')}"

    @admin.display(description=_("status"), ordering="status")
    def state(self, practice: GoodPractice) -> SafeString:
        return format_html(
            '<span class="desk-status desk-{}">{}</span>', practice.status, practice.get_status_display()
        )

    @admin.display(description=_("public version"), ordering="version", empty_value="—")
    def edition(self, practice: Any) -> int | None:
        version: int | None = practice.version
        return version

    @admin.display(description=_("last step"), ordering="moved_at")
    def last_step(self, practice: Any) -> str:
        return date_format(localtime(practice.moved_at), "DATE_FORMAT") if practice.moved_at else "—"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_curate(request.user)

    def has_change_permission(self, request: HttpRequest, obj: GoodPractice | None = None) -> bool:
        return may_edit(request.user, obj) if obj else may_keep_records(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: GoodPractice | None = None) -> bool:
        return may_delete(request.user, obj) if obj else may_curate(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: GoodPractice | None = None) -> Any:
        names = [name for _title, options in self.fieldsets for line in options["fields"] for name in line]
        frozen = ["slug"] if obj and obj.editions.exists() else []
        return list(dict.fromkeys([*frozen, *locked_texts(names, request, obj), "owner_name"]))

    def get_fieldsets(self, request: HttpRequest, obj: GoodPractice | None = None) -> Any:
        """Where the owner can only be read, a name: Django would link to the accounts, which superusers alone see."""
        if "owner" not in self.get_readonly_fields(request, obj) and (not obj or may_edit(request.user, obj)):
            return self.fieldsets
        identity = [("owner_name",) if line == ("owner",) else line for line in IDENTITY]
        return [(self.fieldsets[0][0], {"fields": identity}), *self.fieldsets[1:]]

    @admin.display(description=_("owner"))
    def owner_name(self, practice: GoodPractice) -> str:
        return (full_name(practice.owner) or practice.owner.get_username()) if practice.owner else "—"

    def get_inline_formsets(self, *arguments: Any, **named: Any) -> Any:
        """Without handles to drag by where the account may not reorder."""
        inlines = super().get_inline_formsets(*arguments, **named)
        for inline in inlines:
            if "position" not in inline.formset.form.base_fields:
                inline.classes = inline.classes.replace("sortable", "")
        return inlines

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk}

    def save_model(self, request: HttpRequest, obj: GoodPractice, form: Any, change: Any) -> None:
        if change:
            claim(obj, int(form.cleaned_data["seen"]))
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/preview/", wrap(self.preview), name="practices_goodpractice_preview"),
            path("<int:pk>/step/<str:name>/", wrap(self.step), name="practices_goodpractice_step"),
            path(
                "<int:pk>/attachments/<int:attachment>/",
                wrap(self.attachment),
                name="practices_goodpractice_attachment",
            ),
        ]
        return [*own, *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The public page as the draft would look, in `?lang=ja` or `en`; for every role."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        practice = get_object_or_404(GoodPractice.objects.with_labels().with_parts(), pk=pk)
        language = request.GET.get("lang", "")
        with translation.override(language if language in LANGUAGES else current_language()):
            context = practice_context(practice, preview=True)
            return TemplateResponse(request, "practices/practice_detail.html", context).render()

    def attachment(self, request: HttpRequest, pk: int, attachment: int) -> FileResponse:
        """A file of the desk: the public address serves only what an edition names."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Attachment, practice=pk, pk=attachment)
        try:
            name = f"{row}{PurePosixPath(str(row.file)).suffix}"
            return FileResponse(row.file.open(), as_attachment=True, filename=name)
        except FileNotFoundError as error:
            raise Http404 from error
