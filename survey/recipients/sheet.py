"""The list of recipients as an Excel sheet to fill in: what is on the list already, or only the headings."""

from collections.abc import Iterator
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from sih_portal import workbook
from sih_portal.language import current_language
from sih_portal.tabular import Column
from survey.models import Round
from universities.models import InstitutionKind

from .reading import COLUMNS

WIDTHS: Final = (8, 30, 36, 22, 10, 12, 16, 28, 18, 32, 8)
KINDS: Final = {
    InstitutionKind.NATIONAL: "国立大学",
    InstitutionKind.PUBLIC: "公立大学",
    InstitutionKind.PRIVATE: "私立大学",
    InstitutionKind.INTER_UNIVERSITY: "大学共同利用機関",
}


def list_sheet(survey_round: Round) -> IO[bytes]:
    """An open temporary file, at its beginning. One query."""
    rows = survey_round.invitations.select_related("institution").order_by("number")
    place = 0 if current_language() == "ja" else 1
    columns = [Column(heading.labels[place], _cell(heading.name)) for heading in COLUMNS]
    paper = workbook.Paper(WIDTHS, str(survey_round))
    sheet = workbook.Sheet(_("recipients"), columns, paper=paper)
    return workbook.write([sheet], rows, lambda _count: _about(), _("notes"))


def _cell(name: str) -> Any:
    special = {
        "kind": lambda row: KINDS[row.kind] if current_language() == "ja" else row.kind,
        "is_pilot": lambda row: "○" if row.is_pilot else "",
        "prefecture": lambda row: row.get_prefecture_display(),
        "institution": lambda row: row.institution.slug if row.institution else "",
    }
    return special.get(name, lambda row: getattr(row, name))


def _about() -> Iterator[tuple[object, ...]]:
    """How to fill in each column, on a sheet of its own."""
    notes = {
        "number": _("Needed. From 1; each number once."),
        "name_ja": _("A name in at least one language."),
        "name_en": _("A name in at least one language."),
        "kind": _("国立大学, 公立大学, 私立大学 or 大学共同利用機関. Empty where the portal knows the institution."),
        "is_pilot": _("○ or はい for the pilots of the programme. Empty where the portal knows the institution."),
        "prefecture": _("For figures by region. Empty where the portal knows the institution, or nobody the place."),
        "institution": _("Only where the name alone does not tell: the last part of the institution's address here."),
        "department": _("Stands below the name in mails."),
        "contact_name": _("Stands below the department; empty: the person in charge."),
        "email": _("Empty: no mail goes out, for those who are asked by post."),
        "language": _("ja or en: the language that comes first in mails. Empty: ja."),
    }
    place = 0 if current_language() == "ja" else 1
    for heading in COLUMNS:
        yield (heading.labels[place], notes[heading.name])
