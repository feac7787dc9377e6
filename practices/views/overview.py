"""The overview of institutions and themes, to take away."""

from django.http import HttpRequest, HttpResponseBase
from django.views.generic import View

from practices.overview_sheet import overview_sheet
from sih_portal.downloads import workbook_answer


class OverviewSheet(View):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        return workbook_answer(overview_sheet(), "overview")
