"""Names of people, as each language writes them."""

import pytest
from django.contrib.auth.models import User

from sih_portal.people import full_name


@pytest.mark.parametrize(
    ("last", "first", "written"),
    [
        ("佐々木", "花子", "佐々木 花子"),
        ("さとう", "", "さとう"),
        ("Yamada", "Hanako", "Hanako Yamada"),
        ("", "花子", "花子"),
        ("", "", ""),
    ],
)
def test_a_japanese_name_begins_with_the_family(last: str, first: str, written: str) -> None:
    assert full_name(User(username="login", last_name=last, first_name=first)) == written
