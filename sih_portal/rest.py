"""What every endpoint of the API shares."""

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import BaseRenderer
from rest_framework.views import exception_handler  # noqa: F401


class CSVRenderer(BaseRenderer):
    media_type = "text/csv"
    format = "csv"


class Negotiation(DefaultContentNegotiation):
    pass


class Pages(PageNumberPagination):
    page_size = 20
