"""The questionnaire as an Excel form: what stands on its sheets, what Excel checks, and that nothing in it is run."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from sih_portal import spreadsheets
from survey.answer_sheet import answer_sheet
from survey.answering import sheet_of
from survey.models import Option, Response, Section
from survey.uploading import Mark, parse
from survey.values import REASON_WORDS, REASONS, folded
from tests.factories.answers import a_questionnaire, a_response, a_round, answered, the_form

pytestmark = pytest.mark.django_db
HOSTILE = ('=HYPERLINK("http://evil.example","x")', "+1+1", "-1", "@SUM(A1)", "＝1+1", "'=1+1", "#N/A", "\t=1", '"=1"')
CALC = Path(shutil.which("soffice") or "/").resolve().parent / "libsclo.so"


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def book_of(response: Response) -> Workbook:
    """The form with the answers of the response."""
    form = the_form(response)
    sheet = sheet_of(response, form, is_pilot=False)
    with answer_sheet(form, survey_round=response.invitation.round, response=response, sheet=sheet) as file:
        return load_workbook(file)


def blank_book() -> Workbook:
    response = a_response()
    with answer_sheet(the_form(response), survey_round=response.invitation.round) as file:
        return load_workbook(file)


def rows(sheet: Any) -> dict[str, int]:
    """The row of each code of a sheet."""
    return {cell.value: cell.row for cell in sheet["A"][3:] if cell.value}


def texts(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def rules_of(sheet: Any, place: str) -> Any:
    return next(rule for rule in sheet.data_validations.dataValidation if place in rule.sqref)


# What stands there


def test_form_has_a_sheet_to_read_first_and_one_for_each_section() -> None:
    book = blank_book()

    assert book.sheetnames == ["Read first", "F Cover", "A Organization", "D Dispatch"]
    assert [cell.value for cell in book["D Dispatch"][3][:8]] == [
        *("Code", "Question", "Item", "Fiscal year", "Answer", "Unit", "Reason for no answer", "In words")
    ]


def test_form_speaks_the_language_of_the_page() -> None:
    with translation.override("ja"):
        book = blank_book()

    sheet = book["D 海外派遣"]
    assert [cell.value for cell in sheet[3][:5]] == ["記号", "設問", "項目", "年度", "回答"]
    assert sheet.cell(rows(sheet)["Q4.edu.2005"], 4).value == "2005年度\n（平成17年度）"
    assert sheet.cell(rows(sheet)["Q4.edu.2005"], 6).value == "人"


def test_each_cell_has_a_row_with_its_question() -> None:
    sheet = blank_book()["A Organization"]

    assert list(rows(sheet)) == ["Q1.hq", "Q1.head", "Q1.aims.people", "Q1.aims.money"]
    assert sheet.cell(rows(sheet)["Q1.hq"], 2).value == "A1 Have you a headquarters?"
    assert sheet.cell(rows(sheet)["Q1.hq"], 3).value == "1 Yes\n2 No"
    assert sheet.cell(rows(sheet)["Q1.head"], 2).value == "A2 Who heads it?\nOnly if you answered “Yes” in A1."
    assert sheet.cell(rows(sheet)["Q1.aims.money"], 3).value == "Money"


def test_words_of_the_form_are_explained_on_every_sheet() -> None:
    book = blank_book()

    assert all({"Staff", "Clerks."} <= set(texts(sheet)) for sheet in book.worksheets)


def test_notes_of_a_section_stand_above_its_questions() -> None:
    questionnaire = a_questionnaire(is_frozen=False)
    Section.objects.filter(questionnaire=questionnaire, code="D").update(help_en="Count every journey.")
    response = a_response(round=a_round(questionnaire=questionnaire))

    sheet = book_of(response)["D Dispatch"]

    assert (sheet["B4"].value, sheet["C4"].value) == ("Notes for answering", "Count every journey.")
    assert min(rows(sheet).values()) == 5


def test_present_answers_stand_in_their_cells() -> None:
    response = a_response()
    said = {
        "F4.name": "国際 太郎",
        "Q1.hq": "2",
        "Q1.aims.money": "0",
        "Q4.edu.2005": "1234",
        "Q6.count": "集計していない",
    }
    answered(response, said)

    book = book_of(response)

    cover, organization, dispatch = (book[name] for name in ("F Cover", "A Organization", "D Dispatch"))
    assert cover.cell(rows(cover)["F4.name"], 5).value == "国際 太郎"
    assert organization.cell(rows(organization)["Q1.hq"], 5).value == "2 No"
    assert organization.cell(rows(organization)["Q1.aims.money"], 5).value == 0
    assert dispatch.cell(rows(dispatch)["Q4.edu.2005"], 5).value == 1234
    assert [dispatch.cell(rows(dispatch)["Q6.count"], column).value for column in (5, 7)] == [None, "not collected"]


def test_form_with_answers_names_its_institution_and_is_marked_as_its_own() -> None:
    response = a_response(invitation__name_en="Hokkaido University")

    book = book_of(response)

    mark = str(Mark.of(the_form(response).row, response.public_id))
    assert {"Hokkaido University", mark, "国際課 国際 花子"} <= set(texts(book["Read first"]))
    assert [sheet["I1"].value for sheet in book.worksheets[1:]] == [mark] * 3
    assert book["A Organization"]["A2"].value.startswith("Hokkaido University　Deadline: ")


def test_blank_form_is_nobodys() -> None:
    response = a_response(invitation__name_en="Hokkaido University")
    answered(response)
    form = the_form(response)

    with answer_sheet(form, survey_round=response.invitation.round) as file:
        book = load_workbook(file)

    found = [text for sheet in book.worksheets for text in texts(sheet)]
    assert str(Mark.of(form.row)) in found
    assert not [text for text in found if response.public_id in text or "Hokkaido" in text or "国際 太郎" in text]


def test_form_costs_no_query_of_its_own(django_assert_num_queries: Any) -> None:
    response = a_response()
    form = the_form(response)
    sheet = sheet_of(response, form, is_pilot=False)

    with (
        django_assert_num_queries(0),
        answer_sheet(form, survey_round=response.invitation.round, response=response, sheet=sheet),
    ):
        pass


# What can be filled in


def test_only_cells_to_fill_in_are_unlocked() -> None:
    sheet = blank_book()["D Dispatch"]

    is_open = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}

    filled = [code for code in rows(sheet) if "total" not in code]
    assert is_open == {f"{column}{rows(sheet)[code]}" for column in "EG" for code in filled}
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in blank_book().worksheets)


def test_words_can_be_written_where_an_option_asks_for_them() -> None:
    sheet = blank_book()["A Organization"]

    assert not sheet.cell(rows(sheet)["Q1.head"], 8).protection.locked
    assert sheet.cell(rows(sheet)["Q1.hq"], 8).protection.locked


def test_options_are_chosen_from_a_list_of_the_same_row() -> None:
    sheet = blank_book()["A Organization"]
    row = rows(sheet)["Q1.head"]

    rule = rules_of(sheet, f"E{row}")

    assert (rule.type, rule.formula1) == ("list", f"$K${row}:$M${row}")
    assert [sheet.cell(row, column).value for column in (11, 12, 13)] == ["1 President", "2 Vice president", "3 Other"]
    assert all(sheet.column_dimensions[column].hidden for column in "IJ")


@pytest.mark.parametrize(
    ("name", "code", "smallest", "largest"),
    [("D Dispatch", "Q4.edu.2005", "0", "999999999"), ("A Organization", "Q1.aims.people", "0", "1")],
)
def test_numbers_are_whole_and_in_their_bounds(name: str, code: str, smallest: str, largest: str) -> None:
    sheet = blank_book()[name]

    rule = rules_of(sheet, f"E{rows(sheet)[code]}")

    assert (rule.type, rule.formula1, rule.formula2) == ("whole", smallest, largest)
    assert rule.error.startswith("Write a whole number from 0 to ")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_reasons_of_the_list_are_read_back(language: str) -> None:
    with translation.override(language):
        sheet = blank_book().worksheets[3]
        rule = rules_of(sheet, f"G{rows(sheet)['Q6.count']}")

    words = rule.formula1.strip('"').split(",")
    assert [REASON_WORDS[folded(word)] for word in words] == list(REASONS)


def test_headings_stay_in_sight_and_on_every_page() -> None:
    sheet = blank_book()["D Dispatch"]

    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B4", "$3:$3")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


# What is not run


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_people_are_no_formulas(text: str) -> None:
    questionnaire = a_questionnaire(is_frozen=False)
    Option.objects.filter(question__code="A1").update(label_en=text)
    response = a_response(round=a_round(questionnaire=questionnaire), invitation__name_en=text)
    answered(response, {"Q9.words": text, "F4.name": text})

    book = book_of(response)

    found = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert {str(cell.value)[:10] for cell in found} == {"=IF(COUNT("}
    assert not [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "e"]


@pytest.mark.parametrize("title", ["x" * 80, "a/b:c*d?e[f]\\g", "'", "𠮷" * 40, "\x0b\x00"])
def test_any_title_makes_a_name_of_a_sheet(title: str) -> None:
    questionnaire = a_questionnaire(is_frozen=False)
    Section.objects.filter(questionnaire=questionnaire).update(title_en=title.replace("\x00", ""), title_ja="")

    names = book_of(a_response(round=a_round(questionnaire=questionnaire))).sheetnames

    assert [name[0] for name in names[1:]] == ["F", "A", "D"]
    assert all(0 < len(name.encode("utf-16-le")) <= 62 for name in names)


# In LibreOffice


@pytest.mark.skipif(not CALC.exists(), reason="no LibreOffice Calc here")
def test_libreoffice_adds_up_the_totals_and_touches_nothing_else(tmp_path: Path) -> None:
    response = a_response()
    answered(response, {"Q4.edu.2005": "10", "Q4.adm.2005": "3"})

    book = recalculated(book_of(response), tmp_path)
    reading = parse(book, the_form(response), response=response.public_id)

    sheet = book.sheet("D Dispatch")
    assert sheet
    assert (reading.said, reading.problems, reading.left_out, reading.untouched) == ([], [], [], 2)
    found = {row.cells[0].text: [cell.text for cell in row.cells if cell.column == 5] for row in sheet.rows}
    assert (found["Q4.total.2005"], found["Q4.total.2008"]) == (["13"], [])


def recalculated(book: Workbook, folder: Path) -> spreadsheets.Book:
    """The book as LibreOffice saves it."""
    (folder / "out").mkdir()
    book.save(folder / "form.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out")]
    convert = ["soffice", profile, "--headless", *target, str(folder / "form.xlsx")]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    return spreadsheets.read(io.BytesIO((folder / "out/form.xlsx").read_bytes()), name="form.xlsx")
