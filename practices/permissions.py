"""Who may do what at the desk. Roles are Django groups; admin, views and `workflow.take` ask these predicates."""

from collections.abc import Callable
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from .models.desk import GoodPractice, PracticeStatus


class Role(StrEnum):
    CURATOR = "curator"
    PUBLISHER = "publisher"
    TRANSLATOR_EN = "translator_en"
    TRANSLATOR_JA = "translator_ja"
    SURVEY_MANAGER = "survey_manager"


Account = AbstractBaseUser | AnonymousUser
Predicate = Callable[[Account, GoodPractice], bool]

OPEN = (PracticeStatus.DRAFT, PracticeStatus.CHANGES_REQUESTED)


def roles(user: Account) -> frozenset[str]:
    """The roles of an active account; a superuser has them all. One query for each account object."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset(Role)
    known: frozenset[str] | None = getattr(user, "_portal_roles", None)
    if known is None:
        known = frozenset(user.groups.values_list("name", flat=True)) & frozenset(Role)
        user._portal_roles = known  # type: ignore[attr-defined]
    return known


def may_read_desk(user: Account) -> bool:
    return bool(roles(user))


def may_curate(user: Account, _practice: GoodPractice | None = None) -> bool:
    return Role.CURATOR in roles(user)


def may_publish(user: Account, _practice: GoodPractice | None = None) -> bool:
    return Role.PUBLISHER in roles(user)


def may_keep_records(user: Account) -> bool:
    """Institutions, themes, concepts and the like: public when saved, so only curators and publishers save them."""
    return bool(roles(user) & {Role.CURATOR, Role.PUBLISHER})


def languages_to_edit(user: Account, practice: GoodPractice | None) -> frozenset[str]:
    """The languages (`en`, `ja`) whose texts the account may change in the case's present status."""
    held = roles(user)
    if practice is not None and practice.status == PracticeStatus.IN_REVIEW:
        return frozenset({"en", "ja"}) if Role.PUBLISHER in held else frozenset()
    if practice is not None and practice.status not in OPEN:
        return frozenset()
    if Role.CURATOR in held:
        return frozenset({"en", "ja"})
    if practice is None:
        return frozenset()
    return frozenset(
        language
        for language, role in (("en", Role.TRANSLATOR_EN), ("ja", Role.TRANSLATOR_JA))
        if role in held
    )


def may_edit(user: Account, practice: GoodPractice) -> bool:
    return bool(languages_to_edit(user, practice))


def may_edit_everything(user: Account, practice: GoodPractice | None) -> bool:
    """Whether also slug, institution, theme, parts may change: curators and publishers, not translators."""
    return languages_to_edit(user, practice) == {"en", "ja"} and bool(roles(user) & {Role.CURATOR, Role.PUBLISHER})


def may_delete(user: Account, practice: GoodPractice) -> bool:
    """Only a draft that never took a step may vanish; everything else is archived and stays on record."""
    return (
        may_curate(user)
        and practice.status == PracticeStatus.DRAFT
        and not practice.transitions.exists()
        and not practice.editions.exists()
    )
