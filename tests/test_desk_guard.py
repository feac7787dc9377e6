"""The guard itself: it finds who asks for more than the world may see."""

import pytest
from django.contrib.auth.models import User

from practices.models import FruitlessQuery, GoodPractice
from tests.desk_guard import DeskLeak, leaks, refuse_desk_tables, refuse_passwords, refusing
from tests.factories.practices import A_MOMENT, publish

pytestmark = pytest.mark.django_db


def test_a_desk_table_is_refused() -> None:
    with refusing(refuse_desk_tables), pytest.raises(DeskLeak):
        GoodPractice.objects.first()
    leaks.clear()


def test_searches_of_readers_are_written_and_not_read() -> None:
    day = {"first_asked_on": A_MOMENT, "last_asked_on": A_MOMENT}
    with refusing(refuse_desk_tables):
        FruitlessQuery.objects.create(text="sushi", language="en", **day)
        with pytest.raises(DeskLeak):
            FruitlessQuery.objects.first()
    leaks.clear()


def test_a_password_is_refused_and_a_name_is_not() -> None:
    edition = publish()

    with refusing(refuse_passwords):
        assert User.objects.only("first_name").get(pk=edition.published_by_id).first_name == ""
        with pytest.raises(DeskLeak):
            User.objects.first()
    leaks.clear()
