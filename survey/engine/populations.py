"""The groups that figures tell of: who belongs to them, by the round's own record of each institution."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from survey.models import Group, Grouped, Round
from universities.models import prefectures_of, region_of

ALL: Final = "all"
# Where printed numbers stand whose group is lost.
UNALLOCATED: Final = "unallocated"
# What puts an institution into groups, as the list of a round calls it.
GROUPING: Final = ("is_pilot", "kind", "prefecture")


@dataclass(frozen=True)
class Population:
    """A group by its code, and the division it belongs to."""

    code: str
    scheme: str

    def members(self, pilot: str, kind: str, prefecture: str) -> Q:
        """Its institutions, by the names of the columns that say who took part, of which kind and where each is.

        :raises ValueError: for a division that rounds know nothing about.
        """
        match self.scheme:
            case "whole":
                return Q(pk__isnull=False)
            case "participation":
                return Q(**{pilot: self.code == "pilot"})
            case "kind":
                return Q(**{kind: self.code})
            case "region":
                return Q(**{f"{prefecture}__in": prefectures_of(self.code)})
        raise ValueError(self.code)

    def has(self, institution: Grouped) -> bool:
        """The same of one institution.

        :raises ValueError: as `members`.
        """
        match self.scheme:
            case "whole":
                return True
            case "participation":
                return institution.is_pilot == (self.code == "pilot")
            case "kind":
                return institution.kind == self.code
            case "region":
                return region_of(institution.prefecture) == self.code
        raise ValueError(self.code)


def populations() -> Sequence[Population]:
    """Those that a round can be divided into, in their order. One query."""
    groups = Group.objects.select_related("scheme").exclude(code=UNALLOCATED).order_by("position", "code")
    return [Population(group.code, group.scheme.code) for group in groups]


def told_of(survey_round: Round) -> list[Population]:
    """All institutions, and the groups that any on the round's list belongs to. Two queries."""
    groups = populations()
    counted = {group.code: Count("pk", filter=group.members(*GROUPING)) for group in groups}
    counts = survey_round.invitations.aggregate(**counted)
    return [group for group in groups if group.code == ALL or counts[group.code]]
