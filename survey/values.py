"""What can stand in a cell: a number, one of the options, words, or the reason why there is none. 0 is no blank."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from survey.models import Answer, Cell, Option, QuestionKind, Status

LONGEST_TEXT: Final = 2_000
LONGEST_NOTE: Final = 500
# No university has more of anything that is counted here; larger ones are slips of the keyboard.
LARGEST: Final = 999_999_999
# Line breaks and tabs are text; other controls, halves of characters and non-characters are not.
UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
NUMBER: Final = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})")
REASONS: Final = (Status.NOT_APPLICABLE, Status.NOT_COLLECTED, Status.UNKNOWN, Status.ELSEWHERE)
# What people write in sheets for want of a number, beside the codes themselves; compared as `folded`.
REASON_WORDS: Final = {
    **{status.value: status for status in REASONS},
    **dict.fromkeys(("該当なし", "該当無し", "not applicable", "n/a"), Status.NOT_APPLICABLE),
    **dict.fromkeys(("集計していない", "未集計", "not collected"), Status.NOT_COLLECTED),
    **dict.fromkeys(("分からない", "わからない", "不明", "do not know", "unknown"), Status.UNKNOWN),
    **dict.fromkeys(("他の欄に含む", "ほかの欄に含む", "included elsewhere"), Status.ELSEWHERE),
}


class Misread(ValueError):
    """What was typed is no answer to the question; the message says why and what to do."""


@dataclass(frozen=True)
class Value:
    """What one cell says. `option` is the option's number, `note` the words that an option asks for."""

    status: str = Status.MISSING.value
    number: int | None = None
    option: int | None = None
    text: str = ""
    note: str = ""

    @property
    def is_blank(self) -> bool:
        return self.status == Status.MISSING

    @property
    def said(self) -> str:
        """As files and forms hold it: the number, the option's number, the words; "" where there is no answer."""
        if self.status != Status.OK:
            return ""
        found = self.number if self.number is not None else self.option
        return self.text if found is None else str(found)

    @property
    def reason(self) -> str:
        """The code of the reason why there is no answer; "" for an answer and for a blank."""
        return "" if self.status in {Status.OK, Status.MISSING} else self.status

    @property
    def code(self) -> str:
        """In one word, for exports: the answer, or the code of its absence (`m` for a blank)."""
        return self.said if self.status == Status.OK else self.status

    @property
    def digest(self) -> str:
        """The same for the same value: by it a page knows whether somebody touched a field."""
        return hashlib.sha256(f"{self.status}\x1f{self.said}\x1f{self.note}".encode()).hexdigest()[:16]

    def as_json(self) -> dict[str, object]:
        """As a snapshot keeps it: `status`, `value` (a number, a text or null), `note`."""
        number = self.number if self.number is not None else self.option
        return {"status": self.status, "value": (self.text or None) if number is None else number, "note": self.note}


BLANK: Final = Value()


def of_answer(answer: Answer) -> Value:
    """What a row of the table says; its option is loaded."""
    option = answer.option.code if answer.option else None
    return Value(answer.status, answer.number, option, answer.text, answer.note)


@dataclass(frozen=True)
class Typed:
    """What somebody typed for one cell: the answer, the reason for having none, the words an option asks for."""

    said: str = ""
    reason: str = ""
    note: str = ""


def read(typed: Typed, *, cell: Cell, kind: str, options: Iterable[Option] = ()) -> Value:
    """The value that was typed for a cell of a question of this kind. No query.

    :raises Misread: when it is none.
    """
    said, note = clean(typed.said), clean(typed.note)
    reason = _reason(typed.reason)
    if kind != QuestionKind.TEXT and not reason and (word := REASON_WORDS.get(folded(said))):
        said, reason = "", word.value
    if said and reason:
        raise Misread(_("Write either an answer or a reason why there is none."))
    if reason:
        return Value(reason)
    if not said:
        return BLANK
    if kind == QuestionKind.TEXT:
        return Value(Status.OK, text=_limited(said, LONGEST_TEXT))
    if kind in {QuestionKind.YES_NO, QuestionKind.SINGLE}:
        return _chosen(said, note, list(options))
    return Value(Status.OK, number=_number(said, *bounds(cell, kind)))


def bounds(cell: Cell, kind: str) -> tuple[int, int]:
    """The smallest and the largest number that a cell of a question of this kind takes."""
    smallest, largest = (0, 1) if kind == QuestionKind.MULTI else (-LARGEST, LARGEST)
    return (
        smallest if cell.minimum is None else cell.minimum,
        largest if cell.maximum is None else cell.maximum,
    )


def clean(text: str) -> str:
    """The text without blanks around it, its lines ended alike.

    :raises Misread: when it holds what no database can keep.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    if found := UNSTORABLE.search(lines):
        message = _("The text holds a character that can't be stored (U+%(code)s). Type it again without it.")
        raise Misread(message % {"code": f"{ord(found[0]):04X}"})
    return lines.strip()


def _reason(text: str) -> str:
    if not (word := folded(text)):
        return ""
    if word in REASON_WORDS:
        return REASON_WORDS[word].value
    words = ", ".join(str(status.label) for status in REASONS)
    raise Misread(_("The reason is none of these: %(reasons)s.") % {"reasons": words})


def _chosen(said: str, note: str, options: list[Option]) -> Value:
    """By its number, its words in either language, or both as our own sheets write them (“1 設置している”)."""
    word = folded(said)
    by_word = {each: option for option in reversed(options) for each in _words(option)}
    by_word |= {str(option.code): option for option in options}
    if option := by_word.get(word):
        return Value(Status.OK, option=option.code, note=_limited(note, LONGEST_NOTE) if option.takes_text else "")
    allowed = ", ".join(str(option.code) for option in options)
    raise Misread(_("“%(said)s” is none of the answers: %(allowed)s.") % {"said": said[:40], "allowed": allowed})


def _words(option: Option) -> set[str]:
    labels = {folded(option.label_ja), folded(option.label_en)} - {""}
    return {*labels, *(f"{option.code} {label}" for label in labels)}


def _number(said: str, smallest: int, largest: int) -> int:
    """Digits of any width, with commas between thousands or without. Other commas are none: 1,5 is not 15."""
    digits = folded(said).replace("−", "-")
    is_raised = any(unicodedata.category(each) == "No" for each in said)  # ² and ① are no digits of a number
    if is_raised or not NUMBER.fullmatch(digits):
        raise Misread(_("“%(said)s” is not a whole number. Write digits only.") % {"said": said[:40]})
    number = int(digits.replace(",", ""))
    if not smallest <= number <= largest:
        message = _("%(number)s is not between %(smallest)s and %(largest)s.")
        raise Misread(message % {"number": number, "smallest": f"{smallest:,}", "largest": f"{largest:,}"})
    return number


def _limited(text: str, most: int) -> str:
    if len(text) > most:
        message = _("The text has %(count)s characters; at most %(most)s can be stored.")
        raise Misread(message % {"count": len(text), "most": most})
    return text


def folded(text: str) -> str:
    """A word as people compare it: without regard to width, large and small letters and blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
