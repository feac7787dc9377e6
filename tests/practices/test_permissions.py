from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser, User

from practices import permissions
from practices.models import GoodPractice, PracticeStatus
from practices.permissions import Role
from practices.workflow import Steps, take
from tests.factories.practices import PracticeFactory, publish, staff

pytestmark = pytest.mark.django_db

BOTH = {"en", "ja"}
EDITED: dict[Role, dict[str, set[str]]] = {
    Role.CURATOR: {"draft": BOTH, "changes_requested": BOTH},
    Role.PUBLISHER: {"in_review": BOTH},
    Role.TRANSLATOR_EN: {"draft": {"en"}, "changes_requested": {"en"}},
    Role.TRANSLATOR_JA: {"draft": {"ja"}, "changes_requested": {"ja"}},
    Role.SURVEY_MANAGER: {},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("status", PracticeStatus)
def test_languages_to_edit_depend_on_role_and_status(role: Role, status: PracticeStatus) -> None:
    practice = GoodPractice(status=status)

    languages = permissions.languages_to_edit(staff(role), practice)

    assert languages == EDITED[role].get(status, set())


@pytest.mark.parametrize(("role", "expected"), [(role, role == Role.CURATOR) for role in Role])
def test_only_curators_edit_everything_of_a_draft(role: Role, expected: bool) -> None:
    assert permissions.may_edit_everything(staff(role), GoodPractice()) == expected


def test_both_translators_in_one_still_edit_texts_only() -> None:
    translator = staff(Role.TRANSLATOR_EN, Role.TRANSLATOR_JA)
    practice = GoodPractice()

    assert permissions.languages_to_edit(translator, practice) == BOTH
    assert not permissions.may_edit_everything(translator, practice)


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_the_desk(role: Role) -> None:
    assert permissions.may_read_desk(staff(role))


@pytest.mark.parametrize(("role", "expected"), [(role, role in {Role.CURATOR, Role.PUBLISHER}) for role in Role])
def test_curators_and_publishers_keep_records(role: Role, expected: bool) -> None:
    assert permissions.may_keep_records(staff(role)) == expected


@pytest.mark.parametrize("user", [AnonymousUser(), User(is_staff=True), User(is_superuser=True, is_active=False)])
def test_roles_of_nobody_are_none(user: permissions.Account) -> None:
    if isinstance(user, User) and not user.is_superuser:
        user = staff()

    assert permissions.roles(user) == frozenset()


def test_a_superuser_has_every_role() -> None:
    assert permissions.roles(User(is_superuser=True)) == frozenset(Role)


def test_another_group_is_no_role() -> None:
    assert permissions.roles(staff("curator", "choir")) == {"curator"}


@pytest.mark.parametrize(("role", "expected"), [(role, role == Role.CURATOR) for role in Role])
def test_only_curators_delete_an_untouched_draft(role: Role, expected: bool) -> None:
    assert permissions.may_delete(staff(role), PracticeFactory()) == expected


def test_a_draft_that_took_a_step_stays() -> None:
    practice, curator = PracticeFactory(), staff("curator")
    for step in (Steps.SUBMIT, Steps.WITHDRAW):
        take(step, practice=practice, by=curator, at=datetime(2026, 4, 1, tzinfo=UTC))
    practice.refresh_from_db()

    assert not permissions.may_delete(curator, practice)


def test_a_published_case_stays() -> None:
    practice = publish().draft
    practice.refresh_from_db()

    assert not permissions.may_delete(staff("curator"), practice)


def test_publisher_who_translates_both_languages_still_edits_only_texts_of_a_draft() -> None:
    account = staff("publisher", "translator_en", "translator_ja")

    draft = PracticeFactory()

    assert permissions.languages_to_edit(account, draft) == {"en", "ja"}
    assert not permissions.may_edit_everything(account, draft)
