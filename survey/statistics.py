"""How far rounds have come: who was asked, who answered, whose answers were accepted, by kind of institution."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from universities.models import InstitutionKind

from .models import Invitation, InvitationStatus, Outcome, Round

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What is in a row of the counts: kind of institution, whether it is a pilot, status, how many, how many of them asked.
Counted = tuple[str, bool, str, int, int]
ANSWERED: Final = (InvitationStatus.SUBMITTED, InvitationStatus.ACCEPTED)
ASKED: Final = Count("pk", filter=Q(sent_at__isnull=False) & ~Q(outcome=Outcome.INELIGIBLE))
ALL: Final = "all"
PARTICIPATION: Final[Mapping[str, "StrOrPromise"]] = {"pilot": _("Pilots"), "other": _("Other than pilots")}
NO_RATE: Final = "—"


@dataclass(frozen=True)
class GroupProgress:
    """A group of the institutions on a round's list.

    `asked` (送付数) are those reached by mail or by post and rightly asked; `answered` (回答数) those of them whose
    answers are there, accepted or not yet; `accepted` (受理数) those whose answers count in the figures. `counts` has
    how many stand at each status, whether they were asked or not.
    """

    code: str
    label: "StrOrPromise"
    asked: int
    answered: int
    accepted: int
    counts: Mapping[str, int]

    @property
    def listed(self) -> int:
        return sum(self.counts.values())

    @property
    def rate(self) -> Decimal | None:
        """The desk's rate of response (回収率): answered of asked in percent, half up; None where nobody was asked.

        The rate that goes with published figures counts accepted answers alone.
        """
        if not self.asked:
            return None
        return Decimal((2000 * self.answered + self.asked) // (2 * self.asked)).scaleb(-1)

    @property
    def told_rate(self) -> str:
        return NO_RATE if self.rate is None else f"{self.rate}%"


@dataclass(frozen=True)
class RoundProgress:
    """All institutions; pilots and others; the kinds of institution, in their order."""

    round: Round
    whole: GroupProgress
    participation: Sequence[GroupProgress]
    kinds: Sequence[GroupProgress]

    @property
    def groups(self) -> list[GroupProgress]:
        """Every group, the whole first."""
        return [self.whole, *self.kinds, *self.participation]


def progress_of(survey_round: Round) -> RoundProgress:
    """How far a round has come; zeros where nobody is on its list. One query."""
    [progress] = progress_of_each([survey_round])
    return progress


def progress_of_each(rounds: Iterable[Round]) -> list[RoundProgress]:
    """The same for several rounds, in their order. One query."""
    found = list(rounds)
    rows: dict[int, list[Counted]] = {survey_round.pk: [] for survey_round in found}
    invitations: Any = Invitation.objects.filter(round__in=found).with_status().order_by()
    counted = invitations.values_list("round", "kind", "is_pilot", "status").annotate(Count("pk"), asked=ASKED)
    for key, *row in counted:
        rows[key].append((row[0], row[1], row[2], row[3], row[4]))
    return [_progress(survey_round, rows[survey_round.pk]) for survey_round in found]


def _progress(survey_round: Round, rows: Sequence[Counted]) -> RoundProgress:
    pilots = {code: [row for row in rows if row[1] == (code == "pilot")] for code in PARTICIPATION}
    kinds = {kind: [row for row in rows if row[0] == kind] for kind in InstitutionKind}
    return RoundProgress(
        survey_round,
        _group(ALL, _("All institutions"), rows),
        [_group(code, label, pilots[code]) for code, label in PARTICIPATION.items()],
        [_group(kind.value, kind.label, kinds[kind]) for kind in InstitutionKind],
    )


def _group(code: str, label: "StrOrPromise", rows: Iterable[Counted]) -> GroupProgress:
    counts = dict.fromkeys(InvitationStatus.values, 0)
    asked = dict.fromkeys(InvitationStatus.values, 0)
    for _kind, _is_pilot, status, count, of_asked in rows:
        counts[status] += count
        asked[status] += of_asked
    return GroupProgress(
        code,
        label,
        asked=sum(asked.values()),
        answered=sum(asked[status] for status in ANSWERED),
        accepted=asked[InvitationStatus.ACCEPTED],
        counts=counts,
    )
