"""Rounds with as many accepted responses as a test wants, written some hundred at a time."""

import random
from typing import Any, Final

from django.utils import timezone

from survey.models import Answer, Invitation, Response, Round, Snapshot
from survey.questionnaires import Form, form_of
from tests.factories.answers import a_questionnaire
from tests.survey.test_engine import compared_round

NUMBERS: Final = ("Q4.edu.2005", "Q4.edu.2008", "Q4.adm.2005", "Q4.adm.2008")


def crowd(survey_round: Round, count: int) -> None:
    """This will add institutions that answered, half of them pilots; each third says no to yes-or-no questions."""
    assert survey_round.questionnaire
    form = form_of(survey_round.questionnaire)
    chance, now, last = random.Random(count), timezone.now(), survey_round.invitations.count()
    invitations = Invitation.objects.bulk_create(
        Invitation(
            round=survey_round,
            number=last + place,
            name_ja=f"機関{place}",
            kind="national" if place % 4 < 2 else "private",
            is_pilot=place % 2 == 0,
            sent_at=now,
        )
        for place in range(1, count + 1)
    )
    responses = Response.objects.bulk_create(
        Response(invitation=row, state="accepted", revision=1, opened_at=now, submitted_at=now) for row in invitations
    )
    Answer.objects.bulk_create(
        answer for place, row in enumerate(responses) for answer in _answers(row, form, place, chance)
    )
    Snapshot.objects.bulk_create(
        Snapshot(response=row, revision=1, step="accepted", answers={}, sha256="0" * 64, at=now) for row in responses
    )


def crowded_round(count: int) -> Round:
    """Closed, with so many accepted responses to the small questionnaire."""
    survey_round = compared_round(questionnaire=a_questionnaire(), state="closed")
    crowd(survey_round, count)
    return survey_round


def _answers(response: Response, form: Form, place: int, chance: random.Random) -> list[Answer]:
    said: dict[str, dict[str, Any]] = {code: {"number": chance.randint(20, 90)} for code in NUMBERS}
    said |= {"Q6.count": {"number": place % 3}, "Q1.hq": {"option": form.questions["Q1.hq"].options[place % 3 == 0]}}
    now = timezone.now()
    return [
        Answer(response=response, cell=form.cells[code], status="ok", entered_at=now, **how)
        for code, how in said.items()
    ]
