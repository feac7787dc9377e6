"""The life of a release of computed figures: made, checked, withheld from, published, superseded; nothing else."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal.roles import Account
from survey.answering import Sheet, sheet_from
from survey.disclosure import (
    Base,
    Cell,
    Disclosure,
    Gathered,
    Mark,
    Rules,
    Standing,
    Unit,
    base_of,
    gather,
    marks_of_dependants,
    plan,
    refuses_release,
    remaining,
)
from survey.engine import Computed, calculations, computed, is_asked, populations
from survey.entering import sheet_of_snapshot
from survey.models import (
    Answer,
    Calculation,
    Confidentiality,
    Figure,
    Group,
    Indicator,
    Measure,
    Origin,
    Release,
    Response,
    ResponseState,
    Round,
    Snapshot,
    SnapshotStep,
)
from survey.permissions import may_keep_survey
from survey.questionnaires import Form
from survey.workflow import form_of_round

from .memory import incomparable, is_as_counted, memory_of
from .numbers import Numbers

AT_A_TIME: Final = 100
# What of a calculation decides what its figures are, and what they hang on.
HOW: Final = ("base", "condition", "rows", "parts", "policy_all", "policy_groups", "decimals")
BELOW_ZERO: Final = gettext_lazy(
    "%(institution)s answered %(number)s in %(cell)s. Figures with numbers below zero can't be published: return the "
    "answers with a question."
)
WITHHELD: Final = {Mark.PRIMARY: Confidentiality.CONFIDENTIAL, Mark.SECONDARY: Confidentiality.SECONDARY}


class NotReleasable(Exception):
    """The round can't be computed or published now, or the account may not; the message says why."""


class Changed(Exception):
    """Answers were accepted or given back since the figures were computed, or what figures are was changed."""


class Revealing(Exception):
    """The figures would reveal answers of single institutions: `disclosures` says which subtraction, and whom."""

    def __init__(self, disclosures: Sequence[Disclosure]) -> None:
        super().__init__()
        self.disclosures = disclosures


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
        whose = ("pk", "sha256", "response__invitation__is_pilot", "response__invitation__kind")
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
            groups = [group.code for group in self.numbers.groups if group.has(invitation)]
            found: dict[tuple[str, int], set[str]] = {}
            for release in (*earlier, None):
                sheet = self.sheet(response, release)
                values = self.numbers.values(sheet, groups) if sheet else {}
                for unit, keys in values.items():
                    found.setdefault(unit, set()).update(_key(release, key) for key in keys)
            for (column, value), keys in sorted(found.items()):
                if value < 0:
                    told = {"institution": invitation, "cell": column, "number": value}
                    raise NotReleasable(str(BELOW_ZERO) % told)
                yield Unit(invitation.number, column, frozenset(keys), value)

    def sheet(self, response: Response, release: Release | None) -> Sheet | None:
        """The answers that count: now, or when a release was computed; None where there were none."""
        pilot = response.invitation.is_pilot
        if release is None:
            is_in = response.state == ResponseState.ACCEPTED
            return sheet_from(response.answers.all(), [], self.form, is_pilot=pilot) if is_in else None
        snapshot = accepted_then(response, release.computed_at)
        return sheet_of_snapshot(snapshot, self.form, is_pilot=pilot) if snapshot else None


def computable(survey_round: Round) -> str:
    """Why figures of a round can't be computed now; empty when they can."""
    if survey_round.questionnaire is None:
        return _("Choose the questionnaire of the round first.")
    if survey_round.state not in {Round.State.CLOSED, Round.State.PUBLISHED}:
        return _("Close the round first: figures are computed from all answers at once.")
    return ""


@transaction.atomic
def compute(
    survey_round: Round, *, by: Account, at: datetime, told: Callable[[Indicator], None] = lambda _done: None
) -> Release:
    """This will make a release from the accepted answers, in the place of one that was made and not published.

    Its `plan` says what has to be withheld before it can be published.

    :raises NotReleasable: when the round or the account does not allow it.
    """
    held = _held(survey_round, by)
    drafts = held.round.releases.filter(published_at=None, computed_at__isnull=False)
    Figure.objects.filter(release__in=drafts).delete()
    drafts.delete()
    number = max(held.round.releases.values_list("number", flat=True), default=0) + 1
    release = Release.objects.create(round=held.round, number=number, computed_at=at, basis=held.basis)
    figures = list(_rows(release, computed(held.round, held.form, told=told)))
    Figure.objects.bulk_create(figures, batch_size=AT_A_TIME)
    release.plan = _plan(held, figures)
    release.save(update_fields=["plan"])
    return release


@transaction.atomic
def withhold(release: Release, *, by: Account) -> int:
    """This will take away what the plan asks for; how many figures that were. What was published stays as it is.

    :raises NotReleasable: when it was published already, or the account may not.
    """
    row = _draft(release, by)
    marks: Mapping[str, str] = row.plan["marks"]
    figures = [
        figure
        for figure in row.figures.with_labels().order_by("pk")
        if figure.public_id in marks and figure.confidentiality == Confidentiality.FREE
    ]
    for figure in figures:
        figure.value = figure.numerator = figure.denominator = None
        figure.confidentiality = marks[figure.public_id]
    Figure.objects.bulk_update(figures, ["value", "numerator", "denominator", "confidentiality"], AT_A_TIME)
    return len(figures)


@transaction.atomic
def publish(release: Release, *, by: Account, at: datetime) -> Release:
    """This will make a release public, in the place of the one before it.

    :raises NotReleasable: when it was published already, too few answers changed since the one before it, what both
        tell together can't be checked, or the account may not.
    :raises Changed: when what it was computed from has changed.
    :raises Revealing: when it would reveal answers of single institutions.
    """
    row = _draft(release, by)
    held = _held(row.round, by)
    if row.basis != held.basis or not is_as_counted(row):
        raise Changed
    before = _before(held.round)
    if reason := incomparable(before, list(held.calculations.values())):
        raise NotReleasable(reason)
    if refuses_release(differing(held, before), Rules()):
        raise NotReleasable(
            _("Only a few answers changed since the last release: the difference would tell what they are.")
        )
    if disclosures := still_revealing(row):
        raise Revealing(disclosures)
    held.round.releases.filter(published_at__isnull=False, superseded_at=None).update(superseded_at=at)
    row.published_at = at
    row.save(update_fields=["published_at"])
    Round.objects.filter(pk=held.round.pk).update(state=Round.State.PUBLISHED)
    return row


def still_revealing(release: Release) -> list[Disclosure]:
    """What publishing the release as it stands would reveal; empty where it may be published.

    :raises NotReleasable: when an answer can't be protected.
    """
    held = Held(release.round, form_of_round(release.round))
    gathered = held.gathered(_before(release.round))
    told = held.told_by(release)
    withheld = [number.key for number in held.numbers.all if number.key not in told]
    return remaining(gathered, withheld, sums=list(held.numbers.sums()))


def differing(held: Held, earlier: Sequence[Release]) -> int:
    """How many institutions say something else in a class-A number than when the last release was computed."""
    if not earlier:
        return 0
    last = earlier[-1]
    count = 0
    for response in responses(held.round, with_snapshots=True):
        groups = [group.code for group in held.numbers.groups if group.has(response.invitation)]
        sheets = (held.sheet(response, last), held.sheet(response, None))
        before, now = (held.numbers.values(sheet, groups) if sheet else {} for sheet in sheets)
        count += before != now
    return count


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


def _plan(held: Held, figures: Sequence[Figure]) -> dict[str, Any]:
    """What to withhold, by the public ids of figures, and which subtractions made it necessary."""
    found = plan(held.gathered(_before(held.round)), sums=list(held.numbers.sums()))
    marks = marks_of_dependants({figure.public_id: held.keys_of(figure) for figure in figures}, found.marks)
    marks |= {figure.public_id: Mark.PRIMARY for figure in figures if not _may_be_told(figure)}
    return {
        "marks": {key: WITHHELD[mark].value for key, mark in marks.items()},
        "disclosures": [_told(disclosure) for disclosure in found.disclosures],
        "blocked": [_told(disclosure) for disclosure in found.blocked],
        **memory_of(held.round, held.calculations.values()),
    }


def _may_be_told(figure: Figure) -> bool:
    """By the rule of the base of a percentage, which holds for public facts too."""
    return figure.measure != Measure.SHARE or base_of(figure.n_valid or 0, Rules()) is not Base.WITHHELD


def _told(disclosure: Disclosure) -> dict[str, Any]:
    return {
        "concern": disclosure.concern.name,
        "terms": [[term.cell, str(term.coefficient)] for term in disclosure.terms],
        "institutions": disclosure.institutions,
        "reason": disclosure.reason.name,
        "withheld": list(disclosure.withheld),
    }


def _rows(release: Release, figures: Iterable[Computed]) -> Iterator[Figure]:
    indicators = {row.code: row for row in Indicator.objects.order_by("pk")}
    groups = {row.code: row for row in Group.objects.order_by("pk")}
    for position, figure in enumerate(figures):
        yield Figure(
            release=release,
            indicator=indicators[figure.key.indicator],
            group=groups[figure.key.group],
            measure=figure.key.measure,
            period=figure.key.period,
            item=figure.key.item,
            position=position,
            value=figure.value,
            decimals=figure.decimals,
            numerator=figure.numerator,
            denominator=figure.denominator,
            n_base=figure.n_base,
            n_valid=figure.n_valid,
            origin=Origin.COMPUTED,
        )


def _key(release: Release | None, key: str) -> str:
    return f"{release.number}:{key}" if release else key


def _before(survey_round: Round) -> list[Release]:
    """The releases of computed figures that were public once, in their order."""
    rows = survey_round.releases.filter(published_at__isnull=False, computed_at__isnull=False)
    return list(rows.order_by("number"))


def _held(survey_round: Round, by: Account) -> Held:
    _refuse_strangers(by)
    rows = Round.objects.select_related("questionnaire").select_for_update(of=("self",))
    row = rows.get(pk=survey_round.pk)
    if reason := computable(row):
        raise NotReleasable(reason)
    return Held(row, form_of_round(row))


def _draft(release: Release, by: Account) -> Release:
    """Locked, and its round before it, as whoever computes does."""
    _refuse_strangers(by)
    Round.objects.select_for_update().filter(pk=release.round_id).order_by("pk").first()
    rows = Release.objects.select_related("round__questionnaire").select_for_update(of=("self",))
    row = rows.filter(pk=release.pk).first()
    if row is None:
        raise NotReleasable(_("The figures were computed again. Please look at them first."))
    if row.published_at or not row.computed_at:
        raise NotReleasable(_("What was published is never changed."))
    return row


def _refuse_strangers(by: Account) -> None:
    if not may_keep_survey(by):
        raise NotReleasable(_("Your role does not allow this step."))
