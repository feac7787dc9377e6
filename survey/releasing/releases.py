"""The life of a release of computed figures: made, checked, withheld from, published, superseded; nothing else."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sih_portal.models import DataVersion
from sih_portal.roles import Account
from survey.disclosure import (
    Base,
    Disclosure,
    Gathered,
    Plan,
    Rules,
    TooMany,
    base_of,
    marks_of_dependants,
    plan,
    refuses_release,
    remaining,
)
from survey.engine import ALL, GROUPING, Computed, computed
from survey.models import (
    Confidentiality,
    Figure,
    Group,
    Indicator,
    Invitation,
    Measure,
    Membership,
    Origin,
    Release,
    ResponseState,
    Round,
    Snapshot,
    SnapshotStep,
)
from survey.permissions import may_keep_survey
from survey.workflow import form_of_round

from .agreeing import disagreement
from .holding import Held
from .memory import how, incomparable
from .reading import Answers, NotReleasable, Progress, accepted_in, read

AT_A_TIME: Final = 100
TOLD: Final = ("value", "decimals", "numerator", "denominator", "n_base", "n_valid", "confidentiality")
UNSEARCHABLE: Final = gettext_lazy(
    "The groups make more sums than can be checked, or changed in too many ways since an earlier release. Please tell "
    "those who look after the portal."
)


class Changed(Exception):
    """Answers were accepted or given back since the figures were computed, or what figures are was changed."""


class Revealing(Exception):
    """The figures would reveal answers of single institutions: `disclosures` says which subtraction, and whom."""

    def __init__(self, disclosures: Sequence[Disclosure]) -> None:
        super().__init__()
        self.disclosures = disclosures


def computable(survey_round: Round) -> str:
    """Why figures of a round can't be computed now; empty when they can."""
    if survey_round.questionnaire is None:
        return _("Choose the questionnaire of the round first.")
    if survey_round.first_year == survey_round.last_year:
        return _("Enter two different fiscal years first: figures compare them.")
    if survey_round.state not in {Round.State.CLOSED, Round.State.PUBLISHED}:
        return _("Close the round first: figures are computed from all answers at once.")
    if not accepted_in(survey_round).exists():
        return _("Accept answers first: figures are computed from accepted answers alone.")
    return ""


def draft_of(survey_round: Round) -> Release | None:
    """What was computed of the round and not published yet."""
    return _drafts(survey_round).order_by("-number").first()


def mark_of(draft: Release) -> str:
    """Tells a draft from one that took its place since somebody looked at it."""
    return f"{draft.pk}-{draft.computed_at:%Y%m%d%H%M%S%f}"


def compute(survey_round: Round, *, by: Account, at: datetime, progress: Progress = lambda _line: None) -> Release:
    """This will make a release from the accepted answers, in the place of one that was made and not published.

    Its `plan` says what has to be withheld before it can be published. Nothing is locked while answers are read, for
    that takes minutes where 100,000 answered.

    :raises NotReleasable: when the round or the account does not allow it, or a figure is not what its answers make.
    :raises Changed: when what was read has changed before it was written.
    """
    _refuse_strangers(by)
    held = _held(survey_round)
    basis = held.basis
    found = list(computed(held.round, held.form, told=lambda indicator: progress(f"{indicator.code} computed")))
    answers = read(held, progress=progress)
    with transaction.atomic():
        _lock(survey_round.pk)
        held = _held(survey_round)
        if held.basis != basis:
            raise Changed
        return _written(held, found, answers, at)


@transaction.atomic
def withhold(release: Release, *, by: Account) -> int:
    """This will take away what the plan asks for; how many figures that were. What was published stays as it is.

    All are marked alike: that a number is withheld to protect another would tell that it breaks no rule itself.

    :raises NotReleasable: when it was published already, or the account may not.
    """
    row = _draft(release, by)
    figures = to_go(row)
    for figure in figures:
        figure.value = figure.numerator = figure.denominator = None
        figure.confidentiality = Confidentiality.CONFIDENTIAL
    Figure.objects.bulk_update(figures, ["value", "numerator", "denominator", "confidentiality"], AT_A_TIME)
    return len(figures)


def to_go(release: Release) -> list[Figure]:
    """What the plan asks to withhold and is not withheld."""
    figures = release.figures.with_labels().filter(confidentiality=Confidentiality.FREE).order_by("pk")
    return [figure for figure in figures if figure.public_id in release.plan["marks"]]


def publish(release: Release, *, by: Account, at: datetime, progress: Progress = lambda _line: None) -> Release:
    """This will make a release public, in the place of the one before it. Nothing is locked while answers are read.

    :raises NotReleasable: when it was published already, too few answers changed since the one before it, what both
        tell together can't be checked, or the account may not.
    :raises Changed: when what it was computed from has changed, or its figures.
    :raises Revealing: when it would reveal answers of single institutions.
    """
    answers = read(_unchanged(release, by)[1], progress=progress)
    with transaction.atomic():
        row, held = _unchanged(release, by)
        if reason := incomparable(held.earlier, list(held.calculations.values())):
            raise NotReleasable(reason)
        if refuses_release(answers.differing, Rules()):
            raise NotReleasable(
                _("Only a few answers or groups changed since the last release: the difference would tell the answers.")
            )
        if _digest(row) != row.plan["digest"]:
            raise Changed
        if disclosures := _revealed(held, row, answers.gathered):
            raise Revealing(disclosures)
        if to_go(row):
            raise NotReleasable(_("Figures that have to be withheld are not withheld yet."))
        held.round.releases.filter(published_at__isnull=False, superseded_at=None).update(superseded_at=at)
        row.published_at = at
        row.save(update_fields=["published_at"])
        Round.objects.filter(pk=held.round.pk).update(state=Round.State.PUBLISHED)
        DataVersion.objects.bump()
    return row


def _revealed(held: Held, release: Release, gathered: Gathered) -> list[Disclosure]:
    """What publishing the release as it stands would reveal; empty where it may be published."""
    told = held.told_by(release)
    withheld = [number.key for number in held.numbers.all if number.key not in told]
    try:
        return remaining(gathered, withheld, sums=list(held.numbers.sums()))
    except TooMany as error:
        raise NotReleasable(str(UNSEARCHABLE)) from error


def _written(held: Held, found: Iterable[Computed], answers: Answers, at: datetime) -> Release:
    drafts = _drafts(held.round)
    Figure.objects.filter(release__in=drafts).delete()
    drafts.delete()
    number = max(held.round.releases.values_list("number", flat=True), default=0) + 1
    release = Release.objects.create(round=held.round, number=number, computed_at=at, basis=held.basis)
    _remember_groups(release)
    figures = list(_rows(release, found))
    if reason := disagreement(held, figures, answers.gathered):
        raise NotReleasable(reason)
    Figure.objects.bulk_create(figures, batch_size=AT_A_TIME)
    release.plan = _plan(held, figures, answers.gathered)
    release.plan["digest"] = _digest(release)
    release.save(update_fields=["plan"])
    return release


def _plan(held: Held, figures: Sequence[Figure], gathered: Gathered) -> dict[str, Any]:
    """What to withhold, by the public ids of figures, and which subtractions made it necessary."""
    found = _planned(held, gathered)
    marks = marks_of_dependants({figure.public_id: held.keys_of(figure) for figure in figures}, found.marks)
    return {
        "marks": {key: mark.value for key, mark in marks.items()},
        "disclosures": [_told(disclosure) for disclosure in found.disclosures],
        "blocked": [_told(disclosure) for disclosure in found.blocked],
        "how": how(held.round, held.calculations.values()),
    }


def _told(disclosure: Disclosure) -> dict[str, Any]:
    return {
        "concern": disclosure.concern.name,
        "terms": [[term.cell, str(term.coefficient)] for term in disclosure.terms],
        "institutions": disclosure.institutions,
        "reason": disclosure.reason.name,
        "withheld": list(disclosure.withheld),
    }


def _remember_groups(release: Release) -> None:
    """This will keep to which groups those belong whose answers count, some at a time."""
    rows = Invitation.objects.filter(round=release.round, response__state=ResponseState.ACCEPTED)
    found = rows.order_by("number").values("pk", *GROUPING).iterator()
    while page := list(islice(found, AT_A_TIME)):
        Membership.objects.bulk_create(Membership(release=release, invitation_id=row.pop("pk"), **row) for row in page)


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
            value=None if _has_small_base(figure) else figure.value,
            decimals=figure.decimals,
            numerator=figure.numerator,
            denominator=figure.denominator,
            n_base=figure.n_base,
            n_valid=figure.n_valid,
            origin=Origin.COMPUTED,
        )


def _planned(held: Held, gathered: Gathered) -> Plan:
    """What to withhold; figures of all institutions are told as long as others can go in their place."""
    sums = list(held.numbers.sums())
    every = [number.key for number in held.numbers.all if number.group == ALL]
    try:
        found = plan(gathered, sums=sums, keep=every)
        return plan(gathered, sums=sums) if found.blocked else found
    except TooMany as error:
        raise NotReleasable(str(UNSEARCHABLE)) from error


def _digest(release: Release) -> str:
    """A hash of the figures as they were computed, but for those to be withheld."""
    digest = hashlib.sha256()
    for figure in release.figures.with_labels().order_by("pk").iterator(AT_A_TIME):
        if figure.public_id not in release.plan["marks"]:
            told = [getattr(figure, name) for name in TOLD]
            digest.update(f"{figure.public_id} {told}\n".encode())
    return digest.hexdigest()


def _has_small_base(figure: Computed) -> bool:
    """Whether it would be a percentage of too few: then how many of how many is told alone, also of public facts."""
    return figure.key.measure == Measure.SHARE and base_of(figure.n_valid or 0, Rules()) is Base.WITHHELD


def _drafts(survey_round: Round) -> QuerySet[Release]:
    return survey_round.releases.filter(published_at=None, computed_at__isnull=False)


def _held(survey_round: Round) -> Held:
    row = Round.objects.select_related("questionnaire").get(pk=survey_round.pk)
    if reason := computable(row):
        raise NotReleasable(reason)
    held = Held(row, form_of_round(row))
    if unfit := held.unfit:
        raise NotReleasable(
            _(
                "%(calculation)s reads answers that it must not tell: internal ones, or in a public fact or as a base "
                "those that are told in sums alone. Please correct the calculation first."
            )
            % {"calculation": unfit[0]}
        )
    return held


@transaction.atomic
def _unchanged(release: Release, by: Account) -> tuple[Release, Held]:
    row = _draft(release, by)
    held = _held(row.round)
    if row.basis != held.basis or _accepted_later(row):
        raise Changed
    return row, held


def _accepted_later(release: Release) -> bool:
    """Whether it counts answers that were accepted only after its time: later releases could not tell that it did."""
    accepted = Snapshot.objects.filter(response__invitation__round=release.round, step=SnapshotStep.ACCEPTED)
    late: bool = accepted.filter(response__state=ResponseState.ACCEPTED, at__gt=release.computed_at).exists()
    return late


def _draft(release: Release, by: Account) -> Release:
    """Locked, and its round before it, as whoever computes does."""
    _refuse_strangers(by)
    _lock(release.round_id)
    rows = Release.objects.select_related("round__questionnaire").select_for_update(of=("self",))
    row = rows.filter(pk=release.pk).first()
    if row is None:
        raise NotReleasable(_("The figures were computed again. Please look at them first."))
    if row.published_at or not row.computed_at:
        raise NotReleasable(_("What was published is never changed."))
    return row


def _lock(survey_round: int) -> None:
    Round.objects.select_for_update().filter(pk=survey_round).order_by("pk").first()


def _refuse_strangers(by: Account) -> None:
    if not may_keep_survey(by):
        raise NotReleasable(_("Your role does not allow this step."))
