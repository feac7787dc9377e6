"""A small questionnaire with a question of every kind, and institutions that answer it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from survey import answering, values
from survey.answering import Change, Saved
from survey.models import (
    Cell,
    Definition,
    EditCheck,
    Option,
    Question,
    Questionnaire,
    Response,
    Round,
    Section,
)
from survey.questionnaires import Form, form_of
from survey.values import Typed
from tests.factories.invitations import OpenRoundFactory, QuestionnaireFactory, ResponseFactory

YES_NO = (("設置している", "Yes"), ("設置していない", "No"))
HEADS = (("学長", "President"), ("副学長", "Vice president"), ("その他", "Other"))
# Everything that has to be said before it can be submitted.
COMPLETE = {
    "F4.name": "国際 太郎",
    "Q1.hq": "1",
    "Q1.head": "2",
    "Q1.aims.people": "1",
    "Q1.aims.money": "0",
    "Q4.edu.2005": "10",
    "Q4.edu.2008": "12",
    "Q4.adm.2005": "1",
    "Q4.adm.2008": "2",
    "Q6.count": "3",
}


def a_questionnaire(*, is_frozen: bool = True) -> Questionnaire:
    """Sections F, A and D; one universe, one soft check of a jump, one hard check."""
    row = QuestionnaireFactory()
    Definition.objects.create(
        questionnaire=row, code="staff", term_ja="職員", term_en="Staff", text_ja="事務職員等。", text_en="Clerks."
    )
    cover, organization, dispatch = (
        Section.objects.create(questionnaire=row, code=code, position=place, title_ja=ja, title_en=en)
        for place, (code, ja, en) in enumerate(
            (("F", "フェイスシート", "Cover"), ("A", "推進体制", "Organization"), ("D", "海外派遣", "Dispatch"))
        )
    )
    person = _question(cover, "F4", "text", "回答責任者", "Person responsible", sensitivity="C")
    _cells(person, ("F4.name", "氏名", "Name", None))
    headquarters = _question(
        organization, "A1", "yesno", "本部を設置していますか。", "Have you a headquarters?", sensitivity="P"
    )
    _cells(headquarters, ("Q1.hq", "", "", None))
    _options(headquarters, YES_NO)
    head = _question(organization, "A2", "single", "長はどなたですか。", "Who heads it?", universe="Q1.hq = 1")
    _cells(head, ("Q1.head", "", "", None))
    _options(head, HEADS)
    head.options.filter(code=3).update(takes_text=True)
    aims = _question(organization, "A5", "multi", "目的は何ですか。", "What is it for?")
    _cells(aims, ("Q1.aims.people", "人材", "People", None), ("Q1.aims.money", "資金", "Money", None))
    sent = _question(dispatch, "D1", "matrix", "派遣した人数", "Number dispatched", unit_ja="人", unit_en="persons")
    _cells(
        sent,
        *((f"Q4.{line}.{year}", ja, en, year) for line, ja, en in ROWS for year in (2005, 2008)),
    )
    sent.cells.filter(code__startswith="Q4.total").update(is_total=True)
    _cells(_question(dispatch, "D3", "int", "協定の数", "Agreements"), ("Q6.count", "", "", None))
    remarks = _question(dispatch, "D9", "text", "補足", "Remarks", is_required=False)
    _cells(remarks, ("Q9.words", "", "", None))
    _check(row, "edu-jump", "soft", "Q4.edu.2008 <= 3 * Q4.edu.2005 or Q4.edu.2008 - Q4.edu.2005 <= 20")
    _check(row, "sum-large", "hard", "Q4.total.2008 <= 100000")
    if is_frozen:
        Questionnaire.objects.filter(pk=row.pk).update(frozen_at=timezone.now(), sha256="0" * 64)
        row.refresh_from_db()
    return row


ROWS = (("edu", "教員等", "Educators"), ("adm", "職員", "Staff"), ("total", "計", "Total"))


def a_round(**values: Any) -> Round:
    """An open round that asks the small questionnaire."""
    questionnaire = values.pop("questionnaire", None) or a_questionnaire()
    return OpenRoundFactory(questionnaire=questionnaire, **values)


def a_response(**values: Any) -> Response:
    """An institution that has begun to answer the small questionnaire."""
    survey_round = values.pop("round", None) or a_round()
    return ResponseFactory(invitation__round=survey_round, **values)


def the_form(response: Response) -> Form:
    questionnaire = response.invitation.round.questionnaire
    assert questionnaire
    return form_of(questionnaire)


def changes(form: Form, said: Mapping[str, str], seen: Mapping[str, int] | None = None) -> list[Change]:
    """What somebody typed, by the code of the cell; seen when nothing stood there, unless said otherwise."""
    found = []
    for code, text in said.items():
        question = form.questions[code]
        value = values.read(Typed(text), cell=form.cells[code], kind=question.kind, options=question.options)
        found.append(Change(code, value, (seen or {}).get(code, 0)))
    return found


def answered(
    response: Response, said: Mapping[str, str] = COMPLETE, *, by: str = "", at: datetime | None = None
) -> Saved:
    """Writes these answers into a response that holds none of them yet."""
    form = the_form(response)
    return answering.save(response, changes(form, said), form=form, by=by, at=at or timezone.now())


def after(response: Response, **delta: int) -> datetime:
    """A moment after the deadline of the response's institution."""
    deadline = response.invitation.deadline
    assert deadline
    return deadline + timedelta(**delta)


def _question(section: Section, code: str, kind: str, ja: str, en: str, **more: Any) -> Question:
    position = section.questions.count()
    return Question.objects.create(
        section=section, code=code, kind=kind, position=position, text_ja=ja, text_en=en, **more
    )


def _cells(question: Question, *cells: tuple[str, str, str, int | None]) -> None:
    number = None if question.kind == "text" else 0
    for place, (code, ja, en, year) in enumerate(cells):
        Cell.objects.create(
            question=question, code=code, position=place, label_ja=ja, label_en=en, fiscal_year=year, minimum=number
        )


def _options(question: Question, labels: tuple[tuple[str, str], ...]) -> None:
    for number, (ja, en) in enumerate(labels, start=1):
        Option.objects.create(question=question, code=number, label_ja=ja, label_en=en)


def _check(questionnaire: Questionnaire, code: str, severity: str, rule: str) -> None:
    EditCheck.objects.create(
        questionnaire=questionnaire,
        code=code,
        severity=severity,
        rule=rule,
        message_ja="御確認ください。",
        message_en="Please look again.",
    )
