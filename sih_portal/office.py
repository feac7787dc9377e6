"""The admin site. Its first page shows what the admins of the apps put there, above the stock list of records."""

from typing import Any, Protocol, runtime_checkable

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse


@runtime_checkable
class OnIndex(Protocol):
    """An admin that has something to show on the first page."""

    def index_context(self, request: HttpRequest) -> dict[str, Any]: ...


class Office(AdminSite):
    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        context = extra_context or {}
        for model_admin in self._registry.values():
            if isinstance(model_admin, OnIndex):
                context |= model_admin.index_context(request)
        return super().index(request, context)
