"""The life of a case: the table of steps, `take()` which alone writes status and editions; `restore()`, `claim()`."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final, cast

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from sih_portal.models import DataVersion

from . import permissions, search
from .copying import copy_back, edition_of, is_named_as_copied
from .models.desk import GoodPractice, PracticeStatus, Transition
from .models.edition import Edition

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DRAFT, IN_REVIEW, CHANGES_REQUESTED, PUBLISHED, ARCHIVED = PracticeStatus
# How the log calls what changes the draft and leaves its status.
RESTORE: Final = "restore"
CHANGED_MEANWHILE: Final = _("Somebody else changed this case since you opened it.")
NAMED_AS_COPIED: Final = _(
    "A title or the slug is still the one the copy was given (“… (copy)”, “…-copy”). Please write its own, then submit."
)
NOT_YOURS: Final = _("Your role does not allow this step.")


@dataclass(frozen=True)
class Step:
    """A row of the table in `docs/adr/0002`: from which statuses, to which, by whom.

    One that needs confirmation destroys text: whoever offers it shows first what gets lost.
    """

    name: str
    label: "StrOrPromise"
    sources: tuple[PracticeStatus, ...]
    target: PracticeStatus
    permission: permissions.Predicate
    needs_note: bool = False
    needs_edition: bool = False
    needs_confirmation: bool = False
    needs_own_name: bool = False


class Steps(Enum):
    SUBMIT = Step(
        "submit",
        _("Submit for review"),
        (DRAFT, CHANGES_REQUESTED),
        IN_REVIEW,
        permissions.may_curate,
        needs_own_name=True,
    )
    WITHDRAW = Step("withdraw", _("Withdraw from review"), (IN_REVIEW,), DRAFT, permissions.may_curate)
    REQUEST_CHANGES = Step(
        "request_changes",
        _("Request changes"),
        (IN_REVIEW,),
        CHANGES_REQUESTED,
        permissions.may_publish,
        needs_note=True,
    )
    PUBLISH = Step("publish", _("Publish"), (IN_REVIEW,), PUBLISHED, permissions.may_publish, needs_own_name=True)
    REVISE = Step("revise", _("Revise"), (PUBLISHED,), DRAFT, permissions.may_curate)
    DISCARD = Step(
        "discard",
        _("Discard the revision"),
        (DRAFT, CHANGES_REQUESTED),
        PUBLISHED,
        permissions.may_curate,
        needs_edition=True,
        needs_confirmation=True,
    )
    ARCHIVE = Step(
        "archive",
        _("Archive"),
        (DRAFT, IN_REVIEW, CHANGES_REQUESTED, PUBLISHED),
        ARCHIVED,
        permissions.may_publish,
        needs_note=True,
        needs_edition=True,
    )
    REOPEN = Step("reopen", _("Reopen"), (ARCHIVED,), DRAFT, permissions.may_publish)


STEP_LABELS: Final = {step.value.name: step.value.label for step in Steps} | {RESTORE: _("Restore")}


class InvalidTransition(Exception):
    """The case's status, its name, or its lack of an edition or of a note, does not allow the step."""


class NotAllowed(Exception):
    """The account's roles do not allow the step."""


class EditConflict(Exception):
    """Somebody saved or moved the case since the form was opened."""


@transaction.atomic
def take(
    step: Steps,
    *,
    practice: GoodPractice,
    by: permissions.Account,
    at: datetime,
    note: str = "",
    seen: int | None = None,
) -> GoodPractice:
    """This will move the case one step, log it, and on publishing and archiving change what the world sees.

    Returns the locked, freshly read row. `at` becomes the moment of the log and of the edition. With `seen` nobody
    may have changed the case since: whoever discards knows what gets lost.

    :raises InvalidTransition: when status, edition or note do not allow the step.
    :raises NotAllowed: when the roles of `by` do not allow it.
    :raises EditConflict: when the case was saved or moved since `seen` was read.
    """
    locked = GoodPractice.objects.select_for_update().get(pk=practice.pk)
    _refuse(step.value, locked, by, note)
    if seen not in {None, locked.edits}:
        raise EditConflict(str(CHANGED_MEANWHILE))
    account = cast("User", by)  # only a known account has the role
    source, locked.status = locked.status, step.value.target
    if step is Steps.DISCARD:
        copy_back(locked.editions.public().get(), locked)
    if step in {Steps.PUBLISH, Steps.ARCHIVE}:
        at = _change_the_world(step, locked, by=account, at=at)
    locked.edits += 1
    locked.save(update_fields=["status", "edits"])
    Transition.objects.create(
        practice=locked,
        step=step.value.name,
        source=source,
        target=locked.status,
        by=account,
        at=at,
        note=note.strip(),
    )
    return locked


def open_steps(practice: GoodPractice, user: permissions.Account) -> list[Steps]:
    """The steps the account may take now, in the order of the table. At most one query beside the roles."""
    has_edition = practice.editions.filter(retired_at__isnull=True).exists()
    return [
        step
        for step in Steps
        if practice.status in step.value.sources
        and (has_edition or not step.value.needs_edition)
        and step.value.permission(user, practice)
    ]


@transaction.atomic
def restore(
    practice: GoodPractice, edition: Edition, *, by: permissions.Account, at: datetime, seen: int
) -> GoodPractice:
    """This will make the open draft say what one of the case's editions says; numbers of its parts return with it.

    Returns the locked, freshly read row. The log tells of it as the step `RESTORE`.

    :raises NotAllowed: when the roles of `by` do not allow it.
    :raises InvalidTransition: when the case is not open, or the edition is another case's.
    :raises EditConflict: when the case was saved or moved since `seen` was read.
    """
    locked = GoodPractice.objects.select_for_update().get(pk=practice.pk)
    if not permissions.may_curate(by, locked):
        raise NotAllowed(str(NOT_YOURS))
    if locked.status not in permissions.OPEN or edition.draft_id != locked.pk:
        raise InvalidTransition(str(_("A version is restored into an open draft of its own case.")))
    claim(locked, seen)
    copy_back(edition, locked)
    Transition.objects.create(
        practice=locked,
        step=RESTORE,
        source=locked.status,
        target=locked.status,
        by=cast("User", by),
        at=at,
        note=f"v{edition.version}",
    )
    return locked


def claim(practice: GoodPractice, seen: int) -> None:
    """This will make the caller the one whose save counts. Who writes desk content calls it, or takes a step, first.

    :raises EditConflict: when the case was saved or moved since `seen` was read, or is not open for editing.
    """
    editable = (DRAFT, CHANGES_REQUESTED, IN_REVIEW)
    claimed = GoodPractice.objects.filter(pk=practice.pk, status__in=editable, edits=seen).update(
        edits=models.F("edits") + 1
    )
    if not claimed:
        raise EditConflict(str(CHANGED_MEANWHILE))
    practice.edits = seen + 1


def step_label(name: str) -> "StrOrPromise":
    """What a step in the log is called; a step that the table no longer has keeps its name."""
    return STEP_LABELS.get(name, name)


def refusal(step: Steps, *, practice: GoodPractice, by: permissions.Account, is_public: bool) -> str:
    """Why the account can't take the step now; empty where only a note could be missing. Only copies cost a query."""
    try:
        _refuse(step.value, practice, by, "-", is_public=is_public)
    except (InvalidTransition, NotAllowed) as reason:
        return str(reason)
    return ""


def _refuse(
    step: Step, practice: GoodPractice, by: permissions.Account, note: str, *, is_public: bool | None = None
) -> None:
    """`is_public` spares the query where the caller knows."""
    if not step.permission(by, practice):
        raise NotAllowed(str(NOT_YOURS))
    if practice.status not in step.sources:
        raise InvalidTransition(
            str(_("This step is not possible while the case is: %(status)s."))
            % {"status": practice.get_status_display()}
        )
    if step.needs_note and not note.strip():
        raise InvalidTransition(str(_("Please write a note: it tells the others why.")))
    if step.needs_own_name and is_named_as_copied(practice):
        raise InvalidTransition(str(NAMED_AS_COPIED))
    if not step.needs_edition:
        return
    if not (practice.editions.public().exists() if is_public is None else is_public):
        raise InvalidTransition(str(_("This step is only possible while the case is public.")))


def _change_the_world(step: Steps, practice: GoodPractice, *, by: User, at: datetime) -> datetime:
    """Returns the moment it counts from: never before the present edition, even when a clock was set back."""
    current = practice.editions.public().first()
    moment = max(at, current.published_at) if current else at
    _retire(practice, at=moment)
    if step is Steps.PUBLISH:
        _publish(practice, by=by, at=moment)
    DataVersion.objects.bump()
    return moment


def _publish(practice: GoodPractice, *, by: User, at: datetime) -> None:
    version = (practice.editions.aggregate(highest=models.Max("version"))["highest"] or 0) + 1
    edition = edition_of(practice, version=version, published_at=at, published_by=by)
    search.index_edition(edition)


def _retire(practice: GoodPractice, *, at: datetime) -> None:
    for edition in practice.editions.public():
        Edition.objects.filter(pk=edition.pk).update(retired_at=at)
        search.unindex_edition(edition.pk)
