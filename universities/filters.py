"""What narrows institutions and headquarters, on pages and in the API alike."""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from sih_portal.query_names import OneOf, sift

from .models import HeadquartersHead, Institution, InstitutionKind, Region


def slugs() -> list[str]:
    return list(Institution.objects.in_source_order().values_list("slug", flat=True))


def kind_at(path: str) -> OneOf:
    return OneOf("kind", _("Kind of institution."), lambda: InstitutionKind.values, path)


def region_at(path: str) -> OneOf:
    return OneOf("region", _("Region of Japan; Niigata counts as Chubu."), lambda: Region.values, path)


INSTITUTIONS: Final = (kind_at("kind"), region_at("region"))
HEADQUARTERS: Final = (
    OneOf("institution", _("Slug of the institution."), slugs, "participation__institution__slug", is_fixed=False),
    kind_at("participation__institution__kind"),
    region_at("participation__institution__region"),
    OneOf("headquarters_head", _("Who headed the unit."), lambda: HeadquartersHead.values, "head"),
)
CHECKBOXES: Final = {"kind": (_("Kind of institution"), InstitutionKind), "region": (_("Region"), Region)}


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    """A group of checkboxes."""

    name: str
    label: str
    choices: list[Choice]


def fields(params: QueryDict) -> list[Field]:
    """The values institutions have, in groups of at least two. One query."""
    live = {value for pair in Institution.objects.order_by().values_list(*CHECKBOXES).distinct() for value in pair}
    groups = []
    for name in INSTITUTIONS:
        chosen, _refusals = sift(params, name)
        label, values = CHECKBOXES[name.name]
        choices = [Choice(value, str(text), value in chosen) for value, text in values.choices if value in live]
        groups.append(Field(name.name, str(label), choices))
    return [group for group in groups if len(group.choices) > 1]
