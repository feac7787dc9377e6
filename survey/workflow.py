"""The life of a round and of a response: who may take which step from which state; nothing else writes a state.

Each step of a response leaves a snapshot of everything that stood in it: nothing is lost, and differences show.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID, uuid5

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sih_portal.people import full_name
from sih_portal.roles import Account

from . import mailing
from .answering import NotOpen, Sheet, locked, sheet_of
from .models import (
    Answer,
    Explanation,
    Invitation,
    LetterKind,
    Question,
    Questionnaire,
    Remark,
    Response,
    ResponseState,
    Round,
    Snapshot,
    SnapshotStep,
)
from .permissions import may_keep_survey
from .questionnaires import Form, form_of, freeze

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DRAFT, SUBMITTED, RETURNED, ACCEPTED = ResponseState
# The batch of the mail that tells of a step: the same however often the step is asked for.
MAILS_OF_STEPS: Final = UUID("6d1f6f0e-3c0b-4a64-9d1c-1c3f8a4b7a52")


class InvalidTransition(Exception):
    """The state of the round or of the response does not allow the step; the message says why."""


class NotAllowed(Exception):
    """The account's roles do not allow the step."""


class Incomplete(Exception):
    """Answers are missing, or checks wait for an explanation."""


class AnswersChanged(Exception):
    """Somebody changed the answers, or took a step, since they were looked at."""


@dataclass(frozen=True)
class Step:
    """A row of the table: from which states a response comes, and to which it goes. Only staff take `is_staff`."""

    name: str
    label: "StrOrPromise"
    sources: tuple[ResponseState, ...]
    target: ResponseState
    snapshot: SnapshotStep
    is_staff: bool = True


class Steps(Enum):
    SUBMIT = Step("submit", _("Submit"), (DRAFT, RETURNED), SUBMITTED, SnapshotStep.SUBMITTED, is_staff=False)
    TAKE_BACK = Step("take_back", _("Take back"), (SUBMITTED,), RETURNED, SnapshotStep.REOPENED, is_staff=False)
    RETURN = Step("return", _("Return with questions"), (SUBMITTED, ACCEPTED), RETURNED, SnapshotStep.RETURNED)
    ACCEPT = Step("accept", _("Accept"), (SUBMITTED,), ACCEPTED, SnapshotStep.ACCEPTED)


@dataclass(frozen=True)
class Actor:
    """Who takes a step: the name to be kept, and the account if it is a member of staff."""

    name: str
    account: User | None = None

    @classmethod
    def of_staff(cls, account: User) -> Self:
        return cls(full_name(account) or account.get_username(), account)


@dataclass(frozen=True)
class GivenBefore:
    """An answer to an earlier round that is not stored yet, with what stands in it."""

    response: Response
    sheet: Sheet
    answers: Sequence[Answer]
    explanations: Sequence[Explanation]


@dataclass(frozen=True)
class Asked:
    """What JSPS asks about an answer: about one question of the form, or about the whole."""

    text: str
    question: Question | None = None


@transaction.atomic
def submit(response: Response, *, form: Form, seen: str, revision: int, actor: Actor, at: datetime) -> Snapshot:
    """This will submit the answers somebody looked at, and queue the confirmation. Sent twice, it does so once.

    `seen` is the fingerprint of the sheet, `revision` the number of submissions then. Staff hand in what came on
    paper as it is; everybody else only what is complete.

    :raises NotOpen: when the institution can't submit now.
    :raises Incomplete: when something is missing or unexplained.
    :raises AnswersChanged: when the answers are not the ones that were looked at.
    """
    row = Response.objects.select_for_update(of=("self",)).select_related("invitation__round").get(pk=response.pk)
    if receipt := _receipt(row, revision + 1):
        return receipt
    row = locked(row, at=at, is_staff=actor.account is not None)
    sheet = sheet_of(row, form, is_pilot=row.invitation.is_pilot)
    if row.revision != revision or sheet.fingerprint != seen:
        raise AnswersChanged
    if actor.account is None and (sheet.missing or sheet.unsettled):
        raise Incomplete
    row.revision, row.submitted_at = row.revision + 1, at
    row.is_on_paper = actor.account is not None
    snapshot = _step(Steps.SUBMIT, row, sheet, actor=actor, at=at)
    _tell(row, LetterKind.RECEIPT, actor=actor, at=at)
    return snapshot


@transaction.atomic
def take_back(response: Response, *, form: Form, actor: Actor, at: datetime) -> Snapshot:
    """This will let an institution correct what it submitted, while the deadline has not passed.

    :raises InvalidTransition: when it is too late for that.
    """
    row = _ready(Steps.TAKE_BACK, response)
    if not can_be_taken_back(row, at=at):
        raise InvalidTransition(str(_("The deadline has passed.")))
    return _step(Steps.TAKE_BACK, row, _sheet(row, form), actor=actor, at=at)


def can_be_taken_back(response: Response, *, at: datetime) -> bool:
    """Whether there is time left to hand it in again; the minutes of grace are none. No query when both are loaded."""
    deadline, survey_round = response.invitation.deadline, response.invitation.round
    is_open = survey_round.state == Round.State.OPEN and deadline is not None and at <= deadline
    return is_open and response.state in Steps.TAKE_BACK.value.sources


@transaction.atomic
def return_with_questions(  # noqa: PLR0913
    response: Response,
    *,
    form: Form,
    questions: Sequence[Asked],
    until: datetime | None,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Snapshot:
    """This will give the answers back, with what JSPS asks about them, and queue the mail that says so.

    `until` is the institution's new deadline; None where the present one is still to come. `seen` is the key of the
    last snapshot that somebody looked at.

    :raises NotAllowed: when the account may not.
    :raises InvalidTransition: when the state does not allow it, nothing is asked, or there would be no time to answer.
    :raises AnswersChanged: when a step was taken since.
    """
    _refuse_strangers(by)
    row = _ready(Steps.RETURN, response)
    if seen is not None and row.snapshots.filter(pk__gt=seen).exists():
        raise AnswersChanged
    if not any(asked.text.strip() for asked in questions):
        raise InvalidTransition(str(_("Write at least one question, so that they know what to look at.")))
    _give_time(row.invitation, until, at=at)
    actor = Actor.of_staff(by)
    snapshot = _step(Steps.RETURN, row, _sheet(row, form), actor=actor, at=at)
    Remark.objects.bulk_create(
        Remark(snapshot=snapshot, question=asked.question, text=asked.text.strip())
        for asked in questions
        if asked.text.strip()
    )
    _tell(row, LetterKind.RETURNED, actor=actor, at=at)
    return snapshot


@transaction.atomic
def accept(response: Response, *, form: Form, revision: int, by: User, at: datetime, note: str = "") -> Snapshot:
    """This will accept the submission that somebody looked at: it counts in the figures of the round.

    :raises NotAllowed: when the account may not.
    :raises InvalidTransition: when the state does not allow it.
    :raises AnswersChanged: when another one was submitted since.
    """
    _refuse_strangers(by)
    row = _ready(Steps.ACCEPT, response)
    if row.revision != revision:
        raise AnswersChanged
    actor = Actor.of_staff(by)
    return _step(Steps.ACCEPT, row, _sheet(row, form), actor=actor, at=at, reason=note)


def open_steps(response: Response) -> list[Steps]:
    """What staff can do with a response in its state, in the order of the table."""
    return [step for step in Steps if step.value.is_staff and response.state in step.value.sources]


@transaction.atomic
def open_round(survey_round: Round, *, closes_at: datetime, by: Account, at: datetime) -> Round:
    """This will open a round, or open it again, until `closes_at`. Its questionnaire is frozen, what is public stays.

    :raises NotAllowed: when the account may not.
    :raises InvalidTransition: when the round has no questionnaire, is open, or the deadline has passed.
    :raises NotReady: when something in the questionnaire has to be put right first.
    """
    row = _round(survey_round, by)
    if row.state == Round.State.OPEN:
        raise InvalidTransition(str(_("The round is open already.")))
    if row.questionnaire is None:
        raise InvalidTransition(str(_("Choose the questionnaire of the round first.")))
    if closes_at <= at:
        raise InvalidTransition(str(_("The deadline has passed.")))
    freeze(row.questionnaire, at=at)
    row.state, row.closes_at = Round.State.OPEN, closes_at
    row.opens_at = row.opens_at or at
    row.save(update_fields=["state", "opens_at", "closes_at"])
    return row


@transaction.atomic
def close_round(survey_round: Round, *, by: Account) -> Round:
    """This will end the answering; what is being answered stays as it is, and can go on when the round is opened again.

    :raises NotAllowed: when the account may not.
    :raises InvalidTransition: when the round is not open.
    """
    row = _round(survey_round, by)
    if row.state != Round.State.OPEN:
        raise InvalidTransition(str(_("The round is not open for answers.")))
    row.state = Round.State.CLOSED
    row.save(update_fields=["state"])
    return row


def refusal_of_answers(survey_round: Round) -> str:
    """Why a round takes no answers of an earlier survey from a file; empty when it does. One query at most.

    It takes them while it is in preparation or closed and nobody has answered: never beside answers that people give,
    and never over any.
    """
    if survey_round.state not in {Round.State.DRAFT, Round.State.CLOSED}:
        return str(_("Only a round in preparation or a closed one takes answers from a file."))
    if survey_round.questionnaire_id is None:
        return str(_("Choose the questionnaire of the round first."))
    if Response.objects.filter(invitation__round=survey_round).exists():
        return str(_("The round holds answers already. Answers from a file are never written over or beside them."))
    return ""


@transaction.atomic
def begin_to_take_over(survey_round: Round, *, by: Account, at: datetime) -> Round:
    """This will ready a round for the answers of an earlier survey: closed, with a questionnaire nobody changes.

    An open round would ask for what is there; in one in preparation, the questionnaire could be exchanged below them.

    :raises NotAllowed: when the account may not.
    :raises InvalidTransition: when the round takes none.
    :raises NotReady: when something in the questionnaire has to be put right first.
    """
    row = _round(survey_round, by)
    if reason := refusal_of_answers(row):
        raise InvalidTransition(reason)
    if row.questionnaire:
        row.questionnaire = freeze(row.questionnaire, at=at)
    row.state = Round.State.CLOSED
    row.save(update_fields=["state"])
    return row


@transaction.atomic
def take_over(given: Sequence[GivenBefore], *, by: User, at: datetime, reason: str) -> None:
    """This will store answers to an earlier round as accepted, each with a snapshot that says so.

    Four queries; on SQLite, which takes few values at once, more for many answers.

    :raises NotAllowed: when the account may not.
    """
    _refuse_strangers(by)
    actor = Actor.of_staff(by)
    for one in given:
        one.response.state = ResponseState.ACCEPTED
    Response.objects.bulk_create(one.response for one in given)
    Answer.objects.bulk_create(answer for one in given for answer in one.answers)
    Explanation.objects.bulk_create(explanation for one in given for explanation in one.explanations)
    Snapshot.objects.bulk_create(
        _snapshot(Steps.ACCEPT, one.response, one.sheet, actor=actor, at=at, reason=reason) for one in given
    )


def form_of_round(survey_round: Round) -> Form:
    """The form that a round asks.

    :raises NotOpen: when it has none.
    """
    questionnaire: Questionnaire | None = survey_round.questionnaire
    if questionnaire is None:
        raise NotOpen(str(_("This round has no questionnaire.")))
    return form_of(questionnaire)


def _round(survey_round: Round, by: Account) -> Round:
    _refuse_strangers(by)
    rows = Round.objects.select_related("questionnaire")
    return rows.select_for_update(of=("self",)).get(pk=survey_round.pk)


def _refuse_strangers(account: Account) -> None:
    if not may_keep_survey(account):
        raise NotAllowed(str(_("Your role does not allow this step.")))


def _receipt(row: Response, revision: int) -> Snapshot | None:
    """What the same press of the button left behind already."""
    return row.snapshots.filter(step=SnapshotStep.SUBMITTED, revision=revision).order_by("pk").first()


def _ready(step: Steps, response: Response) -> Response:
    rows = Response.objects.select_related("invitation__round")
    row = rows.select_for_update(of=("self",)).get(pk=response.pk)
    if row.state not in step.value.sources:
        message = _("This step is not possible while the answers are: %(state)s.")
        raise InvalidTransition(str(message) % {"state": row.state_label})
    return row


def _give_time(invitation: Invitation, until: datetime | None, *, at: datetime) -> None:
    """:raises InvalidTransition: when the institution could not answer in time."""
    if until:
        Invitation.objects.filter(pk=invitation.pk).update(due_at=until)
        invitation.due_at = until
    if invitation.round.state != Round.State.OPEN:
        raise InvalidTransition(str(_("The round is not open for answers.")))
    if invitation.deadline is None or invitation.deadline <= at:
        raise InvalidTransition(str(_("The deadline has passed: give them a new one, so that they can answer.")))


def _sheet(row: Response, form: Form) -> Sheet:
    return sheet_of(row, form, is_pilot=row.invitation.is_pilot)


def _step(step: Steps, row: Response, sheet: Sheet, *, actor: Actor, at: datetime, reason: str = "") -> Snapshot:
    row.state, row.is_taken_back = step.value.target, step is Steps.TAKE_BACK
    row.save(update_fields=["state", "is_taken_back", "revision", "submitted_at", "is_on_paper"])
    snapshot = _snapshot(step, row, sheet, actor=actor, at=at, reason=reason)
    snapshot.save()
    return snapshot


def _snapshot(step: Steps, row: Response, sheet: Sheet, *, actor: Actor, at: datetime, reason: str) -> Snapshot:
    """What a step leaves behind, not stored yet."""
    return Snapshot(
        response=row,
        revision=row.revision,
        step=step.value.snapshot,
        answers=sheet.as_json(),
        explanations=sheet.explanations_as_json(),
        sha256=_number_of(row, step, sheet, at),
        actor=actor.name[:100],
        by=actor.account,
        at=at,
        reason=reason.strip(),
    )


def _number_of(row: Response, step: Steps, sheet: Sheet, at: datetime) -> str:
    """The hash of answers and explanations, and of whose, which and when: no two institutions get the same number."""
    told = "\n".join((row.public_id, str(row.revision), step.value.name, at.isoformat(), sheet.fingerprint))
    return hashlib.sha256(told.encode()).hexdigest()


def _tell(row: Response, kind: str, *, actor: Actor, at: datetime) -> None:
    """Queues the mail that tells of a step, in its transaction; whoever has no address gets none."""
    mailing.queue(
        Invitation.objects.filter(pk=row.invitation_id),
        kind=kind,
        by=actor.account,
        at=at,
        batch=uuid5(MAILS_OF_STEPS, f"{row.public_id}/{kind}/{row.revision}"),
    )
