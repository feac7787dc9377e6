"""Accounts in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sih_portal.models import DataVersion
from tests.factories.practices import publish

pytestmark = pytest.mark.django_db


def save_account(account: User, **changes: str) -> None:
    """Saves the account's page in the admin with the changes, as a superuser."""
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    data = {name: getattr(account, name) for name in ("username", "first_name", "last_name", "email")}
    data |= {"date_joined_0": f"{account.date_joined:%Y-%m-%d}", "date_joined_1": f"{account.date_joined:%H:%M:%S}"}

    response: Any = client.post(f"/admin/auth/user/{account.pk}/change/", data | changes)

    assert response.status_code == 302, response.context["errors"]


def test_a_new_name_of_who_published_makes_a_new_tag(client: Client) -> None:
    edition = publish(slug="a-case")
    paths = ["/ja/practices/a-case/", "/ja/practices/a-case/versions/1/"]
    tags = {path: client.get(path).headers["ETag"] for path in paths}

    save_account(edition.published_by, first_name="花子", last_name="新姓")

    answers = [client.get(path, headers={"If-None-Match": tag}) for path, tag in tags.items()]
    assert [(answer.status_code, "新姓 花子" in answer.content.decode()) for answer in answers] == [(200, True)] * 2


def test_an_account_saved_under_its_old_name_leaves_the_tags_alone() -> None:
    account = publish().published_by
    version = DataVersion.objects.current()

    save_account(account, email="new@example.org")

    account.refresh_from_db()
    assert (account.email, DataVersion.objects.current()) == ("new@example.org", version)
