"""Who may do what at the desk. Roles are Django groups; admin, views and `workflow.take` ask these predicates."""

from collections.abc import Callable

from sih_portal.roles import Account, Role, may_keep_records, may_read_desk, roles

from .models.desk import OPEN, GoodPractice, PracticeStatus

__all__ = [
    "OPEN",
    "Account",
    "Predicate",
    "Role",
    "languages_to_edit",
    "may_curate",
    "may_delete",
    "may_edit",
    "may_edit_everything",
    "may_keep_records",
    "may_publish",
    "may_read_desk",
    "roles",
]

Predicate = Callable[[Account, GoodPractice], bool]

TRANSLATORS = {"en": Role.TRANSLATOR_EN, "ja": Role.TRANSLATOR_JA}


def may_curate(user: Account, _practice: GoodPractice | None = None) -> bool:
    return Role.CURATOR in roles(user)


def may_publish(user: Account, _practice: GoodPractice | None = None) -> bool:
    return Role.PUBLISHER in roles(user)


def may_edit_everything(user: Account, practice: GoodPractice | None) -> bool:
    """Whether also slug, institution, theme, parts may change: curators while it is open, publishers in review."""
    if practice is not None and practice.status == PracticeStatus.IN_REVIEW:
        return may_publish(user)
    return may_curate(user) and (practice is None or practice.status in OPEN)


def languages_to_edit(user: Account, practice: GoodPractice | None) -> frozenset[str]:
    """The languages (`en`, `ja`) whose texts the account may change in the case's present status."""
    if may_edit_everything(user, practice):
        return frozenset(TRANSLATORS)
    if practice is None or practice.status not in OPEN:
        return frozenset()
    return frozenset(language for language, role in TRANSLATORS.items() if role in roles(user))


def may_edit(user: Account, practice: GoodPractice) -> bool:
    return bool(languages_to_edit(user, practice))


def may_delete(user: Account, practice: GoodPractice) -> bool:
    """Only a draft that never took a step may vanish; everything else is archived and stays on record."""
    return (
        may_curate(user)
        and practice.status == PracticeStatus.DRAFT
        and not practice.transitions.exists()
        and not practice.editions.exists()
    )
