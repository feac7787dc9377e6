"""The first questionnaire: what it asks, of whom, in both languages, and that it could be sent out as it is loaded."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import timezone

from sih_portal import loading
from survey import importing, rules
from survey.models import Cell, EditCheck, Question, QuestionKind, Questionnaire, Round, Sensitivity, Severity
from survey.questionnaires import Form, form_of, freeze, mistakes, next_version
from survey.questionnaires.content import QUESTIONNAIRES
from survey.questionnaires.source import record_of
from survey.rules import Facts, Rule
from tests.survey.test_importing import change_file, load

YEARS = (2005, 2008)
ROWS = ("Q4.edu", "Q4.adm", "Q5.fac", "Q5.stu", "Q6.recv", *(f"Q7.t{number}" for number in range(1, 6)))
# The questions that the printed figures need, by the code of the indicator (`survey/source/indicators.toml`).
PRINTED = {
    "s1a": ["Q1.hq"],
    "s1b": ["Q1.head"],
    "s1c": ["Q1.vision"],
    "s1d": ["Q1.goals"],
    "s2": ["Q2.eval"],
    "s3": ["Q3.consortium"],
    "t4": [f"Q4.{row}.{year}" for row in ("edu", "adm", "total") for year in YEARS],
    "g4": [f"Q4.total.{year}" for year in YEARS],
    "q4": [f"Q4.area{number}" for number in range(1, 5)],
    "g5": [f"Q5.{row}.{year}" for row in ("fac", "stu", "total") for year in YEARS],
    "t6": [f"Q6.recv.{year}" for year in YEARS],
    "g6": [f"Q6.recv.{year}" for year in YEARS],
    "q6": [f"Q6.area{number}" for number in range(1, 6)],
    "s7": ["Q7.has_center"],
    "c7": [f"Q7.t{number}.{year}" for number in range(1, 6) for year in YEARS],
    "d7": [f"Q7.total.{year}" for year in YEARS],
}
COVER = [f"F3.{name}" for name in ("department", "post", "name", "contact")]
COVER += [f"F4.{name}" for name in ("department", "post", "name")]


@pytest.fixture
def form(db: None) -> Form:
    plan = loading.plan(QUESTIONNAIRES, [record_of(importing.QUESTIONNAIRE_FILE)])
    loading.apply([plan], progress=print)
    return form_of(Questionnaire.objects.get())


@cache
def rules_of_checks() -> dict[str, Rule]:
    checks = record_of(importing.QUESTIONNAIRE_FILE).content["checks"]
    return {check["code"]: rules.read(check["rule"]) for check in checks}


def holds(code: str, numbers: dict[str, int], *, is_pilot: bool = False) -> bool | None:
    """What a check of the file says of these numbers."""
    return rules_of_checks()[code].holds(Facts(numbers, set(numbers), is_pilot))


def test_first_questionnaire_could_be_sent_out(form: Form) -> None:
    assert mistakes(form.row) == []
    assert (form.row.code, form.row.version, form.row.is_frozen) == ("sih-questionnaire", 1, False)
    assert [section.code for section in form.sections] == ["FS", "A", "B", "C", "D", "E", "F", "G"]


def test_form_of_the_printed_round_is_unknown(loaded_source: None) -> None:
    assert Round.objects.get(code="sih-fy2008").questionnaire is None


def test_questionnaire_asks_13_questions_and_stores_36_answers(form: Form) -> None:
    core = [question for section in form.sections[1:] for question in section.questions]
    stored = [cell.code for question in core for cell in question.filled]

    assert (len(core), len(stored)) == (13, 36)
    assert [cell.code for question in form.sections[0].questions for cell in question.cells] == COVER
    assert set(stored) | set(COVER) == {code for code, cell in form.cells.items() if not cell.is_total}


def test_six_totals_are_computed_and_never_filled_in(form: Form) -> None:
    totals = {code: form.questions[code].summands(cell) for code, cell in form.cells.items() if cell.is_total}

    assert list(totals) == [f"Q{item}.total.{year}" for item in (4, 5, 7) for year in YEARS]
    assert totals["Q4.total.2005"] == ("Q4.edu.2005", "Q4.adm.2005")
    assert len(totals["Q7.total.2008"]) == 5


def test_two_questions_are_for_some_only(form: Form) -> None:
    asked = {question.code: question.universe.text for question in form.questions.values() if question.universe}

    assert asked == {"A2": "Q1.hq = 1", "G2": "Q7.has_center = 1"}


def test_every_printed_figure_has_its_question(form: Form) -> None:
    text = (importing.SOURCE / "indicators.toml").read_text(encoding="utf-8")
    codes = set(re.findall(r'^code = "([a-z]\d[a-d]?)"', text, re.MULTILINE))

    assert set(PRINTED) == codes - {"r0"}
    assert {figure: cells for figure, cells in PRINTED.items() if not set(cells) <= set(form.cells)} == {}


def test_every_text_is_there_in_both_languages(form: Form) -> None:
    labelled = [cell for code, cell in form.cells.items() if len(form.questions[code].cells) > 1]
    rows: list[tuple[Any, tuple[str, ...]]] = [(form.row, ("title", "introduction"))]
    rows += [(section.row, ("title",)) for section in form.sections]
    rows += [(row, ("text",)) for row in Question.objects.all()]
    rows += [(option, ("label",)) for question in form.questions.values() for option in question.options]
    rows += [(cell, ("label",)) for cell in labelled]
    rows += [(definition, ("term", "text")) for definition in form.row.definitions.all()]
    rows += [(check.row, ("message",)) for check in form.checks]

    texts = [(row, f"{stem}_{language}") for row, stems in rows for stem in stems for language in ("ja", "en")]
    assert [(str(row), name) for row, name in texts if not getattr(row, name).strip()] == []
    assert [(str(row), name) for row, name in texts if "{" in getattr(row, name)] == []


def test_existence_is_public_numbers_are_for_sums_and_people_for_the_desk(form: Form) -> None:
    of_kind = {
        letter: {row.code for row in Question.objects.filter(sensitivity=letter)} for letter in Sensitivity.values
    }

    assert of_kind["P"] == {"A1", "A2", "A3", "A4", "B1", "C1", "G1"}
    assert of_kind["A"] == {"D1", "D2", "E1", "F1", "F2", "G2"}
    assert of_kind["C"] == {"F-3", "F-4"}


def test_tables_take_no_number_below_zero(form: Form) -> None:
    filled_in = Cell.objects.filter(question__kind=QuestionKind.MATRIX, is_total=False)

    assert set(filled_in.values_list("minimum", "maximum")) == {(0, None)}


def test_definitions_stand_before_the_form_or_with_their_section(form: Form) -> None:
    of_sections = {section.code: [row.code for row in section.definitions] for section in form.sections}

    assert [row.code for row in form.definitions][:2] == ["reference-date", "fiscal-year"]
    assert {code: codes for code, codes in of_sections.items() if codes} == {
        "C": ["consortium"],
        "G": ["overseas-centre"],
    }


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    ("check", "first", "second", "is_plausible"),
    [
        ("jump", 10, 31, False),
        ("jump", 31, 10, False),
        ("jump", 10, 30, True),
        ("jump", 1, 21, True),
        ("jump", 1, 22, False),
        ("jump", 0, 500, True),
        ("zero", 0, 500, False),
        ("zero", 500, 0, False),
        ("zero", 0, 0, True),
        ("zero", 1, 500, True),
    ],
)
def test_years_of_a_row_are_compared(row: str, check: str, first: int, second: int, is_plausible: bool) -> None:
    code = f"{row.lower().replace('.', '-')}-{check}"

    assert holds(code, {f"{row}.2005": first, f"{row}.2008": second}) is is_plausible


@pytest.mark.parametrize("row", ROWS)
def test_year_that_is_left_out_is_asked_for_once(row: str) -> None:
    slug, numbers = row.lower().replace(".", "-"), {f"{row}.2005": 1174}

    said = {check: holds(f"{slug}-{check}", numbers) for check in ("one-year", "jump", "zero")}

    assert said == {"one-year": False, "jump": None, "zero": None}
    assert holds(f"{slug}-one-year", {}) is True


@pytest.mark.parametrize(
    ("code", "numbers", "is_plausible"),
    [
        ("q4-adm-over-edu-2005", {"Q4.adm.2005": 2, "Q4.edu.2005": 1}, False),
        ("q4-adm-over-edu-2005", {"Q4.adm.2005": 1, "Q4.edu.2005": 1}, True),
        ("q4-adm-over-edu-2008", {"Q4.adm.2008": 2, "Q4.edu.2008": 1}, False),
        ("q4-adm-over-edu-2008", {"Q4.adm.2008": 2}, None),
        ("q7-no-centres-left", {"Q7.has_center": 1, "Q7.total.2008": 0}, False),
        ("q7-no-centres-left", {"Q7.has_center": 1, "Q7.total.2008": 1}, True),
        ("q7-no-centres-left", {"Q7.has_center": 2}, True),
        ("q1-goals-without-vision", {"Q1.vision": 2, "Q1.goals": 1}, False),
        ("q1-goals-without-vision", {"Q1.vision": 1, "Q1.goals": 1}, True),
        ("q1-goals-without-vision", {"Q1.vision": 2, "Q1.goals": 2}, True),
        ("q2-eval-without-goals", {"Q2.eval": 1, "Q1.goals": 2}, False),
        ("q2-eval-without-goals", {"Q2.eval": 2, "Q1.goals": 2}, True),
        ("q2-eval-without-goals", {"Q2.eval": 1}, None),
    ],
)
def test_answers_are_set_beside_each_other(code: str, numbers: dict[str, int], is_plausible: bool | None) -> None:
    assert holds(code, numbers) is is_plausible


@pytest.mark.parametrize(("is_pilot", "head", "is_plausible"), [(True, 3, False), (True, 2, True), (False, 3, True)])
def test_head_of_a_pilot_is_president_or_vice(is_pilot: bool, head: int, is_plausible: bool) -> None:
    assert holds("q1-head-of-pilot", {"Q1.head": head}, is_pilot=is_pilot) is is_plausible


def test_no_check_keeps_an_answer_from_being_submitted(form: Form) -> None:
    """What has to hold of an answer is said by its cell: a whole number, not below zero."""
    assert len(form.checks) == 3 * len(ROWS) + 6
    assert not EditCheck.objects.filter(severity=Severity.HARD).exists()


# Loading


def test_questionnaire_is_loaded_once(loaded_source: None) -> None:
    report = load("--apply")

    assert "questionnaires: 0 to add, 0 to change, 1 unchanged" in report
    assert Questionnaire.objects.count() == 1


def test_changed_file_changes_the_questionnaire(
    loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_file("QUESTIONNAIRE_FILE", tmp_path, monkeypatch, "評価を行っていない", "評価は行っていない")

    assert "questionnaires: 0 to add, 1 to change" in load("--apply")

    assert (
        Questionnaire.objects.get().sections.get(code="B").questions.get().options.get(code=3).label_ja
        == "評価は行っていない"
    )
    assert "questionnaires: 0 to add, 0 to change, 1 unchanged" in load()


@pytest.mark.parametrize("deed", ["edit", "freeze", "copy"])
def test_questionnaire_that_is_somebodys_by_now_is_kept(
    deed: str, loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Questionnaire.objects.get()
    deeds = {
        "edit": lambda: Question.objects.filter(code="B1").update(text_ja="書き換えた設問"),
        "freeze": lambda: freeze(row, at=timezone.now()),
        "copy": lambda: next_version(row),
    }
    deeds[deed]()
    change_file("QUESTIONNAIRE_FILE", tmp_path, monkeypatch, "評価を行っていない", "評価は行っていない")

    report = load("--apply")

    assert "kept: edited here: sih-questionnaire/1" in report
    assert not Question.objects.filter(options__label_ja="評価は行っていない").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('section = "G"', 'section = "Z"', "section names 'Z'"),
        ('"Q7.t4", "Q7.t5"]\nrule = "answered', '"Q7.t9"]\nrule = "answered', "no table has the row 'Q7.t9'"),
        ('code = "B1"\n', 'code = "B 1"\n', "code: "),
        ('universe = "Q1.hq = 1"', 'univers = "Q1.hq = 1"', "unknown name 'univers'"),
    ],
)
@pytest.mark.django_db
def test_file_that_cannot_be_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    change_file("QUESTIONNAIRE_FILE", tmp_path, monkeypatch, old, new)

    with pytest.raises(CommandError, match=f"questionnaire.toml.*{said}"):
        load("--apply")
    assert not Questionnaire.objects.exists()
