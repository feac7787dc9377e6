"""A form that comes back from Excel: what it says, what it would change, and changing exactly that."""

from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone, translation
from openpyxl import Workbook

from sih_portal import spreadsheets
from survey.answering import Change, NotOpen, save, sheet_of
from survey.models import Answer, Response
from survey.uploading import (
    FILE,
    STORED,
    AnswersChanged,
    Deed,
    Plan,
    Reading,
    Undecided,
    apply,
    diff,
    parse,
)
from survey.values import BLANK
from tests.factories.answers import COMPLETE, a_response, after, answered, changes, the_form
from tests.factories.filled_forms import NOTE, REASON, downloaded, fill, saved

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def read(book: Workbook, response: Response) -> Reading:
    found = spreadsheets.read(saved(book), name="form.xlsx")
    return parse(found, the_form(response), response=response.public_id)


def plan_of(book: Workbook, response: Response) -> Plan:
    reading = read(book, response)
    assert reading.problems == []
    return diff(reading.said, response, the_form(response))


def uploaded(book: Workbook, response: Response, **decisions: str) -> int:
    plan = plan_of(book, response)
    told = {code.replace("_", "."): decision for code, decision in decisions.items()}
    return apply(plan, seen=plan.fingerprint, decisions=told, by="国際 花子", at=NOW)


def stored(response: Response) -> dict[str, str]:
    sheet = sheet_of(response, the_form(response), is_pilot=False)
    return {code: entry.value.code for code, entry in sheet.entries.items()}


def overtake(response: Response, code: str, text: str) -> None:
    """A colleague writes something else on the page."""
    form = the_form(response)
    sheet = sheet_of(response, form, is_pilot=False)
    seen = {code: sheet.entry(code).lock}
    save(response, changes(form, {code: text}, seen), form=form, by="同僚 一郎", at=NOW)


# There and back


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("is_blank", [True, False])
def test_filled_form_says_what_was_written(language: str, is_blank: bool) -> None:
    response = a_response()
    with translation.override(language):
        book = downloaded(response, is_blank=is_blank)
        yes = "1 設置している" if language == "ja" else "1 Yes"
        fill(
            book,
            F4_name="国際 太郎",
            Q1_hq=yes,
            Q1_head="3",
            Q1_aims_people=1,
            Q1_aims_money="0",
            Q4_edu_2005="１，２３４",
        )
        fill(book, NOTE, Q1_head="総長補佐")
        fill(book, REASON, Q6_count="集計していない" if language == "ja" else "not collected", Q4_edu_2008="nc")

        count = uploaded(book, response)

    assert count == 8
    assert stored(response) == {
        "F4.name": "国際 太郎",
        "Q1.hq": "1",
        "Q1.head": "3",
        "Q1.aims.people": "1",
        "Q1.aims.money": "0",
        "Q4.edu.2005": "1234",
        "Q6.count": "nc",
        "Q4.edu.2008": "nc",
    }
    assert Answer.objects.get(cell__code="Q1.head").note == "総長補佐"
    assert set(Answer.objects.values_list("entered_by", flat=True)) == {"国際 花子"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_form_that_nobody_touched_says_nothing(language: str) -> None:
    response = a_response()
    answered(response, {**COMPLETE, "Q1.head": "3", "Q9.words": "=1+1\n 二行目 _x0041_ '引用", "Q6.count": "該当なし"})
    Answer.objects.filter(cell__code="Q1.head").update(note="-1 総長補佐")

    with translation.override(language):
        reading = read(downloaded(response), response)

    assert (reading.said, reading.problems, reading.left_out) == ([], [], [])
    assert reading.untouched == Answer.objects.count()


def test_answer_that_somebody_changed_since_is_not_undone_by_an_untouched_cell() -> None:
    response = a_response()
    answered(response, {"Q4.edu.2005": "10"})
    book = fill(downloaded(response), Q4_edu_2008=12)
    overtake(response, "Q4.edu.2005", "11")

    uploaded(book, response)

    assert stored(response) == {"Q4.edu.2005": "11", "Q4.edu.2008": "12"}


def test_blank_cells_erase_nothing() -> None:
    response = a_response()
    answered(response, {"Q4.edu.2005": "10", "Q6.count": "3"})

    assert uploaded(downloaded(response, is_blank=True), response) == 0
    assert uploaded(fill(downloaded(response), Q4_edu_2005=None, Q6_count=None), response) == 0
    assert stored(response) == {"Q4.edu.2005": "10", "Q6.count": "3"}


def test_words_without_an_answer_erase_nothing() -> None:
    response = a_response()
    answered(response, {"Q1.head": "3"})
    book = fill(fill(downloaded(response), Q1_head=None), NOTE, Q1_head="総長補佐")

    assert uploaded(book, response) == 0
    assert stored(response) == {"Q1.head": "3"}


def test_same_file_twice_writes_once() -> None:
    response = a_response()
    book = fill(downloaded(response), Q4_edu_2005=10)
    plan = plan_of(book, response)
    apply(plan, seen=plan.fingerprint, decisions={}, by="", at=NOW)

    again = plan_of(book, response)

    assert [item.deed for item in again.items] == [Deed.SAME]
    assert apply(again, seen=plan.fingerprint, decisions={}, by="", at=NOW) == 0
    assert Answer.objects.get().lock == 1


# One sheet, another order, without its hidden columns


def test_sheet_of_one_section_comes_back_alone() -> None:
    response = a_response()
    answered(response, {"F4.name": "国際 太郎"})
    book = fill(downloaded(response), Q4_edu_2005=10)
    for name in ("Read first", "F Cover", "A Organization"):
        del book[name]

    reading = read(book, response)

    assert (reading.sheets, [said.code for said in reading.said]) == (["D Dispatch"], ["Q4.edu.2005"])
    assert uploaded(book, response) == 1


def test_sheets_and_columns_are_known_wherever_they_stand() -> None:
    response = a_response()
    answered(response, {"Q4.edu.2005": "10"})
    source = fill(downloaded(response), Q4_edu_2005=11)["D Dispatch"]
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "工学部から"
    sheet["A1"] = "工学部の回答です。"
    for row in source.iter_rows(min_row=3):
        sheet.append([cell.value for cell in reversed(row)])

    plan = plan_of(book, response)

    assert [(item.said.code, item.deed, item.said.lock) for item in plan.items] == [("Q4.edu.2005", Deed.CHANGED, 1)]


def test_two_tables_on_one_sheet_are_read() -> None:
    response = a_response()
    book = Workbook()
    sheet = book.worksheets[0]
    for line in (("記号", "回答"), ("Q1.hq", 1), ("学部の分",), ("回答", "メモ", "記号"), (12, "", "q4.EDU.2005")):
        sheet.append(line)

    assert uploaded(book, response) == 2
    assert stored(response) == {"Q1.hq": "1", "Q4.edu.2005": "12"}


def test_plain_csv_is_read() -> None:
    response = a_response()
    book = spreadsheets.read(BytesIO("記号,回答\nQ4.edu.2005,12\n".encode()), name="answers.csv")

    reading = parse(book, the_form(response), response=response.public_id)

    assert [(said.code, said.value.number, said.sheet) for said in reading.said] == [("Q4.edu.2005", 12, "")]


def test_without_hidden_columns_every_other_answer_is_a_conflict() -> None:
    response = a_response()
    answered(response, {"Q4.edu.2005": "10", "Q4.edu.2008": "12"})
    book = fill(downloaded(response), Q4_edu_2005=11, Q6_count=3)
    for sheet in book.worksheets:
        sheet.delete_cols(9, 10)

    plan = plan_of(book, response)

    assert [(item.said.code, item.deed) for item in plan.items] == [
        ("Q4.edu.2005", Deed.CONFLICT),
        ("Q4.edu.2008", Deed.SAME),
        ("Q6.count", Deed.NEW),
    ]


# Conflicts


def test_conflict_is_decided_cell_by_cell() -> None:
    response = a_response()
    answered(response, {"Q4.edu.2005": "10", "Q4.edu.2008": "12", "Q6.count": "3"})
    book = fill(downloaded(response), Q4_edu_2005=20, Q4_edu_2008=22, Q6_count=4)
    overtake(response, "Q4.edu.2005", "11")
    overtake(response, "Q4.edu.2008", "13")

    plan = plan_of(book, response)
    count = uploaded(book, response, Q4_edu_2005=FILE, Q4_edu_2008=STORED)

    assert [(item.said.code, item.stored.by) for item in plan.conflicts] == [
        ("Q4.edu.2005", "同僚 一郎"),
        ("Q4.edu.2008", "同僚 一郎"),
    ]
    assert (count, stored(response)) == (2, {"Q4.edu.2005": "20", "Q4.edu.2008": "13", "Q6.count": "4"})


def test_answer_that_a_colleague_erased_is_a_conflict() -> None:
    response = a_response()
    answered(response, {"Q6.count": "3"})
    book = fill(downloaded(response), Q6_count=4)
    save(response, [Change("Q6.count", BLANK, 1)], form=the_form(response), by="", at=NOW)

    assert [item.deed for item in plan_of(book, response).items] == [Deed.CONFLICT]


@pytest.mark.parametrize("decisions", [{}, {"Q6_count": ""}, {"Q6_count": "both"}])
def test_undecided_conflict_writes_nothing(decisions: dict[str, str]) -> None:
    response = a_response()
    answered(response, {"Q6.count": "3"})
    book = fill(downloaded(response), Q6_count=4, Q4_edu_2005=10)
    overtake(response, "Q6.count", "5")

    with pytest.raises(Undecided):
        uploaded(book, response, **decisions)

    assert stored(response) == {"Q6.count": "5"}


def test_plan_that_somebody_overtook_is_refused_whole() -> None:
    response = a_response()
    book = fill(downloaded(response), Q4_edu_2005=10, Q4_edu_2008=12)
    shown = plan_of(book, response)
    overtake(response, "Q4.edu.2008", "13")
    fresh = plan_of(book, response)

    for plan in (shown, fresh):
        with pytest.raises(AnswersChanged):
            apply(plan, seen=shown.fingerprint, decisions={"Q4.edu.2008": FILE}, by="", at=NOW)

    assert stored(response) == {"Q4.edu.2008": "13"}


def test_answers_beside_the_point_do_not_overtake_a_plan() -> None:
    response = a_response()
    answered(response, {"Q6.count": "3"})
    book = fill(downloaded(response), Q4_edu_2005=10)
    plan = plan_of(book, response)
    overtake(response, "Q6.count", "4")

    apply(plan_of(book, response), seen=plan.fingerprint, decisions={}, by="", at=NOW)

    assert stored(response) == {"Q6.count": "4", "Q4.edu.2005": "10"}


def test_nothing_is_written_after_the_deadline_but_by_staff() -> None:
    response = a_response()
    plan = plan_of(fill(downloaded(response), Q6_count=4), response)
    late = after(response, days=1)

    with pytest.raises(NotOpen, match=r"The deadline has passed\."):
        apply(plan, seen=plan.fingerprint, decisions={}, by="", at=late)
    count = apply(plan, seen=plan.fingerprint, decisions={}, by="調査担当", at=late, is_staff=True)

    assert count == 1


# What would come of it


def test_plan_tells_of_totals_and_checks() -> None:
    response = a_response()
    answered(response, {"Q4.edu.2005": "10", "Q4.adm.2005": "2"})
    book = fill(downloaded(response), Q4_edu_2008=100)

    plan = plan_of(book, response)

    assert [(total.code, total.before, total.after) for total in plan.totals] == [("Q4.total.2008", None, 100)]
    assert [finding.check.code for finding in plan.findings] == ["edu-jump"]
    assert plan.sheet.findings == []


def test_plan_costs_the_same_for_any_number(django_assert_num_queries: Any) -> None:
    response = a_response()
    response = Response.objects.select_related("invitation__round").get(pk=response.pk)
    form = the_form(response)
    reading = read(fill(downloaded(response), Q4_edu_2005=10, Q4_adm_2005=1, Q6_count=3), response)

    with django_assert_num_queries(2):
        plan = diff(reading.said, response, form)

    assert len(plan.written) == 3
