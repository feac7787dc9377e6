"""Filters of the list of cases that a person keeps under names: the own ones alone, and only what the list can do."""

from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from practices.models import GoodPractice, SavedFilter
from sih_portal.staff import DeskAdmin

MOST_FILTERS: Final = 30
LONGEST_QUERY: Final = SavedFilter._meta.get_field("query").max_length or 0
LIST: Final = "admin:practices_goodpractice_changelist"


class SavedFilterForm(forms.ModelForm[SavedFilter]):
    """The name of a filter; `query` is sifted by the view before it gets here."""

    class Meta:
        model = SavedFilter
        fields: ClassVar[list[str]] = ["name", "query"]
        labels: ClassVar[dict[str, Any]] = {"name": _("Name of the filter")}
        widgets: ClassVar[dict[str, Any]] = {"query": forms.HiddenInput}
        error_messages: ClassVar[dict[str, Any]] = {
            "query": {
                "required": _("There is nothing to keep: choose a filter, a search or an order first."),
                "max_length": _("These filters are too long to be kept. Please use fewer of them."),
            }
        }

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].widget.attrs.pop("maxlength", None)

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        others = SavedFilter.objects.filter(owner=self.instance.owner_id).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(taken(name))
        if self.instance._state.adding and others.count() >= MOST_FILTERS:
            told = _("You can keep %(count)d filters. Please delete one that you no longer need.")
            raise forms.ValidationError(told, params={"count": MOST_FILTERS})
        return name

    def keep(self) -> bool:
        """Whether the filter was saved: a second click may have been faster."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error("name", taken(self.cleaned_data["name"]))
            return False
        return True


def taken(name: str) -> forms.ValidationError:
    told = _("You already keep a filter named “%(name)s”. Please choose another name.")
    return forms.ValidationError(told, params={"name": name})


class SavedFilters(DeskAdmin[GoodPractice]):
    """For the admin of cases: the own filters stand above the list, and on a page to rename and delete them."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        name = "practices_goodpractice_saved_filter"
        own = [
            path("filters/", wrap(self.saved_filters), name=f"{name}s"),
            path("filters/<int:pk>/", wrap(self.saved_filter), name=name),
            path("filters/<int:pk>/delete/", wrap(self.delete_saved_filter), name=f"{name}_delete"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        present = self.sifted(request, request.GET)
        own = {
            "saved_filters": list(self._links(request, present)),
            "saved_filter_form": SavedFilterForm(initial={"query": present}) if present else None,
        }
        return super().changelist_view(request, own | (extra_context or {}))

    def saved_filters(self, request: HttpRequest) -> HttpResponse:
        """GET: the own filters. POST: keeps one, and leads back to the list under it."""
        self._only_readers(request)
        if request.method != "POST":
            return self._filters_page(request)
        data = {"name": request.POST.get("name", ""), "query": self.sifted(request, QueryDict(asked_query(request)))}
        owner: Any = request.user  # the admin lets nobody else in
        form = SavedFilterForm(data, instance=SavedFilter(owner=owner))
        if not (form.is_valid() and form.keep()):
            return self._filters_page(request, form)
        self.message_user(
            request, gettext("The filter “%(name)s” is kept.") % {"name": form.instance}, messages.SUCCESS
        )
        return HttpResponseRedirect(list_with(form.instance.query))

    def saved_filter(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST gives the filter another name."""
        self._only_readers(request)
        kept = get_object_or_404(own_filters(request), pk=pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = SavedFilterForm({"name": request.POST.get("name", ""), "query": kept.query}, instance=kept)
        if not (form.is_valid() and form.keep()):
            return self._filters_page(request, form)
        self.message_user(request, gettext("The filter is now named “%(name)s”.") % {"name": kept}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:practices_goodpractice_saved_filters"))

    def delete_saved_filter(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._only_readers(request)
        kept = get_object_or_404(own_filters(request), pk=pk)
        if request.method == "POST":
            kept.delete()
            told = gettext("The filter “%(name)s” was deleted.") % {"name": kept}
            self.message_user(request, told, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:practices_goodpractice_saved_filters"))
        return self._page(request, "saved_filter_delete", {"title": gettext("Delete a saved filter"), "kept": kept})

    def sifted(self, request: HttpRequest, asked: QueryDict) -> str:
        """Of a query what the list filters, searches and sorts by, in the order of the names."""
        kept = QueryDict(mutable=True)
        for name, values in sorted(asked.lists()):
            if name in {SEARCH_VAR, ORDER_VAR} or self.lookup_allowed(name, values[-1], request):
                kept.setlist(name, [value for value in values if value])
        return kept.urlencode()

    def _links(self, request: HttpRequest, present: str) -> Any:
        """Each own filter with its query, sifted anew for the filters the list has today."""
        for kept in own_filters(request):
            query = self.sifted(request, QueryDict(kept.query))
            yield {"name": kept.name, "address": list_with(query), "is_current": bool(present) and query == present}

    def _filters_page(self, request: HttpRequest, failed: SavedFilterForm | None = None) -> HttpResponse:
        """Each own filter with the form of its name; `failed` is a form that came back, of one of them or a new one."""
        renaming = failed.instance.pk if failed else None
        forms_of = [
            failed if failed and kept.pk == renaming else SavedFilterForm(instance=kept, auto_id=f"filter-{kept.pk}-%s")
            for kept in own_filters(request)
        ]
        context = {
            "title": gettext("Saved filters"),
            "filters": [(form, list_with(self.sifted(request, QueryDict(form.instance.query)))) for form in forms_of],
            "new": failed if failed and renaming is None else None,
        }
        return self._page(request, "saved_filters", context, status=400 if failed else 200)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        address = f"admin/practices/goodpractice/{name}.html"
        return TemplateResponse(request, address, {**shared, **context}, status=status)

    def _only_readers(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def own_filters(request: HttpRequest) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.filter(owner=request.user.pk).order_by("name", "pk")


def asked_query(request: HttpRequest) -> str:
    """As long as a browser sends; what is too long to keep is refused in words, not cut."""
    return str(request.POST.get("query", "")).removeprefix("?")


def list_with(query: str) -> str:
    return f"{reverse(LIST)}?{query}" if query else reverse(LIST)
