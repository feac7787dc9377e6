"""The life of a case: the table of steps, `take()` which alone writes status and editions, and `claim()` for saves."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from . import permissions, search
from .copying import edition_of
from .models.desk import GoodPractice, PracticeStatus, Transition
from .models.edition import Edition

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DRAFT, IN_REVIEW, CHANGES_REQUESTED, PUBLISHED, ARCHIVED = PracticeStatus


@dataclass(frozen=True)
class Step:
    """A row of the table in `docs/adr/0002`: from which statuses, to which, by whom."""

    name: str
    label: "StrOrPromise"
    sources: tuple[PracticeStatus, ...]
    target: PracticeStatus
    permission: permissions.Predicate
    needs_note: bool = False
    needs_edition: bool = False


class Steps(Enum):
    SUBMIT = Step("submit", _("Submit for review"), (DRAFT, CHANGES_REQUESTED), IN_REVIEW, permissions.may_curate)
    WITHDRAW = Step("withdraw", _("Withdraw from review"), (IN_REVIEW,), DRAFT, permissions.may_curate)
    REQUEST_CHANGES = Step(
        "request_changes",
        _("Request changes"),
        (IN_REVIEW,),
        CHANGES_REQUESTED,
        permissions.may_publish,
        needs_note=True,
    )
    PUBLISH = Step("publish", _("Publish"), (IN_REVIEW,), PUBLISHED, permissions.may_publish)
    REVISE = Step("revise", _("Revise"), (PUBLISHED,), DRAFT, permissions.may_curate)
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


class InvalidTransition(Exception):
    """The case's status, or its lack of an edition or of a note, does not allow the step."""


class NotAllowed(Exception):
    """The account's roles do not allow the step."""


class EditConflict(Exception):
    """Somebody saved or moved the case since the form was opened."""


@transaction.atomic
def take(step: Steps, *, practice: GoodPractice, by: permissions.Account, at: datetime, note: str = "") -> GoodPractice:
    """This will move the case one step, log it, and on publishing and archiving change what the world sees.

    Returns the locked, freshly read row. `at` becomes the moment of the log and of the edition.

    :raises InvalidTransition: when status, edition or note do not allow the step.
    :raises NotAllowed: when the roles of `by` do not allow it.
    """
    locked = GoodPractice.objects.select_for_update().get(pk=practice.pk)
    _refuse(step.value, locked, by, note)
    account = cast("User", by)  # only a known account has the role
    source, locked.status = locked.status, step.value.target
    if step is Steps.PUBLISH:
        _publish(locked, by=account, at=at)
    if step is Steps.ARCHIVE:
        _retire(locked, at=at)
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
        and step is not Steps.REVISE
    ]


def claim(practice: GoodPractice, seen: int) -> None:
    """This will make the caller the one whose save counts: every writer of desk content calls it first.

    :raises EditConflict: when the case was saved or moved since `seen` was read, or is not open for editing.
    """
    editable = (DRAFT, CHANGES_REQUESTED, IN_REVIEW)
    claimed = GoodPractice.objects.filter(pk=practice.pk, status__in=editable, edits=seen).update(
        edits=models.F("edits") + 1
    )
    if not claimed:
        raise EditConflict(str(_("Somebody else changed this case since you opened it.")))
    practice.edits = seen + 1


def _refuse(step: Step, practice: GoodPractice, by: permissions.Account, note: str) -> None:
    if not step.permission(by, practice):
        raise NotAllowed(str(_("Your role does not allow this step.")))
    if practice.status not in step.sources:
        raise InvalidTransition(
            str(_("This step is not possible while the case is: %(status)s."))
            % {"status": practice.get_status_display()}
        )
    if step.needs_note and not note.strip():
        raise InvalidTransition(str(_("Please write a note: it tells the others why.")))
    if step.needs_edition and not practice.editions.public().exists():
        raise InvalidTransition(str(_("Only a case that is public can be archived.")))


def _publish(practice: GoodPractice, *, by: User, at: datetime) -> None:
    _retire(practice, at=at)
    version = (practice.editions.aggregate(highest=models.Max("version"))["highest"] or 0) + 1
    edition = edition_of(practice, version=version, published_at=at, published_by=by)
    search.index_edition(edition)


def _retire(practice: GoodPractice, *, at: datetime) -> None:
    for edition in practice.editions.public():
        Edition.objects.filter(pk=edition.pk).update(retired_at=at)
        search.unindex_edition(edition.pk)
