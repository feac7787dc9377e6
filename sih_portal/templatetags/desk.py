"""What the admin's templates need of the portal."""

import re
from typing import Any, Final

from django import template
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from sih_portal.people import full_name
from sih_portal.roles import SOURCE_ACCOUNT, Account

register = template.Library()
# The note of a step that brought a version back.
VERSION: Final = re.compile(r"v(\d+)")


@register.simple_tag
def account_mark(user: Account) -> str:
    """Tells the accounts that share a browser apart, and says nothing about them."""
    return salted_hmac("desk-typed", str(user.pk)).hexdigest()[:16]


@register.filter
def who(user: Any) -> str:
    """Whom the log names: a person, or that no person did it."""
    if user.get_username() == SOURCE_ACCOUNT:
        return gettext("Load of the source data")
    return full_name(user) or str(user.get_username())


@register.filter
def note_in_words(row: Any) -> str:
    """The note of a step in the log; the version that was restored in words."""
    version = VERSION.fullmatch(row.note) if row.step == "restore" else None
    return gettext("Version %(version)s") % {"version": version[1]} if version else str(row.note)
