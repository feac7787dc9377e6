"""A form from Excel that can't be taken as it is: each mistake is told with its place, and nothing of it is written."""

from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from sih_portal import spreadsheets
from survey.models import Questionnaire, Response
from survey.questionnaires import form_of
from survey.uploading import Mark, Reading, parse
from tests.factories.answers import a_questionnaire, a_response, a_round, answered, the_form
from tests.factories.filled_forms import CODE, DIGEST, LOCK, NOTE, REASON, SAID, downloaded, fill, row_of, saved

pytestmark = pytest.mark.django_db
OTHER_VERSION = "This file is of another questionnaire or version. Download the form of this page, and copy into it."
OTHER_INSTITUTION = "This file was made for another institution. Download the form of this page, and copy into it."
NO_FORM = "There is no questionnaire in this file. Fill in the Excel form of this page and upload that."


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def read(book: Workbook, response: Response) -> Reading:
    found = spreadsheets.read(saved(book), name="form.xlsx")
    return parse(found, the_form(response), response=response.public_id)


def places(found: list[spreadsheets.Problem]) -> list[tuple[str, str, str]]:
    return [(problem.sheet, f"{problem.column}{problem.row}", problem.reason) for problem in found]


def place(book: Workbook, code: str, column: str) -> tuple[str, str]:
    sheet, row = row_of(book, code)
    return sheet.title, f"{column}{row}"


# What is wrong in a cell


@pytest.mark.parametrize(
    ("code", "column", "text", "reason"),
    [
        ("Q4.edu.2005", SAID, "十人", "“十人” is not a whole number. Write digits only."),
        ("Q4.edu.2005", SAID, 1.5, "“1.5” is not a whole number. Write digits only."),
        ("Q4.edu.2005", SAID, -1, "-1 is not between 0 and 999,999,999."),
        ("Q1.aims.people", SAID, "2", "2 is not between 0 and 1."),
        ("Q1.hq", SAID, "はい", "“はい” is none of the answers: 1, 2."),
        ("Q1.hq", SAID, "3", "“3” is none of the answers: 1, 2."),
        ("Q9.words", SAID, "x" * 2001, "The text has 2001 characters; at most 2000 can be stored."),
        ("Q6.count", SAID, "=1+1", None),
        (
            "Q6.count",
            REASON,
            "忙しい",
            "The reason is none of these: not applicable, not collected, do not know, included elsewhere.",
        ),
    ],
)
def test_mistake_is_told_with_its_place(code: str, column: str, text: Any, reason: str | None) -> None:
    response = a_response()
    book = fill(downloaded(response), column, **{code.replace(".", "_"): text, "Q4_adm_2005": None})

    reading = read(book, response)

    told = reason or "This cell holds a formula without a result. Open the file in Excel, save it and upload it again."
    assert places(reading.problems) == [(*place(book, code, column), told)]


def test_answer_and_reason_at_once_are_a_mistake() -> None:
    response = a_response()
    book = fill(fill(downloaded(response), Q6_count=3), REASON, Q6_count="a")

    (found,) = places(read(book, response).problems)

    assert found == (*place(book, "Q6.count", SAID), "Write either an answer or a reason why there is none.")


def test_too_many_words_beside_an_answer_are_a_mistake() -> None:
    response = a_response()
    book = fill(fill(downloaded(response), Q1_head="3"), NOTE, Q1_head="長" * 501)

    (found,) = places(read(book, response).problems)

    assert found[:2] == place(book, "Q1.head", NOTE)


def test_every_mistake_of_a_file_is_told() -> None:
    response = a_response()
    book = fill(downloaded(response), Q1_hq="はい", Q4_edu_2005="?", Q4_edu_2008="?", Q6_count=1)

    reading = read(book, response)

    assert [column for _sheet, column, _reason in places(reading.problems)] == [
        place(book, code, SAID)[1] for code in ("Q1.hq", "Q4.edu.2005", "Q4.edu.2008")
    ]


def test_no_more_mistakes_are_told_than_a_page_holds() -> None:
    response = a_response()
    book = downloaded(response)
    sheet = book["D Dispatch"]
    for row in range(100, 300):
        sheet[f"{SAID}{row}"] = "?"

    assert len(read(book, response).problems) == 100


# What is wrong with codes and headings


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("Q99.x", "The questionnaire has no Q99.x. Write the code as it stands in the form."),
        ("", "There is an answer in this row, but no code. Write it, or clear the row."),
        (" ", "There is an answer in this row, but no code. Write it, or clear the row."),
    ],
)
def test_answer_of_no_known_code_is_a_mistake(code: str, reason: str) -> None:
    response = a_response()
    book = fill(downloaded(response), Q6_count=3)
    sheet, row = row_of(book, "Q6.count")
    sheet[f"{CODE}{row}"] = code

    assert places(read(book, response).problems) == [(sheet.title, f"{CODE}{row}", reason)]


def test_unknown_code_without_an_answer_is_none() -> None:
    response = a_response()
    book = downloaded(response)
    sheet, row = row_of(book, "Q6.count")
    sheet[f"{CODE}{row}"] = "Q99.x"

    assert read(book, response).problems == []


def test_two_answers_for_a_cell_are_a_mistake() -> None:
    response = a_response()
    book = fill(downloaded(response), Q6_count=3)
    book.copy_worksheet(book["D Dispatch"])
    fill(book, Q6_count=4)

    (found,) = places(read(book, response).problems)

    _sheet, row = row_of(book, "Q6.count")
    reason = f"Q6.count is answered otherwise in {SAID}{row} of the sheet D Dispatch. Keep one of the two."
    assert found == ("D Dispatch Copy", f"{SAID}{row}", reason)


def test_same_answer_twice_and_an_untouched_copy_are_none() -> None:
    response = a_response()
    answered(response, {"Q6.count": "2"})
    book = downloaded(response)
    book.copy_worksheet(book["D Dispatch"])
    fill(book, Q6_count=3)
    book.copy_worksheet(book["D Dispatch"])

    reading = read(book, response)

    assert (reading.problems, [said.value.number for said in reading.said]) == ([], [3])


def test_table_without_headings_is_a_mistake() -> None:
    response = a_response()
    book = fill(downloaded(response), Q6_count=3)
    book["D Dispatch"].delete_rows(1, 3)

    (found,) = places(read(book, response).problems)

    assert found == ("D Dispatch", "A1", "The row of headings is missing above this one. Copy it from the form.")


def test_file_without_a_questionnaire_is_refused() -> None:
    book = Workbook()
    book.worksheets[0].append(["大学名", "学生数"])

    with pytest.raises(spreadsheets.Refused, match=NO_FORM):
        read(book, a_response())


# Whose and which


def test_form_of_another_institution_is_refused() -> None:
    survey_round = a_round()
    mine, other = a_response(round=survey_round), a_response(round=survey_round)

    with pytest.raises(spreadsheets.Refused, match=OTHER_INSTITUTION):
        read(downloaded(other), mine)


def test_sheet_of_another_institution_is_refused_within_the_own_form() -> None:
    survey_round = a_round()
    mine, other = a_response(round=survey_round), a_response(round=survey_round)
    book = downloaded(mine)
    book["D Dispatch"]["I1"] = downloaded(other)["D Dispatch"]["I1"].value

    with pytest.raises(spreadsheets.Refused, match=OTHER_INSTITUTION):
        read(book, mine)


@pytest.mark.parametrize("change", [{"version": 2}, {"code": "another"}])
def test_form_of_another_questionnaire_is_refused(change: dict[str, Any]) -> None:
    response = a_response(round=a_round(questionnaire=a_questionnaire(is_frozen=False)))
    book = downloaded(response, is_blank=True)
    Questionnaire.objects.update(**change)

    with pytest.raises(spreadsheets.Refused, match=OTHER_VERSION):
        parse(
            spreadsheets.read(saved(book), name="form.xlsx"),
            form_of(Questionnaire.objects.get()),
            response=response.public_id,
        )


def test_form_of_a_draft_that_was_changed_before_it_was_frozen_is_refused() -> None:
    response = a_response()
    form = the_form(response)
    mark = Mark(form.row.code, form.row.version, "f" * 12, response.public_id)
    text = f"{mark}\n記号,回答\nQ6.count,3\n"

    with pytest.raises(spreadsheets.Refused, match=r"The questionnaire has changed since this file was made\."):
        parse(spreadsheets.read(BytesIO(text.encode()), name="a.csv"), form, response=response.public_id)


# What is left out


def test_total_that_is_not_the_sum_is_left_out() -> None:
    response = a_response()
    book = fill(downloaded(response), Q4_edu_2005=10, Q4_adm_2005=2, Q4_total_2005=15, Q4_total_2008=9)

    reading = read(book, response)

    reason = "Totals are worked out from their rows; the {} in the file is not taken over."
    assert places(reading.left_out) == [
        (*place(book, "Q4.total.2005", SAID), reason.format("15")),
        (*place(book, "Q4.total.2008", SAID), reason.format("9")),
    ]
    assert [said.code for said in reading.said] == ["Q4.edu.2005", "Q4.adm.2005"]


@pytest.mark.parametrize("total", ["=SUM(E1:E2)", 12, "12", "１２", None])
def test_total_that_is_the_sum_is_no_matter(total: object) -> None:
    response = a_response()
    book = fill(downloaded(response), Q4_edu_2005=10, Q4_adm_2005=2, Q4_total_2005=total)

    reading = read(book, response)

    assert (reading.problems, reading.left_out) == ([], [])


def test_words_that_nobody_asked_for_are_left_out() -> None:
    response = a_response()
    book = fill(fill(downloaded(response), Q1_hq="1"), NOTE, Q1_hq="2004年から", Q1_head="総長補佐")

    reading = read(book, response)

    reason = "There is no answer in this row that asks for words; these are not taken over."
    assert places(reading.left_out) == [
        (*place(book, "Q1.hq", NOTE), reason),
        (*place(book, "Q1.head", NOTE), reason),
    ]
    assert [said.code for said in reading.said] == ["Q1.hq"]


def test_remark_in_the_margin_is_left_out() -> None:
    response = a_response()
    book = fill(fill(downloaded(response), Q6_count=3), "P", Q6_count="要確認")

    reading = read(book, response)

    assert places(reading.left_out) == [
        (*place(book, "Q6.count", "P"), "There is no heading over this cell; it is not taken over.")
    ]


def test_merged_answers_are_the_first_cells() -> None:
    response = a_response()
    book = fill(downloaded(response), Q4_edu_2005=10, Q4_edu_2008=12)
    sheet, row = row_of(book, "Q4.edu.2005")
    sheet.merge_cells(f"{SAID}{row}:{SAID}{row + 1}")

    assert [(said.code, said.value.number) for said in read(book, response).said] == [("Q4.edu.2005", 10)]


@pytest.mark.parametrize("lock", ["x", "-1", "１", "9" * 30, "1.5"])
def test_nonsense_in_a_hidden_column_counts_as_nothing(lock: str) -> None:
    response = a_response()
    book = fill(fill(fill(downloaded(response), Q6_count=3), LOCK, Q6_count=lock), DIGEST, Q6_count="x" * 100)

    (said,) = read(book, response).said

    assert (said.value.number, said.lock) == (3, None)
