"""The list of recipients as people send it, CSV or Excel, headings in Japanese or English: rows of what is said."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from sih_portal.spreadsheets import Book, Heading, Problem, Record, records, shown
from survey.models import LAST_RECIPIENT, ONE_LINE, Invitation
from survey.values import Misread, folded
from universities.models import InstitutionKind, Prefecture

# More than one round ever had, and what a form can carry from the preview to the confirmation.
MOST_ROWS: Final = 5_000
LONGEST_SLUG: Final = 40

# Each heading in Japanese, then in English, as the template writes them; then what else people write.
COLUMNS: Final = (
    Heading("number", ("番号", "Number", "No", "No.", "№", "通し番号")),
    Heading("name_ja", ("機関名", "Name (Japanese)", "大学名", "機関名（日本語）"), is_required=False),
    Heading("name_en", ("機関名（英語）", "Name (English)", "英語名", "Name"), is_required=False),
    Heading("kind", ("設置形態", "Kind"), is_required=False),
    Heading("is_pilot", ("採択機関", "Pilot"), is_required=False),
    Heading("prefecture", ("都道府県", "Prefecture", "都道府県名", "所在地（都道府県）"), is_required=False),
    Heading("institution", ("ポータルID", "Portal id", "slug", "institution slug"), is_required=False),
    Heading("department", ("部署", "Department", "担当部署"), is_required=False),
    Heading("contact_name", ("担当者", "Contact", "担当者名", "contact name"), is_required=False),
    Heading("email", ("メールアドレス", "Mail address", "e-mail", "メール"), is_required=False),
    Heading("language", ("言語", "Language"), is_required=False),
)
TEXTS: Final = ("name_ja", "name_en", "department", "contact_name", "email")
KINDS: Final = {
    word: kind
    for kind, words in (
        (InstitutionKind.NATIONAL, ("national", "国立大学", "国立", "国立大学法人", "national university")),
        (InstitutionKind.PUBLIC, ("public", "公立大学", "公立", "公立大学法人", "public university")),
        (InstitutionKind.PRIVATE, ("private", "私立大学", "私立", "private university")),
        (
            InstitutionKind.INTER_UNIVERSITY,
            ("inter_university", "大学共同利用機関", "大学共同利用機関法人", "inter-university research institute"),
        ),
    )
    for word in words
}
# The ring that input methods write for "yes" has three shapes.
TRUTHS: Final = {
    **dict.fromkeys(("はい", "1", "○", "〇", "◯", "yes", "true", "有", "採択機関"), True),
    **dict.fromkeys(("いいえ", "0", "×", "no", "false", "無", "-", "採択機関以外"), False),
}
LANGUAGES: Final = {"ja": "ja", "日本語": "ja", "japanese": "ja", "en": "en", "英語": "en", "english": "en"}


@dataclass(frozen=True)
class Row:
    """What a file says of a recipient: only the columns that it has, and of codes only what was filled in."""

    row: int
    number: int
    said: Mapping[str, Any]
    record: Record | None = None

    def problem(self, name: str, reason: str) -> Problem:
        return self.record.problem(name, reason) if self.record else Problem(self.row, "", reason)


def parse(book: Book) -> tuple[list[Row], list[Problem]]:
    """The rows of the first sheet that is shown, and everything that is wrong with them. No query."""
    sheet = next((sheet for sheet in book.sheets if not sheet.is_hidden), book.sheets[0])
    found, problems = records(sheet, COLUMNS)
    problems += [problem for other in book.sheets if other is not sheet for problem in other.problems()]
    if len(found) > MOST_ROWS:
        problems.append(
            Problem(MOST_ROWS + 2, "", _("A list holds at most %(count)s recipients.") % {"count": MOST_ROWS})
        )
        return [], problems
    if not found and not problems:
        problems.append(Problem(1, "", _("There is no recipient on the sheet."), sheet.name))
    rows = [row for record in found if (row := _row(record, problems))]
    problems += _repeated(rows)
    return rows, problems


def _row(record: Record, problems: list[Problem]) -> Row | None:
    said: dict[str, Any] = {}
    for name, text in record.values.items():
        try:
            value = READERS[name](text)
        except Misread as reason:
            problems.append(record.problem(name, str(reason)))
            continue
        if value is not None:
            said[name] = value
    number = said.pop("number", None)
    return Row(record.row, number, said, record) if number is not None else None


def _repeated(rows: list[Row]) -> Iterator[Problem]:
    seen: dict[int, int] = {}
    for row in rows:
        first = seen.setdefault(row.number, row.row)
        if first != row.row:
            yield row.problem("number", _("The number stands in row %(row)s too.") % {"row": first})


def _number(text: str) -> int:
    digits = folded(text)
    if not digits:
        raise Misread(_("The number is missing."))
    if not (digits.isascii() and digits.isdigit() and len(digits) < 8 and 0 < int(digits) <= LAST_RECIPIENT):
        message = _("“%(text)s” is not a whole number from 1 to %(last)s.")
        raise Misread(message % {"text": shown(text), "last": LAST_RECIPIENT})
    return int(digits)


def _text(name: str) -> Callable[[str], str]:
    field: Any = Invitation._meta.get_field(name)
    longest: int = field.max_length

    def read(text: str) -> str:
        value = text.strip()
        if len(value) > longest:
            raise Misread(_("The text is longer than %(count)s characters.") % {"count": longest})
        try:
            ONE_LINE(value)
        except ValidationError as error:
            raise Misread(error.messages[0]) from None
        return value

    return read


def _email(text: str) -> str:
    value = _text("email")(text)
    try:
        if value:
            validate_email(value)
    except ValidationError:
        raise Misread(_("“%(text)s” is not a mail address.") % {"text": shown(value)}) from None
    return value


def _code(codes: Mapping[str, Any], allowed: str) -> Callable[[str], Any]:
    """Reads one of the words of `codes`; None where nothing is said."""

    def read(text: str) -> Any:
        word = folded(text)
        if word and word not in codes:
            raise Misread(_("“%(text)s” is not one of: %(allowed)s.") % {"text": shown(text), "allowed": allowed})
        return codes.get(word)

    return read


def _prefecture(text: str) -> str | None:
    word = folded(text)
    if word and word not in prefectures():
        message = _("“%(text)s” is not a prefecture. Write it like 東京都, 東京, Tokyo or 13.")
        raise Misread(message % {"text": shown(text)})
    return prefectures().get(word)


@cache
def prefectures() -> Mapping[str, str]:
    """The ways to write a prefecture, in either language or by its number, and the code of each."""
    found: dict[str, str] = {}
    for prefecture in Prefecture:
        words = {prefecture.value, prefecture.value.lstrip("0")}
        for language in dict(settings.LANGUAGES):
            with translation.override(language):
                words |= {str(prefecture.label), re.sub("[都府県]$", "", str(prefecture.label))}
        found |= dict.fromkeys(map(folded, words), prefecture.value)
    return found


def _slug(text: str) -> str | None:
    value = folded(text)
    if len(value) > LONGEST_SLUG:
        raise Misread(_("The text is longer than %(count)s characters.") % {"count": LONGEST_SLUG})
    return value or None


READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "number": _number,
    **{name: _text(name) for name in TEXTS},
    "email": _email,
    "kind": _code(
        {folded(word): kind.value for word, kind in KINDS.items()}, "国立大学、公立大学、私立大学、大学共同利用機関"
    ),
    "is_pilot": _code({folded(word): truth for word, truth in TRUTHS.items()}, "はい、いいえ、○、1、0"),
    "prefecture": _prefecture,
    "institution": _slug,
    "language": _code(LANGUAGES, "ja、en、日本語、英語"),
}
