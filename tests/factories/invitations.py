"""Rounds that are open, those who are asked, and the mails to them."""

from datetime import timedelta
from uuid import UUID, uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from survey.models import Delivery, Invitation, Letter, Questionnaire, Response, Round


class QuestionnaireFactory(DjangoModelFactory[Questionnaire]):
    code = factory.Sequence(lambda number: f"form-{number}")
    title_en = "The questionnaire"
    title_ja = "調査票"

    class Meta:
        model = Questionnaire


class OpenRoundFactory(DjangoModelFactory[Round]):
    """A round that takes answers for another month."""

    code = factory.Sequence(lambda number: f"open-{number}")
    title_en = "Survey on Internationalization"
    title_ja = "大学の国際化に関する調査"
    first_year = 2023
    last_year = 2026
    state = "open"
    questionnaire = factory.SubFactory(QuestionnaireFactory)
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    provenance = "reference"
    reference_en = "Letter of request"
    reference_ja = "依頼文書"

    class Meta:
        model = Round


class InvitationFactory(DjangoModelFactory[Invitation]):
    round = factory.SubFactory(OpenRoundFactory)
    number = factory.Sequence(lambda number: number + 1)
    name_ja = factory.LazyAttribute(lambda row: f"第{row.number}大学")
    name_en = factory.LazyAttribute(lambda row: f"University {row.number}")
    kind = "national"
    department = "国際課"
    contact_name = "国際 花子"
    email = factory.LazyAttribute(lambda row: f"office-{row.number}@example.ac.jp")

    class Meta:
        model = Invitation

    class Params:
        was_asked = factory.Trait(sent_at=factory.LazyFunction(lambda: timezone.now() - timedelta(hours=12)))


class ResponseFactory(DjangoModelFactory[Response]):
    invitation = factory.SubFactory(InvitationFactory, was_asked=True)
    opened_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Response

    class Params:
        is_submitted = factory.Trait(state="submitted", revision=1, submitted_at=factory.LazyFunction(timezone.now))


class LetterFactory(DjangoModelFactory[Letter]):
    round = factory.SubFactory(OpenRoundFactory)
    kind = "reminder"
    subject_ja = "再度のお願い"
    subject_en = "Second request"
    body_ja = body_en = "{link}"

    class Meta:
        model = Letter


class DeliveryFactory(DjangoModelFactory[Delivery]):
    invitation = factory.SubFactory(InvitationFactory)
    kind = "invitation"
    batch: UUID = factory.LazyFunction(uuid4)
    email = factory.LazyAttribute(lambda row: row.invitation.email)
    queued_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Delivery
