"""What every endpoint of the API shares: strict reading, pages, downloads, refusals as JSON, texts by language."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db.models import Model, QuerySet
from django.http import HttpResponseBase, QueryDict
from django.urls import register_converter, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.exceptions import APIException, NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as answer_to

from sih_portal import tabular
from sih_portal.addresses import page_addresses
from sih_portal.downloads import DOWNLOADS, NOT_OF_THE_QUERY, SOURCE, About, Whole
from sih_portal.language import LANGUAGES
from sih_portal.negotiation import CSVRenderer, JSONLinesRenderer, OtherJSONLinesRenderer, WorkbookRenderer
from sih_portal.openapi import RecordsSchema
from sih_portal.query_names import (
    LANG,
    LARGEST_PAGE,
    PAGE,
    PAGE_SIZE,
    USUAL_PAGE,
    Documented,
    Name,
    Refusal,
    Refused,
    narrow,
    refusals_of,
    unreadable,
)
from sih_portal.workbook import Sheet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Row = TypeVar("Row", bound=Model)
CHUNK: Final = 100


class Archived(APIException):
    """What was public once and is no longer: its slug and the moment, nothing else of it."""

    status_code = 410

    def __init__(self, *, slug: str, moment: datetime | None) -> None:
        detail = _("This practice is no longer public.")
        updated_at = serializers.DateTimeField().to_representation(moment)  # type: ignore[arg-type]
        self.detail: Any = {"detail": detail, "slug": slug, "archived": True, "updated_at": updated_at}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals are JSON whatever format was asked for; faults of ours go on to the handlers of the project."""
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    if isinstance(error, SuspiciousOperation):
        return Response({"detail": _("The request could not be understood."), "errors": []}, status=400)
    return answer_to(error, context)


class Pages(PageNumberPagination):
    page_size = USUAL_PAGE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    invalid_page_message: Any = gettext_lazy("There is no such page: the list ends before it.")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        properties = {"count": {"type": "integer"}, "next": link, "previous": link, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}


class NumberConverter:
    """A public number in an address: short enough for every database."""

    regex = "[1-9][0-9]{0,3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(NumberConverter, "public_number")


class StrictView(APIView):
    """Refuses every query name and value it does not know."""

    def query_names(self) -> tuple[Name, ...]:
        return (LANG,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            return
        if refusals := unreadable(request.META["QUERY_STRING"]) or self.refusals(request.query_params):
            raise Refused(refusals)

    def refusals(self, params: QueryDict) -> list[Refusal]:
        return refusals_of(params, self.query_names())


class Records(StrictView, viewsets.GenericViewSet[Row]):
    """Public records: a list in pages, the same list whole as a file, and each record under its public id.

    A view names `queryset` (ordered, with all it shows loaded), `serializer_class`, `columns` with their `meanings`,
    `about`, and the names that narrow its list. Every answer costs a constant number of queries.
    """

    schema = RecordsSchema()
    pagination_class = Pages
    renderer_classes = [JSONRenderer, CSVRenderer, WorkbookRenderer, JSONLinesRenderer, OtherJSONLinesRenderer]
    columns: ClassVar[tabular.Columns]
    meanings: ClassVar[Mapping[str, "StrOrPromise"]] = {}
    more_sheets: ClassVar[Sequence[Sheet]] = ()
    more_downloads: ClassVar[Mapping[str, Callable[[Whole], HttpResponseBase]]] = {}  # by format, beside DOWNLOADS
    page: ClassVar[str] = ""  # name of the page that takes the same query
    about: ClassVar["StrOrPromise"]
    id_about: ClassVar["StrOrPromise"] = gettext_lazy("The public id, as in the list.")
    narrowing: ClassVar[tuple[Name, ...]] = ()
    can_be_archived: ClassVar[bool] = False
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def query_names(self) -> tuple[Name, ...]:
        formats = tuple(dict.fromkeys(renderer.format for renderer in self.get_renderers()))
        form = Documented("format", _("Form of the answer; `Accept` may name it as well."), enum=formats)
        paging = (PAGE, PAGE_SIZE) if self.action == "list" else ()
        return (*(self.narrowing if self.action == "list" else ()), *paging, LANG, form)

    def get_renderers(self) -> Any:
        return [renderer() for renderer in self.renderer_classes if self.action == "list" or renderer is JSONRenderer]

    def list(self, request: Request) -> HttpResponseBase:
        keys = self.keys()
        if send := {**DOWNLOADS, **self.more_downloads}.get(request.accepted_renderer.format):
            return send(self._whole(keys[:]))
        page = self.paginate_queryset(keys)
        return self.get_paginated_response(self.get_serializer(self.page_rows(page or []), many=True).data)

    def retrieve(self, _request: Request, **ids: Any) -> Response:
        row = self.named(**ids).first()
        if row is None:
            raise self.missing(**ids)
        return Response(self.get_serializer(row).data)

    def documented(self) -> Any:
        """The serializer that describes what the list holds, or the one record."""
        return self.serializer_class

    def named(self, **ids: Any) -> QuerySet[Row]:
        """The public record of an address, or none."""
        return self.get_queryset().filter(**{self.lookup_field: ids[self.lookup_url_kwarg or self.lookup_field]})

    def missing(self, **_ids: Any) -> APIException:
        """Why there is no record at an address."""
        return NotFound(_("There is nothing at this address."))

    def keys(self) -> Sequence[int]:
        """Primary keys of the whole answer, in its order."""
        rows = narrow(self.get_queryset(), self.request.query_params, self.narrowing)
        return list(rows.values_list("pk", flat=True))

    def rows(self, keys: Sequence[Any]) -> Sequence[Row]:
        """The rows with these keys, in this order; one that is no longer public is left out."""
        found = {row.pk: row for row in self.get_queryset().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]

    def page_rows(self, keys: Sequence[int]) -> Sequence[Any]:
        """What the serializer of a page in JSON makes objects of."""
        return self.rows(keys)

    def file_name(self, name: str) -> str:
        """Of the whole answer, without its ending; `name` is that of the list."""
        return name

    def sources(self) -> Sequence[str]:
        """Where the rows of the answer come from, a sentence each."""
        return [_(SOURCE)]

    def _whole(self, keys: Sequence[int]) -> Whole:
        name = self.request.path.removeprefix(reverse("api:root")).strip("/").replace("/", "-")
        return Whole(
            name=self.file_name(name),
            sheets=[Sheet(name, self.columns), *self.more_sheets],
            chunks=(self.rows(keys[start : start + CHUNK]) for start in range(0, len(keys), CHUNK)),
            objects=lambda rows: self.get_serializer(rows, many=True).data,
            about=About(
                text=str(self.about),
                query=self.request.query_params,
                addresses=self._addresses(),
                sources=self.sources(),
                meanings=self.meanings,
                model=self.get_queryset().model,
            ),
        )

    def _addresses(self) -> Sequence[str]:
        """Of the page with the same query, where there is one, and of this answer."""
        asked = self.request.query_params.copy()
        asked["format"] = self.request.accepted_renderer.format
        addresses = [f"{self.request.path}?{asked.urlencode()}"]
        for name in NOT_OF_THE_QUERY:
            asked.pop(name, None)
        if self.page:
            addresses.insert(0, f"{reverse(self.page)}{'?' if asked else ''}{asked.urlencode()}")
        return [f"{settings.SITE_URL}{address}" for address in addresses]


class TextSerializer(serializers.Serializer[Any]):
    en = serializers.CharField(allow_null=True)
    ja = serializers.CharField(allow_null=True)


class AddressesSerializer(serializers.Serializer[Any]):
    en = serializers.URLField()
    ja = serializers.URLField()


@extend_schema_field(TextSerializer)
class TextField(serializers.Field[Any, Any, dict[str, str | None], Any]):
    """The columns `<stem>_en` and `<stem>_ja` as one object; null where a translation is missing."""

    def __init__(self, stem: str = "") -> None:
        super().__init__(source="*")
        self.stem = stem

    def bind(self, field_name: str, parent: Any) -> None:
        super().bind(field_name, parent)
        self.stem = self.stem or field_name

    def to_representation(self, value: object) -> dict[str, str | None]:
        return {language: getattr(value, f"{self.stem}_{language}") or None for language in LANGUAGES}


@extend_schema_field(AddressesSerializer)
class AddressesField(serializers.Field[Any, Any, dict[str, str], Any]):
    """The page of the row, in each language."""

    def __init__(self) -> None:
        super().__init__(source="*")

    def to_representation(self, value: Any) -> dict[str, str]:
        return page_addresses(value)


class FilledField(serializers.CharField):
    """A text in no language; null where the row has none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) or None
