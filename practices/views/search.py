"""The search page."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.views.generic import View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from practices import search
from practices.fruitless import note_fruitless
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
            context = self.get_context_data()
        except search.QueryError as error:
            raise BadRequest(str(error)) from error
        note_fruitless(request, context["asked"], context["answer"])
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **results_context(self.request.GET))
