"""The list of recipients from a spreadsheet: what it would do, and doing exactly that."""

from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone, translation

from sih_portal import spreadsheets
from survey.models import Invitation
from survey.recipients import (
    ListChanged,
    Plan,
    apply,
    diff,
    list_sheet,
    parse,
)
from tests.factories.invitations import InvitationFactory, OpenRoundFactory
from tests.factories.universities import AliasFactory, HeadquartersFactory, InstitutionFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HEAD = "番号,機関名,設置形態,部署,担当者,メールアドレス"
LINE = "1,ある大学,国立大学,国際課,国際 花子,office@example.ac.jp"


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def read(*lines: str) -> Any:
    return parse(spreadsheets.read(BytesIO("\n".join(lines).encode()), name="list.csv"))


def book_of(survey_round: Any) -> Any:
    with list_sheet(survey_round) as file:
        return spreadsheets.read(file, name="list.xlsx")


def plan_of(survey_round: Any, *lines: str) -> Plan:
    rows, problems = read(*lines)
    assert problems == []
    return diff(rows, survey_round)


def taken(survey_round: Any, *lines: str) -> Plan:
    plan = plan_of(survey_round, *lines)
    assert plan.problems == []
    apply(plan, seen=plan.fingerprint)
    return plan


def wrong(*lines: str, survey_round: Any = None) -> list[tuple[int, str, str]]:
    rows, problems = read(*lines)
    problems = problems or diff(rows, survey_round or OpenRoundFactory()).problems
    return [(problem.row, problem.column, problem.reason) for problem in problems]


@pytest.mark.parametrize(
    "head",
    [
        "番号,機関名,機関名（英語）,設置形態,採択機関,都道府県,部署,担当者,メールアドレス,言語",
        "Number,Name (Japanese),Name (English),Kind,Pilot,Prefecture,Department,Contact,Mail address,Language",
        "ｎｕｍｂｅｒ,name_ja,NAME_EN,kind,is_pilot,prefecture,department,contact_name,Email,language",
    ],
)
def test_headings_are_known_in_either_language(head: str) -> None:
    (row,), problems = read(head, "１,ある大学,A University,公立,○,東京都,国際課,国際 花子,office@example.ac.jp,英語")

    assert problems == []
    assert row.number == 1
    assert row.said == {
        "name_ja": "ある大学",
        "name_en": "A University",
        "kind": "public",
        "is_pilot": True,
        "prefecture": "13",
        "department": "国際課",
        "contact_name": "国際 花子",
        "email": "office@example.ac.jp",
        "language": "en",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("はい", True),
        ("1", True),
        ("○", True),
        ("〇", True),
        ("◯", True),
        ("いいえ", False),
        ("０", False),
        ("×", False),
    ],
)
def test_truth_is_written_in_many_ways(text: str, value: bool) -> None:
    (row,), _problems = read("番号,採択機関", f"1,{text}")

    assert row.said["is_pilot"] is value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("東京都", "13"), ("東京", "13"), ("Ｔｏｋｙｏ", "13"), ("13", "13"), ("１３", "13"), ("京都府", "26")),
        *(("京都", "26"), ("北海道", "01"), ("1", "01"), ("01", "01"), ("神奈川", "14"), ("OKINAWA", "47")),
    ],
)
def test_prefecture_is_written_in_many_ways(text: str, code: str) -> None:
    (row,), problems = read("番号,都道府県", f"1,{text}")

    assert (problems, row.said["prefecture"]) == ([], code)


@pytest.mark.parametrize("text", ["東京県", "0", "48", "関東", "中国"])
def test_unknown_prefecture_is_wrong(text: str) -> None:
    assert wrong("番号,機関名,設置形態,都道府県", f"1,X,national,{text}") == [
        (2, "D", f"“{text}” is not a prefecture. Write it like 東京都, 東京, Tokyo or 13.")
    ]


def test_prefecture_changes_as_the_kind_does() -> None:
    survey_round = OpenRoundFactory()
    taken(survey_round, f"{HEAD},都道府県", f"{LINE},大阪", "2,別の大学,private,,,,")
    taken(survey_round, "番号,都道府県", "1,", "2,")
    kept = list(Invitation.objects.order_by("number").values_list("prefecture", flat=True))

    plan = taken(survey_round, "番号,都道府県", "1,兵庫県", "2,滋賀県")

    assert kept == ["27", ""]
    assert [entry.before for entry in plan.changed] == [{"prefecture": "27"}, {"prefecture": ""}]
    assert list(Invitation.objects.order_by("number").values_list("prefecture", flat=True)) == ["28", "25"]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (",X,national,,,", "A", "The number is missing."),
        ("0,X,national,,,", "A", "“0” is not a whole number from 1 to 9999."),
        ("1.5,X,national,,,", "A", "“1.5” is not a whole number from 1 to 9999."),
        ("99999999999,X,national,,,", "A", "“99999999999” is not a whole number from 1 to 9999."),
        ("1,X,大学院,,,", "C", "“大学院” is not one of: 国立大学、公立大学、私立大学、大学共同利用機関."),
        ("1,X,national,,,office", "F", "“office” is not a mail address."),
        ("1,X,national,,,a@b.jp; c@d.jp", "F", "“a@b.jp; c@d.jp” is not a mail address."),
        (f"1,{'X' * 201},national,,,", "B", "The text is longer than 200 characters."),
        ('1,"X\nBcc: evil@example.org",national,,,', "B", "Write it on one line."),
        ('1,X,national,"a\rb",,', "D", "Write it on one line."),
        ("1,,national,,,", "B", "The name is missing."),
        ("1,X,,,,", "C", "The kind of institution is missing, and the portal does not know the institution."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(line: str, column: str, reason: str) -> None:
    assert wrong(HEAD, line) == [(2, column, reason)]


def test_number_that_stands_twice_is_wrong() -> None:
    assert wrong(HEAD, LINE, LINE.replace("ある", "別の")) == [(3, "A", "The number stands in row 2 too.")]


def test_file_without_numbers_is_wrong() -> None:
    assert (1, "", "The heading “番号” is missing.") in wrong("機関名,設置形態", "ある大学,国立大学")


def test_list_is_added_as_it_was_shown() -> None:
    survey_round = OpenRoundFactory()

    plan = taken(survey_round, HEAD, LINE, "2,別の大学,private,,,")

    assert [entry.name for entry in plan.added] == ["ある大学", "別の大学"]
    rows = Invitation.objects.order_by("number").values_list("round", "number", "name_ja", "kind", "email", "language")
    assert list(rows) == [
        (survey_round.pk, 1, "ある大学", "national", "office@example.ac.jp", "ja"),
        (survey_round.pk, 2, "別の大学", "private", "", "ja"),
    ]


def test_second_upload_of_the_same_list_changes_nothing() -> None:
    survey_round = OpenRoundFactory()
    taken(survey_round, HEAD, LINE)

    plan = plan_of(survey_round, HEAD, LINE)

    assert (plan.added, plan.changed, len(plan.unchanged), plan.missing) == ([], [], 1, [])


def test_upload_changes_what_it_says_and_deletes_nothing() -> None:
    survey_round = OpenRoundFactory()
    taken(survey_round, HEAD, LINE, "2,別の大学,private,総務課,,other@example.ac.jp")

    plan = taken(survey_round, "番号,メールアドレス", "1,new@example.ac.jp")

    first, second = Invitation.objects.order_by("number")
    assert [entry.before for entry in plan.changed] == [{"email": "office@example.ac.jp"}]
    assert [row.number for row in plan.missing] == [2]
    assert (first.email, first.name_ja, first.department) == ("new@example.ac.jp", "ある大学", "国際課")
    assert (second.email, second.department) == ("other@example.ac.jp", "総務課")


def test_rounds_have_lists_of_their_own() -> None:
    InvitationFactory(number=1, name_ja="前回の大学")

    plan = taken(OpenRoundFactory(), HEAD, LINE)

    assert len(plan.added) == 1
    assert Invitation.objects.filter(name_ja="前回の大学").exists()


@pytest.mark.parametrize("name", ["京都大学", "Kyoto University", "京大", "ＫＹＯＴＯ ＵＮＩＶＥＲＳＩＴＹ"])
def test_institution_of_the_portal_is_known_by_each_of_its_names(name: str) -> None:
    names = {"slug": "kyoto", "name_ja": "京都大学", "name_en": "Kyoto University"}
    kyoto = InstitutionFactory(kind="national", prefecture="26", **names)
    AliasFactory(institution=kyoto, label="京大")
    HeadquartersFactory(participation__institution=kyoto)

    taken(OpenRoundFactory(), "番号,機関名", f"1,{name}")

    row = Invitation.objects.get()
    assert (row.institution, row.kind, row.is_pilot, row.prefecture) == (kyoto, "national", True, "26")
    assert (row.name_ja, row.name_en) == (name.strip(), "Kyoto University")


def test_institution_is_named_by_its_id_alone() -> None:
    kyoto = InstitutionFactory(slug="kyoto", name_ja="京都大学", name_en="Kyoto University")

    taken(OpenRoundFactory(), "番号,ポータルID", "1,kyoto")

    row = Invitation.objects.get()
    assert (row.institution, row.name_ja, row.is_pilot) == (kyoto, "京都大学", False)


@pytest.mark.parametrize(
    ("head", "line", "column", "reason"),
    [
        ("ポータルID", "nowhere", "B", "The portal knows no institution of this id."),
        ("機関名,設置形態", "京都大学,私立大学", "C", "The portal has this institution as: National university."),
        ("機関名,採択機関", "京都大学,はい", "C", "The portal does not have it as a pilot."),
        ("機関名,都道府県", "京都大学,大阪", "C", "The portal has this institution in: Kyoto."),
    ],
)
def test_file_that_contradicts_the_portal_is_wrong(head: str, line: str, column: str, reason: str) -> None:
    InstitutionFactory(slug="kyoto", name_ja="京都大学", kind="national", prefecture="26")

    assert (2, column, reason) in wrong(f"番号,{head}", f"1,{line}")


def test_pilot_that_the_file_denies_is_wrong() -> None:
    HeadquartersFactory(participation__institution__name_ja="京都大学")

    assert wrong("番号,機関名,採択機関", "1,京都大学,いいえ") == [(2, "C", "The portal has it as a pilot.")]


def test_institution_stands_on_the_list_once() -> None:
    InstitutionFactory(name_ja="京都大学", name_en="Kyoto University")

    assert wrong("番号,機関名", "1,京都大学", "2,Kyoto University") == [
        (3, "B", "京都大学 stands on the list with the number 1 already.")
    ]


def test_list_that_slipped_by_a_line_renames_nobody_who_was_asked() -> None:
    survey_round = OpenRoundFactory()
    InvitationFactory(round=survey_round, number=1, name_ja="ある大学", name_en="", was_asked=True)
    InvitationFactory(round=survey_round, number=2, name_ja="別の大学", name_en="")

    found = wrong(HEAD, "1,別の大学,national,,,", "2,第三の大学,national,,,", survey_round=survey_round)

    assert found == [(2, "B", "This number was asked already as ある大学. Change the name on its own page.")]


@pytest.mark.parametrize("slug", ["", "kyoto"])
def test_name_the_portal_does_not_know_takes_no_place_of_one_that_was_asked(slug: str) -> None:
    survey_round = OpenRoundFactory()
    kyoto = InstitutionFactory(slug="kyoto", name_ja="京都大学", name_en="Kyoto University")
    names = {"name_ja": "京都大学", "name_en": "Kyoto University"}
    InvitationFactory(round=survey_round, number=5, institution=kyoto, kind=kyoto.kind, was_asked=True, **names)

    found = wrong(
        "番号,ポータルID,機関名,メールアドレス", f"5,{slug},別の大学,x@other.ac.jp", survey_round=survey_round
    )

    assert found == [(2, "C", "This number was asked already as 京都大学. Change the name on its own page.")]


def test_id_alone_puts_no_other_in_the_place_of_one_that_was_asked() -> None:
    survey_round = OpenRoundFactory()
    kyoto, osaka = InstitutionFactory(slug="kyoto", name_ja="京都大学"), InstitutionFactory(slug="osaka")
    invitation = InvitationFactory(round=survey_round, number=5, institution=kyoto, name_ja="京都大学", was_asked=True)

    found = wrong("番号,ポータルID", "5,osaka", survey_round=survey_round)

    assert osaka.kind == invitation.kind
    assert [reason for _row, _column, reason in found] == [
        "This number was asked already as 京都大学. Change the name on its own page."
    ]


def test_id_and_name_of_two_institutions_are_wrong() -> None:
    InstitutionFactory(slug="kyoto", name_ja="京都大学")
    InstitutionFactory(slug="osaka", name_ja="大阪大学")

    assert wrong("番号,ポータルID,機関名", "1,kyoto,大阪大学") == [
        (2, "C", "The id is of 京都大学, the name of 大阪大学.")
    ]


def test_plan_that_somebody_overtook_is_refused_whole() -> None:
    survey_round = OpenRoundFactory()
    taken(survey_round, HEAD, LINE)
    plan = plan_of(survey_round, HEAD, LINE.replace("花子", "太郎"), "2,別の大学,private,,,")
    Invitation.objects.update(contact_name="国際 次郎")

    with pytest.raises(ListChanged):
        apply(plan, seen=plan.fingerprint)

    assert list(Invitation.objects.values_list("contact_name", flat=True)) == ["国際 次郎"]


def test_plan_is_written_whole_or_not_at_all() -> None:
    survey_round = OpenRoundFactory()
    taken(survey_round, HEAD, LINE)
    rows, _problems = read(HEAD, LINE.replace("花子", "太郎"), "2,別の大学,private,,,")
    rows[0].said["kind"] = "unheard of"  # as a bug of ours might
    plan = diff(rows, survey_round)

    with pytest.raises(Exception, match=r"survey_invitation_has_a_known_kind|check constraint"):
        apply(plan, seen=plan.fingerprint)


def test_list_costs_the_same_for_any_number(django_assert_num_queries: Any) -> None:
    survey_round = OpenRoundFactory()
    rows, _problems = read(HEAD, *(f"{number},第{number}大学,private,,,x{number}@b.jp" for number in range(1, 235)))
    InstitutionFactory()

    with django_assert_num_queries(4):
        plan = diff(rows, survey_round)
    apply(plan, seen=plan.fingerprint)
    with django_assert_num_queries(4):
        again = diff(rows, survey_round)

    assert (len(plan.added), len(again.unchanged), Invitation.objects.count()) == (234, 234, 234)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_sheet_of_the_list_comes_back_unchanged(language: str) -> None:
    survey_round = OpenRoundFactory()
    known = HeadquartersFactory(participation__institution__name_ja="京都大学").participation.institution
    own = {"kind": known.kind, "is_pilot": True, "prefecture": known.prefecture}
    InvitationFactory(round=survey_round, institution=known, name_ja="京都大学", **own)
    InvitationFactory(round=survey_round, name_ja="=1+1大学", email="", language="en", prefecture="01")
    InvitationFactory(round=survey_round, name_ja="所在不明大学")
    Invitation.objects.filter(institution=known).update(name_en=known.name_en)

    with translation.override(language):
        rows, problems = parse(book_of(survey_round))
        plan = diff(rows, survey_round)

    assert (problems, plan.problems, plan.added, plan.changed, plan.missing) == ([], [], [], [], [])
    assert len(plan.unchanged) == 3


def test_empty_sheet_says_that_nobody_is_on_it() -> None:
    rows, problems = parse(book_of(OpenRoundFactory()))

    assert (rows, [problem.reason for problem in problems]) == ([], ["There is no recipient on the sheet."])
