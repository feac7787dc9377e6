"""Responses with what stands in them, for the pages and lists of the survey's managers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404

from survey.answering import Sheet, sheet_from, sheet_of
from survey.models import Answer, Explanation, Invitation, Response, Snapshot, SnapshotStep
from survey.questionnaires import Form, form_of


@dataclass(frozen=True)
class Opened:
    """A response, what stands in it, and the snapshots of its steps with what JSPS asked, the newest first."""

    response: Response
    sheet: Sheet
    snapshots: Sequence[Snapshot]

    @property
    def form(self) -> Form:
        return self.sheet.form

    @property
    def invitation(self) -> Invitation:
        return self.response.invitation

    @property
    def last_key(self) -> int:
        """By it a page knows whether a step was taken since; 0 before the first."""
        return self.snapshots[0].pk if self.snapshots else 0

    @property
    def returned(self) -> Snapshot | None:
        """The last return with its questions and replies; None once the answers were accepted after it."""
        steps = (SnapshotStep.RETURNED, SnapshotStep.ACCEPTED)
        last = next((snapshot for snapshot in self.snapshots if snapshot.step in steps), None)
        return last if last and last.step == SnapshotStep.RETURNED else None

    def since(self, key: int) -> list[Snapshot]:
        """The snapshots of the steps that were taken since."""
        return [snapshot for snapshot in self.snapshots if snapshot.pk > key]

    def snapshot(self, key: int) -> Snapshot | None:
        return next((snapshot for snapshot in self.snapshots if snapshot.pk == key), None)


@dataclass(frozen=True)
class Judged:
    """A response in a list; `sheet` is None where its round has no questionnaire."""

    response: Response
    sheet: Sheet | None


def opened(pk: int) -> Opened:
    """Eleven queries.

    :raises Http404: when there is no such response, or no questionnaire that it answers.
    """
    response = get_object_or_404(responses(), pk=pk)
    questionnaire = response.invitation.round.questionnaire
    if questionnaire is None:
        raise Http404
    snapshots = response.snapshots.select_related("by").prefetch_related("remarks__question").order_by("-pk")
    sheet = sheet_of(response, form_of(questionnaire), is_pilot=response.invitation.is_pilot)
    return Opened(response, sheet, list(snapshots))


def responses() -> QuerySet[Response]:
    return Response.objects.select_related("invitation__round__questionnaire")


def judged(rows: Sequence[Response]) -> list[Judged]:
    """These responses with their sheets. Two queries for all, and six for each questionnaire among them."""
    answers: Any = Prefetch("answers", Answer.objects.select_related("option").order_by("pk"))
    explanations: Any = Prefetch("explanations", Explanation.objects.order_by("pk"))
    prefetch_related_objects(rows, answers, explanations)
    asked = {row.invitation.round.questionnaire_id: row.invitation.round.questionnaire for row in rows}
    forms = {key: form_of(questionnaire) for key, questionnaire in asked.items() if questionnaire}
    return [Judged(row, _sheet(row, forms.get(row.invitation.round.questionnaire_id))) for row in rows]


def _sheet(row: Response, form: Form | None) -> Sheet | None:
    if form is None:
        return None
    return sheet_from(row.answers.all(), row.explanations.all(), form, is_pilot=row.invitation.is_pilot)
