"""Workbooks with cells that are hard to read, stand where no cell can be, or run something in a spreadsheet."""

from typing import Final

from tests.hostile_files.building import (
    ONE_CELL,
    SHEET,
    HostileFile,
    cell,
    read,
    refused,
    rows,
    sheet,
    styled,
    workbook,
)

A1: Final = (1, "A")
DAYS: Final = styled("yyyy-mm-dd", "[h]:mm", "General", "&quot;" * 300, "[" * 255, "y" * 10_000)


def cell_files() -> list[HostileFile]:
    return [*_places(), *_numbers(), *_days(), *_texts(), *_formulas(), *_merged()]


def _places() -> list[HostileFile]:
    value = "<v>1</v>"
    wrong = (
        {"column-xfe": f'<row r="1"><c r="XFE1">{value}</c></row>', "column-aaaa": '<row r="1"><c r="AAAA1"/></row>'}
        | {"no-column": f'<row r="1"><c r="1">{value}</c></row>', "small": f'<row r="1"><c r="a1">{value}</c></row>'}
        | {"row-zero": f'<row r="0"><c r="A0">{value}</c></row>', "row-minus": '<row r="-1"><c r="A-1"/></row>'}
        | {
            "row-too-far": f'<row r="1048577"><c r="A1048577">{value}</c></row>',
            "row-huge": f'<row r="{"9" * 5_000}"/>',
        }
        | {"row-word": '<row r="one"/>', "row-empty": '<row r=""/>', "other-row": '<row r="1"><c r="A2"/></row>'}
        | {"twice": f'<row r="1"><c r="A1">{value}</c><c r="A1">{value}</c></row>', "row-twice": ONE_CELL * 2}
        | {"back": f'<row r="1"><c r="B1">{value}</c><c r="A1">{value}</c></row>', "without-row": '<c r="A1"/>'}
        | {
            "rows-back": f'<row r="2"><c r="A2">{value}</c></row>{ONE_CELL}',
            "absolute": '<row r="1"><c r="$A$1"/></row>',
        }
        | {"kanji": '<row r="1"><c r="京1"/></row>', "long": f'<row r="1"><c r="{"A" * 9_999}1"/></row>'}
    )
    return [
        *(refused(f"place-{label}", rows(text)) for label, text in wrong.items()),
        read("place-none", rows(f"<row><c>{value}</c><c/><c>{value}</c></row>")),
        read("place-row-in-row", rows(f'<row r="1"><row r="2"><c r="A2">{value}</c></row></row>')),
        read("place-cell-in-cell", rows(f'<row r="1"><c r="A1"><c r="B1">{value}</c></c></row>')),
    ]


def _numbers() -> list[HostileFile]:
    fine = {
        "whole": "12",
        "decimal": "1.5",
        "exponent": "1E+3",
        "huge": "1e308",
        "tiny": "1e-300",
        "minus-zero": "-0",
    } | {"long": "1" * 40, "17-digits": "1.1000000000000001", "too-small": "1e-999", "zeros": "0012"}
    wrong = (
        {"nan": "NaN", "infinite": "INF", "overflow": "1e999", "underscore": "1_000", "hex": "0x1F", "blank": " "}
        | {"full-width": "１２", "word": "<![CDATA[<script>]]>", "comma": "1,5", "5000-digits": "9" * 5_000}
        | {"exponent-huge": "1e99999999999", "rtl": "\u202e1"}
    )
    kinds = {"error": ('t="e"', "#N/A"), "error-markup": ('t="e"', "&lt;b&gt;" * 500), "boolean-2": ('t="b"', "2")} | {
        "kind-unknown": ('t="evil"', "1"),
        "kind-empty": ('t=""', "1"),
    }
    return [
        *(read(f"number-{label}", cell(f"<v>{text}</v>")) for label, text in fine.items()),
        *(read(f"number-{label}", cell(f"<v>{text}</v>"), place=A1) for label, text in wrong.items()),
        *(read(f"value-{label}", cell(f"<v>{text}</v>", kind), place=A1) for label, (kind, text) in kinds.items()),
        read("value-true", cell("<v>1</v>", 't="b"')),
        read("value-style-out-of-range", cell("<v>1</v>", 's="99"')),
        read("value-style-word", cell("<v>1</v>", f's="{"9" * 5_000}"')),
        refused("value-shared-out-of-range", cell("<v>99</v>", 't="s"')),
        refused("value-shared-minus", cell("<v>-1</v>", 't="s"')),
        refused("value-shared-word", cell("<v>one</v>", 't="s"')),
        refused("value-shared-huge", cell(f"<v>{'9' * 5_000}</v>", 't="s"')),
        refused("value-empty", cell("<v/>")),
    ]


def _days() -> list[HostileFile]:
    wrong = {"1900-02-29": "60", "minus": "-1", "far": "2958466", "farther": "1e300", "zero": "0", "nan": "NaN"}
    iso = {
        "no-day": "2026-02-30",
        "words": "tomorrow",
        "long": "2026-01-01T" + "0" * 5_000,
        "offset": "2026-01-01+09:00",
    }
    era = styled("[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@")
    since_1904 = "<workbookPr date1904='1'/>"
    return [
        read("day-1900", cell("<v>46350.75</v>", 's="1"', styles=DAYS)),
        read("day-1904", _with_setting(since_1904, "44888")),
        read("day-of-an-era", cell("<v>46350</v>", 's="1"', styles=era)),
        read("day-elapsed", cell("<v>1.5</v>", 's="2"', styles=DAYS)),
        *(read(f"day-odd-format-{n}", cell("<v>1</v>", f's="{n}"', styles=DAYS)) for n in (4, 5, 6)),
        *(read(f"day-{label}", cell(f"<v>{day}</v>", 's="1"', styles=DAYS), place=A1) for label, day in wrong.items()),
        *(read(f"day-iso-{label}", cell(f"<v>{day}</v>", 't="d"'), place=A1) for label, day in iso.items()),
    ]


def _texts() -> list[HostileFile]:
    fine = (
        {
            "escaped": "_x0041_",
            "escaped-underscore": "_x005F_x0041_",
            "escaped-pair": "_xD842__xDFB7_",
            "tab": "a_x0009_b",
        }
        | {
            "half-escape": "_x00",
            "emoji": "👩\u200d🔬",
            "rtl": "\u202ea",
            "nfd": "か\u3099",
            "variation": "葛\U000e0100",
        }
        | {"marks": "e" + "\u0301" * 1_000, "markup": "&lt;script&gt;", "blanks": " a ", "mark": "\ufeffa"}
    )
    wrong = {"nul": "_x0000_", "half-letter": "_xD842_", "escape": "_x001B_", "ffff": "_xFFFF_", "delete": "\x7f"}
    kana = "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/></si>"
    rich = "<si><r><rPr><b/></rPr><t>To</t></r><r><t xml:space='preserve'> kyo</t></r></si>"
    return [
        *(read(f"text-{label}", _inline(text)) for label, text in fine.items()),
        *(read(f"text-{label}", _inline(text), place=A1) for label, text in wrong.items()),
        read("text-with-reading", cell("<v>0</v>", 't="s"', strings=f"<sst>{kana}</sst>")),
        read("text-rich", cell("<v>0</v>", 't="s"', strings=f"<sst>{rich}</sst>")),
        read("text-heading-long", rows(f'<row r="1"><c r="A1" t="str"><v>{"n" * 5_000}</v></c></row>')),
        refused("text-reading-only", cell("<v>0</v>", 't="s"', strings="<sst><si><rPh><t>a</t></rPh></si></sst>")),
    ]


def _formulas() -> list[HostileFile]:
    run = {
        "cmd": "cmd|'/C calc'!A0",
        "hyperlink": 'HYPERLINK("http://127.0.0.1:9/?"&amp;A1)',
        "dde": 'DDE("cmd","x","y")',
    } | {
        "web": 'WEBSERVICE("http://127.0.0.1:9/")',
        "other-file": "[1]Sheet1!A1",
        "itself": "A1",
        "long": "1+" * 9_000,
    }
    return [
        *(read(f"formula-{label}", cell(f"<f>{formula}</f><v>2</v>")) for label, formula in run.items()),
        *(read(f"formula-{label}-new", cell(f"<f>{formula}</f>"), place=A1) for label, formula in run.items()),
        read("formula-text", cell("<f>A2</f><v>=1+1</v>", 't="str"')),
        read("formula-shared", cell('<f t="shared" si="0"/><v>2</v>')),
        read("formula-array", cell('<f t="array" ref="A1:XFD1048576">1</f><v>2</v>')),
        read("formula-without-result", cell("<f>1+1</f><v></v>"), place=A1),
        read("formula-error", cell("<f>1/0</f><v>#DIV/0!</v>", 't="e"'), place=A1),
        read("formula-as-text", _inline("=cmd|'/C calc'!A0")),
        refused("formula-empty-text", cell("<f>A2</f><v></v>", 't="str"')),
    ]


def _merged() -> list[HostileFile]:
    wrong = {"word": "evil", "huge": f"A1:A{'9' * 50}", "empty": "", "three": "A1:B2:C3", "far": "A1:XFE1"}
    return [
        *(refused(f"merged-{label}", _with_merged(area)) for label, area in wrong.items()),
        read("merged", _with_merged("A1:B2")),
        read("merged-one-cell", _with_merged("A1")),
        read("merged-backwards", _with_merged("B2:A1")),
        read("merged-outside", _with_merged("C3:D4")),
        read("hidden-row", rows(ONE_CELL.replace('r="1"', 'r="1" hidden="1"', 1))),
        read("hidden-column", workbook({SHEET: sheet(before='<cols><col min="1" max="2" hidden="1"/></cols>')})),
        refused(
            "hidden-column-nowhere", workbook({SHEET: sheet(before='<cols><col min="0" max="x" hidden="1"/></cols>')})
        ),
    ]


def _inline(text: str) -> bytes:
    return cell(f"<is><t xml:space='preserve'>{text}</t></is>", 't="inlineStr"')


def _with_merged(area: str) -> bytes:
    return workbook({SHEET: sheet(after=f'<mergeCells><mergeCell ref="{area}"/></mergeCells>')})


def _with_setting(setting: str, day: str) -> bytes:
    listed = f"""<workbook xmlns:r="r">{setting}<sheets><sheet name="Sheet" r:id="r1"/></sheets></workbook>"""
    return workbook(
        {
            "xl/workbook.xml": listed,
            "xl/styles.xml": DAYS,
            SHEET: sheet(f'<row r="1"><c r="A1" s="1"><v>{day}</v></c></row>'),
        }
    )
