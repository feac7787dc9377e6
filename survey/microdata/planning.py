"""What the answers of an earlier round would do to a round that has none, and doing exactly that: whole, or not at all.

Who is asked is a list of recipients like any other: numbers that stand on the round's list already have to mean the
same institutions there.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from sih_portal.spreadsheets import Problem
from survey import recipients, workflow
from survey.answering import LONGEST_NAME, Sheet, fill, sheet_from
from survey.models import Answer, Explanation, Invitation, Response, Round, Status
from survey.questionnaires import Form, NotReady, form_of, mistakes
from survey.workflow import Actor, GivenBefore
from universities.models import InstitutionKind

from .reading import MOST_PLACES, mark_of
from .reported import Reported, Said
from .rows import AT_A_TIME

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LISTED: Final = ("name_ja", "name_en", "kind", "is_pilot", "prefecture")


class RoundChanged(Exception):
    """The round, its list or its questionnaire is not what the plan was made from; nothing was written."""


@dataclass(frozen=True)
class Count:
    """A kind of institution: how many are in the file, how many of them answered, and how many cells they filled."""

    label: "StrOrPromise"
    institutions: int
    answered: int
    answers: int


@dataclass
class Plan:
    """What would happen; `listing` is what would happen to the list of recipients."""

    round: Round
    form: Form
    reported: Sequence[Reported]
    listing: recipients.Plan
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def entries(self) -> Mapping[int, recipients.Entry]:
        """Who is meant by each number."""
        listing = self.listing
        return {entry.row.number: entry for entry in (*listing.added, *listing.changed, *listing.unchanged)}

    @cached_property
    def told(self) -> Mapping[int, Mapping[str, Said]]:
        """What the file says of each number that answered: all but the absence that the form implies."""
        return {one.number: self._told(one) for one in self.reported if one.is_answered}

    @property
    def fingerprint(self) -> str:
        """The same for the same deeds on the same list and questionnaire, whatever else happened."""
        told = [one.packed() for one in self.reported]
        text = json.dumps([mark_of(self.form), self.listing.fingerprint, told, len(self.problems)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def counts(self) -> list[Count]:
        """By the kinds of institution that are in the file, then of all."""
        kinds = {kind: [one for one in self.reported if self._kind(one) == kind] for kind in InstitutionKind}
        found = [self._count(kind.label, group) for kind, group in kinds.items() if group]
        return [*found, self._count(_("All institutions"), self.reported)]

    @property
    def statuses(self) -> list[tuple["StrOrPromise", int]]:
        """How many cells hold an answer, and how many each reason for none."""
        counted = Counter(said.value.status for cells in self.told.values() for said in cells.values())
        return [(status.label, counted[status]) for status in Status if counted[status]]

    @property
    def explained(self) -> int:
        return sum(len(one.explained) for one in self.reported)

    def is_pilot(self, one: Reported) -> bool:
        return bool(one.number in self.entries and self.entries[one.number].values["is_pilot"])

    def _kind(self, one: Reported) -> str:
        return str(self.entries[one.number].values["kind"]) if one.number in self.entries else ""

    def _count(self, label: "StrOrPromise", group: Sequence[Reported]) -> Count:
        told = [self.told[one.number] for one in group if one.is_answered]
        answers = sum(said.value.status == Status.OK for cells in told for said in cells.values())
        return Count(label, len(group), len(told), answers)

    def _told(self, one: Reported) -> dict[str, Said]:
        """`not applicable` outside a question's universe is worked out, not stored."""
        sheet = one.sheet(self.form, is_pilot=self.is_pilot(one))
        return {
            code: said
            for code, said in one.answers.items()
            if said.value.status != Status.NOT_APPLICABLE or sheet.is_asked(self.form.questions[code]) is not False
        }


def diff(reported: Sequence[Reported], survey_round: Round, form: Form) -> Plan:
    """What the file would do to the round. Four queries, whatever the number of answers.

    Some more while its questionnaire is not frozen, which it has to be ready for.
    """
    rows = [recipients.Row(one.row, one.number, _listed(one), one.record) for one in reported]
    plan = Plan(survey_round, form, reported, recipients.diff(rows, survey_round))
    plan.problems += plan.listing.problems
    if not form.row.is_frozen:
        plan.problems += [Problem(0, "", mistake) for mistake in mistakes(form.row)]
    for one in reported:
        entry = plan.entries.get(one.number)
        if entry and entry.invitation and entry.invitation.outcome and one.is_answered:
            plan.problems.append(one.problem("number", _("No answer is expected from this institution any more.")))
    del plan.problems[MOST_PLACES:]
    return plan


@transaction.atomic
def apply(plan: Plan, *, seen: str, by: User, at: datetime) -> None:
    """This will write the plan that somebody saw: the list, and each response as accepted. The round is closed then.

    Institutions of the file count as asked: from their submission, without one from now.

    :raises NotAllowed: when the account may not.
    :raises InvalidTransition: when the round takes no answers from a file: sent twice, it does so once.
    :raises RoundChanged: when something is not what they saw.
    """
    try:
        survey_round = workflow.begin_to_take_over(plan.round, by=by, at=at)
    except NotReady as error:
        raise RoundChanged from error
    if survey_round.questionnaire is None:
        raise RoundChanged
    fresh = diff(plan.reported, survey_round, form_of(survey_round.questionnaire))
    if fresh.problems or fresh.fingerprint != seen:
        raise RoundChanged
    recipients.apply(fresh.listing, seen=fresh.listing.fingerprint)
    writer = _Writer(fresh, by, at)
    for batch in _batches(fresh.reported):
        writer.write(batch)


class _Writer:
    """Writes a plan, some institutions at a time: memory does not grow with what is stored."""

    def __init__(self, plan: Plan, by: User, at: datetime) -> None:
        self.plan, self.by, self.at = plan, by, at
        self.name = Actor.of_staff(by).name[:LONGEST_NAME]
        self.checks = {check.code: check.row for check in plan.form.checks}

    def write(self, batch: Sequence[Reported]) -> None:
        """Six queries: those who were asked, and what they answered."""
        found = Invitation.objects.filter(round=self.plan.round, number__in=[one.number for one in batch])
        invitations = {row.number: row for row in found.order_by("number")}
        given = [self._given(one, invitations[one.number]) for one in batch if one.is_answered]
        workflow.take_over(given, by=self.by, at=self.at, reason=_("Taken over from a file."))
        unasked = [row for row in invitations.values() if row.sent_at is None]
        submitted = {one.response.invitation_id: one.response.submitted_at for one in given}
        for row in unasked:
            row.sent_at = submitted.get(row.pk, self.at)
        Invitation.objects.bulk_update(unasked, ["sent_at"])

    def _given(self, one: Reported, invitation: Invitation) -> GivenBefore:
        moment = one.facts.get("submitted_at", self.at)
        response = Response(
            invitation=invitation,
            revision=one.facts.get("revision", 1),
            is_on_paper=one.facts.get("is_on_paper", False),
            opened_at=moment,
            saved_at=moment,
            submitted_at=moment,
        )
        told = self.plan.told[one.number].items()
        answers = [self._answer(response, code, said) for code, said in told if said.is_written]
        explanations = [self._explanation(response, one, code) for code in one.explained]
        return GivenBefore(response, self._sheet(answers, explanations, invitation), answers, explanations)

    def _answer(self, response: Response, code: str, said: Said) -> Answer:
        answer = Answer(response=response, cell=self.plan.form.cells[code], lock=0)
        at: Any = said.at or response.submitted_at
        fill(answer, said.value, self.plan.form, by=self.name, at=at)
        return answer

    def _explanation(self, response: Response, one: Reported, code: str) -> Explanation:
        said = one.explained[code]
        at: Any = said.at or response.submitted_at
        kept = {"values": said.values, "text": said.text, "entered_by": self.name, "entered_at": at}
        return Explanation(response=response, check_row=self.checks[code], **kept)

    def _sheet(self, answers: list[Answer], explanations: list[Explanation], invitation: Invitation) -> Sheet:
        return sheet_from(answers, explanations, self.plan.form, is_pilot=invitation.is_pilot)


def _listed(one: Reported) -> dict[str, Any]:
    return {name: one.facts[name] for name in LISTED if name in one.facts}


def _batches(reported: Iterable[Reported]) -> Iterator[list[Reported]]:
    rows = iter(reported)
    while batch := list(islice(rows, AT_A_TIME)):
        yield batch
