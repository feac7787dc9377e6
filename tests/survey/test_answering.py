from datetime import timedelta

import pytest
from django.utils import timezone

from survey import answering
from survey.answering import GRACE, Finding, NotOpen, Said, sheet_of
from survey.models import Answer, Explanation, Invitation, Response, Round
from survey.values import Value
from tests.factories.answers import COMPLETE, a_questionnaire, a_response, a_round, after, answered, changes, the_form
from tests.factories.invitations import InvitationFactory

pytestmark = pytest.mark.django_db


def sheet(response: Response):
    return sheet_of(response, the_form(response), is_pilot=response.invitation.is_pilot)


def say(response: Response, finding: Finding, text: str, *, seen: str = "", by: str = "") -> dict[int, Explanation]:
    said = Said(finding.check.row, finding.values, text, seen)
    return answering.explain(response, [said], by=by, at=timezone.now())


def test_begun_twice_there_is_one_response() -> None:
    invitation = InvitationFactory()
    now = timezone.now()

    first, second = (answering.open_response(invitation, at=now) for _turn in range(2))

    assert first.pk == second.pk


def test_saved_answers_come_back_as_they_were() -> None:
    response = a_response()

    answered(response, by="国際課 佐藤")

    found = sheet(response)
    assert found.value("Q1.hq") == Value("ok", option=1)
    assert found.value("Q4.edu.2008") == Value("ok", number=12)
    assert found.value("F4.name") == Value("ok", text="国際 太郎")
    assert {entry.by for entry in found.entries.values()} == {"国際課 佐藤"}
    assert {entry.lock for entry in found.entries.values()} == {1}
    assert found.missing == []


def test_save_sent_twice_is_no_conflict_and_counts_once() -> None:
    response = a_response()
    answered(response, {"Q6.count": "3"})

    again = answered(response, {"Q6.count": "3"})

    assert again.conflicts == []
    assert Answer.objects.get().lock == 1


def test_save_on_a_colleagues_words_is_a_conflict_of_that_cell_alone() -> None:
    response = a_response()
    answered(response, {"Q6.count": "3"}, by="佐藤")

    saved = answered(response, {"Q6.count": "4", "Q1.hq": "2"}, by="鈴木")

    assert [(one.code, one.typed.number, one.stored.value.number, one.stored.by) for one in saved.conflicts] == [
        ("Q6.count", 4, 3, "佐藤")
    ]
    assert list(saved.entries) == ["Q1.hq"]
    assert sheet(response).value("Q6.count").number == 3


def test_save_by_somebody_who_saw_the_colleagues_words_replaces_them() -> None:
    response = a_response()
    answered(response, {"Q6.count": "3"})
    form = the_form(response)

    answering.save(response, changes(form, {"Q6.count": "4"}, {"Q6.count": 1}), form=form, by="鈴木", at=timezone.now())

    assert (sheet(response).value("Q6.count").number, sheet(response).entry("Q6.count").lock) == (4, 2)


def test_cleared_answer_keeps_its_row_and_counts_as_missing() -> None:
    response = a_response()
    answered(response)
    form = the_form(response)

    answering.save(response, changes(form, {"Q6.count": ""}, {"Q6.count": 1}), form=form, by="", at=timezone.now())

    assert sheet(response).entry("Q6.count").lock == 2
    assert sheet(response).missing == ["Q6.count"]


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_save_after_submission_is_refused(state: str) -> None:
    response = a_response(is_submitted=True, state=state)

    with pytest.raises(NotOpen):
        answered(response, {"Q6.count": "3"})


@pytest.mark.parametrize(("delay", "is_written"), [(GRACE, True), (GRACE + timedelta(seconds=1), False)])
def test_save_is_taken_until_the_grace_after_the_deadline_ends(delay: timedelta, is_written: bool) -> None:
    response = a_response()
    moment = after(response) + delay

    if is_written:
        answered(response, {"Q6.count": "3"}, at=moment)
    else:
        with pytest.raises(NotOpen):
            answered(response, {"Q6.count": "3"}, at=moment)

    assert Answer.objects.count() == int(is_written)


def test_extension_gives_one_institution_more_time() -> None:
    response = a_response()
    moment = after(response, days=2)
    response.invitation.due_at = moment + timedelta(days=1)
    response.invitation.save()

    answered(response, {"Q6.count": "3"}, at=moment)

    assert Answer.objects.count() == 1


@pytest.mark.parametrize("field", ["closed", "declined"])
def test_save_is_refused_when_nothing_is_expected(field: str) -> None:
    response = a_response()
    if field == "closed":
        response.invitation.round.state = "closed"
        response.invitation.round.save()
    else:
        response.invitation.outcome = "declined"
        response.invitation.save()

    with pytest.raises(NotOpen):
        answered(response, {"Q6.count": "3"})


def test_staff_write_what_came_on_paper_after_the_deadline() -> None:
    response = a_response()
    form = the_form(response)

    answering.save(
        response, changes(form, {"Q6.count": "3"}), form=form, by="係", at=after(response, days=9), is_staff=True
    )

    assert Answer.objects.count() == 1


@pytest.mark.parametrize("why", ["published", "declined"])
def test_staff_write_nothing_that_would_not_count(why: str) -> None:
    response = a_response()
    form = the_form(response)
    if why == "published":
        Round.objects.update(state="published")
    else:
        Invitation.objects.update(outcome="declined")

    with pytest.raises(NotOpen):
        answering.save(response, changes(form, {"Q6.count": "3"}), form=form, by="係", at=timezone.now(), is_staff=True)

    assert not Answer.objects.exists()


def test_question_outside_its_universe_is_kept_and_not_asked() -> None:
    response = a_response()
    answered(response, {**COMPLETE, "Q1.hq": "2"})

    found = sheet(response)

    assert found.value("Q1.head").option == 2
    assert found.code_of("Q1.head") == "a"
    assert found.missing == []


def test_question_whose_universe_is_open_is_not_missing_yet() -> None:
    response = a_response()
    form = the_form(response)

    found = sheet(response)

    assert found.is_asked(form.questions["Q1.head"]) is None
    assert "Q1.head" not in found.missing
    assert "Q1.hq" in found.missing


def test_totals_add_up_what_is_there() -> None:
    response = a_response()
    answered(response, {"Q4.edu.2005": "10", "Q4.adm.2005": "nc"})

    assert sheet(response).totals == {"Q4.total.2005": 10, "Q4.total.2008": None}


def test_reason_is_an_answer_and_a_blank_is_missing() -> None:
    response = a_response()
    answered(response, {"Q6.count": "u"})

    assert "Q6.count" not in sheet(response).missing
    assert "Q4.edu.2005" in sheet(response).missing


def test_explanation_holds_for_its_values_only() -> None:
    response = a_response()
    answered(response, {**COMPLETE, "Q4.edu.2008": "60"})
    (finding,) = sheet(response).findings
    now = timezone.now()
    say(response, finding, "新規事業")
    form = the_form(response)

    settled = [one.is_settled for one in sheet(response).findings]
    answering.save(response, changes(form, {"Q4.edu.2008": "70"}, {"Q4.edu.2008": 1}), form=form, by="", at=now)

    assert (settled, [one.is_settled for one in sheet(response).findings]) == ([True], [False])


def test_explanation_is_never_written_over_unseen() -> None:
    response = a_response()
    answered(response, {**COMPLETE, "Q4.edu.2008": "60"})
    (finding,) = sheet(response).findings
    say(response, finding, "新規事業", by="佐藤")

    others = say(response, finding, "組織改編", by="鈴木")

    (stored,) = others.values()
    assert (stored.text, stored.entered_by) == ("新規事業", "佐藤")
    assert say(response, finding, "新規事業", by="鈴木") == {}
    assert Explanation.objects.get().entered_by == "佐藤"
    assert say(response, finding, "組織改編", seen=stored.digest, by="鈴木") == {}
    assert Explanation.objects.get().text == "組織改編"


def test_explanation_of_earlier_answers_makes_room() -> None:
    response = a_response()
    answered(response, {**COMPLETE, "Q4.edu.2008": "60"})
    say(response, sheet(response).findings[0], "新規事業")
    form = the_form(response)
    answering.save(
        response, changes(form, {"Q4.edu.2008": "70"}, {"Q4.edu.2008": 1}), form=form, by="", at=timezone.now()
    )

    assert say(response, sheet(response).findings[0], "組織改編") == {}
    assert [one.is_settled for one in sheet(response).findings] == [True]


def test_answers_to_questions_that_are_not_asked_decide_nothing() -> None:
    """The second question hangs on the first, the third on the second: an ignored answer asks nothing."""
    questionnaire = a_questionnaire(is_frozen=False)
    section = questionnaire.sections.get(code="D")
    for code, universe in (("N1", "Q1.hq = 2"), ("N2", "N1.count = 1")):
        question = section.questions.create(code=code, kind="int", universe=universe, position=50)
        question.cells.create(code=f"{code}.count")
    response = a_response(round=a_round(questionnaire=questionnaire))
    answered(response, {**COMPLETE, "Q1.hq": "2", "N1.count": "1", "N2.count": "5"})
    before = sheet(response)
    asked = [before.is_asked(before.form.questions[f"{code}.count"]) for code in ("N1", "N2")]
    form = the_form(response)
    answering.save(response, changes(form, {"Q1.hq": "1"}, {"Q1.hq": 1}), form=form, by="", at=timezone.now())

    now = sheet(response)

    assert asked == [True, True]
    assert [now.is_asked(now.form.questions[f"{code}.count"]) for code in ("N1", "N2")] == [False, None]
    assert now.value("N2.count").number == 5


def test_explanation_of_long_words_holds_for_them_only() -> None:
    questionnaire = a_questionnaire(is_frozen=False)
    questionnaire.checks.create(code="words", severity="soft", rule="answered(Q9.words) = 0")
    response = a_response(round=a_round(questionnaire=questionnaire))
    answered(response, {**COMPLETE, "Q9.words": "あ" * 1_000})
    (finding,) = sheet(response).findings

    say(response, finding, "")

    assert [one.is_settled for one in sheet(response).findings] == [True]


def test_hard_check_is_never_settled() -> None:
    response = a_response()
    answered(response, {**COMPLETE, "Q4.edu.2008": "100000", "Q4.edu.2005": "99999"})
    (finding,) = sheet(response).findings
    say(response, finding, "?")

    assert [(one.check.code, one.is_settled) for one in sheet(response).unsettled] == [("sum-large", False)]


def test_save_costs_the_same_for_one_cell_and_for_all(django_assert_max_num_queries) -> None:
    response = a_response()
    form = the_form(response)
    all_of_them = changes(form, COMPLETE)

    with django_assert_max_num_queries(8):
        answering.save(response, all_of_them, form=form, by="", at=timezone.now())
