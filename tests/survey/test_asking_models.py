"""What the database refuses of questionnaires, of those who are asked, of their mails and of their answers."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from survey.models import (
    Answer,
    Cell,
    Definition,
    Delivery,
    EditCheck,
    Explanation,
    Invitation,
    InvitationLink,
    Letter,
    Membership,
    Option,
    Question,
    Questionnaire,
    Response,
    Round,
    Section,
    Snapshot,
)
from tests.factories.invitations import DeliveryFactory, InvitationFactory, OpenRoundFactory, ResponseFactory
from tests.factories.survey import ReleaseFactory
from tests.factories.universities import InstitutionFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
BEFORE = NOW - timedelta(days=1)


@pytest.fixture
def rows() -> dict[type[models.Model], Any]:
    """One row of each model, all of one round."""
    response = ResponseFactory()
    invitation = response.invitation
    questionnaire = invitation.round.questionnaire
    section = Section.objects.create(questionnaire=questionnaire, code="A")
    question = Question.objects.create(section=section, code="A1", kind="int")
    cell = Cell.objects.create(question=question, code="Q1.n", minimum=0)
    check = EditCheck.objects.create(questionnaire=questionnaire, code="few", severity="soft", rule="Q1.n < 9")
    when = {"entered_at": NOW}
    made = [
        *(invitation.round, invitation, response, questionnaire, section, question, cell, check),
        Definition.objects.create(questionnaire=questionnaire, code="staff"),
        Option.objects.create(question=question, code=1),
        InvitationLink.objects.create(invitation=invitation, token_hash="0" * 64, issued_at=NOW),
        Letter.objects.create(round=invitation.round, kind="reminder"),
        DeliveryFactory(invitation=invitation),
        Answer.objects.create(response=response, cell=cell, status="ok", number=5, **when),
        Explanation.objects.create(response=response, check_row=check, values="5", **when),
        Snapshot.objects.create(response=response, revision=1, step="submitted", answers={}, sha256="0", at=NOW),
        Membership.objects.create(release=ReleaseFactory(round=invitation.round), invitation=invitation, kind="public"),
    ]
    return {type(row): row for row in made}


@pytest.mark.parametrize(
    ("model", "broken"),
    [
        (Round, {"questionnaire": None}),
        (Round, {"opens_at": None}),
        (Round, {"closes_at": None}),
        (Round, {"closes_at": NOW - timedelta(days=9)}),
        (Invitation, {"name_ja": "", "name_en": ""}),
        (Invitation, {"kind": "school"}),
        (Invitation, {"prefecture": "48"}),
        (Membership, {"kind": "school"}),
        (Membership, {"prefecture": "00"}),
        (Invitation, {"outcome": "lost"}),
        (Invitation, {"reminders": 1}),
        (Invitation, {"reminded_at": NOW}),
        (InvitationLink, {"revoked_at": BEFORE}),
        (Letter, {"kind": "postcard"}),
        (Delivery, {"kind": "official"}),
        (Delivery, {"state": "gone"}),
        (Delivery, {"state": "sent"}),
        (Delivery, {"sent_at": NOW}),
        (Questionnaire, {"frozen_at": NOW}),
        (Questionnaire, {"sha256": "0" * 64}),
        (Question, {"kind": "essay"}),
        (Question, {"sensitivity": "X"}),
        (Question, {"breaks_series": True}),
        (Cell, {"minimum": 3, "maximum": 2}),
        (EditCheck, {"severity": "mild"}),
        (Response, {"state": "lost"}),
        (Response, {"state": "submitted"}),
        (Response, {"revision": 1}),
        (Response, {"state": "submitted", "revision": 1}),
        (Answer, {"status": "z"}),
        (Answer, {"status": "u"}),
        (Answer, {"number": None}),
        (Answer, {"text": "five"}),
        (Answer, {"status": "nc", "number": None, "note": "later"}),
        (Snapshot, {"step": "read"}),
    ],
)
def test_row_that_cannot_be_is_refused_by_the_database(
    model: type[models.Model], broken: dict[str, Any], rows: dict[type[models.Model], Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.filter(pk=rows[model].pk).update(**broken)


@pytest.mark.parametrize(
    "model",
    [
        *(Section, Definition, Question, Option, Cell, EditCheck),
        *(Questionnaire, Invitation, InvitationLink, Letter, Delivery, Response, Answer, Explanation, Snapshot),
        Membership,
    ],
)
def test_row_stands_once_in_what_it_belongs_to(model: type[models.Model], rows: dict[type[models.Model], Any]) -> None:
    twin = model._default_manager.get(pk=rows[model].pk)
    twin.pk = None
    if isinstance(twin, Response):
        twin.public_id = "f" * 16

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_institution_is_asked_once_in_a_round() -> None:
    kyoto = InstitutionFactory()
    first = InvitationFactory(institution=kyoto)
    InvitationFactory(institution=kyoto)

    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(institution=kyoto, round=first.round)


def test_revision_is_submitted_once_and_may_be_returned_too(rows: dict[type[models.Model], Any]) -> None:
    step = {"response": rows[Response], "revision": 1, "answers": {}, "sha256": "0", "at": NOW}

    Snapshot.objects.create(step="returned", **step)

    assert Snapshot.objects.filter(revision=1).count() == 2


def test_mail_is_written_again_in_another_batch() -> None:
    delivery = DeliveryFactory()

    DeliveryFactory(invitation=delivery.invitation, batch=uuid4())

    assert Delivery.objects.count() == 2


def test_round_in_preparation_needs_neither_questionnaire_nor_deadline() -> None:
    survey_round = OpenRoundFactory(state="draft", questionnaire=None, opens_at=None, closes_at=None)

    assert Round.objects.get() == survey_round
