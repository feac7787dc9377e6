"""The button that makes a new draft from a case."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext

from practices.duplicating import duplicate
from practices.models import GoodPractice
from practices.permissions import may_curate
from sih_portal.staff import DeskAdmin

from .steps import change_page


class Duplicating(DeskAdmin[GoodPractice]):
    """For the admin of cases. Curators duplicate a case in any status: the copy is theirs, the case stays as it is."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.duplicate)
        return [path("<int:pk>/duplicate/", view, name="practices_goodpractice_duplicate"), *super().get_urls()]

    def duplicate(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may_curate(request.user):
            raise PermissionDenied
        practice = get_object_or_404(GoodPractice, pk=pk)
        account: Any = request.user  # only a known account has the role
        copy = duplicate(practice, by=account)
        self.log_addition(request, copy, gettext("Duplicated from “%(case)s”.") % {"case": practice.slug})
        told = gettext("This is a new draft, made from “%(case)s”. Please give it its own title and slug.")
        self.message_user(request, told % {"case": practice}, messages.SUCCESS)
        return HttpResponseRedirect(change_page(copy))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        context["may_duplicate"] = may_curate(request.user)
        return super().render_change_form(request, context, *arguments, **named)
