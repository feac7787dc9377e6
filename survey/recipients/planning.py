"""What a list of recipients would do to a round, and doing exactly that. An upload adds and changes, never deletes."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from sih_portal.spreadsheets import Problem
from survey.models import Delivery, Invitation, Round
from survey.values import folded
from universities.models import Institution, InstitutionKind, Prefecture

from .reading import Row

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIELDS: Final = (
    *("institution_id", "name_ja", "name_en", "kind", "is_pilot", "prefecture"),
    *("department", "contact_name", "email", "language"),
)
NAMES: Final = ("name_ja", "name_en")


class ListChanged(Exception):
    """Somebody changed the list since the plan was shown."""


@dataclass(frozen=True)
class Entry:
    """A recipient as it is to be; `before` holds what of that is different now (everything where it is new)."""

    row: Row
    values: dict[str, Any]
    invitation: Invitation | None = None

    @cached_property
    def before(self) -> dict[str, Any]:
        if self.invitation is None:
            return {}
        old = {name: getattr(self.invitation, name) for name in FIELDS}
        return {name: old[name] for name in FIELDS if old[name] != self.values[name]}

    @property
    def name(self) -> str:
        return str(self.values["name_ja"] or self.values["name_en"])

    @property
    def prefecture(self) -> "StrOrPromise":
        return Prefecture(self.values["prefecture"]).label if self.values["prefecture"] else ""


@dataclass
class Plan:
    """What would happen. `missing` are on the round's list and not in the file: they stay as they are."""

    round: Round
    rows: Sequence[Row]
    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    missing: list[Invitation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """The same for the same deeds on the same list, whatever else happened."""
        told = [
            [[entry.row.number, entry.values] for entry in self.added],
            [[entry.row.number, entry.before, entry.values] for entry in self.changed],
            [entry.row.number for entry in self.unchanged],
            [row.pk for row in self.missing],
            len(self.problems),
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def diff(rows: Sequence[Row], survey_round: Round) -> Plan:
    """What the rows would do to the round's list. Four queries, whatever their number."""
    plan = Plan(survey_round, rows)
    mails = Delivery.objects.filter(invitation=OuterRef("pk"))
    listed = {
        row.number: row
        for row in survey_round.invitations.select_related("response").annotate(has_mails=Exists(mails)).order_by("pk")
    }
    institutions = Institutions()
    taken = {row.institution_id: row.number for row in listed.values() if row.institution_id}
    for row in sorted(rows, key=lambda row: row.number):
        _place(plan, row, listed.get(row.number), institutions, taken)
    named = {row.number for row in rows}
    plan.missing = [row for number, row in sorted(listed.items()) if number not in named]
    return plan


def apply(plan: Plan, *, seen: str) -> None:
    """This will write the plan that somebody saw, whole or not at all.

    :raises ListChanged: when the list is not the one it was made from.
    """
    with transaction.atomic():
        Round.objects.select_for_update(no_key=True).get(pk=plan.round.pk)
        fresh = diff(plan.rows, plan.round)
        if fresh.fingerprint != seen or fresh.problems:
            raise ListChanged
        Invitation.objects.bulk_create(
            Invitation(round=plan.round, number=entry.row.number, **entry.values) for entry in fresh.added
        )
        for entry in fresh.changed:
            for name, value in entry.values.items():
                setattr(entry.invitation, name, value)
        Invitation.objects.bulk_update([entry.invitation for entry in fresh.changed if entry.invitation], FIELDS)


class Institutions:
    """The portal's institutions by every name they are known by. Three queries."""

    def __init__(self) -> None:
        found = Institution.objects.with_is_pilot().prefetch_related("aliases", "other_names").order_by("pk")
        self.by_slug = {row.slug: row for row in found}
        self.by_name: dict[str, Any] = {}
        rows = list(self.by_slug.values())
        for row in rows:
            self._know(row, row.name_ja, row.name_en)
        for row in rows:
            self._know(row, *(name for other in row.other_names.all() for name in (other.name_ja, other.name_en)))
            self._know(row, *(alias.label for alias in row.aliases.all()))

    def _know(self, institution: Institution, *names: str) -> None:
        for name in filter(None, map(folded, names)):
            self.by_name.setdefault(name, institution)

    def find(self, said: Mapping[str, Any]) -> Any:
        """The institution that a row means, with `is_pilot`; None where the portal does not know it."""
        if slug := said.get("institution"):
            return self.by_slug.get(slug)
        return self.named(said)

    def named(self, said: Mapping[str, Any]) -> Any:
        """The institution whose name a row holds, whatever its id says."""
        names = (folded(said.get(name, "")) for name in NAMES)
        return next((self.by_name[name] for name in names if name in self.by_name), None)


def _place(plan: Plan, row: Row, listed: Invitation | None, institutions: Institutions, taken: dict[Any, int]) -> None:
    """This will sort one row into the plan, or note what is wrong with it."""
    known = institutions.find(row.said)
    if known and taken.setdefault(known.pk, row.number) != row.number:
        message = _("%(name)s stands on the list with the number %(number)s already.")
        plan.problems.append(row.problem("name_ja", message % {"name": known, "number": taken[known.pk]}))
        return
    entry = Entry(row, _values(row, listed, known), listed)
    named = institutions.named(row.said)
    problems = [row.problem(name, reason) for name, reason in _contradictions(entry, known, named)]
    plan.problems += problems
    if not problems:
        target = plan.added if listed is None else plan.changed if entry.before else plan.unchanged
        target.append(entry)


def _values(row: Row, listed: Invitation | None, known: Any) -> dict[str, Any]:
    """What the invitation is to hold: what the file says, else what stands there, else what the portal knows."""
    values: dict[str, Any] = {name: getattr(listed, name) if listed else "" for name in FIELDS}
    if listed is None:
        values |= {"institution_id": None, "is_pilot": False, "language": "ja"}
    values |= {name: value for name, value in row.said.items() if name != "institution"}
    if known:
        values |= {"institution_id": known.pk, "is_pilot": known.is_pilot}
        values |= {name: row.said.get(name, getattr(known, name)) for name in ("kind", "prefecture")}
        values |= {name: values[name] or getattr(known, name) for name in NAMES}
    return values


def _contradictions(entry: Entry, known: Any, named: Any) -> list[tuple[str, str]]:
    """What is wrong with a row, by column."""
    said, values, listed = entry.row.said, entry.values, entry.invitation
    found = []
    if said.get("institution") and not known:
        found.append(("institution", _("The portal knows no institution of this id.")))
    if not values["name_ja"] and not values["name_en"]:
        found.append(("name_ja", _("The name is missing.")))
    if not values["kind"]:
        found.append(("kind", _("The kind of institution is missing, and the portal does not know the institution.")))
    if known:
        found += _against_the_portal(entry, known, named)
    if listed and _is_another(listed, values, known, named) and _was_asked(listed):
        message = _("This number was asked already as %(name)s. Change the name on its own page.")
        found.append(("name_ja", message % {"name": listed.name_ja or listed.name_en}))
    return found


def _against_the_portal(entry: Entry, known: Any, named: Any) -> Iterator[tuple[str, str]]:
    """What a row says of an institution otherwise than the portal, by column."""
    said, values = entry.row.said, entry.values
    if named and named.pk != known.pk:
        message = _("The id is of %(known)s, the name of %(named)s.")
        yield "name_ja", message % {"known": known, "named": named}
    if values["kind"] != known.kind:
        message = _("The portal has this institution as: %(kind)s.")
        yield "kind", message % {"kind": InstitutionKind(known.kind).label}
    if said.get("is_pilot", known.is_pilot) != known.is_pilot:
        message = _("The portal has it as a pilot.") if known.is_pilot else _("The portal does not have it as a pilot.")
        yield "is_pilot", message
    if values["prefecture"] != known.prefecture:
        message = _("The portal has this institution in: %(prefecture)s.")
        yield "prefecture", message % {"prefecture": Prefecture(known.prefecture).label}


def _is_another(listed: Invitation, values: Mapping[str, Any], known: Any, named: Any) -> bool:
    """Whether the row means another institution than the one that stands there: a list that slipped by a line.

    An id alone does not tell that it means the same: names may have been sorted without it.
    """
    if named and named.pk == listed.institution_id:
        return False
    if known and listed.institution_id and known.pk != listed.institution_id:
        return True
    if known and not listed.institution_id:
        return not listed.name_ja or folded(listed.name_ja) != folded(values["name_ja"])
    return any(folded(getattr(listed, name)) not in {"", folded(values[name])} for name in NAMES)


def _was_asked(listed: Any) -> bool:
    return bool(listed.sent_at or listed.has_mails or getattr(listed, "response", None))
