"""The answers of a round as disclosure control reads them: once, and some at a time, however many there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy

from survey.answering import Entry, Sheet
from survey.disclosure import Gathered, Unit, gather
from survey.entering import sheet_of_snapshot
from survey.models import (
    Answer,
    Figure,
    Grouped,
    Membership,
    Release,
    Response,
    ResponseState,
    Round,
    Snapshot,
    SnapshotStep,
)
from survey.values import Value

from .holding import Held, key_in

AT_A_TIME: Final = 500
BELOW_ZERO: Final = gettext_lazy(
    "%(institution)s answered %(number)s in %(cell)s. Figures with numbers below zero can't be published: return the "
    "answers with a question."
)
Progress = Callable[[str], None]
# Each value of a column, and the keys of the numbers that count it.
Said = Mapping[tuple[str, int], set[str]]


class NotReleasable(Exception):
    """The round can't be computed or published now, or the account may not; the message says why."""


@dataclass(frozen=True)
class Answers:
    """What disclosure control has to know of the answers of now, and of those that earlier releases told of.

    `differing` institutions say something else in a class-A number than when the last of these was computed. Only
    groups count that it told of: of others nobody can take a difference.
    """

    gathered: Gathered
    differing: int


def read(held: Held, *, progress: Progress) -> Answers:
    """This will read all answers once. Two queries for some hundred responses, three where there are earlier releases.

    :raises NotReleasable: when an answer can't be protected.
    """
    reader = _Reader(held, progress)
    gathered = gather(held.cells(), reader.units())
    return Answers(gathered, reader.differing)


class _Reader:
    def __init__(self, held: Held, progress: Progress) -> None:
        self.held, self.progress = held, progress
        self.differing = 0
        self.memberships: Mapping[tuple[int, int], Membership] = {}
        last = held.earlier[-1].figures if held.earlier else Figure.objects.none()
        told = set(last.order_by().values_list("group__code", flat=True).distinct())
        self.compared = {number.key for number in held.numbers.all if number.group in told}

    def units(self) -> Iterator[Unit]:
        rows = responses(self.held)
        done, total = 0, rows.count()
        for page in pages(rows):
            sheets = sheets_of(page, self.held)
            self.memberships = memberships_of(page, self.held) if self.held.earlier else {}
            for response in page:
                yield from self._of(response, sheets.get(response.pk))
            done += len(page)
            self.progress(f"answers read {done:,} of {total:,}")

    def _of(self, response: Response, present: Sheet | None) -> Iterator[Unit]:
        """The values of one institution, `present` being what counts of it now."""
        invitation, earlier = response.invitation, self.held.earlier
        said = [*(self._then(response, release) for release in earlier), self._values(present, invitation)]
        self.differing += bool(earlier) and self._told(said[-2]) != self._told(said[-1])
        found: dict[tuple[str, int], set[str]] = {}
        for release, values in zip((*earlier, None), said, strict=True):
            for unit, keys in values.items():
                found.setdefault(unit, set()).update(key_in(release, key) for key in keys)
        for (column, value), keys in sorted(found.items()):
            if value < 0:
                raise NotReleasable(str(BELOW_ZERO) % {"institution": invitation, "cell": column, "number": value})
            yield Unit(invitation.number, column, frozenset(keys), value)

    def _then(self, response: Response, release: Release) -> Said:
        """What counted when a release was computed, in the groups of then; those of now where it kept none."""
        whose = self.memberships.get((release.pk, response.invitation_id), response.invitation)
        snapshot = accepted_then(response, release.computed_at)
        sheet = sheet_of_snapshot(snapshot, self.held.form, is_pilot=whose.is_pilot) if snapshot else None
        return self._values(sheet, whose)

    def _values(self, sheet: Sheet | None, whose: Grouped) -> Said:
        groups = [group.code for group in self.held.numbers.groups if group.has(whose)]
        return self.held.numbers.values(sheet, groups) if sheet else {}

    def _told(self, said: Said) -> Said:
        """What of it a figure of the last release could be compared with."""
        found = {unit: keys & self.compared for unit, keys in said.items()}
        return {unit: keys for unit, keys in found.items() if keys}


def responses(held: Held) -> QuerySet[Response]:
    """Those that count, and where there are earlier releases all others too, for they may have counted then."""
    if held.earlier:
        rows = Response.objects.filter(invitation__round=held.round).select_related("invitation")
        return rows.prefetch_related(Prefetch("snapshots", Snapshot.objects.order_by("pk")))
    return accepted_in(held.round).select_related("invitation")


def accepted_in(survey_round: Round) -> QuerySet[Response]:
    return Response.objects.filter(invitation__round=survey_round, state=ResponseState.ACCEPTED)


def pages(rows: QuerySet[Response]) -> Iterator[list[Response]]:
    """The rows by the number of their institution, some at a time.

    Each page is a query of its own: one that stays open for minutes would keep others from writing.
    """
    rows, last = rows.order_by("invitation__number"), 0
    while page := list(rows.filter(invitation__number__gt=last)[:AT_A_TIME]):
        yield page
        last = page[-1].invitation.number


def sheets_of(page: Sequence[Response], held: Held) -> Mapping[int, Sheet]:
    """What counts now, by the keys of the responses: all that rules ask about, and no words. One query."""
    entries: dict[int, dict[str, Entry]] = {row.pk: {} for row in page if row.state == ResponseState.ACCEPTED}
    answers = Answer.objects.filter(response__in=list(entries)).order_by()
    for pk, cell, status, number, option in answers.values_list("response", "cell", "status", "number", "option__code"):
        entries[pk][held.form.codes[cell]] = Entry(Value(status, number, option))
    return {
        row.pk: Sheet(held.form, entries[row.pk], {}, is_pilot=row.invitation.is_pilot)
        for row in page
        if row.pk in entries
    }


def memberships_of(page: Sequence[Response], held: Held) -> Mapping[tuple[int, int], Membership]:
    """To which groups they belonged when earlier releases were computed, by release and invitation. One query."""
    rows = Membership.objects.filter(release__in=held.earlier, invitation__in=[row.invitation_id for row in page])
    return {(row.release_id, row.invitation_id): row for row in rows.order_by("pk")}


def accepted_then(response: Response, at: datetime | None) -> Snapshot | None:
    """What of a response counted at that moment, if it was accepted then; its snapshots are loaded in order."""
    taken = [snapshot for snapshot in response.snapshots.all() if at and snapshot.at <= at]
    return taken[-1] if taken and taken[-1].step == SnapshotStep.ACCEPTED else None
