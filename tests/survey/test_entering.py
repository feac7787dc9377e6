"""One section of a form as a browser posts it, and as a page shows it."""

from typing import Any

import pytest
from django.utils import timezone

from survey import entering
from survey.answering import Saved, Sheet, save, sheet_of
from survey.entering import Posted, section_page
from survey.entering.ticks import NO, YES, Ticks, ticks_of, values_of
from survey.models import Response
from survey.values import BLANK, Misread, Typed, Value
from tests.factories.answers import a_response, answered, the_form

pytestmark = pytest.mark.django_db
PEOPLE, MONEY = "Q1.aims.people", "Q1.aims.money"


@pytest.fixture
def response() -> Response:
    return a_response()


def sheet_now(response: Response) -> Sheet:
    return sheet_of(response, the_form(response), is_pilot=False)


def page(response: Response, code: str = "A", **more: Any) -> entering.SectionPage:
    sheet = sheet_now(response)
    section = sheet.form.section(code)
    assert section
    return section_page(sheet, section, **more)


def shown(response: Response, code: str = "A") -> dict[str, str]:
    """What a browser sends of a page that nobody touched."""
    data: dict[str, str] = {}
    for block in page(response, code).blocks:
        for field in block.fields:
            data |= {f"k.{field.code}": str(field.mark.seen), f"w.{field.code}": field.mark.digest}
            data |= {f"n.{field.code}": field.typed.note}
            if block.ticks:
                data |= {f"v.{field.code}": "1"} if field.is_ticked else {}
            elif block.kind == "choice":
                data[f"v.{field.code}"] = field.typed.said or field.typed.reason
            else:
                data |= {f"v.{field.code}": field.typed.said, f"s.{field.code}": field.typed.reason}
        if block.ticks:
            data |= {f"s.{block.code}": block.ticks.reason} | ({f"none.{block.code}": "1"} if block.ticks.none else {})
    return data


def sent(response: Response, data: dict[str, str], code: str = "A") -> Posted:
    section = the_form(response).section(code)
    assert section
    return entering.posted(data, section)


def written(found: Posted) -> dict[str, str]:
    return {change.code: change.value.code for change in found.changes}


def saved(response: Response, found: Posted, by: str = "") -> Saved:
    return save(response, found.changes, form=the_form(response), by=by, at=timezone.now())


@pytest.mark.parametrize("code", ["F", "A", "D"])
def test_page_that_nobody_touched_changes_nothing(response: Response, code: str) -> None:
    empty = sent(response, shown(response, code), code)
    answered(response)

    full = sent(response, shown(response, code), code)

    assert (empty.changes, empty.problems) == ([], {})
    assert (full.changes, full.problems) == ([], {})


def test_touched_cells_alone_are_written(response: Response) -> None:
    answered(response)
    data = shown(response, "D") | {"v.Q4.edu.2008": " １,２３４ ", "v.Q9.words": "一行目\r\n二行目"}

    found = sent(response, data, "D")

    assert written(found) == {"Q4.edu.2008": "1234", "Q9.words": "一行目\n二行目"}
    assert {change.code: change.seen for change in found.changes} == {"Q4.edu.2008": 1, "Q9.words": 0}


def test_cell_without_its_mark_was_not_sent(response: Response) -> None:
    found = sent(response, {"v.Q6.count": "3", "k.Q4.edu.2005": "0", "v.Q4.edu.2005": "7"}, "D")

    assert written(found) == {"Q4.edu.2005": "7"}


def test_total_and_foreign_cells_are_never_read(response: Response) -> None:
    data = {
        "k.Q4.total.2005": "0",
        "v.Q4.total.2005": "9",
        "k.Q1.hq": "0",
        "v.Q1.hq": "1",
        "k.Q0.x": "0",
        "v.Q0.x": "1",
    }

    found = sent(response, data, "D")

    assert (found.changes, found.problems) == ([], {})


@pytest.mark.parametrize("reason", ["nc", "u", "a", "x"])
def test_reason_is_read_of_choices_and_numbers(response: Response, reason: str) -> None:
    choice = sent(response, shown(response) | {"v.Q1.hq": reason})
    number = sent(response, shown(response, "D") | {"s.Q6.count": reason}, "D")

    assert written(choice) == {"Q1.hq": reason}
    assert written(number) == {"Q6.count": reason}


def test_answer_is_taken_back_to_a_blank(response: Response) -> None:
    answered(response)

    found = sent(response, shown(response) | {"v.Q1.hq": ""})

    assert written(found) == {"Q1.hq": "m"}


def test_words_of_an_option_are_kept_with_it(response: Response) -> None:
    found = sent(response, shown(response) | {"v.Q1.head": "3", "n.Q1.head": " 総長 "})

    assert [change.value for change in found.changes] == [Value("ok", option=3, note="総長")]


def test_words_without_the_answer_they_belong_to_are_handed_back(response: Response) -> None:
    found = sent(response, shown(response) | {"v.Q1.head": "", "n.Q1.head": "総長"})

    assert (list(found.problems), found.changes) == (["Q1.head"], [])
    assert found.typed["Q1.head"].note == "総長"


@pytest.mark.parametrize("odd", ["-1", "abc", "1.5", "99999999999999999999", "1\x00"])
def test_what_cannot_be_read_stands_in_its_field_with_the_reason(response: Response, odd: str) -> None:
    found = sent(response, shown(response, "D") | {"v.Q6.count": odd, "v.Q4.edu.2005": "5"}, "D")
    saved(response, found)

    (field,) = page(response, "D", sent=found).problems

    assert (field.code, field.typed.said) == ("Q6.count", odd)
    assert field.problem
    assert sheet_now(response).value("Q4.edu.2005").number == 5


def test_number_and_reason_together_are_refused(response: Response) -> None:
    found = sent(response, shown(response, "D") | {"v.Q6.count": "3", "s.Q6.count": "u"}, "D")

    assert list(found.problems) == ["Q6.count"]


@pytest.mark.parametrize("mark", ["", "-1", "x", "9" * 5000, "１"])
def test_odd_mark_counts_as_never_seen(response: Response, mark: str) -> None:
    found = sent(response, {"k.Q6.count": mark, "v.Q6.count": "3"}, "D")

    assert [change.seen for change in found.changes] == [0]


def test_colleagues_answer_is_shown_beside_ones_own(response: Response) -> None:
    before = shown(response, "D")
    answered(response, {"Q6.count": "7"}, by="鈴木")
    found = sent(response, before | {"v.Q6.count": "9"}, "D")

    (field,) = page(response, "D", sent=found, saved=saved(response, found)).conflicts

    assert (field.typed.said, field.stored, field.entry.by) == ("9", "7", "鈴木")
    assert (field.mark.seen, field.mark.digest) == (1, Value("ok", number=7).digest)


def test_saving_again_after_a_conflict_writes_over_it(response: Response) -> None:
    before = shown(response, "D")
    answered(response, {"Q6.count": "7"}, by="鈴木")
    found = sent(response, before | {"v.Q6.count": "9"}, "D")
    (field,) = page(response, "D", sent=found, saved=saved(response, found)).conflicts
    marks = {"k.Q6.count": str(field.mark.seen), "w.Q6.count": field.mark.digest}

    kept = saved(response, sent(response, before | marks | {"v.Q6.count": "9", "t.Q6.count": "1"}, "D"))
    over = saved(response, sent(response, before | marks | {"v.Q6.count": "9"}, "D"), by="佐藤")

    assert (kept.entries, kept.conflicts, over.conflicts) == ({}, [], [])
    assert (sheet_now(response).value("Q6.count").number, sheet_now(response).entry("Q6.count").by) == (9, "佐藤")


def test_misread_field_does_not_forget_what_it_was_typed_over(response: Response) -> None:
    before = shown(response, "D")
    answered(response, {"Q6.count": "7"}, by="鈴木")
    found = sent(response, before | {"v.Q6.count": "neun"}, "D")

    (field,) = page(response, "D", sent=found, saved=saved(response, found)).problems

    assert field.mark.seen == 0


def test_page_says_where_it_stands(response: Response) -> None:
    answered(response, {"Q1.hq": "2"})

    found = page(response, "A")

    assert (found.number, found.progress.asked, found.progress.answered) == (2, 3, 1)
    assert [found.previous and found.previous.code, found.following and found.following.code] == ["F", "D"]
    assert [(block.code, block.kind, block.is_asked) for block in found.blocks] == [
        ("A1", "choice", True),
        ("A2", "choice", False),
        ("A5", "ticks", True),
    ]


def test_table_has_its_fields_and_totals(response: Response) -> None:
    answered(response)

    table = next(block for block in page(response, "D").blocks if block.kind == "table")

    assert [[field.code for field in row.fields] for row in table.rows] == [
        ["Q4.edu.2005", "Q4.edu.2008"],
        ["Q4.adm.2005", "Q4.adm.2008"],
        [],
    ]
    assert [(total.told, total.summands) for total in table.rows[-1].totals] == [
        ("11", ("Q4.edu.2005", "Q4.adm.2005")),
        ("14", ("Q4.edu.2008", "Q4.adm.2008")),
    ]


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        (Ticks(frozenset({PEOPLE})), {PEOPLE: "1", MONEY: "0"}),
        (Ticks(none=True), {PEOPLE: "0", MONEY: "0"}),
        (Ticks(reason="u"), {PEOPLE: "u", MONEY: "u"}),
        (Ticks(), {PEOPLE: "m", MONEY: "m"}),
    ],
)
def test_several_answers_are_read_together(ticks: Ticks, expected: dict[str, str]) -> None:
    shown = {PEOPLE: YES, MONEY: YES}

    assert {code: value.code for code, value in values_of(ticks, shown).items()} == expected


@pytest.mark.parametrize("ticks", [Ticks(frozenset({PEOPLE}), none=True), Ticks(none=True, reason="u")])
def test_several_answers_that_contradict_each_other_are_refused(ticks: Ticks) -> None:
    with pytest.raises(Misread):
        values_of(ticks, {PEOPLE: BLANK, MONEY: BLANK})


@pytest.mark.parametrize("other", [BLANK, NO, Value("u"), Value("nc")])
@pytest.mark.parametrize("first", [BLANK, NO, YES, Value("u")])
def test_untouched_boxes_keep_what_boxes_cannot_show(first: Value, other: Value) -> None:
    shown = {PEOPLE: first, MONEY: other}

    found = values_of(ticks_of(shown), shown)

    # A tick on the page says of the blank box beside it that it was left empty.
    completed = {PEOPLE: YES, MONEY: NO} if first == YES and other == BLANK else shown
    assert found == completed


def test_reason_beside_ticks_stays_until_its_box_is_ticked() -> None:
    shown = {PEOPLE: Value("u"), MONEY: NO}

    assert values_of(Ticks(frozenset({MONEY})), shown) == {PEOPLE: Value("u"), MONEY: YES}
    assert values_of(Ticks(frozenset({PEOPLE})), shown) == {PEOPLE: YES, MONEY: NO}


def test_one_reason_for_all_goes_when_a_box_is_ticked() -> None:
    shown = {PEOPLE: Value("u"), MONEY: Value("u")}

    assert values_of(Ticks(frozenset({PEOPLE})), shown) == {PEOPLE: YES, MONEY: NO}


def test_contradicting_ticks_come_back_as_they_were(response: Response) -> None:
    found = sent(response, shown(response) | {f"v.{PEOPLE}": "1", "none.A5": "1"})

    block = next(block for block in page(response, sent=found).blocks if block.ticks)

    assert block.problem
    assert block.ticks == Ticks(frozenset({PEOPLE}), none=True)
    assert [field.typed for field in block.fields] == [Typed("1"), Typed("")]


def test_conflict_about_ticks_is_told_of_the_box(response: Response) -> None:
    before = shown(response)
    answered(response, {PEOPLE: "0", MONEY: "1"}, by="鈴木")
    found = sent(response, before | {f"v.{PEOPLE}": "1", f"v.{MONEY}": "1"})

    (field,) = page(response, sent=found, saved=saved(response, found)).conflicts

    assert (field.code, field.is_ticked, field.entry.value) == (PEOPLE, True, NO)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"Q1.hq": "1"}, "設置している"),
        ({"Q1.hq": "nc"}, "集計していない"),
        ({"Q6.count": "1234"}, "1,234"),
        ({"F4.name": "国際 太郎"}, "国際 太郎"),
        ({PEOPLE: "1"}, "該当する"),
        ({}, ""),
    ],
)
def test_values_are_told_in_words(response: Response, said: dict[str, str], expected: str) -> None:
    answered(response, said)
    sheet = sheet_now(response)
    code = next(iter(said), "Q1.hq")

    assert entering.told(sheet.value(code), sheet.form.questions[code]) == expected


def test_answers_of_a_snapshot_are_those_of_the_sheet(response: Response) -> None:
    answered(response)
    answered(response, {"Q9.words": "補足"})
    sheet = sheet_now(response)
    snapshot = response.snapshots.model(answers=sheet.as_json())

    kept = entering.sheet_of_snapshot(snapshot, sheet.form, is_pilot=False)

    assert kept.as_json() == sheet.as_json()
    assert kept.totals == sheet.totals


def test_missing_fields_are_told_by_question(response: Response) -> None:
    answered(response, {"Q1.hq": "1", "F4.name": "国際 太郎", "Q4.edu.2005": "1"})

    found = entering.missing(sheet_now(response))

    assert [(one.question.code, [place.cell.code for place in one.places]) for one in found] == [
        ("A2", ["Q1.head"]),
        ("A5", [PEOPLE, MONEY]),
        ("D1", ["Q4.edu.2008", "Q4.adm.2005", "Q4.adm.2008"]),
        ("D3", ["Q6.count"]),
    ]
    assert entering.responsible(sheet_now(response)) == "国際 太郎"
