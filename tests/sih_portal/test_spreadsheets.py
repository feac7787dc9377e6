"""Tables that people upload, read as they meant them: values, places, headings, and our own files back."""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from sih_portal import spreadsheets, tabular, workbook
from sih_portal.spreadsheets import Cell, Heading, Problem, Record, records
from sih_portal.spreadsheets.book import UNREADABLE
from sih_portal.spreadsheets.numbers import Kind, kind_of, moment, number
from sih_portal.tabular import Column
from tests.hostile_files.building import SHEET, STRINGS, STYLES, cell, rows, sheet, styled
from tests.hostile_files.building import workbook as built

COLUMNS: Final = [Column("id", lambda _row: "row"), Column("text", itemgetter("text"))]
SHORT: Final = st.text(st.sampled_from("=+-@＝＋－＠\t\n\"'#_x0041 　,;a京𠮷"), max_size=8)
READABLE: Final = st.one_of(SHORT, st.text()).filter(lambda text: not UNREADABLE.search(text))
HEADINGS: Final = [Heading("email", ["メールアドレス"]), Heading("name", ["大学名"], is_required=False)]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def read(content: bytes, name: str = "table.xlsx") -> spreadsheets.Book:
    return spreadsheets.read(io.BytesIO(content), name=name)


def texts(content: bytes, name: str = "table.xlsx") -> list[list[str]]:
    [one] = read(content, name).sheets
    return [[cell.text for cell in row.cells] for row in one.rows]


def only(content: bytes) -> Cell:
    [one] = read(content).sheets[0].cells()
    return one


@pytest.mark.parametrize(
    "content",
    [
        "番号,大学名\n1,京都\n".encode(),
        "番号,大学名\n1,京都\n".encode("utf-8-sig"),
        "番号,大学名\n1,京都\n".encode("cp932"),
        "番号\t大学名\r\n1\t京都\r\n".encode("utf-16"),
        "番号;大学名\r1;京都\r".encode(),
        '"番号"\t"大学名"\n"1"\t京都'.encode(),
    ],
)
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(content: bytes) -> None:
    assert texts(content, "table.csv") == [["番号", "大学名"], ["1", "京都"]]


def test_csv_keeps_what_stands_in_quotation_marks() -> None:
    assert texts(b'id,text\r\n1," a,b;\r\n""c"" "\r\n', "a.csv") == [["id", "text"], ["1", ' a,b;\r\n"c" ']]


def test_csv_rows_and_columns_have_their_numbers() -> None:
    [sheet] = read(b'\n\nid,,text\n,"a\nb",\n\nlast', "a.csv").sheets

    assert [*sheet.cells()] == [
        *(Cell("id", 3, 1), Cell("text", 3, 3), Cell("a\nb", 4, 2), Cell("last", 6, 1)),
    ]


def test_control_character_has_its_place_and_the_rest_is_read() -> None:
    book = read(b"id,text\n1,a\x0bb\n2,c\n", "a.csv")

    [problem] = book.problems()
    assert (problem.row, problem.column) == (2, "B")
    assert "U+000B" in problem.reason
    assert [cell.text for cell in book.sheets[0].cells()] == ["id", "text", "1", "", "2", "c"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,text\n1,a\n2,b\x00c\n", "Row 3, column B"),
        ("id,text\n1,京\n".encode() + "2,都\n".encode("cp932"), "Line 3"),
        ("id,text\n1,京\n".encode("cp932") + "2,都市\n".encode(), "Line 3"),
        (b'id,text\n1,"a\n2,b\n', "Row 2"),
    ],
)
def test_refusal_names_the_place(content: bytes, said: str) -> None:
    with pytest.raises(spreadsheets.Refused, match=said):
        read(content, "a.csv")


def test_upload_is_read_from_its_beginning_each_time() -> None:
    upload = SimpleUploadedFile("table.csv", b"a,b\n")

    first, second = (spreadsheets.read(upload, name="table.csv") for _time in range(2))

    assert first == second


@pytest.mark.parametrize(
    ("inside", "kind", "text"),
    [
        ("<v>12</v>", "", "12"),
        ("<v>12.0</v>", "", "12"),
        ("<v>1.5</v>", "", "1.5"),
        ("<v>1.1000000000000001</v>", "", "1.1"),
        ("<v>1E+3</v>", "", "1000"),
        ("<v>1.5E-7</v>", "", "0.00000015"),
        ("<v>-0</v>", "", "0"),
        ("<v>-0.0</v>", "", "0"),
        ("<v>90000000000000000001</v>", "", "90000000000000000001"),
        ("<v>1</v>", "b", "true"),
        ("<v>0</v>", "b", "false"),
        ("<v>1</v>", "s", "two"),
        ("<v>=1+1</v>", "str", "=1+1"),
        ("<f>1+1</f><v>2</v>", "", "2"),
        ("<is><t>a</t></is>", "inlineStr", "a"),
        ("<is><r><t>To</t></r><r><t> kyo</t></r></is>", "inlineStr", "To kyo"),
        ("<is><t>東京</t><rPh><t>トウキョウ</t></rPh></is>", "inlineStr", "東京"),
        ("<is><t>_x005F_x0041__x0042_</t></is>", "inlineStr", "_x0041_B"),
        ("<is><t>_xD842__xDFB7_</t></is>", "inlineStr", "𠮷"),
        ("<v>2026-11-24T00:00:00</v>", "d", "2026-11-24"),
        ("<v>2026-11-24T09:30:00</v>", "d", "2026-11-24T09:30:00"),
    ],
)
def test_cell_is_read_as_it_is_meant(inside: str, kind: str, text: str) -> None:
    assert only(cell(inside, f't="{kind}"' if kind else "")) == Cell(text, 1, 1)


@pytest.mark.parametrize(
    ("inside", "kind", "said"),
    [
        ("<v>#N/A</v>", "e", "the error #N/A"),
        ("<f>1/0</f><v>#DIV/0!</v>", "e", "the error #DIV/0!"),
        ("<f>1+1</f>", "n", "a formula without a result"),
        ("<f>1+1</f><v></v>", "n", "a formula without a result"),
        ("<v>1e999</v>", "n", "“1e999”, which is no number"),
        ("<is><t>_x0000_</t></is>", "inlineStr", "U+0000"),
    ],
)
def test_cell_that_cannot_be_read_says_why(inside: str, kind: str, said: str) -> None:
    one = only(cell(inside, f't="{kind}"'))

    assert one.text == ""
    assert said in one.reason


def test_formula_with_an_empty_result_is_an_empty_cell() -> None:
    content = rows('<row r="1"><c r="A1" t="str"><f>B1</f><v></v></c><c r="B1"><v>1</v></c></row>')

    assert [*read(content).sheets[0].cells()] == [Cell("1", 1, 2)]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((code, Kind.NUMBER) for code in ("0.00", "General", "#,##0;[Red]-#,##0", '0"dmy"', "0.00E+00", "@", r"\d0")),
        *((code, Kind.NUMBER) for code in ("G/標準", '_ * #,##0_ ;_ * "-"_ ', "[DBNum1]General", "[$-411]0")),
        *((code, Kind.DAY) for code in ("yyyy-mm-dd", "m/d", "mmm", "[$-411]ggge年", 'yyyy"年"m"月"', "d h:mm")),
        *((code, Kind.TIME) for code in ("h:mm", "mm:ss.0", 'h"時"mm"分"', "h:mm AM/PM")),
        *((code, Kind.ELAPSED) for code in ("[h]:mm", "[mm]:ss", "[ss]")),
    ],
)
def test_number_format_tells_days_from_numbers(code: str, kind: Kind) -> None:
    assert kind_of(code) is kind


@pytest.mark.parametrize(
    ("serial", "kind", "is_1904", "text"),
    [
        ("1", Kind.DAY, False, "1900-01-01"),
        ("59", Kind.DAY, False, "1900-02-28"),
        ("60", Kind.DAY, False, None),
        ("61", Kind.DAY, False, "1900-03-01"),
        ("46350", Kind.DAY, False, "2026-11-24"),
        ("46350.75", Kind.DAY, False, "2026-11-24T18:00:00"),
        ("46350.999999999", Kind.DAY, False, "2026-11-25"),
        ("2958465", Kind.DAY, False, "9999-12-31"),
        ("2958466", Kind.DAY, False, None),
        ("-1", Kind.DAY, False, None),
        ("0", Kind.DAY, False, None),
        ("0", Kind.DAY, True, "1904-01-01"),
        ("44888", Kind.DAY, True, "2026-11-24"),
        ("0.5", Kind.TIME, False, "12:00:00"),
        ("0.5", Kind.DAY, False, "12:00:00"),
        ("1.5", Kind.ELAPSED, False, "36:00:00"),
    ],
)
def test_number_is_read_as_its_day(serial: str, kind: Kind, *, is_1904: bool, text: str | None) -> None:
    assert moment(serial, kind, is_1904=is_1904) == text


@given(st.integers(-(10**30), 10**30))
def test_whole_number_comes_back(value: int) -> None:
    assert number(str(value)) == str(value)


@given(st.decimals(-(10**9), 10**9, places=5))
def test_decimal_number_comes_back(value: Decimal) -> None:
    assert Decimal(number(repr(float(value))) or "nothing") == value


def test_day_is_read_by_format_and_system() -> None:
    row = '<row r="1"><c r="A1" s="1"><v>46350</v></c><c r="B1" s="2"><v>46350</v></c></row>'
    content = rows(row, styles=styled("yyyy/m/d", "0"))

    assert texts(content) == [["2026-11-24", "46350"]]


def test_built_in_format_of_japanese_excel_is_a_day() -> None:
    styles = '<styleSheet><cellXfs><xf/><xf numFmtId="57"/></cellXfs></styleSheet>'

    assert only(cell("<v>46350</v>", 's="1"', styles=styles)).text == "2026-11-24"


def test_merged_cells_hold_the_first_value_only() -> None:
    lines = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>{n}0</v></c></row>' for n in (1, 2, 3))
    merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A3:B3"/></mergeCells>'

    assert texts(built({SHEET: sheet(lines, after=merged)})) == [["1", "10"], ["20"], ["3"]]


def test_what_is_hidden_is_read_and_told() -> None:
    book = Workbook()
    first: Any = book.active
    first.append(["a", "b"])
    first.append(["c", "d"])
    first.row_dimensions[2].hidden = True
    first.column_dimensions["B"].hidden = True
    second = book.create_sheet("Hidden")
    second.append(["e"])
    second.sheet_state = "hidden"

    shown, hidden = read(saved(book)).sheets

    assert (shown.is_hidden, hidden.is_hidden, hidden.name) == (False, True, "Hidden")
    assert ([row.is_hidden for row in shown.rows], shown.hidden_columns) == ([False, True], frozenset({2}))
    assert [cell.text for cell in shown.cells()] == ["a", "b", "c", "d"]


def test_sheet_is_found_by_its_name() -> None:
    book = Workbook()
    book.create_sheet("回答 A").append([1])

    assert (read(saved(book)).sheet("回答 a") or pytest.fail("not found")).name == "回答 A"
    assert read(saved(book)).sheet("other") is None


def test_strings_with_readings_and_styles_are_shared() -> None:
    strings = (
        "<sst><si><t>京都</t><rPh sb='0' eb='2'><t>キョウト</t></rPh></si><si><t xml:space='preserve'> b</t></si></sst>"
    )
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'

    [one] = read(built({SHEET: sheet(row), STRINGS: strings, STYLES: None, **without_styles()})).sheets

    assert [*one.cells()] == [Cell("京都", 1, 1), Cell(" b", 1, 3)]


@given(READABLE)
def test_what_we_write_as_csv_comes_back(text: str) -> None:
    content = b"".join(tabular.csv_lines(COLUMNS, [{"text": text}]))

    assert texts(content, "a.csv")[1] == (["row", text] if text else ["row"])


@given(READABLE)
def test_what_we_write_as_workbook_comes_back(text: str) -> None:
    written, _is_whole = workbook.writable(text)
    restored = text.replace("\r\n", "\n").replace("\r", "\n")

    assert back(text) == (restored if written else "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (12, "12"),
        (Decimal("1.10"), "1.1"),
        (date(2026, 11, 24), "2026-11-24"),
        (True, "true"),
        ("012", "012"),
    ],
)
def test_value_we_write_as_workbook_comes_back(value: object, text: str) -> None:
    assert back(value) == text


def test_mark_that_a_csv_file_brought_into_excel_is_taken_away() -> None:
    assert only(cell("<is><t>'-</t></is>", 't="inlineStr"')).text == "-"


def test_record_has_each_value_under_its_heading() -> None:
    content = "\nﾒｰﾙｱﾄﾞﾚｽ ,大学名\na@example.jp,京都\n\nb@example.jp\n".encode()

    found, problems = records(read(content, "a.csv").sheets[0], HEADINGS)

    assert problems == []
    assert [(record.row, record.values) for record in found] == [
        (3, {"email": "a@example.jp", "name": "京都"}),
        (5, {"email": "b@example.jp", "name": ""}),
    ]
    assert found[1].problem("name", "why") == Problem(5, "B", "why")


def test_headings_that_are_unknown_double_or_missing_are_told() -> None:
    [one] = read(b"name,x,NAME\nKyoto,1,2,3\n", "a.csv").sheets

    found, problems = records(one, HEADINGS)

    assert [record.values for record in found] == [{"name": "Kyoto"}]
    assert problems == [
        Problem(1, "B", "The heading “x” is not one of those asked for."),
        Problem(1, "C", "The heading “NAME” stands there twice."),
        Problem(1, "", "The heading “メールアドレス” is missing."),
        Problem(2, "D", "There is no heading over this cell."),
    ]


def test_records_tell_cells_that_cannot_be_read() -> None:
    lines = '<row r="1"><c r="A1" t="str"><v>email</v></c></row><row r="7" hidden="1"><c r="A7"><f>1</f></c></row>'

    found, [problem] = records(read(rows(lines)).sheets[0], HEADINGS)

    assert found == [Record(7, {"email": ""}, is_hidden=True, sheet="Sheet", _columns={"email": 1})]
    assert (problem.row, problem.column, problem.sheet) == (7, "A", "Sheet")


@pytest.mark.parametrize("heading", ["<b>" * 2_000, "a\u202eb", "%s%(name)s"])
def test_hostile_heading_is_told_short_and_harmless(heading: str) -> None:
    [one] = read(f"email,{heading}\n".encode(), "a.csv").sheets

    _records, [problem] = records(one, HEADINGS)

    assert (problem.row, problem.column) == (1, "B")
    assert len(problem.reason) < 200
    assert problem.reason.isprintable()


def test_sheet_without_cells_has_no_headings() -> None:
    assert records(spreadsheets.Sheet("S", []), HEADINGS) == ([], [Problem(1, "", "The sheet is empty.", "S")])


def test_problems_of_records_end_after_a_hundred() -> None:
    [one] = read(b"email\n" + b"a,b\n" * 200, "a.csv").sheets

    assert len(records(one, HEADINGS)[1]) == 100


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def without_styles() -> dict[str, bytes | str | None]:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = f"""<Relationships><Relationship Id="r1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/>
        <Relationship Id="r2" Type="{relation}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""
    return {"xl/_rels/workbook.xml.rels": links}


def back(value: object) -> str:
    """What the second row of our own workbook holds beside its id."""
    sheets = [workbook.Sheet("rows", COLUMNS)]
    with workbook.write(sheets, [{"text": value}], lambda count: [("count", count)]) as file:
        [_head, row] = spreadsheets.read(file, name="our.xlsx").sheets[0].rows
    return row.cells[1].text if len(row.cells) > 1 else ""
