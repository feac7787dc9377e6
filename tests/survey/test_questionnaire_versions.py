"""What keeps a questionnaire from being sent out, how it is frozen, and how the next version continues it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from sih_portal.loading import content_of
from survey.models import Cell, Definition, EditCheck, Option, Question, Questionnaire, Section
from survey.questionnaires import NotReady, form_of, freeze, mistakes, next_number, next_version
from survey.questionnaires.content import QUESTIONNAIRES, fingerprint
from tests.factories.answers import a_questionnaire
from tests.factories.invitations import QuestionnaireFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def draft() -> Questionnaire:
    return a_questionnaire(is_frozen=False)


def found(questionnaire: Questionnaire) -> list[str]:
    with translation.override("en"):
        return mistakes(Questionnaire.objects.get(pk=questionnaire.pk))


def question(code: str) -> Any:
    return Question.objects.filter(code=code)


def cell(code: str) -> Any:
    return Cell.objects.filter(code=code)


# What keeps it from opening


def test_whole_questionnaire_has_no_mistake(draft: Questionnaire) -> None:
    assert found(draft) == []


def test_empty_questionnaire_says_what_is_missing() -> None:
    assert found(QuestionnaireFactory(title_en="")) == [
        "form-0: “title (English)” is empty.",
        "Nothing is defined: say before the first section what the words on the form mean.",
        "The questionnaire has no section.",
    ]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: question("A1").delete(), "A2: the rule names Q1.hq, which no question has."),
        (lambda: Section.objects.filter(code="A").update(title_ja=" "), "A: “title (Japanese)” is empty."),
        (
            lambda: Section.objects.filter(code="A").update(code="review"),
            "review: this code is the address of a page of its own. Choose another one.",
        ),
        (lambda: question("D3").update(text_en=""), "D3: “question (English)” is empty."),
        (lambda: question("D1").update(unit_en=""), "D1: “unit (English)” is empty."),
        (lambda: question("D1").update(help_ja="注"), "D1: “notes for answering (English)” is empty."),
        (lambda: Definition.objects.update(text_en=""), "staff: “meaning (English)” is empty."),
        (lambda: Option.objects.filter(code=3).update(label_ja=""), "A2 3: “label (Japanese)” is empty."),
        (lambda: cell("Q4.edu.2005").update(label_en=""), "Q4.edu.2005: “label (English)” is empty."),
        (lambda: cell("Q6.count").update(label_ja="数"), "Q6.count: “label (English)” is empty."),
        (
            lambda: EditCheck.objects.filter(code="edu-jump").update(message_ja=""),
            "edu-jump: “message (Japanese)” is empty.",
        ),
        (lambda: question("F4").update(code="D1"), "D1 is the code of more than one question."),
        (lambda: cell("Q6.count").update(code="Q9.words"), "Q9.words is the code of more than one cell."),
        (lambda: cell("Q6.count").update(code="Q6"), "Q6: a cell's code is made of two names or more, such as Q1.hq."),
        (lambda: cell("Q6.count").delete(), "D3: there is no cell to fill in."),
        (lambda: cell("Q6.count").update(is_total=True), "Q6.count: a total stands in a table only."),
        (lambda: cell("Q1.aims.money").delete(), "A5: several answers need a cell for each of them."),
        (
            lambda: Option.objects.filter(question__code="A1", code=2).delete(),
            "A1: yes or no needs the options 1 and 2.",
        ),
        (
            lambda: Option.objects.filter(question__code="A2").exclude(code=1).delete(),
            "A2: there are fewer than two options.",
        ),
        (lambda: question("A2").update(kind="int"), "A2: this kind of question has no options."),
        (lambda: cell("Q4.adm.2005").update(fiscal_year=None), "Q4.adm.2005: a table's cell needs its fiscal year."),
        (
            lambda: cell("Q4.adm.2005").update(fiscal_year=2006),
            "Q4.adm.2005: the code of a table's cell ends with its fiscal year.",
        ),
        (
            lambda: Cell.objects.filter(fiscal_year=2005, is_total=False).delete(),
            "Q4.total.2005: there is nothing to add up in this fiscal year.",
        ),
        (lambda: question("A2").update(universe="Q1.hq ="), "A2: The rule can't be read here: the end"),
        (lambda: question("A2").update(universe="Q8.x = 1"), "A2: the rule names Q8.x, which no question has."),
        (
            lambda: question("A2").update(universe="Q6.count = 1"),
            "A2: who is asked depends on Q6.count, which comes only later.",
        ),
        (
            lambda: question("A2").update(universe="Q1.head = 1"),
            "A2: who is asked depends on Q1.head, which comes only later.",
        ),
        (
            lambda: EditCheck.objects.filter(code="edu-jump").update(rule="(("),
            "edu-jump: The rule can't be read here: the end",
        ),
        (
            lambda: EditCheck.objects.filter(code="edu-jump").update(rule="Q8.x"),
            "edu-jump: the rule names Q8.x, which no question has.",
        ),
        (
            lambda: EditCheck.objects.filter(code="edu-jump").update(rule="not pilot"),
            "edu-jump: the rule names no cell.",
        ),
    ],
)
def test_mistake_is_told_with_its_place(draft: Questionnaire, spoil: Callable[[], Any], said: str) -> None:
    spoil()

    assert said in found(draft)


def test_section_without_a_question_is_a_mistake(draft: Questionnaire) -> None:
    Section.objects.create(questionnaire=draft, code="Z", title_ja="空", title_en="Empty", position=9)

    assert found(draft) == ["Z: there is no question."]


def test_judging_costs_the_same_for_any_number_of_questions(draft: Questionnaire) -> None:
    with CaptureQueriesContext(connection) as few:
        mistakes(draft)
    for number in range(20):
        section = Section.objects.create(questionnaire=draft, code=f"S{number}")
        Question.objects.create(section=section, code=f"S{number}", kind="int", universe="pilot")
    with CaptureQueriesContext(connection) as many:
        mistakes(draft)

    assert (len(few), len(many)) == (8, 8)


# Freezing


def test_frozen_version_keeps_the_hash_of_what_it_asks(draft: Questionnaire) -> None:
    frozen = freeze(draft, at=NOW)

    draft.refresh_from_db()
    assert (draft.frozen_at, draft.sha256) == (NOW, fingerprint(draft))
    assert frozen == draft


def test_freezing_twice_changes_nothing(draft: Questionnaire) -> None:
    freeze(draft, at=NOW)

    again = freeze(draft, at=timezone.now())

    assert again.frozen_at == NOW


def test_questionnaire_with_mistakes_is_not_frozen(draft: Questionnaire) -> None:
    cell("Q6.count").delete()

    with pytest.raises(NotReady) as refusal:
        freeze(draft, at=NOW)

    assert refusal.value.mistakes == mistakes(draft)
    assert not Questionnaire.objects.get().is_frozen


def test_hash_is_of_everything_that_is_asked_and_of_nothing_else(draft: Questionnaire) -> None:
    hashes = {fingerprint(draft)}
    for model in (Section, Definition, Question, Option, Cell, EditCheck):
        columns = [field for field in model._meta.concrete_fields if field.name.endswith("_ja")]
        row: Any = model._default_manager.order_by("pk").first()
        for field in columns:
            setattr(row, field.name, f"{getattr(row, field.name)}。")
            row.save()
            hashes.add(fingerprint(draft))

    assert len(hashes) == 1 + 2 + 2 + 3 + 1 + 1 + 1
    Questionnaire.objects.update(loaded_hash="1" * 64)
    assert fingerprint(Questionnaire.objects.get()) in hashes


# The next version


def test_next_version_says_the_same_and_can_be_changed(draft: Questionnaire) -> None:
    Definition.objects.create(questionnaire=draft, section=draft.sections.get(code="D"), code="centre", term_ja="拠点")
    Questionnaire.objects.update(loaded_hash="1" * 64)
    asked = content_of(QUESTIONNAIRES, draft)
    freeze_by_force(draft)

    copy = next_version(draft)

    assert content_of(QUESTIONNAIRES, copy) == asked | {"version": 2}
    assert (copy.code, copy.version, copy.follows) == (draft.code, 2, draft)
    assert (copy.is_frozen, copy.sha256, copy.loaded_hash) == (False, "", "")
    assert copy.definitions.get(code="centre").section == copy.sections.get(code="D")
    copy.sections.all().delete()


def freeze_by_force(questionnaire: Questionnaire) -> None:
    Questionnaire.objects.filter(pk=questionnaire.pk).update(frozen_at=NOW, sha256="0" * 64)


def test_each_question_continues_the_one_it_was(draft: Questionnaire) -> None:
    second = next_version(draft)
    Question.objects.filter(section__questionnaire=second, code="A1").update(breaks_series=True)

    third = next_version(second)

    rows: Any = Question.objects.filter(section__questionnaire=third).select_related("follows__follows__section")
    assert rows.count() == 7
    assert {row.follows.follows.section.questionnaire_id for row in rows} == {draft.pk}
    assert [row for row in rows if row.code != row.follows.code or row.breaks_series] == []


def test_version_is_numbered_after_the_last(draft: Questionnaire) -> None:
    next_version(draft)

    copy = next_version(draft)

    assert (copy.version, copy.follows, next_number(draft)) == (3, draft, 4)


def test_next_version_costs_the_same_for_any_number_of_questions(draft: Questionnaire) -> None:
    with CaptureQueriesContext(connection) as few:
        next_version(draft)
    section = Section.objects.create(questionnaire=draft, code="Z")
    for number in range(20):
        row = Question.objects.create(section=section, code=f"Z{number}", kind="int")
        Cell.objects.create(question=row, code=f"Z.{number}")
    with CaptureQueriesContext(connection) as many:
        next_version(draft)

    assert len(few) == len(many)


def test_copy_of_a_draft_does_not_touch_it(draft: Questionnaire) -> None:
    before = fingerprint(draft)

    copy = next_version(draft)
    Question.objects.filter(section__questionnaire=copy).update(text_ja="別の設問")

    assert fingerprint(draft) == before
    assert form_of(copy).sections[0].questions[0].row.text_ja == "別の設問"
