"""Read-only endpoints of cases and what belongs to them. Cases are read through `Edition.objects.public()` alone."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Final, TypeVar

from django.db.models import Model, Prefetch, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from practices import exporting, references
from practices.filters import Asked, answer, read, updated_since
from practices.models.concept import Concept, ConceptLabel
from practices.models.edition import Edition, EditionAction, EditionEffect, EditionQuerySet
from practices.models.publication import Event, Publication
from practices.models.theme import ProgrammeAction, Recommendation, Theme
from practices.search import QueryError, public_cases
from practices.suggesting import suggestions
from sih_portal.negotiation import REFERENCES
from sih_portal.query_names import LANG, Refusal, Refused, sift
from sih_portal.rest import Archived, Pages, Records

from . import converters, parameters, serializers  # noqa: F401  (converters register when imported)
from .listed import ListedPracticeSerializer

Row = TypeVar("Row", bound=Model)
PUBLIC: Final = Edition.objects.public()


class CasePages(Pages):
    """Pages that say `relaxed` when no case has all words of `q`, so that those with most of them are listed.

    Beside those, and beside no case at all, stand `suggestions` of other words.
    """

    is_relaxed = False
    suggestions: Sequence[str] = ()

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        if self.is_relaxed:
            response.data["relaxed"] = True
        if self.suggestions:
            response.data["suggestions"] = self.suggestions
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        documented = super().get_paginated_response_schema(schema)
        documented["properties"]["relaxed"] = {"type": "boolean", "enum": [True]}
        words = {"type": "string", "description": gettext("Other search words, for `q`, that find cases.")}
        documented["properties"]["suggestions"] = {"type": "array", "items": words, "minItems": 1, "maxItems": 2}
        return documented


class CaseQuery(Records[Row]):
    """What is listed by the query of cases, and answers 410 once its case is archived."""

    narrowing = parameters.QUERY
    pagination_class = CasePages
    can_be_archived = True
    paginator: CasePages
    asked: Asked

    def refusals(self, params: QueryDict) -> list[Refusal]:
        if self.action != "list":
            return super().refusals(params)
        self.asked = read(params, more=("lang", "format"))
        return [*sift(params, LANG)[1], *self.asked.refusals]

    def case_keys(self) -> Sequence[int]:
        """Primary keys of the editions the query names, in its order."""
        language = get_language() or "en"
        try:
            answered = answer(self.asked, language)
        except QueryError as error:
            raise Refused([Refusal("q", self.asked.q[:200], str(error))]) from error
        self.paginator.is_relaxed = answered.found is not None and answered.found.relaxed
        self.paginator.suggestions = suggestions(self.asked, answered, language)
        return answered.ids

    @abstractmethod
    def archived(self, **ids: Any) -> EditionQuerySet:
        """The last edition that held what the address names, of a case that is no longer public."""

    def missing(self, **ids: Any) -> APIException:
        if edition := self.archived(**ids).values("slug", "retired_at").first():
            return Archived(slug=edition["slug"], moment=edition["retired_at"])
        return super().missing(**ids)


class Practices(CaseQuery[Edition]):
    queryset = PUBLIC.with_parts().with_first_published_at()
    serializer_class = ListedPracticeSerializer
    renderer_classes = [*Records.renderer_classes, *REFERENCES]
    more_downloads = references.DOWNLOADS
    columns = exporting.PRACTICES
    meanings = exporting.CASE_MEANINGS
    more_sheets = exporting.PART_SHEETS
    page = "practices:practice-list"
    about = _("Good practices: cases of what a university did, with what effect, and where the source says so.")

    def keys(self) -> Sequence[int]:
        """The cases the query names and then, with `updated_since`, what was archived since, the latest first."""
        found = self.case_keys()
        gone = self._archived_since().values_list("pk", flat=True)
        return [*found, *gone] if gone else found

    def rows(self, keys: Sequence[Any]) -> Sequence[Any]:
        found: dict[int, Any] = {row.pk: row for row in self.get_queryset().filter(pk__in=keys)}
        if gone := self._archived_since().filter(pk__in=keys).values_list("pk", "slug", "retired_at"):
            found |= {key: exporting.ArchivedCase(slug, moment) for key, slug, moment in gone if moment}
        return [found[key] for key in keys if key in found]

    def page_rows(self, keys: Sequence[int]) -> Sequence[Any]:
        """What the index keeps of the public ones, which is all that JSON says of them; then the archived ones."""
        cases = public_cases(keys)
        shown = {case.pk for case in cases}
        return [*cases, *self.rows([key for key in keys if key not in shown])]

    def documented(self) -> Any:
        if self.action != "list":
            return serializers.PracticeSerializer
        return PolymorphicProxySerializer(
            component_name="ListedPractice",
            serializers=[serializers.PracticeSerializer, serializers.ArchivedPracticeSerializer],
            resource_type_field_name=None,
            many=True,
        )

    def _archived_since(self) -> EditionQuerySet:
        """Other filters do not narrow it: nothing is left of the case to filter by."""
        since = updated_since(self.asked)
        gone = Edition.objects.archived() if since else Edition.objects.none()
        return gone.filter(retired_at__gte=since or timezone.now()).order_by("-retired_at", "slug")

    def archived(self, **ids: Any) -> EditionQuerySet:
        return Edition.objects.archived().filter(slug=ids["slug"])


class Parts(CaseQuery[Any]):
    """Actions or effects of the cases the query names; `kind` is their name on an edition."""

    kind: ClassVar[str]
    serializer_class = serializers.ListedPartSerializer
    columns = exporting.PARTS
    meanings = exporting.CASE_MEANINGS
    lookup_url_kwarg = "id"
    id_about = _("Slug of the case, a colon, and which part of it: `<slug>:action-1`, `<slug>:effect-1`.")

    def keys(self) -> Sequence[int]:
        place = {key: place for place, key in enumerate(self.case_keys())}
        parts = self.get_queryset().order_by("position", "number").values_list("pk", "edition_id")
        return [key for key, case in sorted((row for row in parts if row[1] in place), key=lambda row: place[row[1]])]

    def named(self, **ids: Any) -> QuerySet[Any]:
        slug, number = ids["id"]
        return self.get_queryset().filter(edition__slug=slug, number=number)

    def archived(self, **ids: Any) -> EditionQuerySet:
        slug, number = ids["id"]
        return Edition.objects.archived().filter(slug=slug, **{f"{self.kind}__number": number})


class Actions(Parts):
    queryset = EditionAction.objects.filter(edition__in=PUBLIC).select_related("edition__institution", "edition__theme")
    about = _("What the universities did: the actions of the cases.")
    kind = "actions"
    lookup_value_converter = "public_action"


class Effects(Parts):
    queryset = EditionEffect.objects.filter(edition__in=PUBLIC).select_related("edition__institution", "edition__theme")
    about = _("What came of it: the effects of the cases.")
    kind = "effects"
    lookup_value_converter = "public_effect"


class Themes(Records[Theme]):
    queryset = (
        Theme.objects.with_practice_count()
        .select_related("recommendation")
        .prefetch_related(
            Prefetch("programme_actions", ProgrammeAction.objects.select_related("publication").order_by("number"))
        )
        .order_by("number")
    )
    serializer_class = serializers.ThemeSerializer
    columns = exporting.THEMES
    meanings = exporting.MORE_MEANINGS
    about = _("The ten achievements of the programme; what it did itself stands under the tenth.")
    lookup_field = "number"
    lookup_value_converter = "public_number"


class Recommendations(Records[Recommendation]):
    queryset = Recommendation.objects.select_related("theme").order_by("number")
    serializer_class = serializers.RecommendationSerializer
    columns = exporting.RECOMMENDATIONS
    meanings = exporting.MORE_MEANINGS
    about = _("The ten recommendations, each on the theme of its number.")
    lookup_field = "number"
    lookup_value_converter = "public_number"


class Concepts(Records[Concept]):
    queryset = (
        Concept.objects.in_use()
        .with_practice_count()
        .prefetch_related(
            Prefetch("labels", ConceptLabel.objects.order_by("pk")),
            Prefetch("broader", Concept.objects.in_use()),
            Prefetch("related", Concept.objects.in_use().order_by("slug")),
        )
        .order_by("slug")
    )
    serializer_class = serializers.ConceptSerializer
    columns = exporting.CONCEPTS
    meanings = exporting.MORE_MEANINGS
    about = _("The thesaurus: the terms that public cases carry, with their other names in both languages.")


class Publications(Records[Publication]):
    queryset = Publication.objects.with_chapters().in_time_order()
    serializer_class = serializers.PublicationSerializer
    columns = exporting.PUBLICATIONS
    meanings = exporting.MORE_MEANINGS
    about = _("The reports of the programme, with their chapters.")


class Events(Records[Event]):
    queryset = Event.objects.in_time_order()
    serializer_class = serializers.EventSerializer
    columns = exporting.EVENTS
    meanings = exporting.MORE_MEANINGS
    about = _("Symposia, seminars and council meetings of the programme.")
