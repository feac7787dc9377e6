"""Questionnaires at the desk: built, looked at and copied by the survey's managers; a frozen one is only read."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sih_portal.roles import Role
from survey.models import Cell, Definition, EditCheck, Question, Questionnaire, Section
from survey.questionnaires import freeze, mistakes, next_version
from survey.questionnaires.content import fingerprint
from tests.factories.answers import a_questionnaire
from tests.factories.invitations import OpenRoundFactory, QuestionnaireFactory
from tests.practices.desk import errors, filled
from tests.survey.building import LIST, logged_in, opened, page, part_errors, parts, rooms, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


@pytest.fixture
def draft() -> Questionnaire:
    return a_questionnaire(is_frozen=False)


@pytest.fixture
def frozen() -> Questionnaire:
    return a_questionnaire()


# Who


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SURVEY_MANAGER])
def test_other_roles_neither_see_nor_change_a_questionnaire(role: Role, draft: Questionnaire) -> None:
    client, asked = logged_in(role), fingerprint(draft)

    read = {address: client.get(address).status_code for address in rooms(draft)}
    written = {address: client.post(address, {"post": "yes", "number": "2"}).status_code for address in rooms(draft)}

    assert read == dict.fromkeys(read, 403)
    assert set(written.values()) <= {403, 405}
    assert "/admin/survey/questionnaire/" not in text_of(client.get("/admin/"))
    assert (fingerprint(draft), Questionnaire.objects.count()) == (asked, 1)


def test_managers_come_into_every_room(manager: Client, draft: Questionnaire) -> None:
    answers = {address: manager.get(address).status_code for address in rooms(draft)}

    assert answers == dict.fromkeys(answers, 200)
    index = text_of(manager.get("/admin/"))
    assert LIST in index
    assert "/admin/survey/section/" not in index


def test_list_tells_what_is_frozen_and_where_it_was_asked(manager: Client, draft: Questionnaire) -> None:
    survey_round = OpenRoundFactory(questionnaire=a_questionnaire())

    text = text_of(manager.get(LIST))

    assert survey_round.code in text
    assert [word in text for word in (">draft<", ">frozen<")] == [True, True]


# Building


def test_questionnaire_is_built_until_a_round_could_open(manager: Client) -> None:
    form = filled(manager.get(f"{LIST}add/")) | {"code": "next", "title_ja": "次の調査票", "title_en": "Next"}
    manager.post(f"{LIST}add/", form)
    row = Questionnaire.objects.get()
    section = {"sections__0__code": "A", "sections__0__title_ja": "体制", "sections__0__title_en": "Organization"}
    word = {"definitions__0__code": "staff", "definitions__0__term_ja": "職員", "definitions__0__term_en": "Staff"}
    word |= {"definitions__0__text_ja": "事務職員等", "definitions__0__text_en": "Clerks"}
    check = {"checks__0__code": "many", "checks__0__severity": "soft", "checks__0__rule": "Q1.count < 100"}
    check |= {"checks__0__message_ja": "御確認ください。", "checks__0__message_en": "Please check."}
    manager.post(page(row), opened(manager, row, **section, **word, **check))
    organization = row.sections.get()
    texts = {"questions__0__text_ja": "人数", "questions__0__text_en": "How many"}
    manager.post(
        page(organization), opened(manager, organization, questions__0__code="A1", questions__0__kind="int", **texts)
    )
    question = organization.questions.get()

    told = [*manager.get(page(row)).context["mistakes"]]
    manager.post(page(question), opened(manager, question, cells__0__code="Q1.count", cells__0__minimum=0))

    assert told == ["A1: there is no cell to fill in.", "many: the rule names Q1.count, which no question has."]
    assert mistakes(row) == manager.get(page(row)).context["mistakes"] == []
    assert freeze(row, at=timezone.now()).is_frozen


def test_saved_part_leads_back_to_what_it_stands_in(manager: Client, draft: Questionnaire) -> None:
    _form, section, question = parts(draft)

    ends = [manager.post(page(row), opened(manager, row))["Location"] for row in (question, section)]

    assert ends == [page(section), page(draft)]


def test_new_part_without_a_place_comes_last(manager: Client, draft: Questionnaire) -> None:
    Section.objects.filter(code="D").update(position=7)

    manager.post(page(draft), opened(manager, draft, sections__3__code="Z", sections__3__title_ja="補足"))

    assert draft.sections.get(code="Z").position == 8


def test_definition_stands_with_a_section_of_its_own_questionnaire(manager: Client, draft: Questionnaire) -> None:
    other = a_questionnaire(is_frozen=False).sections.get(code="A")
    own = draft.sections.get(code="A")

    refused = manager.post(page(draft), opened(manager, draft, definitions__0__section=other.pk))
    manager.post(page(draft), opened(manager, draft, definitions__0__section=own.pk))

    assert list(part_errors(refused)) == ["section"]
    assert draft.definitions.get().section == own


@pytest.mark.parametrize(
    ("place", "changes", "field", "said"),
    [
        (0, {"checks__0__rule": "Q1.hq ="}, "rule", "The rule can't be read here: the end"),
        (0, {"checks__0__rule": "Q1.hq === 1"}, "rule", "The rule can't be read here: ="),
        (2, {"cells__0__code": "Q4"}, "code", "A cell's code is made of two names or more, such as Q1.hq."),
        (2, {"cells__0__maximum": "-1"}, "maximum", "The largest number is less than the smallest."),
        (2, {"cells__0__fiscal_year": "5"}, "fiscal_year", "Write the year with four digits, from 1868 to 2100."),
    ],
)
def test_what_can_not_be_is_said_at_the_field_of_the_part(
    manager: Client, draft: Questionnaire, place: int, changes: dict[str, Any], field: str, said: str
) -> None:
    row = parts(draft)[place]

    response = manager.post(page(row), opened(manager, row, **changes))

    assert part_errors(response) == {field: [said]}


@pytest.mark.parametrize(
    ("place", "changes", "field"),
    [
        (0, {"title_ja": "", "title_en": ""}, "title_ja"),
        (1, {"code": "A 1"}, "code"),
        (2, {"universe": "Q1.hq = 1 and"}, "universe"),
        (2, {"breaks_series": "on"}, "breaks_series"),
    ],
)
def test_what_can_not_be_is_said_at_the_field(
    manager: Client, draft: Questionnaire, place: int, changes: dict[str, Any], field: str
) -> None:
    row = parts(draft)[place]

    response = manager.post(page(row), opened(manager, row, **changes))

    assert list(errors(response)) == [field]


def test_question_continues_one_of_the_version_before(manager: Client, draft: Questionnaire) -> None:
    copy = next_version(draft)
    question, before = (row.sections.get(code="D").questions.get(code="D1") for row in (copy, draft))
    stranger = a_questionnaire(is_frozen=False).sections.get(code="D").questions.get(code="D1")

    refused = manager.post(page(question), opened(manager, question, follows=stranger.pk))
    manager.post(page(question), opened(manager, question, breaks_series="on"))

    question.refresh_from_db()
    assert list(errors(refused)) == ["follows"]
    assert (question.follows, question.breaks_series) == (before, True)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_second_of_two_saves_is_a_conflict_and_keeps_its_text(
    manager: Client, draft: Questionnaire, place: int
) -> None:
    row, name = parts(draft)[place], ["title_ja", "title_ja", "text_ja"][place]
    mine, theirs = opened(manager, row, **{name: "私の文"}), opened(manager, row, **{name: "別の文"})
    manager.post(page(row), theirs)

    response = manager.post(page(row), mine)

    row.refresh_from_db()
    assert (response.status_code, getattr(row, name)) == (409, "別の文")
    assert filled(response)[name] == "私の文"
    assert manager.post(page(row), filled(response)).status_code == 302


@pytest.mark.parametrize("place", [0, 1, 2])
def test_draft_can_be_deleted_with_its_parts(manager: Client, draft: Questionnaire, place: int) -> None:
    row = parts(draft)[place]

    manager.post(page(row, "delete"), {"post": "yes"})

    assert not type(row).objects.filter(pk=row.pk).exists()


# Looking at it


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", ["派遣した人数", "学長", "御確認ください。", "事務職員等。"]),
        ("en", ["Number dispatched", "President", "Clerks."]),
    ],
)
def test_preview_shows_the_form_as_it_is_answered(
    manager: Client, draft: Questionnaire, language: str, said: list[str]
) -> None:
    text = text_of(manager.get(page(draft, "preview"), {"lang": language}))

    assert [word for word in said if word not in text] == []
    assert [code for code in ("v.Q1.hq", "v.Q4.edu.2005", "v.F4.name") if code not in text] == []
    assert text.count('<fieldset class="answer-form" disabled>') == 3
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]


def test_preview_of_what_can_not_be_read_leads_back(manager: Client, draft: Questionnaire) -> None:
    EditCheck.objects.filter(code="edu-jump").update(rule="((")

    response = manager.get(page(draft, "preview"), follow=True)

    assert response.redirect_chain == [(page(draft), 302)]
    assert "a rule can&#x27;t be read" in text_of(response)


# The next version


@pytest.mark.parametrize("is_frozen", [True, False])
def test_next_version_is_made_after_asking(manager: Client, is_frozen: bool) -> None:
    row = a_questionnaire(is_frozen=is_frozen)

    asked = manager.get(page(row, "next_version"))
    before = Questionnaire.objects.count()
    response = manager.post(page(row, "next_version"), {"number": asked.context["number"]})

    copy: Any = Questionnaire.objects.get(version=2)
    assert (before, response["Location"]) == (1, page(copy))
    assert (copy.follows, copy.is_frozen) == (row, False)
    assert copy.sections.get(code="D").questions.get(code="D1").follows.section.questionnaire == row


def test_button_pressed_twice_makes_one_version(manager: Client, frozen: Questionnaire) -> None:
    ends = [manager.post(page(frozen, "next_version"), {"number": "2"})["Location"] for _press in range(2)]

    assert ends[0] == ends[1]
    assert Questionnaire.objects.count() == 2


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "２.5"])
def test_odd_number_of_a_version_is_refused(manager: Client, frozen: Questionnaire, number: str) -> None:
    assert manager.post(page(frozen, "next_version"), {"number": number}).status_code == 400
    assert Questionnaire.objects.count() == 1


# Cost


@pytest.mark.parametrize("name", ["questionnaire", "section", "question"])
def test_list_costs_the_same_with_1_and_20_rows(manager: Client, name: str) -> None:
    manager.get(f"/admin/survey/{name}/")  # what is asked once in a process is asked now
    counts = []
    for rows in (1, 19):
        for _number in range(rows):
            OpenRoundFactory(questionnaire=a_questionnaire())
        with CaptureQueriesContext(connection) as counted:
            assert manager.get(f"/admin/survey/{name}/").status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_page_costs_the_same_with_many_parts(manager: Client, draft: Questionnaire, place: int) -> None:
    row = parts(draft)[place]
    manager.get(page(row))  # what is asked once in a process is asked now
    counts = []
    for first in (0, 20):
        for number in range(first, first + 20):
            section = Section.objects.create(questionnaire=draft, code=f"S{number}")
            Definition.objects.create(questionnaire=draft, code=f"d{number}", section=section)
            EditCheck.objects.create(questionnaire=draft, code=f"c{number}", rule="pilot", severity="soft")
            question = Question.objects.create(section=draft.sections.get(code="D"), code=f"D{number + 20}", kind="int")
            Cell.objects.create(question=parts(draft)[2], code=f"Q9.{number}")
            Cell.objects.create(question=question, code=f"Q8.{number}")
        with CaptureQueriesContext(connection) as counted:
            manager.get(page(row))
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_empty_questionnaire_can_be_opened_and_looked_at(manager: Client) -> None:
    row = QuestionnaireFactory()

    assert [manager.get(page(row, verb)).status_code for verb in ("change", "preview")] == [200, 200]
