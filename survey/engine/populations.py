"""The groups that figures tell of: who belongs to them, by the round's own record of each institution."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from survey.models import Group, Invitation

ALL: Final = "all"
# Where printed numbers stand whose group is lost.
UNALLOCATED: Final = "unallocated"


@dataclass(frozen=True)
class Population:
    """A group by its code, and the division it belongs to."""

    code: str
    scheme: str

    def members(self, pilot: str, kind: str) -> Q:
        """Its institutions, by the names of the columns that say who took part and of which kind each is.

        :raises ValueError: for a division that rounds know nothing about.
        """
        match self.scheme:
            case "whole":
                return Q(pk__isnull=False)
            case "participation":
                return Q(**{pilot: self.code == "pilot"})
            case "kind":
                return Q(**{kind: self.code})
        raise ValueError(self.code)

    def has(self, invitation: Invitation) -> bool:
        """The same of one institution.

        :raises ValueError: as `members`.
        """
        match self.scheme:
            case "whole":
                return True
            case "participation":
                return invitation.is_pilot == (self.code == "pilot")
            case "kind":
                return invitation.kind == self.code
        raise ValueError(self.code)


def populations() -> Sequence[Population]:
    """Those that a round can be divided into, in their order. One query."""
    groups = Group.objects.select_related("scheme").exclude(code=UNALLOCATED).order_by("position", "code")
    return [Population(group.code, group.scheme.code) for group in groups]
