"""What an uploaded questionnaire would do to the answers, and doing exactly that: whole, or not at all."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Final

from django.db import transaction

from survey.answering import Change, Entry, Finding, Sheet, save, sheet_of
from survey.models import Response
from survey.questionnaires import Form, FormQuestion

from .reading import Said

# What somebody decides about a conflict.
FILE: Final = "file"
STORED: Final = "stored"

Decisions = Mapping[str, str]


class AnswersChanged(Exception):
    """Somebody changed one of these answers since the plan was shown; nothing was written."""


class Undecided(Exception):
    """There are conflicts that nobody decided; nothing was written."""


class Deed(Enum):
    """What becomes of a cell.

    It is written where it was blank, or over what the file's maker saw; somebody has to decide where another answer
    was written since; and it stays where it says the same.
    """

    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"
    SAME = "same"


@dataclass(frozen=True)
class Item:
    """One cell of the file beside what is stored."""

    said: Said
    stored: Entry
    question: FormQuestion

    @cached_property
    def deed(self) -> Deed:
        said, stored = self.said, self.stored
        if said.value == stored.value:
            return Deed.SAME
        is_overtaken = not stored.value.is_blank if said.lock is None else said.lock != stored.lock
        if is_overtaken:
            return Deed.CONFLICT
        return Deed.NEW if stored.value.is_blank else Deed.CHANGED


@dataclass(frozen=True)
class Total:
    """A total that comes out otherwise; None where there is no number to add up."""

    code: str
    question: FormQuestion
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Plan:
    """What would happen, in the order of the form. `sheet` is what is stored."""

    response: Response
    sheet: Sheet
    said: Sequence[Said]
    items: tuple[Item, ...]

    def of(self, *deeds: Deed) -> list[Item]:
        return [item for item in self.items if item.deed in deeds]

    @property
    def written(self) -> list[Item]:
        """What is written without a question."""
        return self.of(Deed.NEW, Deed.CHANGED)

    @property
    def conflicts(self) -> list[Item]:
        return self.of(Deed.CONFLICT)

    @property
    def same(self) -> list[Item]:
        return self.of(Deed.SAME)

    @property
    def fingerprint(self) -> str:
        """The same for the same deeds on the same answers, whatever else happened."""
        told = [
            [item.said.code, item.deed.value, item.stored.lock, item.said.value.digest]
            for item in self.items
            if item.deed != Deed.SAME
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def taken(self, decisions: Decisions) -> list[Item]:
        """What the file brings in, conflicts only where it was preferred."""
        preferred = [item for item in self.conflicts if decisions.get(item.said.code) == FILE]
        return [*self.written, *preferred]

    def undecided(self, decisions: Decisions) -> list[Item]:
        return [item for item in self.conflicts if decisions.get(item.said.code) not in {FILE, STORED}]

    @cached_property
    def outcome(self) -> Sheet:
        """The answers as they would be, with every conflict decided for the file."""
        taken = [*self.written, *self.conflicts]
        brought = {item.said.code: replace(item.stored, value=item.said.value) for item in taken}
        return replace(self.sheet, entries={**self.sheet.entries, **brought})

    @property
    def totals(self) -> list[Total]:
        """The totals that would change."""
        form = self.sheet.form
        pairs = ((code, before, self.outcome.totals[code]) for code, before in self.sheet.totals.items())
        return [Total(code, form.questions[code], before, after) for code, before, after in pairs if before != after]

    @property
    def findings(self) -> list[Finding]:
        """What the checks of the form would ask that they don't ask now."""
        known = {(finding.check.code, finding.values) for finding in self.sheet.unsettled}
        return [one for one in self.outcome.unsettled if (one.check.code, one.values) not in known]


def diff(said: Iterable[Said], response: Response, form: Form) -> Plan:
    """What the file would do to the answers of the response, whose invitation is loaded. Two queries."""
    rows = list(said)
    sheet = sheet_of(response, form, is_pilot=response.invitation.is_pilot)
    by_code = {row.code: row for row in rows}
    items = [Item(by_code[code], sheet.entry(code), form.questions[code]) for code in form.cells if code in by_code]
    return Plan(response, sheet, rows, tuple(items))


def apply(plan: Plan, *, seen: str, decisions: Decisions, by: str, at: datetime, is_staff: bool = False) -> int:
    """This will write the plan that somebody saw, by name, whole or not at all; the number of cells written.

    `seen` is the fingerprint of what they saw, `decisions` says `FILE` or `STORED` for each conflict. Sent twice, it
    does so once: nothing is left to write then.

    :raises Undecided: when a decision is missing.
    :raises AnswersChanged: when what is stored is not what they saw.
    :raises NotOpen: when nothing can be written into the response.
    """
    if plan.undecided(decisions):
        raise Undecided
    taken = plan.taken(decisions)
    if taken and plan.fingerprint != seen:
        raise AnswersChanged
    changes = [Change(item.said.code, item.said.value, item.stored.lock) for item in taken]
    with transaction.atomic():
        saved = save(plan.response, changes, form=plan.sheet.form, by=by, at=at, is_staff=is_staff)
        if saved.conflicts:
            raise AnswersChanged
    return len(taken)
