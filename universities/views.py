"""The directory of institutions and the page of each."""

from typing import Any

from django.db.models import Prefetch
from django.views.generic import DetailView, ListView

from sih_portal.language import current_language
from sih_portal.query_names import narrow, refusals_of, usable

from .filters import INSTITUTIONS, fields
from .models import Headquarters, Institution, InstitutionAlias, InstitutionName, OverseasBase, Participation
from .models.institution import InstitutionQuerySet


def parts_in_programmes() -> list[Prefetch[Any]]:
    """Participations by programme, each with its headquarters: two queries however many institutions there are."""
    participations = Participation.objects.select_related("programme")
    return [
        Prefetch("participations", participations.order_by("programme__first_fiscal_year", "programme__slug")),
        Prefetch("participations__headquarters", Headquarters.objects.order_by("slug")),
    ]


class InstitutionList(ListView[Institution]):
    template_name = "universities/institution_list.html"
    context_object_name = "institutions"

    def get_queryset(self) -> InstitutionQuerySet:
        rows = Institution.objects.in_reading_order(current_language()).with_is_pilot()
        return narrow(rows, self.request.GET, INSTITUTIONS).prefetch_related(*parts_in_programmes())

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        params = self.request.GET
        return super().get_context_data(
            fields=fields(params),
            refusals=refusals_of(params, INSTITUTIONS),
            query=usable(params, INSTITUTIONS),
            **context,
        )


class InstitutionDetail(DetailView[Institution]):
    template_name = "universities/institution_detail.html"
    context_object_name = "institution"

    def get_queryset(self) -> InstitutionQuerySet:
        return Institution.objects.prefetch_related(
            *parts_in_programmes(),
            Prefetch("aliases", InstitutionAlias.objects.order_by("pk")),
            Prefetch("other_names", InstitutionName.objects.order_by("from_year", "pk")),
            Prefetch("bases", OverseasBase.objects.order_by("slug")),
        )

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        practices = self.object.editions.public().with_parts().in_theme_order()
        return super().get_context_data(practices=practices, **context)
