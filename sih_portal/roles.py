"""The roles of staff: Django groups, read once for each account object."""

from enum import StrEnum
from typing import Final

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

# The account that publishes what is loaded from the source's files; nobody signs in with it.
SOURCE_ACCOUNT: Final = "source-import"


class Role(StrEnum):
    CURATOR = "curator"
    PUBLISHER = "publisher"
    TRANSLATOR_EN = "translator_en"
    TRANSLATOR_JA = "translator_ja"
    SURVEY_MANAGER = "survey_manager"


Account = AbstractBaseUser | AnonymousUser


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


def may_keep_records(user: Account) -> bool:
    """Institutions, themes, concepts and the like: public when saved, so only curators and publishers save them."""
    return bool(roles(user) & {Role.CURATOR, Role.PUBLISHER})
