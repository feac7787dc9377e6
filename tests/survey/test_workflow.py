from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from survey import answering, mailing, workflow
from survey.answering import NotOpen, sheet_of
from survey.models import Delivery, Remark, Response, Snapshot
from survey.workflow import Actor, AnswersChanged, Asked, Incomplete, InvalidTransition, NotAllowed, Steps
from tests.factories.answers import COMPLETE, a_response, after, answered, changes, the_form
from tests.factories.staff import StaffFactory

pytestmark = pytest.mark.django_db
OFFICE = Actor("国際課 佐藤")


def seen(response: Response) -> str:
    return sheet_of(response, the_form(response), is_pilot=response.invitation.is_pilot).fingerprint


def submit(response: Response, *, revision: int = 0, actor: Actor = OFFICE, **more) -> Snapshot:
    arguments = {"seen": seen(response), "at": timezone.now(), **more}
    return workflow.submit(response, form=the_form(response), revision=revision, actor=actor, **arguments)


def submitted() -> Response:
    response = a_response()
    answered(response)
    submit(response)
    response.refresh_from_db()
    return response


def give_back(response: Response, by: User, **more) -> Snapshot:
    arguments = {"questions": [Asked("数を御確認ください。")], "until": None, "at": timezone.now(), **more}
    return workflow.return_with_questions(response, form=the_form(response), by=by, **arguments)


@pytest.fixture
def manager() -> User:
    return StaffFactory(roles=["survey_manager"])


def test_submission_keeps_everything_and_queues_the_confirmation() -> None:
    response = a_response()
    answered(response)

    snapshot = submit(response)

    response.refresh_from_db()
    assert (response.state, response.revision, snapshot.actor) == ("submitted", 1, "国際課 佐藤")
    assert snapshot.answers["Q4.edu.2008"] == {"status": "ok", "value": 12, "note": ""}
    assert set(snapshot.answers) == set(COMPLETE)
    assert [row.kind for row in Delivery.objects.all()] == ["receipt"]


def test_submission_sent_twice_gives_one_receipt_and_one_mail() -> None:
    response = a_response()
    answered(response)
    looked_at = seen(response)

    first, second = (submit(response, seen=looked_at) for _turn in range(2))

    assert first.pk == second.pk
    assert Delivery.objects.count() == 1


def test_submission_of_alike_answers_gives_each_its_own_number() -> None:
    first = submitted()
    second = submitted()

    assert first.snapshots.get().sha256 != second.snapshots.get().sha256


def test_submission_of_answers_that_changed_meanwhile_is_refused() -> None:
    response = a_response()
    answered(response)
    looked_at = seen(response)
    form = the_form(response)
    answering.save(response, changes(form, {"Q6.count": "9"}, {"Q6.count": 1}), form=form, by="", at=timezone.now())

    with pytest.raises(AnswersChanged):
        submit(response, seen=looked_at)

    assert Snapshot.objects.count() == 0


@pytest.mark.parametrize(
    "said",
    [
        {code: said for code, said in COMPLETE.items() if code != "Q6.count"},
        {**COMPLETE, "Q4.edu.2008": "99"},
        {**COMPLETE, "Q4.edu.2005": "90000", "Q4.edu.2008": "100000"},
    ],
    ids=["missing", "unexplained", "hard"],
)
def test_submission_that_is_not_complete_is_refused(said: dict[str, str]) -> None:
    response = a_response()
    answered(response, said)

    with pytest.raises(Incomplete):
        submit(response)


def test_submission_after_the_deadline_is_refused() -> None:
    response = a_response()
    answered(response)

    with pytest.raises(NotOpen):
        submit(response, at=after(response, minutes=6))


def test_staff_hand_in_what_came_on_paper_with_its_gaps(manager: User) -> None:
    response = a_response()
    answered(response, {"Q1.hq": "1"})

    submit(response, actor=Actor("係", manager), at=after(response, days=3))

    response.refresh_from_db()
    assert (response.state, response.is_on_paper) == ("submitted", True)


def test_taken_back_answers_can_be_corrected_and_submitted_again() -> None:
    response = submitted()
    form = the_form(response)

    workflow.take_back(response, form=form, actor=OFFICE, at=timezone.now())
    answering.save(response, changes(form, {"Q6.count": "9"}, {"Q6.count": 1}), form=form, by="", at=timezone.now())
    submit(response, revision=1)

    response.refresh_from_db()
    assert (response.state, response.revision) == ("submitted", 2)
    steps = [(row.step, row.revision) for row in response.snapshots.order_by("pk")]
    assert steps == [("submitted", 1), ("reopened", 1), ("submitted", 2)]


def test_confirmation_that_still_waits_tells_of_the_last_submission() -> None:
    response = submitted()
    workflow.take_back(response, form=the_form(response), actor=OFFICE, at=timezone.now())

    receipt = submit(response, revision=1)

    (mail,) = Delivery.objects.order_by("pk").select_related("invitation__round")
    letter = mailing.letter_of(mail.invitation.round, mail.kind)
    assert receipt.sha256 in mailing.write(letter, mail.invitation).body


@pytest.mark.parametrize("minutes", [1, 6])
def test_taking_back_after_the_deadline_is_refused(minutes: int) -> None:
    response = submitted()

    with pytest.raises(InvalidTransition):
        workflow.take_back(response, form=the_form(response), actor=OFFICE, at=after(response, minutes=minutes))


def test_return_asks_its_questions_and_mails_them(manager: User) -> None:
    response = submitted()
    question = the_form(response).questions["Q6.count"].row

    give_back(response, manager, questions=[Asked("単位は人ですか。", question), Asked("  "), Asked("全体について。")])

    response.refresh_from_db()
    remarks = [(row.question, row.text) for row in Remark.objects.order_by("pk")]
    assert (response.state, remarks) == ("returned", [(question, "単位は人ですか。"), (None, "全体について。")])
    assert [row.kind for row in Delivery.objects.order_by("pk")] == ["receipt", "returned"]


def test_return_without_a_question_is_refused(manager: User) -> None:
    with pytest.raises(InvalidTransition):
        give_back(submitted(), manager, questions=[Asked(" ")])


def test_return_after_the_deadline_needs_a_new_one(manager: User) -> None:
    response = submitted()
    late = after(response, days=1)

    with pytest.raises(InvalidTransition):
        give_back(response, manager, at=late)
    give_back(response, manager, at=late, until=late + timedelta(days=7))

    response.invitation.refresh_from_db()
    assert response.invitation.due_at == late + timedelta(days=7)


def test_accepted_answers_can_be_returned_again(manager: User) -> None:
    response = submitted()
    workflow.accept(response, form=the_form(response), revision=1, by=manager, at=timezone.now())

    give_back(response, manager)

    response.refresh_from_db()
    assert response.state == "returned"


def test_acceptance_of_another_submission_than_the_one_looked_at_is_refused(manager: User) -> None:
    response = submitted()

    with pytest.raises(AnswersChanged):
        workflow.accept(response, form=the_form(response), revision=2, by=manager, at=timezone.now())


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "accepted"])
@pytest.mark.parametrize("step", [step for step in Steps if step is not Steps.SUBMIT])
def test_steps_are_possible_from_the_states_of_the_table_alone(step: Steps, state: str, manager: User) -> None:
    is_draft = state == "draft"
    response = a_response(is_submitted=not is_draft, state=state)
    form, now = the_form(response), timezone.now()
    take = {
        Steps.TAKE_BACK: lambda: workflow.take_back(response, form=form, actor=OFFICE, at=now),
        Steps.RETURN: lambda: give_back(response, manager),
        Steps.ACCEPT: lambda: workflow.accept(response, form=form, revision=1, by=manager, at=now),
    }[step]

    if state in step.value.sources:
        take()
        response.refresh_from_db()
        assert response.state == step.value.target
    else:
        with pytest.raises(InvalidTransition):
            take()
        response.refresh_from_db()
        assert (response.state, Snapshot.objects.count()) == (state, 0)


@pytest.mark.parametrize("roles", [[], ["curator"], ["publisher"]])
def test_steps_of_the_desk_are_refused_to_others(roles: list[str]) -> None:
    response = submitted()
    other = StaffFactory(roles=roles)

    with pytest.raises(NotAllowed):
        give_back(response, other)
    with pytest.raises(NotAllowed):
        workflow.accept(response, form=the_form(response), revision=1, by=other, at=timezone.now())
    with pytest.raises(NotAllowed):
        workflow.close_round(response.invitation.round, by=other)
