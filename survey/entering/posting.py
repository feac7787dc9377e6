"""One section of a form as a browser posts it: what somebody typed for each cell, and what the page had shown there.

For the cell `C`: `v.C` the answer, `s.C` the reason why there is none, `n.C` the words that an option asks for, `t.C`
“take the stored one”; hidden `k.C`, how often the cell had been changed, and `w.C`, the digest of its value. A cell was
sent if its `k.C` was. For a question `Q` of several answers: `none.Q` and one reason `s.Q`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from survey.answering import Change
from survey.models import Cell, QuestionKind
from survey.questionnaires import FormQuestion, FormSection
from survey.values import BLANK, REASONS, Misread, Typed, Value, read

from .ticks import BY_DIGEST, Ticks, values_of

COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
REASON_CODES: Final = frozenset(reason.value for reason in REASONS)


@dataclass(frozen=True)
class Mark:
    """What a page carries along of a cell: how often it had been changed, and the digest of what stood there."""

    seen: int
    digest: str


@dataclass
class Posted:
    """`changes` are the cells that somebody touched; `problems` says of others why they can't be read.

    `typed` and `marks` have every cell that was sent, but for those whose stored value is to stay; `ticks` the
    questions of several answers by their codes.
    """

    changes: list[Change] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    ticks: dict[str, Ticks] = field(default_factory=dict)


def posted(data: Mapping[str, str], section: FormSection) -> Posted:
    """What was sent of a section. No query."""
    found = Posted()
    for question in section.questions:
        cells = [cell for cell in question.filled if f"k.{cell.code}" in data and f"t.{cell.code}" not in data]
        found.marks.update((cell.code, _mark(data, cell.code)) for cell in cells)
        if question.kind == QuestionKind.MULTI and cells:
            _read_ticks(found, data, question, cells)
        else:
            for cell in cells:
                _read(found, data, question, cell)
    return found


def _mark(data: Mapping[str, str], code: str) -> Mark:
    seen = data.get(f"k.{code}", "")
    return Mark(int(seen) if COUNT.fullmatch(seen) else 0, data.get(f"w.{code}", BLANK.digest))


def _read(found: Posted, data: Mapping[str, str], question: FormQuestion, cell: Cell) -> None:
    typed = _typed(data, question, cell.code)
    found.typed[cell.code] = typed
    try:
        value = read(typed, cell=cell, kind=question.kind, options=question.options)
    except Misread as misread:
        found.problems[cell.code] = str(misread)
        return
    if value.is_blank and typed.note.strip():
        found.problems[cell.code] = _("Choose the answer that these words belong to, or take them away.")
    else:
        _note(found, cell.code, value)


def _typed(data: Mapping[str, str], question: FormQuestion, code: str) -> Typed:
    said, reason, note = (data.get(f"{letter}.{code}", "") for letter in "vsn")
    # Reasons stand among the answers to choose from.
    return Typed(reason=said, note=note) if question.is_choice and said in REASON_CODES else Typed(said, reason, note)


def _read_ticks(found: Posted, data: Mapping[str, str], question: FormQuestion, cells: Sequence[Cell]) -> None:
    ticked = frozenset(cell.code for cell in cells if data.get(f"v.{cell.code}"))
    reason = data.get(f"s.{question.code}", "")
    ticks = Ticks(ticked, bool(data.get(f"none.{question.code}")), reason if reason in REASON_CODES else "")
    found.ticks[question.code] = ticks
    for cell in cells:
        found.typed[cell.code] = Typed("1" if cell.code in ticked else "")
    try:
        values = values_of(ticks, {cell.code: _shown(found, cell.code) for cell in cells})
    except Misread as misread:
        found.problems.update((cell.code, str(misread)) for cell in cells)
    else:
        for code, value in values.items():
            _note(found, code, value)


def _shown(found: Posted, code: str) -> Value:
    return BY_DIGEST.get(found.marks[code].digest, BLANK)


def _note(found: Posted, code: str, value: Value) -> None:
    """Writes down a value that differs from the one the page had shown."""
    mark = found.marks[code]
    if value.digest != mark.digest:
        found.changes.append(Change(code, value, mark.seen))
