"""The search page."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.views.generic import View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from practices import search
from practices.result_sheet import result_sheet
from practices.results import FORMAT, results_context
from sih_portal.downloads import workbook_answer
from sih_portal.query_names import sift


class PracticeList(TemplateResponseMixin, ContextMixin, View):
    template_name = "practices/practice_list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The page, or with `format=xlsx` the whole result as an Excel file.

        :raises BadRequest: when the search words can't be searched for.
        """
        try:
            if sift(request.GET, FORMAT)[0]:
                return workbook_answer(result_sheet(request.GET), "practices")
            return self.render_to_response(self.get_context_data())
        except search.QueryError as error:
            raise BadRequest(str(error)) from error

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **results_context(self.request.GET))
