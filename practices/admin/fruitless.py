"""Searches without a result at the desk: read by those who curate, and taken off the list when they are settled."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from practices.models import FruitlessQuery
from practices.permissions import may_curate
from sih_portal.staff import DeskAdmin


def search_page(query: FruitlessQuery) -> str:
    """The search with these words, on the pages of the language in which it was asked."""
    with translation.override(query.language):
        return f"{reverse('practices:practice-list')}?{urlencode({'q': query.text})}"


@admin.register(FruitlessQuery)
class FruitlessQueryAdmin(DeskAdmin[FruitlessQuery]):
    list_display = ["text", "language", "asked", "first_asked_on", "last_asked_on", "again"]
    list_display_links = None
    list_filter = ["language"]
    search_fields = ["text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FruitlessQuery]:
        return FruitlessQuery.objects.shown(timezone.localdate())

    @admin.display(description=_("search again"))
    def again(self, query: FruitlessQuery) -> SafeString:
        label = gettext("Search for “%(words)s” again") % {"words": query.text}
        link = '<a href="{}" target="_blank" aria-label="{}">{}</a>'
        return format_html(link, search_page(query), label, gettext("Search again"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_curate(request.user)

    def has_view_permission(self, request: HttpRequest, obj: FruitlessQuery | None = None) -> bool:
        return may_curate(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FruitlessQuery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FruitlessQuery | None = None) -> bool:
        return may_curate(request.user)

    def get_actions(self, request: HttpRequest) -> Any:
        """Deleting is called by what it means here; Django asks first, and says what goes."""
        actions: Any = super().get_actions(request)
        return {
            name: (call, name, _("Settled: take off the list") if name == "delete_selected" else label)
            for name, (call, _name, label) in actions.items()
        }
