"""The answers of an earlier round from a file: what was exported comes back, and each mistake has its place."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from sih_portal import spreadsheets
from survey import microdata, workflow
from survey.answering import sheet_of
from survey.models import Explanation, Invitation, Questionnaire, Response, Round, Snapshot
from survey.workflow import InvalidTransition, NotAllowed
from tests.factories.answers import COMPLETE, a_questionnaire, a_response, a_round
from tests.factories.invitations import InvitationFactory
from tests.factories.practices import staff
from tests.survey.desk import logged_in
from tests.survey.imported import (
    GAPS,
    accepted,
    explained,
    file_of,
    form_of_round,
    stored,
    take_over,
    target,
    with_the_list_of,
)

pytestmark = pytest.mark.django_db
HEAD = "number,name_ja,kind,"
PARTS = ("wide", "long", "xlsx")


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


@pytest.fixture
def by() -> User:
    return staff("survey_manager")


@pytest.fixture
def source() -> Round:
    """Two institutions that answered, one of them with gaps, a note and an explanation."""
    survey_round = a_round()
    accepted({**COMPLETE, "Q1.head": "3", "Q9.words": "一行目\n二行目"}, round=survey_round, invitation__is_pilot=True)
    other = accepted(GAPS, round=survey_round, invitation__kind="private", invitation__prefecture="01")
    explained(other, "新学部の設置")
    return survey_round


def an_import(survey_round: Round, text: str, name: str = "answers.csv") -> microdata.Plan:
    """The plan of a text, with whatever is wrong with it."""
    form = form_of_round(survey_round)
    book = spreadsheets.read(BytesIO(text.encode()), name=name)
    reported, problems = microdata.parse(book, form, at=timezone.now())
    plan = microdata.diff(reported, survey_round, form)
    plan.problems = [*problems, *plan.problems]
    return plan


def problems(text: str, **values: Any) -> list[tuple[int, str]]:
    found = an_import(target(a_round(**values)), text).problems
    return [(problem.row, problem.column) for problem in found]


def reason(text: str) -> str:
    with translation.override("en"):
        [problem] = an_import(target(a_round()), text).problems
    return problem.reason


@pytest.mark.parametrize("part", PARTS)
def test_what_was_exported_comes_back(part: str, manager: Client, source: Round) -> None:
    survey_round = with_the_list_of(source, target(source)) if part == "long" else target(source)

    take_over(manager, survey_round, file_of(manager, source, part), part)

    assert stored(survey_round) == stored(source)
    listed, answered = ("number", "name_ja", "name_en", "kind", "prefecture"), ("state", "revision", "is_on_paper")
    columns = (*listed, *(f"response__{name}" for name in answered))
    facts = [list(row.invitations.order_by("number").values_list(*columns)) for row in (survey_round, source)]
    told = [fact if part != "long" else (*fact[:6], 2, True) for fact in facts[0]]
    assert told == facts[1]


@pytest.mark.parametrize("part", PARTS)
def test_file_of_the_copy_is_the_file(part: str, manager: Client, source: Round) -> None:
    """But for what stands in it of the moments and of the round."""
    survey_round = with_the_list_of(source, target(source)) if part == "long" else target(source)
    take_over(manager, survey_round, file_of(manager, source, part), part)

    copies = [
        spreadsheets.read(BytesIO(file_of(manager, row, "xlsx")), name="a.xlsx") for row in (source, survey_round)
    ]

    same = ("codebook",) if part == "long" else ("wide", "codebook")
    for name in (*same, "explanations") if part == "xlsx" else same:
        assert copies[0].sheet(name) == copies[1].sheet(name)


def test_workbook_brings_moments_and_explanations(manager: Client, source: Round) -> None:
    survey_round = target(source)

    take_over(manager, survey_round, file_of(manager, source, "xlsx"), "xlsx")

    kept = [
        Explanation.objects.filter(response__invitation__round=row).values_list("values", "text", "entered_at")
        for row in (survey_round, source)
    ]
    assert list(kept[0].order_by("pk")) == list(kept[1].order_by("pk"))
    moments = [
        list(
            Response.objects.filter(invitation__round=row)
            .order_by("invitation__number", "answers__cell__code")
            .values_list("submitted_at", "answers__entered_at")
        )
        for row in (survey_round, source)
    ]
    assert moments[0] == moments[1]


def test_explanation_of_earlier_values_stays_one(manager: Client) -> None:
    source = a_round()
    response = accepted(GAPS, round=source)
    explained(response, "増員")
    Explanation.objects.update(values="Q4.edu.2008=80;Q4.edu.2005=0")
    survey_round = target(source)

    take_over(manager, survey_round, file_of(manager, source, "xlsx"), "xlsx")

    [copy] = Response.objects.filter(invitation__round=survey_round)
    sheet = sheet_of(copy, form_of_round(survey_round), is_pilot=False)
    assert [(finding.is_settled, row.text) for finding in sheet.findings for row in sheet.explanations.values()] == [
        (False, "増員")
    ]


def test_response_is_accepted_with_one_snapshot_by_the_member_of_staff(by: User) -> None:
    survey_round = target(a_round())
    plan = an_import(survey_round, f"{HEAD}Q6.count,Q4.edu.2005,Q4.adm.2005\n7,ある大学,国立大学,3,nc,m\n")

    microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())

    [response] = Response.objects.select_related("invitation")
    [snapshot] = Snapshot.objects.all()
    assert (response.state, response.revision, response.invitation.sent_at) == ("accepted", 1, response.submitted_at)
    assert (snapshot.response, snapshot.step, snapshot.revision, snapshot.by) == (response, "accepted", 1, by)
    assert snapshot.answers == sheet_of(response, form_of_round(survey_round), is_pilot=False).as_json()
    assert set(snapshot.answers) == {"Q4.edu.2005", "Q6.count"}
    assert set(response.answers.values_list("entered_by", "lock")) == {(workflow.Actor.of_staff(by).name, 1)}


def test_institution_without_answers_was_asked(by: User) -> None:
    plan = an_import(
        target(a_round()), f"{HEAD}state,Q6.count\n1,ある大学,国立大学,accepted,3\n2,別の大学,私立大学,,\n"
    )

    microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())

    rows: Any = Invitation.objects.with_status().order_by("number")
    assert [row.status for row in rows] == ["accepted", "invited"]


def test_round_is_closed_and_its_questionnaire_fixed(by: User) -> None:
    survey_round = target(a_round(), questionnaire=a_questionnaire(is_frozen=False))
    plan = an_import(survey_round, f"{HEAD}Q6.count\n1,ある大学,国立大学,3\n")

    microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())

    survey_round.refresh_from_db()
    assert survey_round.questionnaire
    assert (survey_round.state, survey_round.questionnaire.is_frozen) == ("closed", True)


def test_questionnaire_that_is_not_ready_is_put_right_first() -> None:
    survey_round = target(a_round(), questionnaire=a_questionnaire(is_frozen=False))
    assert survey_round.questionnaire
    survey_round.questionnaire.sections.update(title_ja="", title_en="")

    plan = an_import(survey_round, f"{HEAD}Q6.count\n1,ある大学,国立大学,3\n")

    assert plan.problems


@pytest.mark.parametrize("state", ["open", "published"])
def test_round_that_is_open_or_published_takes_none(state: str, by: User) -> None:
    survey_round = target(a_round())
    plan = an_import(survey_round, f"{HEAD}Q6.count\n1,ある大学,国立大学,3\n")
    dates = {"opens_at": timezone.now(), "closes_at": timezone.now() + timedelta(days=1)}
    Round.objects.filter(pk=survey_round.pk).update(state=state, **dates)

    with pytest.raises(InvalidTransition):
        microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())

    assert Invitation.objects.count() == 0


def test_round_with_a_response_takes_none(by: User) -> None:
    survey_round = a_response().invitation.round
    Round.objects.filter(pk=survey_round.pk).update(state="closed")
    plan = an_import(survey_round, f"{HEAD}Q6.count\n900,ある大学,国立大学,3\n")

    with pytest.raises(InvalidTransition):
        microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())

    assert Response.objects.count() == 1


def test_round_without_a_questionnaire_takes_none(by: User) -> None:
    survey_round = target(a_round())
    plan = an_import(survey_round, f"{HEAD}Q6.count\n1,ある大学,国立大学,3\n")
    Round.objects.filter(pk=survey_round.pk).update(questionnaire=None)

    with pytest.raises(InvalidTransition):
        microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())


def test_sent_twice_it_is_written_once(by: User) -> None:
    plan = an_import(target(a_round()), f"{HEAD}Q6.count\n1,ある大学,国立大学,3\n")
    microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())

    with pytest.raises(InvalidTransition):
        microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())

    assert Response.objects.count() == 1


@pytest.mark.parametrize("change", ["list", "questionnaire", "fingerprint"])
def test_nothing_is_written_after_a_change(change: str, by: User) -> None:
    survey_round = target(a_round(), questionnaire=a_questionnaire(is_frozen=False))
    plan = an_import(survey_round, f"{HEAD}Q6.count\n1,ある大学,国立大学,3\n")
    seen = plan.fingerprint
    if change == "list":
        InvitationFactory(round=survey_round, number=2)
    elif change == "questionnaire":
        Questionnaire.objects.filter(rounds=survey_round).update(title_en="Another")
    else:
        seen = "0" * 64

    with pytest.raises(microdata.RoundChanged):
        microdata.apply(plan, seen=seen, by=by, at=timezone.now())

    survey_round.refresh_from_db()
    assert (Response.objects.count(), survey_round.state) == (0, "draft")


def test_only_managers_take_over_answers() -> None:
    plan = an_import(target(a_round()), f"{HEAD}Q6.count\n1,ある大学,国立大学,3\n")

    with pytest.raises(NotAllowed):
        microdata.apply(plan, seen=plan.fingerprint, by=staff("publisher"), at=timezone.now())
    with pytest.raises(NotAllowed):
        workflow.take_over([], by=staff("publisher"), at=timezone.now(), reason="")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_file_of_an_office_is_read(encoding: str, by: User) -> None:
    """Columns in another order, Japanese headings, wide digits, words instead of codes."""
    survey_round = target(a_round())
    head = "Ｑ4.edu.2005,Q1.hq,設置形態,採択機関,都道府県,機関名,番号,Q6.count"
    text = f"{head}\n１２,設置している,公立大学,○,愛知,ある大学,３,わからない\n"
    form = form_of_round(survey_round)
    book = spreadsheets.read(BytesIO(text.encode(encoding)), name="answers.csv")

    reported, found = microdata.parse(book, form, at=timezone.now())
    plan = microdata.diff(reported, survey_round, form)
    microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())

    assert found == []
    listed = Invitation.objects.values_list("number", "kind", "is_pilot", "prefecture")
    assert list(listed) == [(3, "public", True, "23")]
    assert stored(survey_round)[3] == {
        "Q4.edu.2005": ("ok", 12, None, "", ""),
        "Q1.hq": ("ok", None, 1, "", ""),
        "Q6.count": ("u", None, None, "", ""),
    }


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("number,Q6.count\n1,3\n", (2, "")),  # a name is missing
        (f"{HEAD}Q6.count,Q8.none\n1,ある大学,国立大学,3,1\n", (1, "E")),
        (f"{HEAD}Q6.count\n1,ある大学,国立大学,three\n", (2, "D")),
        (f"{HEAD}Q6.count\n1,ある大学,国立大学,-1\n", (2, "D")),
        (f"{HEAD}Q1.hq\n1,ある大学,国立大学,3\n", (2, "D")),
        (f"{HEAD}Q6.count\n1,ある大学,大学院,3\n", (2, "C")),
        (f"{HEAD}prefecture,Q6.count\n1,ある大学,国立大学,愛知市,3\n", (2, "D")),
        (f"{HEAD}Q6.count\n10000,ある大学,国立大学,3\n", (2, "A")),
        (f"{HEAD}Q6.count\n1,ある大学,国立大学,3\n1,別の大学,国立大学,4\n", (3, "A")),
        (f"{HEAD}state,Q6.count\n1,ある大学,国立大学,draft,3\n", (2, "D")),
        (f"{HEAD}state,Q6.count\n1,ある大学,国立大学,done,3\n", (2, "D")),
        (f"{HEAD}revision,Q6.count\n1,ある大学,国立大学,0,3\n", (2, "D")),
        (f"{HEAD}submitted_at,Q6.count\n1,ある大学,国立大学,yesterday,3\n", (2, "D")),
        (f"{HEAD}submitted_at,Q6.count\n1,ある大学,国立大学,9999-12-31,3\n", (2, "D")),
        (f"{HEAD}submitted_at,Q6.count\n1,ある大学,国立大学,0001-01-01,3\n", (2, "D")),
        (f"{HEAD}Q1.head,Q1.head.note\n1,ある大学,国立大学,1,総長\n", (2, "D")),
        (f"{HEAD}Q4.edu.2005,Q4.adm.2005,Q4.total.2005\n1,ある大学,国立大学,1,2,4\n", (2, "F")),
        ("number,cell,status,value\n1,Q8.none,ok,1\n", (2, "B")),
        ("number,cell,status,value,name_ja,kind\n1,Q6.count,ok,,あ,公立\n", (2, "D")),
        ("number,cell,status,value,name_ja,kind\n1,Q6.count,nc,3,あ,公立\n", (2, "D")),
        ("number,cell,status,value,name_ja,kind\n1,Q6.count,ok,nc,あ,公立\n", (2, "D")),
        ("number,cell,status,value,name_ja,kind\n1,Q6.count,fine,3,あ,公立\n", (2, "D")),
    ],
)
def test_mistake_is_told_with_its_place(text: str, place: tuple[int, str]) -> None:
    assert problems(text)[0] == place


def test_cell_that_stands_there_twice_is_a_mistake() -> None:
    text = "number,cell,value,name_ja,kind\n1,Q6.count,3,あ,公立\n1,Q6.count,3,あ,公立\n1,Q9.words,x,い,公立\n"

    assert problems(text) == [(3, "B"), (4, "D")]


@pytest.mark.parametrize("text", [f"{HEAD}Q6.count\n1,ある大学,国立大学,\n", "cell,question\nQ6.count,D3\n"])
def test_file_without_answers_says_so(text: str) -> None:
    assert reason(text).startswith("There are no answers in this file.")


def test_text_that_reads_like_a_code_is_a_text_in_the_long_table(by: User) -> None:
    survey_round = target(a_round())
    text = "number,cell,status,value,name_ja,kind\n1,Q9.words,ok,nc,あ,公立\n1,F4.name,,nc,あ,公立\n"
    plan = an_import(survey_round, text)

    microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())

    assert stored(survey_round)[1] == {"Q9.words": ("ok", None, None, "nc", ""), "F4.name": ("nc", None, None, "", "")}


def test_workbook_whose_tables_disagree_is_refused(manager: Client, source: Round) -> None:
    content = BytesIO(file_of(manager, source, "xlsx"))
    book = load_workbook(content)
    heads = [cell.value for cell in book["wide"][1]]
    book["wide"].cell(row=2, column=heads.index("Q6.count") + 1).value = 4
    changed = BytesIO()
    book.save(changed)
    survey_round = target(source)

    read = spreadsheets.read(changed, name="a.xlsx")
    _reported, found = microdata.parse(read, form_of_round(survey_round), at=timezone.now())

    assert [(problem.sheet, problem.column) for problem in found] == [("long", "D")]


def test_file_of_another_questionnaire_is_refused(manager: Client, source: Round) -> None:
    other = target(source, questionnaire=a_questionnaire())
    book = spreadsheets.read(BytesIO(file_of(manager, source, "xlsx")), name="a.xlsx")

    _reported, found = microdata.parse(book, form_of_round(other), at=timezone.now())

    assert [(problem.sheet, problem.row) for problem in found] == [("codebook", 2)]


@pytest.mark.parametrize("fields", [{"outcome": "declined"}, {"name_ja": "別の大学", "sent_at": timezone.now()}])
def test_list_of_the_round_is_not_contradicted(fields: dict[str, Any], by: User) -> None:
    survey_round = target(a_round())
    InvitationFactory(round=survey_round, number=1, **{"name_ja": "ある大学", "name_en": "", **fields})

    plan = an_import(survey_round, f"{HEAD}Q6.count\n1,ある大学,国立大学,3\n")

    assert len(plan.problems) == 1
    with pytest.raises(microdata.RoundChanged):
        microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())


def test_import_costs_the_same_for_any_number_of_responses(by: User) -> None:
    def cost(numbers: range) -> int:
        lines = [f"{number},大学{number},国立大学,3,1\n" for number in numbers]
        survey_round = target(a_round())
        with CaptureQueriesContext(connection) as queries:
            plan = an_import(survey_round, "".join([f"{HEAD}Q6.count,Q1.hq\n", *lines]))
            microdata.apply(plan, seen=plan.fingerprint, by=by, at=timezone.now())
        return len(queries)

    cost(range(1, 2))

    assert cost(range(1, 2)) == cost(range(1, 31))
