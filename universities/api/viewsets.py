"""Read-only endpoints of institutions, headquarters and programmes."""

from typing import Final

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from sih_portal.rest import Records
from universities import exporting
from universities.filters import HEADQUARTERS, INSTITUTIONS
from universities.models import (
    Headquarters,
    Institution,
    InstitutionAlias,
    InstitutionName,
    OverseasBase,
    Participation,
    Programme,
)

from . import serializers

PARTICIPATIONS: Final = Participation.objects.select_related("institution", "programme")


class Institutions(Records[Institution]):
    queryset = (
        Institution.objects.with_is_pilot()
        .in_source_order()
        .prefetch_related(
            Prefetch("participations", PARTICIPATIONS.order_by("programme__first_fiscal_year", "programme__slug")),
            Prefetch("participations__headquarters", Headquarters.objects.order_by("slug")),
            Prefetch("aliases", InstitutionAlias.objects.order_by("pk")),
            Prefetch("other_names", InstitutionName.objects.order_by("from_year", "pk")),
            Prefetch("bases", OverseasBase.objects.order_by("slug")),
        )
    )
    serializer_class = serializers.InstitutionSerializer
    columns = exporting.INSTITUTIONS
    meanings = exporting.MEANINGS
    page = "universities:institution-list"
    about = _("Universities and inter-university research institutes, the pilots of the programme first.")
    narrowing = INSTITUTIONS


class HeadquartersUnits(Records[Headquarters]):
    queryset = Headquarters.objects.select_related("participation__institution", "participation__programme").order_by(
        "participation__institution__position", "slug"
    )
    serializer_class = serializers.HeadquartersSerializer
    columns = exporting.HEADQUARTERS
    meanings = exporting.MEANINGS
    about = _("The international strategy headquarters as the programme's final report of 2010 describes them.")
    lookup_url_kwarg = "id"
    narrowing = HEADQUARTERS


class Programmes(Records[Programme]):
    queryset = (
        Programme.objects.with_roles()
        .prefetch_related(
            Prefetch(
                "participations",
                PARTICIPATIONS.filter(role=Participation.Role.PILOT).order_by(
                    "institution__position", "institution__slug"
                ),
            )
        )
        .order_by("first_fiscal_year", "slug")
    )
    serializer_class = serializers.ProgrammeSerializer
    columns = exporting.PROGRAMMES
    meanings = exporting.MEANINGS
    about = _("The funding programme: its aim, period, money, and who did what.")
