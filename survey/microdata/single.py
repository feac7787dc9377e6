"""A single value of a file by the codes of the codebook: the answer in a cell, and what is told of a response."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from sih_portal.spreadsheets import shown
from survey import values
from survey.models import Cell, QuestionKind, ResponseState, Status
from survey.questionnaires import FormQuestion
from survey.recipients import READERS
from survey.values import Misread, Typed, Value, folded

ABSENT: Final = {status.value for status in Status if status != Status.OK}
TAKEN: Final = (ResponseState.SUBMITTED, ResponseState.ACCEPTED)
# Nothing that is imported was answered before.
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)

Readers = Mapping[str, Callable[[str], Any]]


def fact_readers(*, at: datetime) -> Readers:
    """How the columns of a response are read; each gives None or "" where nothing is said, or raises `Misread`."""
    truth = READERS["is_pilot"]
    return {
        **{name: READERS[name] for name in ("name_en", "name_ja", "kind", "is_pilot", "prefecture")},
        "state": _state,
        "revision": _revision,
        "is_on_paper": truth,
        "submitted_at": partial(moment, latest=at),
    }


def value_of(said: str, *, status: str, note: str, cell: Cell, question: FormQuestion) -> Value | None:
    """What a cell says; None where the file says nothing of it. `status` is empty where no column tells it.

    Without a status, a code of absence alone in a cell stands for absence, as the export writes it.

    :raises Misread: when it is no answer to the question.
    """
    code = folded(status)
    if code not in {"", Status.OK, *ABSENT}:
        message = _("“%(text)s” is not one of: %(allowed)s.")
        raise Misread(message % {"text": shown(status), "allowed": ", ".join([Status.OK, *sorted(ABSENT)])})
    word = said.strip() if question.kind == QuestionKind.TEXT else folded(said)
    if not code and word in ABSENT:
        code, said = word, ""
    value = _value(said, code, note, cell, question)
    if values.clean(note) != (value.note if value else ""):
        raise Misread(_("There are words here, but no chosen option asks for any."))
    return value


def _value(said: str, code: str, note: str, cell: Cell, question: FormQuestion) -> Value | None:
    if code in ABSENT:
        if said.strip():
            raise Misread(_("Write either an answer or a reason why there is none."))
        return Value(code)
    if not said.strip():
        if code:
            raise Misread(_("The status says that there is an answer, but there is none."))
        return None
    value = values.read(Typed(said, note=note), cell=cell, kind=question.kind, options=question.options)
    if code and value.status != code:
        raise Misread(_("The status says that there is an answer, but there is none."))
    return value


def moment(text: str, *, latest: datetime) -> datetime | None:
    """A moment as the export writes it; without a time zone one of Japan.

    :raises Misread: when it is none, or nothing can have been answered then.
    """
    word = unicodedata.normalize("NFKC", text).strip()
    if not word:
        return None
    try:
        found = datetime.fromisoformat(word)
    except ValueError:
        message = _("“%(text)s” is no day or moment such as 2009-03-31T17:00.")
        raise Misread(message % {"text": shown(word)}) from None
    found = found if timezone.is_aware(found) else timezone.make_aware(found)
    if not EARLIEST <= found <= latest:
        raise Misread(_("“%(text)s” lies before 1990 or in the future.") % {"text": shown(word)})
    return found


def _state(text: str) -> str | None:
    word = folded(text)
    if word and word not in TAKEN:
        message = _("“%(text)s”: only answers that were submitted or accepted are taken over (%(allowed)s).")
        raise Misread(message % {"text": shown(text), "allowed": ", ".join(TAKEN)})
    return word or None


def _revision(text: str) -> int | None:
    return READERS["number"](text) if text.strip() else None
