"""The Word documents: what stands in them, in which language, on which paper; and that LibreOffice can read them."""

import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Length
from docx.text.paragraph import Paragraph

from practices.documents import case_sheet, comparison_sheet
from practices.models import Edition, GoodPractice
from tests.factories.practices import PracticeFactory, PublicationFactory, ThemeFactory, archive, publish

pytestmark = pytest.mark.django_db
MADE_AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ADDRESS = "https://sih.example.ac.jp/ja/practices/compare/?p=a&p=b"


def opened(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def cells_of(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def is_heading(paragraph: Paragraph) -> bool:
    return str(paragraph.style and paragraph.style.name).startswith("Heading")


def said_in(document: Document) -> str:
    foot = document.sections[0].footer.paragraphs
    rows = (text for row in cells_of(document) for text in row)
    return "\n".join([*(paragraph.text for paragraph in [*document.paragraphs, *foot]), *rows])


def parts_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(content)) as archive_file:
        return {name: archive_file.read(name).decode() for name in archive_file.namelist() if name.endswith(".xml")}


def make_case(slug: str = "a", **fields: Any) -> Edition:
    usual = {
        "institution__name_en": "Kobe University",
        "institution__name_ja": "神戸大学",
        "title_en": "Specialists",
        "title_ja": "専門人材の採用",
        "lessons_en": "Begin early.\nKeep on.",
        "lessons_ja": "早く始める。\n続ける。",
        "first_fiscal_year": 2005,
        "last_fiscal_year": 2009,
        "locator": "III-6, p. 4",
        "publication": PublicationFactory(title_ja="最終報告書", month=2),
    }
    practice: GoodPractice = PracticeFactory(slug=slug, **usual | fields)
    edition = publish(practice)
    return Edition.objects.with_parts().get(pk=edition.pk)


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = "https://sih.example.ac.jp"


def in_mm(length: Length | None) -> int:
    return round(length.mm) if length else 0


def test_case_sheet_says_what_the_page_says_in_japanese() -> None:
    document = opened(case_sheet(make_case(), "ja", made_at=MADE_AT))

    headings = [paragraph.text for paragraph in document.paragraphs if is_heading(paragraph)]
    assert headings == ["専門人材の採用", "概要", "取組", "効果", "得られた教訓", "出典・引用"]
    assert cells_of(document)[:2] == [["大学等", "神戸大学"], ["設置形態", "国立大学"]]
    for row in (
        ["実施期間", "2005年度（平成17年度） – 2009年度（平成21年度）"],
        ["取組1", "行動した。"],
        ["出典", "最終報告書、2010年2月（平成22年2月）、III-6, p. 4"],
        ["版", "第1版、2026年4月1日（令和8年4月1日）公開"],
        ["掲載ページ", "https://sih.example.ac.jp/ja/practices/a/"],
    ):
        assert row in cells_of(document)
    assert "versions/1/（参照：2026年11月23日）" in said_in(document)


def test_case_sheet_tells_the_result_as_that_of_the_theme() -> None:
    case = make_case(theme=ThemeFactory(number=6, result_ja="広がった。"))

    document = opened(case_sheet(case, "ja", made_at=MADE_AT))

    texts = [paragraph.text for paragraph in document.paragraphs]
    first = texts.index("テーマ6の総括（成果）")
    assert texts[first + 1 : first + 3] == [
        "広がった。",
        "総括（成果）はテーマ全体に関するものであり、この事例だけの成果ではありません。",
    ]


def test_case_sheet_in_english() -> None:
    text = said_in(opened(case_sheet(make_case(), "en", made_at=MADE_AT)))

    assert "FY2005 – FY2009" in text
    assert "Printed out on 23 November 2026" in text
    assert not re.search("[ぁ-んァ-ン一-龥]", text)


def test_foot_of_each_page_has_address_date_and_page_numbers() -> None:
    foot = opened(case_sheet(make_case(), "ja", made_at=MADE_AT)).sections[0].footer

    fields = [field.get(qn("w:instr")) for field in foot._element.iter(qn("w:fldSimple"))]
    assert foot.paragraphs[0].text == "https://sih.example.ac.jp/ja/practices/a/"
    assert foot.paragraphs[1].text.startswith("出力日：2026年11月23日（令和8年11月23日）")
    assert fields == ["PAGE", "NUMPAGES"]


def test_sheet_is_upright_and_comparison_lies_on_a4() -> None:
    case = make_case()
    sheets = (
        case_sheet(case, "ja", made_at=MADE_AT),
        comparison_sheet([case, case], "ja", address="", made_at=MADE_AT),
    )
    sections = [opened(sheet).sections[0] for sheet in sheets]

    sizes = [(in_mm(section.page_width), in_mm(section.page_height)) for section in sections]
    assert sizes == [(210, 297), (297, 210)]


def test_comparison_has_a_column_for_each_case_and_repeats_its_head() -> None:
    cases = [make_case("a"), make_case("b", title_ja="海外研修", lessons_ja="", lessons_en="")]

    document = opened(comparison_sheet(cases, "ja", address=ADDRESS, made_at=MADE_AT))

    rows = cells_of(document)
    assert rows[0] == ["項目", "専門人材の採用", "海外研修"]
    assert ["得られた教訓", "早く始める。\n続ける。", "— 記載なし"] in rows
    assert ["取組", "取組1  行動した。", "取組1  行動した。"] in rows
    assert [len(list(row._tr.iter(qn("w:tblHeader")))) for row in document.tables[0].rows][:3] == [1, 0, 0]
    assert document.sections[0].footer.paragraphs[0].text == ADDRESS


def test_missing_translation_stands_in_the_other_language_and_says_so() -> None:
    case = make_case(summary_ja="", summary_en="What was done.")

    text = said_in(opened(case_sheet(case, "ja", made_at=MADE_AT)))

    assert "What was done. [日本語版は準備中です（英語で表示しています）]" in text


def test_licence_is_named_where_one_is_set(settings: Any) -> None:
    settings.CONTENT_LICENCE = "CC BY 4.0"

    assert "CC BY 4.0" in said_in(opened(case_sheet(make_case(), "ja", made_at=MADE_AT)))


@pytest.mark.parametrize("text", ["a\x0bb", "\x01\x1f", "a\ufffeb", "\ud800", "]]><w:p/>&amp;", "\u202eabc", "𠮷野家"])
def test_no_text_breaks_the_file(text: str) -> None:
    case = make_case()
    case.title_ja = case.summary_ja = case.locator = text
    case.institution.name_ja = text

    for content in (
        case_sheet(case, "ja", made_at=MADE_AT),
        comparison_sheet([case, case], "ja", address=ADDRESS + text, made_at=MADE_AT),
    ):
        assert "効果" in said_in(opened(content))


def test_fonts_languages_and_properties_are_set() -> None:
    content = case_sheet(make_case(), "ja", made_at=MADE_AT)
    parts, properties = parts_of(content), opened(content).core_properties

    fonts = "".join(re.findall("<w:rFonts[^>]*>", parts["word/styles.xml"]))
    assert set(re.findall(r'w:eastAsia="([^"]+)"', fonts)) == {"Yu Gothic"}
    assert "Theme=" not in fonts
    assert '<w:lang w:val="en-GB" w:eastAsia="ja-JP"' in parts["word/styles.xml"]
    assert 'w:altName w:val="游ゴシック,MS Gothic"' in parts["word/fontTable.xml"]
    assert (properties.title, properties.author, properties.language) == ("専門人材の採用", "SIH ポータル", "ja-JP")
    assert properties.created == MADE_AT


def test_nothing_is_in_colour() -> None:
    case = make_case()
    for content in (
        case_sheet(case, "ja", made_at=MADE_AT),
        comparison_sheet([case, case], "ja", address=ADDRESS, made_at=MADE_AT),
    ):
        for name in ("word/document.xml", "word/styles.xml"):
            colours = re.findall(r'(?:<w:color [^>]*?w:val|w:fill)="([0-9A-Fa-f]{6})"', parts_of(content)[name])
            assert {colour for colour in colours if len({colour[:2], colour[2:4], colour[4:]}) > 1} == set()


def test_documents_read_nothing_more_from_the_database() -> None:
    cases = [make_case("a"), make_case("b")]

    with CaptureQueriesContext(connection) as queries:
        case_sheet(cases[0], "ja", made_at=MADE_AT)
        comparison_sheet(cases, "ja", address=ADDRESS, made_at=MADE_AT)

    assert [query["sql"] for query in queries] == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/ja/practices/a/?format=docx", "a-ja.docx"),
        ("/en/practices/compare/?p=a&p=b&format=docx", "compare-one-two-en.docx"),
    ],
)
def test_document_comes_as_a_download_with_a_plain_name(client: Client, path: str, name: str) -> None:
    make_case("a", institution__slug="one")
    make_case("b", institution__slug="two")

    response = client.get(path)

    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert opened(response.content).core_properties.author in {"SIH Portal", "SIH ポータル"}


def test_other_format_of_a_page_is_ignored_with_a_notice(client: Client) -> None:
    make_case("a")

    page = client.get("/en/practices/a/?format=pdf").content.decode()

    assert "<code>format=pdf</code> This value is not known." in page


def test_no_document_of_what_is_not_public(client: Client) -> None:
    archive(make_case("gone"))

    assert client.get("/ja/practices/gone/?format=docx").status_code == 410
    assert client.get("/ja/practices/nowhere/?format=docx").status_code == 404


@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="no LibreOffice here")
def test_libreoffice_shows_the_japanese(tmp_path: Path) -> None:
    cases = [make_case("a"), make_case("b", title_ja="海外研修")]
    (tmp_path / "sheet.docx").write_bytes(case_sheet(cases[0], "ja", made_at=MADE_AT))
    (tmp_path / "compare.docx").write_bytes(comparison_sheet(cases, "ja", address=ADDRESS, made_at=MADE_AT))

    sheet, compare = (read_by_libreoffice(tmp_path / name) for name in ("sheet.docx", "compare.docx"))

    for text in (
        "専門人材の採用",
        "2005年度（平成17年度）",
        "出力日：2026年11月23日（令和8年11月23日）",
        "practices/a/",
    ):
        assert text in sheet
    for text in ("事例の比較", "海外研修", "早く始める。", "practices/compare/"):
        assert text in compare


def read_by_libreoffice(path: Path) -> str:
    """The text of the pages, without the spaces that a layout brings in."""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    read = ["pdftotext", "-layout", str(path.with_suffix(".pdf")), "-"]
    text = subprocess.run(read, check=True, capture_output=True, text=True).stdout
    return re.sub(r"\s+", "", text)
