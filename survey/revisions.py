"""What differs between two states of a response, by cells and checks: as steps kept them, and as it stands now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from survey.answering import Entry, Sheet
from survey.entering import Place, place_of, sheet_of_snapshot, told
from survey.models import Explanation, Snapshot
from survey.questionnaires import FormCheck

# The key of what stands there now, beside those of snapshots.
PRESENT = 0


@dataclass(frozen=True)
class Revision:
    """A state of the answers; `snapshot` is None for the present one."""

    sheet: Sheet
    snapshot: Snapshot | None = None

    @property
    def key(self) -> int:
        return self.snapshot.pk if self.snapshot else PRESENT

    @property
    def at(self) -> datetime | None:
        """Until when it holds what was entered; None: until now."""
        return self.snapshot.at if self.snapshot else None


@dataclass(frozen=True)
class Difference:
    """A cell that says something else. `old` and `new` are in words, "" for a blank.

    `entry` is what stands there now, if that is `new`: only of this one it is known who wrote it, and when.
    """

    place: Place
    old: str
    new: str
    entry: Entry | None


@dataclass(frozen=True)
class Reworded:
    """A check about which something else is said. `old` and `new` are None where nothing was."""

    check: FormCheck
    old: Explanation | None
    new: Explanation | None


def revision_of(snapshot: Snapshot, present: Sheet) -> Revision:
    """The state that a snapshot kept. No query."""
    return Revision(sheet_of_snapshot(snapshot, present.form, is_pilot=present.is_pilot), snapshot)


def differences(old: Revision, new: Revision, present: Sheet) -> Iterator[Difference]:
    """What `new` says otherwise than `old`, in the order of the form. No query."""
    form = present.form
    for code, question in form.questions.items():
        before, after = old.sheet.value(code), new.sheet.value(code)
        if before != after:
            yield Difference(
                place_of(form, code), told(before, question), told(after, question), _entry(code, new, present)
            )


def reworded(old: Revision, new: Revision) -> Iterator[Reworded]:
    """The checks about which `new` says something else, or says it about other values, in their order. No query."""
    for check in old.sheet.form.checks:
        before, after = (revision.sheet.explanations.get(check.row.pk) for revision in (old, new))
        if _words(before) != _words(after):
            yield Reworded(check, before, after)


def _words(explanation: Explanation | None) -> tuple[str, str] | None:
    return (explanation.values, explanation.text) if explanation else None


def _entry(code: str, new: Revision, present: Sheet) -> Entry | None:
    entry = present.entry(code)
    if entry.at is None or entry.value != new.sheet.value(code):
        return None
    return entry if new.at is None or entry.at <= new.at else None
