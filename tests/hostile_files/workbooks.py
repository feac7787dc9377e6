"""Workbooks whose parts harm, lie, lead nowhere or hold too much."""

import itertools
import re
from typing import Final
from zipfile import ZIP_STORED

from tests.hostile_files.building import (
    MAIN,
    ONE_CELL,
    RELATIONS,
    SHEET,
    STRINGS,
    STYLES,
    HostileFile,
    listing,
    parts,
    read,
    refused,
    relation,
    relations,
    rows,
    sheet,
    workbook,
    zipped,
)

MB: Final = 1024 * 1024
BOOK: Final = "xl/workbook.xml"
LINKS: Final = "xl/_rels/workbook.xml.rels"
TO_SHEET: Final = relation(1, "worksheet", "worksheets/sheet1.xml")
LAUGHS: Final = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
BILLION_LAUGHS: Final = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
EXTERNAL: Final = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
FROM_NETWORK: Final = '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]>'
PARAMETER: Final = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd">%p;]>'


def workbook_files() -> list[HostileFile]:
    return [*_entities(), *_markup(), *_missing(), *_relations(), *_sheets(), *_sizes()]


def _entities() -> list[HostileFile]:
    quadratic = f'<!DOCTYPE x [<!ENTITY e "{"a" * 50_000}">]>'
    one = f'<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>{"{}"}</v></c></row></sheetData></worksheet>'
    everywhere = {"sheet": SHEET, "strings": STRINGS, "styles": STYLES, "workbook": BOOK, "relations": LINKS}
    unread = {"properties": "docProps/core.xml", "drawing": "xl/drawings/vmlDrawing1.vml", "own": "customXml/item1.xml"}
    utf16 = f'<?xml version="1.0" encoding="UTF-16"?>{EXTERNAL}{one.format("&e;")}'
    return [
        *(refused(f"xml-laughs-{label}", _before(path, BILLION_LAUGHS)) for label, path in everywhere.items()),
        *(refused(f"xml-laughs-{label}", workbook({path: BILLION_LAUGHS + "<x/>"})) for label, path in unread.items()),
        refused("xml-laughs-told", workbook({SHEET: BILLION_LAUGHS + one.format("&l9;")})),
        refused("xml-quadratic", workbook({SHEET: quadratic + one.format("&e;" * 50_000)})),
        refused("xml-external-file", workbook({SHEET: EXTERNAL + one.format("&e;")})),
        refused("xml-external-network", workbook({STRINGS: FROM_NETWORK + "<sst><si><t>&e;</t></si></sst>"})),
        refused("xml-external-parameter", workbook({SHEET: PARAMETER + one.format("1")})),
        refused(
            "xml-external-subset", workbook({SHEET: '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/">' + one.format("1")})
        ),
        refused("xml-document-type-only", workbook({SHEET: "<!DOCTYPE worksheet>" + one.format("1")})),
        refused("xml-document-type-utf-16", workbook({SHEET: utf16.encode("utf-16")})),
        refused("xml-document-type-utf-16-be", workbook({SHEET: b"\xfe\xff" + utf16.encode("utf-16-be")})),
        refused("xml-document-type-utf-16-without-mark", workbook({SHEET: utf16.encode("utf-16-le")})),
        refused("xml-document-type-behind-comment", _before(SHEET, f"<!--{'x' * 200_000}-->{EXTERNAL}")),
        refused("xml-document-type-far-behind", lambda: _stored("xl/custom.xml", f"<!--{'x' * MB}-->{EXTERNAL}")),
        refused("xml-entity-not-declared", workbook({SHEET: one.format("&nothing;")})),
    ]


def _markup() -> list[HostileFile]:
    plain = sheet().decode()
    declared = {"utf-7": "utf-7", "ebcdic": "cp037", "unknown": "x-evil", "python": "unicode_escape", "idna": "idna"}
    includes = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    prefixed = parts()[SHEET].decode().replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    return [
        *(
            refused(f"xml-encoding-{label}", workbook({SHEET: f'<?xml version="1.0" encoding="{name}"?>{plain}'}))
            for label, name in declared.items()
        ),
        refused("xml-that-is-none", workbook({SHEET: b"\x00\x01\x02"})),
        refused("xml-that-is-empty", workbook({SHEET: b""})),
        refused("xml-cut", workbook({SHEET: plain[:-20]})),
        refused("xml-two-roots", workbook({SHEET: plain + plain})),
        refused("xml-control-character", rows(ONE_CELL.replace(">1<", ">\x0b<"))),
        refused("xml-control-reference", rows(ONE_CELL.replace(">1<", ">&#0;<"))),
        refused("xml-surrogate-reference", rows(ONE_CELL.replace(">1<", ">&#xD800;<"))),
        refused("xml-no-utf-8", workbook({SHEET: plain.encode().replace(b">1<", b">\xff<")})),
        refused("xml-deep", lambda: workbook({SHEET: "<a>" * 100_000})),
        refused("xml-deep-within", lambda: rows("<row>" * 51)),
        refused("xml-many-names", lambda: rows("".join(f"<a{n}/>" for n in range(100_000)))),
        refused("xml-many-attributes", lambda: rows("<c " + " ".join(f"a{n}='1'" for n in range(50_000)) + "/>")),
        refused("xml-long-attribute", lambda: _stored(SHEET, f'<row a="{"x" * (4 * MB)}"/>')),
        refused("xml-long-comment", lambda: _stored(SHEET, f"<a><!--{'x' * (4 * MB)}--></a>")),
        refused("xml-many-tags", lambda: rows(ONE_CELL + "".join(f"<a b='{n}'/>" for n in range(1_000_001)))),
        read("xml-xinclude", rows(includes + ONE_CELL)),
        read("xml-instruction", _before(SHEET, '<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>')),
        read("xml-prefixed", workbook({SHEET: prefixed})),
        read("xml-utf-16", workbook({SHEET: ('<?xml version="1.0" encoding="UTF-16"?>' + plain).encode("utf-16")})),
        read("xml-strict-format", _strict()),
        read("xml-unknown-elements", rows(f"<evil><worse/></evil>{ONE_CELL}")),
    ]


def _missing() -> list[HostileFile]:
    needed = {"types": "[Content_Types].xml", "root-relations": "_rels/.rels", "workbook": BOOK, "sheet": SHEET}
    return [
        *(refused(f"missing-{label}", workbook({path: None})) for label, path in needed.items()),
        refused("missing-relations", workbook({LINKS: None})),
        refused("missing-strings", workbook({STRINGS: None})),
        refused("missing-styles", workbook({STYLES: None})),
        refused("missing-main-relation", workbook({"_rels/.rels": relations()})),
        refused("missing-sheet-relation", workbook({LINKS: relations()})),
        refused("missing-sheet-list", workbook({BOOK: "<workbook/>"})),
        refused("missing-cells", rows("")),
        refused("missing-sheet-data", workbook({SHEET: "<worksheet/>"})),
        refused("missing-everything", workbook(dict.fromkeys(parts(), "<x/>"))),
    ]


def _relations() -> list[HostileFile]:
    leading = (
        {"out": "../../../../etc/passwd", "to-file": "file:///etc/passwd", "to-network": "http://127.0.0.1:9/s.xml"}
        | {"to-share": "\\\\127.0.0.1\\s.xml", "nowhere": "", "to-folder": "worksheets/", "to-itself": "_rels/x.rels"}
        | {"to-workbook": "workbook.xml", "to-its-relations": "_rels/workbook.xml.rels", "long": "../" * 50_000}
    )
    outside = relation(1, "worksheet", "worksheets/sheet1.xml", ' TargetMode="External"')
    chart = relations(TO_SHEET, relation(2, "chartsheet", "chartsheets/sheet1.xml"))
    many = "".join(relation(n, "image", "media/1.png") for n in range(1_001))
    return [
        *(
            refused(f"relation-{label}", workbook({LINKS: relations(relation(1, "worksheet", target))}))
            for label, target in leading.items()
        ),
        refused("relation-external", workbook({LINKS: relations(outside)})),
        refused("relation-main-to-itself", workbook({"_rels/.rels": _main("_rels/.rels")})),
        refused("relation-main-to-sheet", workbook({"_rels/.rels": _main(SHEET)})),
        refused("relation-main-out", workbook({"_rels/.rels": _main("../../etc/passwd")})),
        refused("relation-strings-to-network", workbook({LINKS: relations(TO_SHEET, _strings("http://127.0.0.1/"))})),
        refused("relation-too-many", workbook({LINKS: relations(TO_SHEET, many)})),
        read("relation-strings-to-sheet", workbook({LINKS: relations(TO_SHEET, _strings("worksheets/sheet1.xml"))})),
        read("relation-absolute", workbook({LINKS: relations(relation(1, "worksheet", f"/{SHEET}"))})),
        read("relation-with-detours", workbook({LINKS: relations(relation(1, "worksheet", f"../xl/./../{SHEET}"))})),
        read("relation-chart-sheet", workbook({LINKS: chart, BOOK: listing("Sheet", "Chart")})),
    ]


def _sheets() -> list[HostileFile]:
    both = relations(TO_SHEET, relation(2, "worksheet", "worksheets/sheet2.xml"))
    two = {LINKS: both, "xl/worksheets/sheet2.xml": sheet()}
    names = {"markup": "&lt;script&gt;x()&lt;/script&gt;", "rtl": "\u202ea", "empty": "", "climbing": "../../etc"}
    hidden = {"hidden": ' state="hidden"', "very-hidden": ' state="veryHidden"', "oddly-hidden": ' state="&lt;b&gt;"'}
    return [
        *(read(f"sheet-name-{label}", workbook({BOOK: listing(name)})) for label, name in names.items()),
        *(read(f"sheet-{label}", workbook({BOOK: listing("Sheet", more=more)})) for label, more in hidden.items()),
        refused("sheet-name-long", workbook({BOOK: listing("n" * 101)})),
        refused("sheet-name-very-long", lambda: workbook({BOOK: listing("n" * MB)})),
        refused("sheet-name-line-end", workbook({BOOK: listing("a&#10;b&#x9F;")})),
        refused("sheet-name-twice", workbook({**two, BOOK: listing("Sheet", "SHEET")})),
        refused("sheet-part-twice", workbook({BOOK: listing("A", "B"), LINKS: relations(TO_SHEET, TO_SHEET_AGAIN)})),
        refused("sheet-entry-100000-times", workbook({BOOK: listing(*(str(n) for n in range(100_000)))})),
        read("sheet-two", workbook({**two, BOOK: listing("A", "B")})),
        read("sheet-second-empty", workbook({**two, "xl/worksheets/sheet2.xml": sheet(""), BOOK: listing("A", "B")})),
        refused("sheet-second-broken", workbook({**two, "xl/worksheets/sheet2.xml": "<a>", BOOK: listing("A", "B")})),
    ]


def _sizes() -> list[HostileFile]:
    claimed = '<dimension ref="A1:XFD1048576"/>'
    strings = "<sst>" + "<si><t/></si>" * 120_001 + "</sst>"
    long = f"<sst><si><t>{'𠮷' * 32_767}</t></si></sst>"
    escapes = _escapes(30_000)
    runs = "<sst><si>" + "<r><t>a</t></r>" * 32_768 + "</si></sst>"
    shared = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    return [
        read("size-claims-1048576-rows", workbook({SHEET: sheet(before=claimed)})),
        read("size-far-empty-cell", rows(ONE_CELL + '<row r="1048576"><c r="XFD1048576" s="1"/></row>')),
        read("size-empty-styled-cells", lambda: rows(ONE_CELL + _grid(1_000, 490, "", start=2))),
        read("size-120000-cells", lambda: rows(_grid(12_000, 10, "<v>0.1</v>"))),
        read("size-120000-shared-cells", lambda: rows(_grid(12_000, 10, "<v>1</v>", 't="s"'))),
        read("size-110000-different-texts", lambda: _texts(11_000, 10)),
        read("size-110000-inline-cells", lambda: rows(_grid(10_000, 11, "<is><t>𠮷</t></is>", 't="inlineStr"'))),
        refused("size-far-cell", rows(ONE_CELL.replace("1", "1048576", 1).replace("A1", "XFD1048576"))),
        refused("size-20001-rows", lambda: rows(_grid(20_001, 1, "<v>1</v>"))),
        refused("size-501-columns", lambda: rows(_grid(1, 501, "<v>1</v>"))),
        refused("size-120000-errors", lambda: rows(_grid(12_000, 10, "<v>#N/A</v>", 't="e"'))),
        read("size-1000-errors", lambda: rows(_grid(1_000, 1, "<v>#N/A</v>", 't="e"')), place=(1, "A")),
        refused("size-escapes", lambda: rows(_grid(4, 10, f"<v>{_escapes(30_000)}</v>", 't="str"'))),
        refused(
            "size-escaped-strings", lambda: rows(shared, strings=f"<sst>{f'<si><t>{escapes}</t></si>' * 25}</sst>")
        ),
        read("size-1000-beginnings", lambda: workbook({f"x/{n}.xml": _varied_comment(n) for n in range(990)})),
        read("size-odd-formats", lambda: rows(ONE_CELL, styles=_formats(4_999, "[" * 250))),
        refused("size-120010-cells", lambda: rows(_grid(12_001, 10, "<v>1</v>"))),
        refused(
            "size-1048576-empty-rows", lambda: rows(ONE_CELL + "".join(f'<row r="{n}"/>' for n in range(2, 1_048_577)))
        ),
        refused("size-strings", lambda: rows(shared, strings=strings)),
        refused("size-strings-of-6-mb", lambda: rows(shared, strings=f"<sst><si><t>{_counted(6 * MB)}</t></si></sst>")),
        refused("size-string-that-many-share", lambda: rows(_grid(1_000, 10, "<v>0</v>", 't="s"'), strings=long)),
        refused("size-string-of-runs", lambda: rows(shared, strings=runs)),
        refused("size-inline-text", lambda: rows(_inline("a" * 32_768))),
        refused("size-inline-text-of-6-mb", lambda: rows(_inline(_counted(6 * MB)))),
        refused("size-value-of-1-mb", lambda: rows(f'<row r="1"><c r="A1"><v>{_counted(MB)}</v></c></row>')),
        refused("size-styles", lambda: rows(ONE_CELL, styles=f"<s><cellXfs>{'<xf/>' * 65_537}</cellXfs></s>")),
        refused("size-formats", lambda: rows(ONE_CELL, styles=_formats(5_001))),
        read("size-hidden-columns", lambda: workbook({SHEET: sheet(before=_columns(20_000))})),
        refused("size-merged-rows-of-many-sheets", lambda: _merged_in_each(sheets=10, height=2_000, areas=8)),
        refused(
            "size-merged-cells",
            lambda: workbook({SHEET: sheet(after="".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 100_002)))}),
        ),
        refused("size-merged-rows", lambda: _with_merged(rows=20_000, areas=10)),
        read("size-merged-everything", lambda: workbook({SHEET: sheet(after=_merged("A1:XFD1048576", 20_000))})),
    ]


TO_SHEET_AGAIN: Final = relation(2, "worksheet", "worksheets/sheet1.xml")


def _before(path: str, text: str) -> bytes:
    """A workbook with this text before the part."""
    return workbook({path: text.encode() + parts()[path]})


def _stored(path: str, part: str) -> bytes:
    """Not packed, so that no ratio betrays the part."""
    return zipped(parts({path: part}), ZIP_STORED)


def _counted(length: int) -> str:
    """Digits that pack no better than honest ones."""
    return "".join(map(str, range(length // 6)))[:length]


def _main(target: str) -> bytes:
    return relations(relation(1, "officeDocument", target))


def _strings(target: str) -> str:
    return relation(98, "sharedStrings", target)


def _strict() -> bytes:
    strict = {MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main", RELATIONS: "http://purl.oclc.org/x/relationships"}
    changed = {}
    for name, part in parts().items():
        text = part.decode()
        for usual, other in strict.items():
            text = text.replace(usual, other)
        changed[name] = text
    return workbook(dict(changed))


def _letters(column: int) -> str:
    return chr(64 + column) if column <= 26 else _letters((column - 1) // 26) + chr(65 + (column - 1) % 26)


def _grid(height: int, width: int, inside: str, attributes: str = 's="1"', *, start: int = 1) -> str:
    names = [_letters(column) for column in range(1, width + 1)]
    lines = []
    for row in range(start, start + height):
        cells = "".join(f'<c r="{name}{row}" {attributes}>{inside}</c>' for name in names)
        lines.append(f'<row r="{row}">{cells}</row>')
    return "".join(lines)


def _texts(height: int, width: int) -> bytes:
    """Each cell with another text, as in a real list."""
    strings = "".join(f"<si><t>京{n}</t></si>" for n in range(height * width))
    numbers = itertools.count()
    cells = re.sub("<v/>", lambda _found: f"<v>{next(numbers)}</v>", _grid(height, width, "<v/>", 't="s"'))
    return rows(cells, strings=f"<sst>{strings}</sst>")


def _inline(text: str) -> str:
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'


def _escapes(number: int) -> str:
    return "".join(f"_x{32 + n % 2_000:04X}_" for n in range(number))


def _varied_comment(number: int) -> str:
    """A long comment that packs well, but not too well, before an element."""
    return f"<!--{_counted(4_000) * 12}{number}--><a/>"


def _formats(number: int, code: str = "0") -> str:
    lines = "".join(f'<numFmt numFmtId="{n}" formatCode="{code}"/>' for n in range(number))
    return f"<styleSheet><numFmts>{lines}</numFmts></styleSheet>"


def _columns(number: int) -> str:
    return "<cols>" + '<col min="1" max="16384" hidden="1"/>' * number + "</cols>"


def _merged(area: str, number: int) -> str:
    return "<mergeCells>" + f'<mergeCell ref="{area}"/>' * number + "</mergeCells>"


def _merged_in_each(*, sheets: int, height: int, areas: int) -> bytes:
    numbers = range(1, sheets + 1)
    merged = sheet(_grid(height, 1, "<v>1</v>"), after=_merged(f"A1:B{height}", areas))
    return workbook(
        {
            BOOK: listing(*map(str, numbers)),
            LINKS: relations(*(relation(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)),
            **{f"xl/worksheets/sheet{n}.xml": merged for n in numbers},
        }
    )


def _with_merged(*, rows: int, areas: int) -> bytes:
    return workbook({SHEET: sheet(_grid(rows, 2, "<v>1</v>"), after=_merged(f"A1:B{rows}", areas))})
