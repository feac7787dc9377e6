"""The letter of request on paper (依頼状): a Word document in the form of official letters, one page for each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone, translation
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.text.paragraph import Paragraph

from sih_portal.language import current_language, in_language
from sih_portal.word import Paper, Sheet, plain
from sih_portal.years import day, era_year

from .mailing.letters import filled, values_of
from .models import Invitation, Letter

LEFT: Final = WD_ALIGN_PARAGRAPH.LEFT
RIGHT: Final = WD_ALIGN_PARAGRAPH.RIGHT
CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER
# Lines that official letters set apart.
PLACES: Final = {"記": CENTRE, "以上": RIGHT}


def request_letters(letter: Letter, invitations: Sequence[Invitation], *, made_at: datetime) -> bytes:
    """The letter to each of the invitations, in its language. The rounds are loaded; no query."""
    paper = Paper(Sheet(str(letter.round), "", "", current_language(), made_at))
    _empty_margins(paper)
    for number, invitation in enumerate(invitations):
        if number:
            paper.document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        with translation.override(invitation.language):
            _write(paper, letter, invitation, made_at)
    return paper.content()


def _write(paper: Paper, letter: Letter, invitation: Invitation, made_at: datetime) -> None:
    language = invitation.language
    values = values_of(invitation, letter.kind, language, "")
    for text, place in _head(in_language(invitation, "name").value, made_at):
        _add(paper, text, place)
    _add(paper, filled(getattr(letter, f"subject_{language}"), values), CENTRE).runs[0].bold = True
    _add(paper, "", LEFT)
    for line in filled(getattr(letter, f"body_{language}"), values).splitlines():
        _add(paper, line, PLACES.get(line.strip(), LEFT))


def _head(name: str, made_at: datetime) -> list[tuple[str, WD_ALIGN_PARAGRAPH]]:
    """From the number of the letter, left open, to who writes it."""
    if current_language() == "en":
        return [
            ("Ref. No. ____________", RIGHT),
            (day(made_at), RIGHT),
            ("The President", LEFT),
            (name, LEFT),
            ("Japan Society for the Promotion of Science", RIGHT),
            ("", LEFT),
        ]
    return [
        ("　　　　　第　　　　　号", RIGHT),
        (japanese_day(made_at), RIGHT),
        ("", LEFT),
        (f"{name}長　殿", LEFT),
        ("", LEFT),
        ("独立行政法人日本学術振興会", RIGHT),
        ("", LEFT),
    ]


def japanese_day(value: datetime) -> str:
    """令和8年11月24日: official letters are dated by the era alone."""
    local = timezone.localtime(value)
    return f"{era_year(local.year, local.month)}年{local.month}月{local.day}日"


def _add(paper: Paper, text: str, place: WD_ALIGN_PARAGRAPH) -> Paragraph:
    paragraph = paper.document.add_paragraph(plain(text))
    paragraph.alignment = place
    return paragraph


def _empty_margins(paper: Paper) -> None:
    """An official letter carries neither the portal's name nor the hour at which it was printed."""
    section = paper.document.sections[0]
    for margin in (section.header, section.footer):
        margin.paragraphs[0].text = ""
        for further in margin.paragraphs[1:]:
            further._p.getparent().remove(further._p)
