"""What the rooms of the survey's managers share: nobody else sees who is asked, and pages stand below their round."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from sih_portal.staff import DeskAdmin, Row
from survey.permissions import may_keep_survey

View = Callable[..., HttpResponseBase]


class OnlyManagers(DeskAdmin[Row]):
    """Names and addresses of people in offices: other roles of the desk don't see them."""

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return may_keep_survey(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_keep_survey(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return may_keep_survey(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return may_keep_survey(request.user)


def room(desk: DeskAdmin[Any], address: str, view: View, name: str) -> URLPattern:
    """An address below an admin's list, for the survey's managers alone; `name` follows the model's."""

    def guarded(request: HttpRequest, **places: Any) -> HttpResponseBase:
        if not may_keep_survey(request.user):
            raise PermissionDenied
        return view(request, **places)

    opts = desk.opts
    return path(address, desk.admin_site.admin_view(guarded), name=f"{opts.app_label}_{opts.model_name}_{name}")


def page(
    desk: DeskAdmin[Any], request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> TemplateResponse:
    """A page of the desk. `context` has its `title`; pages below a record name it as `original`."""
    shared = {**desk.admin_site.each_context(request), "opts": desk.opts, "original": None}
    return TemplateResponse(request, f"admin/survey/{template}.html", {**shared, **context}, status=status)
