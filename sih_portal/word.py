"""Word documents for an office: A4, greyscale, Japanese fonts, real headings, address and page numbers on each page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

import docx
from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from sih_portal.language import Text
from sih_portal.years import day

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LATIN_FONT: Final = "Arial"
JAPANESE_FONT: Final = "Yu Gothic"
# What Word takes where a machine lacks Yu Gothic: its Japanese name first.
OTHER_JAPANESE_FONTS: Final = "游ゴシック,MS Gothic"
LOCALES: Final = {"ja": "ja-JP", "en": "en-GB"}
SHADE: Final = "EDEDED"
HEADING_SIZES: Final = {1: 16, 2: 12}
AIR: Final = 40  # twentieths of a point
LONG_CELL: Final = 500  # characters; a row with more than that may go on over the page
NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Piece:
    """A text with its language; `label` stands before it in bold, `note` after it in small print."""

    text: Text
    label: str = ""
    note: str = ""
    is_link: bool = False


@dataclass(frozen=True)
class Sheet:
    """The paper: `kind` names it at the head of each page, `address` is where it comes from."""

    title: str
    kind: str
    address: str
    language: str
    made_at: datetime
    is_landscape: bool = False
    size: float = 10.5  # points

    @property
    def margins(self) -> tuple[int, int, int, int]:
        """Top, right, bottom and left in mm; room for punched holes on the long edge."""
        return (20, 15, 18, 15) if self.is_landscape else (20, 20, 18, 25)

    @property
    def width(self) -> int:
        """Of the text, in mm."""
        _top, right, _bottom, left = self.margins
        return (297 if self.is_landscape else 210) - left - right


# Of a table: the pieces of each cell of each row.
Rows = Sequence[Sequence[Sequence[Piece]]]


class Paper:
    """A document that is being written, from top to bottom."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.document: Document = docx.Document()
        _set_properties(self.document, sheet)
        _set_styles(self.document, sheet)
        _set_fallback_font(self.document)
        _set_page(self.document, sheet)

    def heading(self, piece: Piece, level: int) -> None:
        self._write(self.document.add_heading(level=level), piece)

    def texts(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            for paragraph in _paragraphs_of(piece):
                self._write(self.document.add_paragraph(), paragraph)

    def table(self, widths: Sequence[float], rows: Rows, *, has_head: bool = False) -> None:
        """A grid with its first column as headers; `widths` are in mm.

        With `has_head` its first row is one too, on every page; without, the table is kept on one page.
        """
        table = self.document.add_table(rows=0, cols=len(widths), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for number, pieces in enumerate(rows):
            row, is_head = table.add_row(), has_head and number == 0
            for column, cell in enumerate(row.cells):
                self._fill(cell, pieces[column], is_header=is_head or column == 0)
            _set_breaks(row, is_head=is_head, is_long=any(_length(cell) > LONG_CELL for cell in pieces))
        if not has_head:
            _keep_on_one_page(table)
        _set_look(table, has_head=has_head)
        self.document.add_paragraph(style="Table End")

    def content(self) -> bytes:
        file = BytesIO()
        self.document.save(file)
        return file.getvalue()

    def _fill(self, cell: _Cell, pieces: Sequence[Piece], *, is_header: bool) -> None:
        paragraphs = [paragraph for piece in pieces for paragraph in _paragraphs_of(piece)]
        for number, piece in enumerate(paragraphs):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.style = "Table Header" if is_header else "Table Text"
            self._write(paragraph, piece)
        if is_header:
            cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{SHADE}"/>'))

    def _write(self, paragraph: Paragraph, piece: Piece) -> None:
        if piece.label:
            paragraph.add_run(f"{plain(piece.label)}  ").bold = True
        if piece.is_link:
            add_link(paragraph, piece.text.value)
            return
        paragraph.add_run(plain(piece.text.value))
        if piece.note:
            note = paragraph.add_run(f" [{plain(piece.note)}]")
            note.font.size = Pt(8)
            note.bold = False


def plain(text: str) -> str:
    """The text without what XML can't hold: one control character and Word would refuse the file."""
    return NOT_IN_XML.sub("", text)


def add_link(paragraph: Paragraph, address: str) -> None:
    key = paragraph.part.relate_to(plain(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    run = paragraph.add_run(plain(address))
    link.append(run._r)
    paragraph._p.append(link)


def _paragraphs_of(piece: Piece) -> list[Piece]:
    """The text cut at its line breaks: the label stays with the first, the note with the last."""
    texts = [text for text in re.split(r"[\r\n]+", piece.text.value) if text.strip()] or [""]
    last = len(texts) - 1
    return [
        Piece(
            Text(text, piece.text.lang, piece.text.is_fallback),
            label="" if number else piece.label,
            note=piece.note if number == last else "",
            is_link=piece.is_link,
        )
        for number, text in enumerate(texts)
    ]


def _length(cell: Sequence[Piece]) -> int:
    return sum(len(piece.text.value) for piece in cell)


def _set_properties(document: Document, sheet: Sheet) -> None:
    properties = document.core_properties
    made_at = sheet.made_at.astimezone(UTC)
    properties.title = plain(sheet.title)[:255]
    properties.author = properties.last_modified_by = _("SIH Portal")
    properties.created = properties.modified = made_at
    properties.language = LOCALES[sheet.language]
    properties.comments = plain(sheet.address)[:255]
    properties.revision = 1


def _set_styles(document: Document, sheet: Sheet) -> None:
    """Our fonts, sizes and black in every style; the coloured styles of tables go, nothing here uses them."""
    styles = document.styles
    for style in list(styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in {"Normal Table", "Table Grid"}:
            style.delete()
    for fonts in styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        _name_fonts(fonts)
    for colour in styles.element.iter(qn("w:color")):
        colour.attrib.clear()
        colour.set(qn("w:val"), "000000")
    language = next(styles.element.iter(qn("w:lang")))
    # By script, in either language: with ja-JP for Latin letters too, English words break anywhere.
    language.set(qn("w:val"), LOCALES["en"])
    language.set(qn("w:eastAsia"), LOCALES["ja"])
    _style(document, "Normal", sheet.size, after=6)
    for level, size in HEADING_SIZES.items():
        _style(document, f"Heading {level}", size, after=6).paragraph_format.space_before = Pt(0 if level == 1 else 8)
    for name in ("Table Text", "Table Header"):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _style(document, name, sheet.size - 0.5, after=3).paragraph_format.keep_together = True
    styles["Table Header"].font.bold = True
    styles.add_style("Table End", WD_STYLE_TYPE.PARAGRAPH)
    for name, size in (("Header", 8), ("Footer", 8), ("Table End", 4)):
        _style(document, name, size, after=0).paragraph_format.tab_stops.clear_all()


def _style(document: Document, name: str, size: float, *, after: float) -> Any:
    style: Any = document.styles[name]
    style.font.size = Pt(size)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.line_spacing = 1.15
    return style


def _name_fonts(fonts: Any) -> None:
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), LATIN_FONT)
    fonts.set(qn("w:eastAsia"), JAPANESE_FONT)


def _set_fallback_font(document: Document) -> None:
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    root = parse_xml(table.blob)
    for known in root.findall(qn("w:font")):
        if known.get(qn("w:name")) == JAPANESE_FONT:
            root.remove(known)
    root.append(
        parse_xml(
            f'<w:font {nsdecls("w")} w:name="{JAPANESE_FONT}"><w:altName w:val="{OTHER_JAPANESE_FONTS}"/>'
            '<w:charset w:val="80"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        )
    )
    table._blob = docx.oxml.xmlchemy.serialize_for_reading(root).encode()


def _set_page(document: Document, sheet: Sheet) -> None:
    section = document.sections[0]
    short, long = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if sheet.is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if sheet.is_landscape else (short, long)
    top, right, bottom, left = sheet.margins
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance = section.footer_distance = Mm(9)
    section.header.paragraphs[0].text = plain(f"{_('SIH Portal')}  {sheet.kind}")
    foot = section.footer
    foot.paragraphs[0].text = plain(sheet.address)
    line = foot.add_paragraph(_("Printed out on %(date)s") % {"date": day(sheet.made_at)}, style="Footer")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(sheet.width), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run("\t")
    _add_field(line, "PAGE")
    line.add_run(" / ")
    _add_field(line, "NUMPAGES")


def _add_field(paragraph: Paragraph, code: str) -> None:
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def _set_breaks(row: _Row, *, is_head: bool, is_long: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    if not is_long:
        properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def _keep_on_one_page(table: Table) -> None:
    for row in table.rows[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _set_look(table: Table, *, has_head: bool) -> None:
    """Air in the cells; and which row and column are headers, for screen readers."""
    air = f'w:w="{AIR}" w:type="dxa"'
    margins = f"<w:tblCellMar {nsdecls('w')}><w:top {air}/><w:bottom {air}/></w:tblCellMar>"
    for look in table._tbl.tblPr.findall(qn("w:tblLook")):
        look.addprevious(parse_xml(margins))
        look.set(qn("w:firstRow"), str(int(has_head)))
        look.set(qn("w:firstColumn"), "1")
