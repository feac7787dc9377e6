"""The read API, version 1: its endpoints, its description and its catch-all."""

from typing import Any, Final

from django.urls import include, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter

from practices.api import viewsets as practices
from sih_portal.kept import cached
from sih_portal.query_names import Documented, Name
from sih_portal.rest import Records, StrictView
from survey.api import viewsets as survey
from universities.api import viewsets as universities

ENDPOINTS: Final[dict[str, tuple[str, type[Records[Any]]]]] = {
    "institutions": ("institution", universities.Institutions),
    "headquarters": ("headquarters", universities.HeadquartersUnits),
    "programmes": ("programme", universities.Programmes),
    "themes": ("theme", practices.Themes),
    "recommendations": ("recommendation", practices.Recommendations),
    "practices": ("practice", practices.Practices),
    "actions": ("action", practices.Actions),
    "effects": ("effect", practices.Effects),
    "concepts": ("concept", practices.Concepts),
    "publications": ("publication", practices.Publications),
    "events": ("event", practices.Events),
    "survey/rounds": ("round", survey.Rounds),
    "survey/indicators": ("indicator", survey.Indicators),
    "survey/figures": ("figure", survey.Figures),
}


class Root(StrictView):
    renderer_classes = [JSONRenderer]

    @extend_schema(
        operation_id="root",
        description=gettext_lazy("Every endpoint by name."),
        responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}},
    )
    def get(self, request: Request) -> Response:
        names = {prefix: f"api:{name}-list" for prefix, (name, _view) in ENDPOINTS.items()}
        names |= {"schema": "api:schema", "docs": "api:docs"}
        return Response({prefix: reverse(name, request=request) for prefix, name in names.items()})


class KeptGenerator(SchemaGenerator):
    """Reads the views once for each language, and not for each reader: it takes a hundred times what sending does."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:  # noqa: FBT001, FBT002  (its signature)
        make: Any = super().get_schema
        return cached("schema", lambda: make(request, public))


class Schema(StrictView, SpectacularAPIView):
    """The OpenAPI document; JSON unless YAML is asked for."""

    generator_class = KeptGenerator
    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]

    def query_names(self) -> tuple[Name, ...]:
        return (*super().query_names(), Documented("format", ""))


class Docs(StrictView, SpectacularSwaggerSplitView):
    """The document to read and try, from files of our own host; the script comes by an address of its own."""

    url_name = "api:schema"

    def query_names(self) -> tuple[Name, ...]:
        return (*super().query_names(), Documented("script", ""))

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Without the token that the viewer would send: nothing is posted here, and everybody gets the same bytes."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response.data["csrf_token"] = ""
        return response


@extend_schema(exclude=True)
class Nothing(StrictView):
    """What is not an endpoint, whatever the method."""

    renderer_classes = [JSONRenderer]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(_("There is no endpoint at this address. They are listed at /api/v1/."))


router = SimpleRouter(use_regex_path=False)
for prefix, (name, viewset) in ENDPOINTS.items():
    router.register(prefix, viewset, basename=name)

app_name = "api"
urlpatterns = [
    path("", Root.as_view(), name="root"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    path("", include(router.urls)),
    path("<path:address>/", Nothing.as_view(), name="nothing"),
]
