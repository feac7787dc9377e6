"""What narrows the directory, by the names and values the API takes too: values of one name are OR-ed, names AND-ed."""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from sih_portal.query_names import OneOf, values_of

from .models import Institution, InstitutionKind, Region
from .models.institution import InstitutionQuerySet

CHOICES: Final = {"kind": InstitutionKind, "region": Region}
NAMES: Final = (
    OneOf("kind", _("Kind of institution"), lambda: InstitutionKind.values, "kind"),
    OneOf("region", _("Region"), lambda: Region.values, "region"),
)


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


def narrow(institutions: InstitutionQuerySet, params: QueryDict) -> InstitutionQuerySet:
    """This will keep the institutions asked for. Values that mean nothing are left out."""
    for name in NAMES:
        known = [value for value in values_of(params, name.name) if value in name.values()]
        if known:
            institutions = institutions.filter(**{f"{name.path}__in": known})
    return institutions


def fields(params: QueryDict) -> list[Field]:
    """The values institutions have, in groups of at least two. One query."""
    live = {value for pair in Institution.objects.order_by().values_list(*CHOICES).distinct() for value in pair}
    groups = [
        Field(
            name.name,
            str(name.description),
            [
                Choice(value, str(label), value in values_of(params, name.name))
                for value, label in CHOICES[name.name].choices
                if value in live
            ],
        )
        for name in NAMES
    ]
    return [group for group in groups if len(group.choices) > 1]
