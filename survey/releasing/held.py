"""What of a round has to be protected: its numbers, and who said what of them now and when releases were computed."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy

from survey.answering import Sheet, sheet_from
from survey.disclosure import Cell, Gathered, Standing, Unit, gather
from survey.engine import GROUPING, Population, calculations, is_asked, populations
from survey.entering import sheet_of_snapshot
from survey.models import (
    Answer,
    Calculation,
    Confidentiality,
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
from survey.questionnaires import Form

from .numbers import Numbers

AT_A_TIME: Final = 100
# What of a calculation decides what its figures are, and what they hang on.
HOW: Final = ("base", "condition", "rows", "parts", "policy_all", "policy_groups", "decimals")
BELOW_ZERO: Final = gettext_lazy(
    "%(institution)s answered %(number)s in %(cell)s. Figures with numbers below zero can't be published: return the "
    "answers with a question."
)


class NotReleasable(Exception):
    """The round can't be computed or published now, or the account may not; the message says why."""


@dataclass(frozen=True)
class Held:
    """A round with its form and what of it has to be protected."""

    round: Round
    form: Form

    @cached_property
    def calculations(self) -> dict[tuple[str, str, str], Calculation]:
        return {(row.indicator.code, row.measure, row.item): row for row in calculations(self.round)}

    @cached_property
    def numbers(self) -> Numbers:
        years = (self.round.first_year, self.round.last_year)
        asked = [row for row in self.calculations.values() if is_asked(row, self.form, years)]
        return Numbers(asked, populations(), years, self.round.is_synthetic)

    @property
    def basis(self) -> str:
        """A hash of what figures are made from: accepted submissions, whose they are, and how figures are computed.

        The same as long as all of that is.
        """
        accepted = Snapshot.objects.filter(
            response__invitation__round=self.round,
            response__state=ResponseState.ACCEPTED,
            step=SnapshotStep.ACCEPTED,
        )
        whose = ("pk", "sha256", *(f"response__invitation__{name}" for name in GROUPING))
        years = (self.round.first_year, self.round.last_year)
        digest = hashlib.sha256(f"{years} {self.round.is_synthetic}\n".encode())
        for row in self.calculations.values():
            told = (row.indicator.sensitivity, *(getattr(row, name) for name in HOW))
            digest.update(f"{row} {told}\n".encode())
        for one in accepted.order_by("pk").values_list(*whose).iterator():
            digest.update(f"{one}\n".encode())
        return digest.hexdigest()

    def keys_of(self, figure: Figure) -> list[str]:
        """The keys of the numbers that a figure tells or hangs on; its indicator and group are loaded."""
        calculation = self.calculations.get((figure.indicator.code, figure.measure, figure.item))
        if calculation is None:
            return []
        period = figure.period or str(self.round.first_year)
        return [number.key for number in self.numbers.of(calculation, figure.group.code, period)]

    def gathered(self, earlier: Sequence[Release]) -> Gathered:
        """What disclosure control has to know of the answers of now, and of those that earlier releases told of.

        :raises NotReleasable: when an answer can't be protected.
        """
        return gather(self._cells(earlier), self._units(earlier))

    def _cells(self, earlier: Sequence[Release]) -> Iterator[Cell]:
        for release in earlier:
            out = self.told_by(release)
            for cell in self.numbers.cells():
                standing = Standing.OUT if cell.key in out else Standing.KEPT
                yield Cell(_key(release, cell.key), cell.kind, cell.columns, standing, release.number)
        number = max((release.number for release in earlier), default=0) + 1
        for cell in self.numbers.cells():
            before = tuple(_key(release, cell.key) for release in earlier)
            yield Cell(cell.key, cell.kind, cell.columns, Standing.CANDIDATE, number, before)

    def told_by(self, release: Release) -> set[str]:
        """The keys of the numbers that follow from a figure of the release that is not withheld."""
        figures = release.figures.filter(confidentiality=Confidentiality.FREE).select_related("indicator", "group")
        return {key for figure in figures.order_by("pk") for key in self.keys_of(figure)}

    def _units(self, earlier: Sequence[Release]) -> Iterator[Unit]:
        for response in responses(self.round, with_snapshots=bool(earlier)):
            invitation = response.invitation
            found: dict[tuple[str, int], set[str]] = {}
            for release in (*earlier, None):
                for unit, keys in self.values(response, release, self.numbers.groups).items():
                    found.setdefault(unit, set()).update(_key(release, key) for key in keys)
            for (column, value), keys in sorted(found.items()):
                if value < 0:
                    told = {"institution": invitation, "cell": column, "number": value}
                    raise NotReleasable(str(BELOW_ZERO) % told)
                yield Unit(invitation.number, column, frozenset(keys), value)

    def values(
        self, response: Response, release: Release | None, groups: Sequence[Population]
    ) -> Mapping[tuple[str, int], set[str]]:
        """What `Numbers.values` says of these groups: now, or when a release was computed; nothing of who was not in.

        A release that kept no memberships has those of now.
        """
        invitation = response.invitation
        whose: Grouped = self._memberships.get((release.pk, invitation.pk), invitation) if release else invitation
        sheet = self._sheet(response, release, is_pilot=whose.is_pilot)
        return self.numbers.values(sheet, [group.code for group in groups if group.has(whose)]) if sheet else {}

    @cached_property
    def _memberships(self) -> Mapping[tuple[int, int], Membership]:
        rows = Membership.objects.filter(release__round=self.round).order_by("pk")
        return {(row.release_id, row.invitation_id): row for row in rows}

    def _sheet(self, response: Response, release: Release | None, *, is_pilot: bool) -> Sheet | None:
        """The answers that count: now, or when a release was computed; None where there were none."""
        if release is None:
            is_in = response.state == ResponseState.ACCEPTED
            return sheet_from(response.answers.all(), [], self.form, is_pilot=is_pilot) if is_in else None
        snapshot = accepted_then(response, release.computed_at)
        return sheet_of_snapshot(snapshot, self.form, is_pilot=is_pilot) if snapshot else None


def differing(held: Held, earlier: Sequence[Release]) -> int:
    """How many institutions say something else in a class-A number than when the last release was computed.

    Only groups count that it told of: of others nobody can take a difference.
    """
    if not earlier:
        return 0
    last = earlier[-1]
    told = set(last.figures.order_by().values_list("group__code", flat=True).distinct())
    groups = [group for group in held.numbers.groups if group.code in told]
    rows = responses(held.round, with_snapshots=True)
    return sum(held.values(row, last, groups) != held.values(row, None, groups) for row in rows)


def responses(survey_round: Round, *, with_snapshots: bool) -> Iterator[Response]:
    """The responses of a round with their answers, by the number of their institution, some at a time."""
    answers: Any = Prefetch("answers", Answer.objects.select_related("option").order_by("pk"))
    rows: QuerySet[Response] = Response.objects.filter(invitation__round=survey_round)
    if with_snapshots:
        rows = rows.prefetch_related(answers, Prefetch("snapshots", Snapshot.objects.order_by("pk")))
    else:
        rows = rows.filter(state=ResponseState.ACCEPTED).prefetch_related(answers)
    return rows.select_related("invitation").order_by("invitation__number").iterator(AT_A_TIME)


def accepted_then(response: Response, at: datetime | None) -> Snapshot | None:
    """What of a response counted at that moment, if it was accepted then; its snapshots are loaded in order."""
    taken = [snapshot for snapshot in response.snapshots.all() if at and snapshot.at <= at]
    return taken[-1] if taken and taken[-1].step == SnapshotStep.ACCEPTED else None


def _key(release: Release | None, key: str) -> str:
    return f"{release.number}:{key}" if release else key
