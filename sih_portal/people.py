"""How people are named."""

import re
from typing import Final

from django.contrib.auth.models import User

JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def full_name(user: User) -> str:
    """The name on record; written in Japanese, the family name stands first. Empty where there is none."""
    if JAPANESE.search(user.last_name):
        return f"{user.last_name} {user.first_name}".strip()
    return user.get_full_name()
