"""The API's description of itself: read from the views, so that it can't say what they don't do."""

from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer

from sih_portal.negotiation import (
    REFERENCES,
    BibTeXRenderer,
    CSVRenderer,
    JSONLinesRenderer,
    JSONStatRenderer,
    WorkbookRenderer,
)
from sih_portal.query_names import Documented, Name, Number, OneOf

JSON: Final = "application/json"


class ErrorSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    message = serializers.CharField()
    allowed = serializers.ListField(child=serializers.CharField())


class RefusalSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()
    errors = ProblemSerializer(many=True)  # type: ignore[assignment]  # a field, taken out of the class when it is made


class ArchivedSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()
    slug = serializers.SlugField()
    archived = serializers.BooleanField()
    updated_at = serializers.DateTimeField()


REFUSAL_EXAMPLE: Final = {
    "detail": "kind=royal: This value is not known.",
    "errors": [
        {
            "name": "kind",
            "value": "royal",
            "message": "This value is not known.",
            "allowed": ["national", "public", "private", "inter_university"],
        }
    ],
}
# The members of a dataset and of a collection of datasets, as https://json-stat.org/full/ names them.
JSON_STAT: Final = {
    "type": "object",
    "required": ["version", "class", "href", "label"],
    "properties": {
        "version": {"type": "string", "enum": ["2.0"]},
        "class": {"type": "string", "enum": ["dataset", "collection"]},
        "href": {"type": "string", "format": "uri"},
        "label": {"type": "string"},
        "source": {"type": "string"},
        "updated": {"type": "string", "format": "date-time"},
        "note": {"type": "array", "items": {"type": "string"}},
        "id": {"type": "array", "items": {"type": "string"}},
        "size": {"type": "array", "items": {"type": "integer"}},
        "role": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "dimension": {"type": "object", "additionalProperties": {"type": "object"}},
        "value": {
            "oneOf": [
                {"type": "array", "items": {"type": "number", "nullable": True}},
                {"type": "object", "additionalProperties": {"type": "number"}},
            ]
        },
        "status": {"type": "object", "additionalProperties": {"type": "string"}},
        "link": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "object"}}},
        "extension": {"type": "object", "additionalProperties": {}},
    },
}


def parameter(name: Name) -> OpenApiParameter:
    """The description of a query name, with the values it takes where they are known without asking the database."""
    about = str(name.description)
    match name:
        case OneOf():
            enum = list(name.values()) if name.is_fixed else None
            return OpenApiParameter(name.name, str, description=about, enum=enum, many=name.is_repeatable)
        case Number():
            schema = {"type": "integer", "minimum": 1, "maximum": name.most, "default": name.default}
            return OpenApiParameter(name.name, schema, description=about)
        case Documented():
            enum = list(name.enum) if name.enum else None
            return OpenApiParameter(name.name, name.schema, description=about, enum=enum, many=name.is_repeatable)


class RecordsSchema(AutoSchema):
    """Documents the two operations of a `sih_portal.rest.Records` view."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        documented = [parameter(name) for name in self.view.query_names()]
        return documented if self._is_list() else [*documented, self._path_parameter()]

    def get_summary(self) -> str:
        return _("List, or the whole as a file") if self._is_list() else _("One record")

    def get_description(self) -> str:  # type: ignore[override]  # as in the class above
        about = str(self.view.about)
        if not self._is_list():
            return about
        names = ", ".join(f"`{column.name}`" for column in self.view.columns)
        parts = [
            about,
            _("Columns of `format=csv` and `format=xlsx`: %(names)s.") % {"names": names},
            _(
                "A file holds the whole result, whatever `page` says. CSV is UTF-8 with a byte order mark; a cell "
                "that a spreadsheet could take for a formula has an apostrophe before it: drop it to read the "
                "text. `jsonl` is JSON Lines: one object of `results` on each line. The last sheet of the Excel "
                "file, `about`, says in the language of `lang` what each column holds."
            ),
        ]
        if self._has(BibTeXRenderer):
            parts.append(
                _(
                    "`bibtex`, `ris` and `csljson` are references to the cases as they are now, each naming its "
                    "version; texts are in the language of `lang` where the case has them."
                )
            )
        if self._has(JSONStatRenderer):
            parts.append(
                _(
                    "`json-stat` is JSON-stat 2.0 with labels in the language of `lang`: one dataset, or a collection "
                    "that holds datasets. `status` says why a number is withheld, else what checking it gave; "
                    "`extension` holds, by the index of the value, what JSON-stat has no word for."
                )
            )
        return "\n\n".join(parts)

    def get_operation(self, *arguments: Any, **options: Any) -> Any:
        operation: Any = super().get_operation(*arguments, **options)
        if self._has(JSONStatRenderer):
            content = operation["responses"]["200"]["content"][JSON]
            content["schema"] = {"oneOf": [content["schema"], JSON_STAT]}
        return operation

    def get_response_serializers(self) -> Any:
        answers: dict[Any, Any] = {(200, JSON): self.view.documented()}
        if self._is_list():
            answers[200, CSVRenderer.media_type] = OpenApiTypes.STR
            answers[200, WorkbookRenderer.media_type] = OpenApiTypes.BINARY
            answers[200, JSONLinesRenderer.media_type] = OpenApiTypes.STR
            answers |= {(200, one.media_type): OpenApiTypes.STR for one in REFERENCES if self._has(one)}
        answers[400, JSON] = OpenApiResponse(
            RefusalSerializer,
            _("A name or value that means nothing here, with the allowed ones."),
            [OpenApiExample("unknown value", REFUSAL_EXAMPLE)],
        )
        answers[404, JSON] = OpenApiResponse(
            ErrorSerializer, _("No such page.") if self._is_list() else _("Nothing was ever public under this id.")
        )
        if self.view.can_be_archived and not self._is_list():
            answers[410, JSON] = OpenApiResponse(ArchivedSerializer, _("It was public once and was taken back."))
        answers[429, JSON] = OpenApiResponse(ErrorSerializer, _("Too many requests: wait as `Retry-After` says."))
        return answers

    def _path_parameter(self) -> OpenApiParameter:
        kind = int if self.view.lookup_value_converter == "public_number" else str
        name = self.view.lookup_url_kwarg or self.view.lookup_field
        return OpenApiParameter(name, kind, OpenApiParameter.PATH, description=str(self.view.id_about))

    def _is_list(self) -> bool:
        return bool(self.view.action == "list")

    def _has(self, renderer: type[BaseRenderer]) -> bool:
        return any(isinstance(one, renderer) for one in self.view.get_renderers())
