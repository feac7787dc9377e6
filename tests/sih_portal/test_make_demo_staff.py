import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command


def printed() -> str:
    out = StringIO()
    call_command("make_demo_staff", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_passwords_are_printed_once_and_open_an_account_of_that_role() -> None:
    accounts = re.findall(r"admin/: (\w+)  password: (\S+)", printed())

    users = [authenticate(username=name, password=password) for name, password in accounts]
    assert [(user.get_username(), user.is_staff, user.is_superuser) for user in users if isinstance(user, User)] == [
        ("curator", True, False),
        ("publisher", True, False),
    ]
    assert list(User.objects.order_by("username").values_list("username", "groups__name")) == [
        ("curator", "curator"),
        ("publisher", "publisher"),
    ]
    assert printed() == ""


@pytest.mark.django_db
def test_production_gets_no_demo_accounts(settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="never made in production"):
        printed()

    assert User.objects.count() == 0
