"""Which form an answer of the API takes. Apart from `rest`: the framework loads it while it is loading itself."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from sih_portal.query_names import OneOf, Refusal, Refused, sift

LONGEST_ACCEPT: Final = 2_000  # characters; a browser sends about 150


class CSVRenderer(BaseRenderer):
    """Names the format for negotiation, like the two below; the answers themselves are made in `downloads`."""

    media_type = "text/csv"
    format = "csv"


class WorkbookRenderer(BaseRenderer):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"


class JSONLinesRenderer(BaseRenderer):
    media_type = "application/x-ndjson"
    format = "jsonl"


class OtherJSONLinesRenderer(JSONLinesRenderer):
    """The other name it goes by; neither is registered."""

    media_type = "application/jsonl"


class JSONStatRenderer(BaseRenderer):
    """Statistics as JSON-stat 2.0, which has no type of its own: only `?format=` names it, `Accept` never does."""

    media_type = "application/json"
    format = "json-stat"


class BibTeXRenderer(BaseRenderer):
    """Names the format, like the two below; what they hold is made in `practices.references`."""

    media_type = "application/x-bibtex"
    format = "bibtex"


class RISRenderer(BaseRenderer):
    media_type = "application/x-research-info-systems"
    format = "ris"


class CSLRenderer(BaseRenderer):
    media_type = "application/vnd.citationstyles.csl+json"
    format = "csljson"


REFERENCES: Final[Sequence[type[BaseRenderer]]] = (BibTeXRenderer, RISRenderer, CSLRenderer)


class Negotiation(BaseContentNegotiation):
    """`?format=` must be known. `Accept` chooses where it names something we have, else the first form stands."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        by_format = {renderer.format or "": renderer for renderer in reversed(renderers)}
        wanted, refusals = sift(request.query_params, OneOf("format", "", lambda: list(reversed(by_format))))
        if refusals:
            raise Refused(refusals)
        renderer = by_format[wanted[0]] if wanted else self._accepted(request, renderers)
        return renderer, renderer.media_type

    def _accepted(self, request: Request, renderers: Sequence[BaseRenderer]) -> BaseRenderer:
        if len(request.headers.get("accept", "")) > LONGEST_ACCEPT:
            message = _("This header is too long: %(most)d characters at most.") % {"most": LONGEST_ACCEPT}
            raise Refused([Refusal("Accept", None, message)])
        preferred = request.get_preferred_type([renderer.media_type for renderer in renderers])
        return next((renderer for renderer in renderers if renderer.media_type == preferred), renderers[0])
