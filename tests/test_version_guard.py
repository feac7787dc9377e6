"""The guard itself: it finds who forgets to tell the caches, and who tells too much."""

import pytest
from django.db import transaction

from practices.models import Edition, Theme
from sih_portal.models import DataVersion
from tests.factories.practices import PracticeFactory, ThemeFactory, archive, publish
from tests.version_guard import PUBLIC_TABLES, fault_of, written

pytestmark = pytest.mark.django_db


def test_guard_knows_the_tables_of_the_world_and_no_other() -> None:
    assert {"practices_edition", "practices_edition_themes", "practices_search", "universities_institution"} < (
        PUBLIC_TABLES
    )
    assert not {"practices_goodpractice", "practices_goodpractice_themes", "practices_action", "auth_user"} & (
        PUBLIC_TABLES
    )


def test_forgotten_bump_is_a_fault() -> None:
    theme = ThemeFactory()

    with written() as tables:
        Theme.objects.filter(pk=theme.pk).update(short_ja="変更")

    assert fault_of(tables) == "wrote practices_theme and did not bump the data version"


def test_bump_for_a_draft_is_a_fault() -> None:
    with written() as tables:
        DataVersion.objects.bump()

    assert "wrote no public table" in fault_of(tables)


def test_change_with_its_bump_is_none() -> None:
    theme = ThemeFactory()

    with written() as tables, transaction.atomic():
        theme.delete()
        DataVersion.objects.bump()

    assert fault_of(tables) == ""


def test_publishing_and_archiving_bump() -> None:
    practice = PracticeFactory()

    with written() as first:
        publish(practice)
    with written() as second:
        archive(Edition.objects.public().get())

    assert (fault_of(first), fault_of(second)) == ("", "")
