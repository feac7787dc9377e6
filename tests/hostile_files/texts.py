"""CSV files that break readers, and files that are no tables."""

import random
from typing import Final

from tests.hostile_files.building import HostileFile, read, refused

HEAD: Final = "番号,大学名,メールアドレス\n"
TABLE: Final = HEAD + "1,京都大学,kokusai@example.ac.jp\n"
CSV: Final = "table.csv"
MB: Final = 1024 * 1024
NUL: Final = "\x00"


def text_files() -> list[HostileFile]:
    return [*_encodings(), *_shapes(), *_sizes(), *_letters(), *_formulas(), *_no_tables(), *_names()]


def _encodings() -> list[HostileFile]:
    kana = "番号,ｶﾅ\n1,ｷｮｳﾄﾀﾞｲｶﾞｸ\n"
    return [
        read("csv-utf-8", TABLE.encode(), CSV),
        read("csv-utf-8-bom", TABLE.encode("utf-8-sig"), CSV),
        read("csv-utf-16-le-bom", b"\xff\xfe" + TABLE.replace(",", "\t").encode("utf-16-le"), "table.txt"),
        read("csv-utf-16-be-bom", b"\xfe\xff" + TABLE.encode("utf-16-be"), CSV),
        read("csv-cp932", TABLE.encode("cp932"), CSV),
        read("csv-cp932-half-width-kana", kana.encode("cp932"), CSV),
        read("csv-cp932-own-letters", "番号,氏名\n1,髙﨑①㈱\n".encode("cp932"), CSV),
        refused("csv-utf-16-le-without-mark", TABLE.encode("utf-16-le"), CSV),
        refused("csv-utf-16-be-without-mark", TABLE.encode("utf-16-be"), CSV),
        refused("csv-utf-16-ascii-without-mark", "id,name\n1,a\n".encode("utf-16-le"), CSV),
        refused("csv-utf-16-odd-byte", b"\xff\xfe" + TABLE.encode("utf-16-le")[:-1], CSV),
        refused("csv-utf-16-lone-surrogate", b"\xff\xfea\x00,\x00\x3d\xd8b\x00", CSV),
        refused("csv-utf-32", TABLE.encode("utf-32"), CSV),
        refused("csv-euc-jp", TABLE.encode("euc_jp"), CSV),
        refused("csv-euc-jp-kanji-only", "大学,国際\n".encode("euc_jp"), CSV),
        refused("csv-euc-kr", "번호,대학교\n1,서울대학교\n".encode("euc_kr"), CSV),
        refused("csv-gb18030", "编号,大学\n1,北京大学国际处\n".encode("gb18030"), CSV),
        refused("csv-latin-1", "Nr;Universität\n1;Köln, Zürich\n".encode("latin-1"), CSV),
        refused("csv-utf-8-then-cp932", TABLE.encode() + TABLE.encode("cp932"), CSV),
        refused("csv-utf-8-then-one-letter-of-cp932", "番号\n京\n".encode() + "都\n".encode("cp932"), CSV),
        refused("csv-cp932-then-utf-8", TABLE.encode("cp932") + TABLE.encode(), CSV),
        refused("csv-utf-8-bom-then-cp932", b"\xef\xbb\xbf" + TABLE.encode("cp932"), CSV),
        refused("csv-utf-8-cut-in-a-letter", TABLE.encode() + "京".encode()[:2], CSV),
        refused("csv-cp932-cut-in-a-letter", TABLE.encode("cp932") + b"\x8b", CSV),
        refused("csv-utf-8-overlong", b"id,name\n1,\xc0\x80\n", CSV),
        refused("csv-utf-8-lone-surrogate", b"id,name\n1,\xed\xa0\x80\n", CSV),
        read("csv-iso-2022-jp", TABLE.encode("iso2022_jp"), CSV, (1, "A")),
        read("csv-utf-7", b"id,name\n1,+AGE-\n", CSV),
    ]


def _shapes() -> list[HostileFile]:
    return [
        read("csv-carriage-returns-only", TABLE.replace("\n", "\r").encode(), CSV),
        read("csv-all-line-ends", b"id,name\r1,a\n2,b\r\n3,c", CSV),
        read("csv-semicolons", TABLE.replace(",", ";").encode(), CSV),
        read("csv-tabs", TABLE.replace(",", "\t").encode(), "table.tsv"),
        read("csv-quoted-line-ends", b'id,name\n1,"a\r\nb\rc\nd"\n', CSV),
        read("csv-quotation-mark-within", b'id,name\n1,5" disk\n', CSV),
        read("csv-empty-lines", b"\n\n\nid,name\n\n\n1,a\n\n", CSV),
        read("csv-ragged-rows", b"id,name\n1\n1,2,3,4\n", CSV),
        read("csv-one-letter", b"a", CSV),
        read("csv-separator-line", b"sep=;\nid;name\n", CSV),
        read("csv-duplicate-heading", b"id,name,id\n1,2,3\n", CSV),
        read("csv-long-heading", b"id," + b"n" * 5_000 + b"\n1,2\n", CSV),
        read("csv-markup-in-heading", b"id,<script>alert(1)</script>\n1,2\n", CSV),
        read("csv-heading-only", HEAD.encode(), CSV),
        refused("csv-quotation-mark-not-closed", b'id,name\n1,"a\n2,b\n', CSV),
        refused("csv-text-behind-quotation-mark", b'id,name\n1,"a"b\n', CSV),
        refused("csv-lone-quotation-mark", b'"', CSV),
        refused("csv-empty", b"", CSV),
        refused("csv-blanks-only", b" \t\r\n  \n", CSV),
        refused("csv-full-width-blanks-only", "\u3000\n\u3000".encode(), CSV),
        refused("csv-mark-only", b"\xef\xbb\xbf", CSV),
        refused("csv-utf-16-mark-only", b"\xff\xfe", CSV),
        refused("csv-nul-only", b"\x00" * 100, CSV),
        read("csv-commas-only-but-one", b",,,\n,a,\n", CSV),
        refused("csv-commas-only", b",,,\n,,\n", CSV),
    ]


def _sizes() -> list[HostileFile]:
    return [
        refused("csv-million-columns", lambda: b"a," * 1_000_000, CSV),
        refused("csv-501-columns", b"a," * 501, CSV),
        read("csv-500-columns", b"a," * 499 + b"a", CSV),
        read("csv-empty-columns", b"a" + b"," * 10_000, CSV),
        refused("csv-50-mb-cell", lambda: b"a" * (50 * MB), CSV),
        refused("csv-5-mb-cell", lambda: b"a" * (5 * MB), CSV),
        refused("csv-5-mb-quoted-cell", lambda: b'"' + b"a\n" * (2 * MB) + b'"', CSV),
        refused("csv-5-mb-of-quotation-marks", lambda: b'"' * (5 * MB), CSV),
        refused("csv-5-mb-of-line-ends", lambda: b"a" + b"\n" * (5 * MB - 1), CSV),
        refused("csv-5-mb-of-rows-of-nothing", lambda: b"a" + b'""\n' * MB, CSV),
        refused("csv-5-mb-of-kanji", lambda: "𠮷,".encode() * MB, CSV),
        refused("csv-cell-of-32768", b"a" * 32_768, CSV),
        read("csv-cell-of-32767", b"a" * 32_767, CSV),
        refused("csv-20001-rows", lambda: b"a\n" * 20_001, CSV),
        read("csv-20000-rows", lambda: b"a\n" * 20_000, CSV),
        refused("csv-too-many-cells", lambda: (b"a," * 499 + b"a\n") * 241, CSV),
        read("csv-most-cells", lambda: ("𠮷," * 9 + "𠮷\n").encode() * 12_000, CSV),
        refused("csv-million-quoted-columns", lambda: b'"a\n",' * 800_000, CSV),
    ]


def _letters() -> list[HostileFile]:
    fine = (
        {"rtl-override": "\u202ecba", "nfd": "か\u3099", "emoji": "👩\u200d🔬", "4-byte-kanji": "𠮷野家"}
        | {"variation": "葛\U000e0100", "half-width-kana": "ｶﾞ", "combining": "e" + "\u0301" * 1_000}
        | {"mark-within": "a\ufeffb", "private": "\ue000", "line-separator": "a\u2028b", "last": "\U0010ffff"}
        | {"full-width-digits": "１２", "nan": "NaN", "huge-number": "9" * 400, "infinite": "1e999", "zero": "-0"}
    )
    controls = {"escape": "\x1b[31m", "vertical-tab": "a\x0bb", "delete": "\x7f", "next-line": "a\x85b"} | {
        "fffe": "\ufffe",
        "ffff": "\uffff",
        "bell": "\x07",
    }
    return [
        *(read(f"csv-letters-{label}", f"id,name\n1,{text}\n".encode(), CSV) for label, text in fine.items()),
        *(
            read(f"csv-control-{label}", f"id,n\n1,{text}\n".encode(), CSV, (2, "B"))
            for label, text in controls.items()
        ),
        refused("csv-nul", f"id,name\n1,a{NUL}b\n".encode(), CSV),
        refused("csv-nul-at-the-end", f"id,name\n1,a{NUL}".encode(), CSV),
        refused("csv-nul-in-heading", f"id,na{NUL}me\n1,a\n".encode("cp932"), CSV),
    ]


def _formulas() -> list[HostileFile]:
    formulas = (
        {"cmd": "=cmd|' /C calc'!A0", "plus": "+1+1", "minus": "-1+1", "at": "@SUM(A1)", "full-width": "＝１＋１"}
        | {"hyperlink": '"=HYPERLINK(""http://127.0.0.1/?""&A1,""x"")"', "dde": '"=DDE(""cmd"";""/C calc"";""x"")"'}
        | {"tab": '"\t=1"', "line-end": '"\n=1"', "quoted": '"""=1"', "guarded": "'=1+1", "text-number": '="0012"'}
    )
    return [read(f"csv-formula-{label}", f"id,name\n1,{text}\n".encode(), CSV) for label, text in formulas.items()]


def _no_tables() -> list[HostileFile]:
    starts = (
        {"pdf": b"%PDF-1.7\n", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff\xe0", "gif": b"GIF89a"}
        | {"gzip": b"\x1f\x8b\x08\x00", "7z": b"7z\xbc\xaf\x27\x1c", "rar": b"Rar!\x1a\x07", "rtf": b"{\\rtf1"}
        | {"bmp": b"BM\x36\x00", "exe": b"MZ\x90\x00", "elf": b"\x7fELF\x02", "sqlite": b"SQLite format 3\x00"}
        | {
            "html": b"<!DOCTYPE html><table>",
            "xml": b'<?xml version="1.0"?><Workbook/>',
            "svg": b" <svg onload='x()'>",
        }
        | {"html-bom": b"\xef\xbb\xbf\r\n<HTML>", "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
    )
    noise = random.Random(1).randbytes(5_000)
    return [
        *(refused(f"csv-that-is-{kind}", start + b"a,b\n" * 50, CSV) for kind, start in starts.items()),
        *(refused(f"xlsx-that-is-{kind}", start + b"a,b\n" * 50) for kind, start in starts.items()),
        refused("csv-that-is-noise", noise, CSV),
        refused("xlsx-that-is-noise", noise),
        refused("xlsx-that-is-csv", TABLE.encode()),
        refused("xlsx-that-is-empty", b""),
        refused("xlsx-that-is-blank", b"   \n"),
        refused("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2_000, "table.xls"),
        refused("xlsx-with-a-password", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") * 20),
    ]


def _names() -> list[HostileFile]:
    tricks = {"climbing": "../../etc/passwd.csv", "nul": "a\x00.csv", "markup": "<img src=x onerror=x()>.csv"} | {
        "rtl": "a\u202evsc.csv",
        "long": "n" * 5_000 + ".csv",
        "percent": "%(name)s%s%.csv",
        "braces": "{0}{name}.CSV",
    }
    wrong = {"none": "", "no-suffix": "table", "script": "x.php", "markup": "<b>" * 2_000, "surrogate": "\ud800.exe"}
    return [
        *(read(f"name-{label}", TABLE.encode(), name) for label, name in tricks.items()),
        *(refused(f"name-wrong-{label}", TABLE.encode(), name) for label, name in wrong.items()),
    ]
