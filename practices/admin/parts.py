"""The ordered parts of a case, edited on its page: actions, effects, links and attachments."""

from typing import Any

from adminsortable2.admin import SortableStackedInline
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from practices.forms import AttachmentForm, LinkForm, PartForm, PartFormSet
from practices.models import Action, Attachment, Effect, GoodPractice, Link
from practices.permissions import languages_to_edit, may_edit, may_edit_everything, may_read_desk
from sih_portal.staff import Fields, in_both_languages


def locked_texts(names: list[str], request: HttpRequest, practice: GoodPractice | None) -> list[str]:
    """Of the fields `names`, those that the account may not change: for translators all but their language's texts."""
    if practice is None or may_edit_everything(request.user, practice):
        return []
    own = tuple(f"_{language}" for language in languages_to_edit(request.user, practice))
    return [name for name in names if not name.endswith(own)]


class PartInline(Fields, SortableStackedInline):
    template = "admin/practices/goodpractice/part_inline.html"
    form = PartForm
    formset = PartFormSet
    ordering = ("position", "number")
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: GoodPractice | None = None) -> bool:
        return may_read_desk(request.user)

    def has_add_permission(self, request: HttpRequest, obj: GoodPractice | None = None) -> bool:
        return may_edit_everything(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: GoodPractice | None = None) -> bool:
        return may_edit_everything(request.user, obj)

    def has_change_permission(self, request: HttpRequest, obj: GoodPractice | None = None) -> bool:
        return may_edit(request.user, obj) if obj else may_edit_everything(request.user, None)

    def get_readonly_fields(self, request: HttpRequest, obj: GoodPractice | None = None) -> Any:
        names = [name for _title, options in self.fieldsets for line in options["fields"] for name in line]
        return [*self.readonly_fields, *locked_texts(names, request, obj)]


class TextInline(PartInline):
    fieldsets = [(None, {"fields": [*in_both_languages("text"), ("position",)]})]


class ActionInline(TextInline):
    model = Action


class EffectInline(TextInline):
    model = Effect


class LinkInline(PartInline):
    model = Link
    form = LinkForm
    fieldsets = [(None, {"fields": [*in_both_languages("label"), ("url", "position")]})]
    extra = 0


class AttachmentInline(PartInline):
    model = Attachment
    form = AttachmentForm
    fieldsets = [(None, {"fields": [*in_both_languages("title"), ("file", "download", "position")]})]
    readonly_fields = ("download",)
    extra = 0

    @admin.display(description=_("stored file"))
    def download(self, attachment: Attachment) -> str | SafeString:
        if not attachment.pk:
            return "—"
        address = reverse("admin:practices_goodpractice_attachment", args=[attachment.practice_id, attachment.pk])
        return format_html('<a href="{}">{}</a>', address, _("Open"))
