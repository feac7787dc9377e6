"""Signing in: how often a password may be wrong, and how long a session lives. Real requests; the lock is on."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from sih_portal.signing_in import NETWORKS, account, network
from tests.factories.staff import StaffFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
NEW = "another horse battery"
OFFICE, HOME = "192.0.2.10", "198.51.100.20"
WRONG = 5


@pytest.fixture(autouse=True)
def locks(settings: Any) -> None:
    settings.AXES_ENABLED = True


@pytest.fixture
def user() -> User:
    return member("tanaka")


def member(name: str, *roles: str, **fields: Any) -> User:
    made: User = StaffFactory(username=name, roles=list(roles) or ["curator"], **fields)
    made.set_password(PASSWORD)
    made.save()
    return made


def sign_in(name: str, password: str = PASSWORD, *, address: str = OFFICE, **headers: str) -> Any:
    extra: Any = {"REMOTE_ADDR": address, **headers}
    return Client().post("/admin/login/", {"username": name, "password": password}, **extra)


def fail(name: str, times: int = WRONG, **where: str) -> Any:
    answers = [sign_in(name, "wrong", **where) for _ in range(times)]
    return answers[-1]


def test_account_is_locked_after_five_wrong_passwords(user: User) -> None:
    assert fail("tanaka", WRONG - 1).status_code == 200
    locked = fail("tanaka", 1)

    assert (locked.status_code, locked["Retry-After"]) == (429, "3600")
    assert sign_in("tanaka").status_code == 429


@pytest.mark.parametrize(("cookie", "language"), [("ja", "ja"), ("en", "en")])
def test_lock_speaks_the_language_of_the_staff(user: User, cookie: str, language: str) -> None:
    fail("tanaka")
    client = Client()
    client.cookies["django_language"] = cookie

    page = client.post("/admin/login/", {"username": "tanaka", "password": PASSWORD}, REMOTE_ADDR=OFFICE)

    assert (page.status_code, f'<html lang="{language}">' in page.content.decode()) == (429, True)


def test_lock_says_nothing_to_scripts_that_it_does_not_say_to_people(user: User) -> None:
    locked = fail("tanaka", address=OFFICE)
    asked_by_script = sign_in("tanaka", HTTP_X_REQUESTED_WITH="XMLHttpRequest")

    assert asked_by_script.content == locked.content
    assert "Access-Control-Allow-Origin" not in asked_by_script


def test_lock_holds_neither_a_colleague_nor_the_own_home(user: User) -> None:
    member("suzuki")
    fail("tanaka")

    assert sign_in("suzuki").status_code == 302
    assert sign_in("tanaka", address=HOME).status_code == 302


def test_lock_ends_after_an_hour_however_often_somebody_tries(user: User, time_machine: Any) -> None:
    time_machine.move_to("2026-04-01 09:00:00+09:00", tick=False)
    fail("tanaka")
    time_machine.shift(timedelta(minutes=50))
    assert sign_in("tanaka").status_code == 429

    time_machine.shift(timedelta(minutes=11))

    assert sign_in("tanaka").status_code == 302


def test_right_password_forgets_the_wrong_ones_before(user: User) -> None:
    fail("tanaka", WRONG - 1)
    sign_in("tanaka")

    assert fail("tanaka", WRONG - 1).status_code == 200


def test_account_tried_from_many_networks_is_locked_for_strange_ones(user: User) -> None:
    sign_in("tanaka", address=HOME)
    for number in range(NETWORKS * WRONG):
        fail("tanaka", 1, address=f"203.0.113.{number}")

    assert sign_in("tanaka", address="203.0.113.200").status_code == 429
    assert sign_in("tanaka", address=HOME).status_code == 302


def test_addresses_of_one_ipv6_network_are_one(user: User) -> None:
    for number in range(WRONG):
        locked = fail("tanaka", 1, address=f"2001:db8:1:2::{number + 1}")

    assert locked.status_code == 429
    assert sign_in("tanaka", address="2001:db8:1:3::1").status_code == 302


@pytest.mark.parametrize("variant", ["Tanaka", "ＴＡＮＡＫＡ", " tanaka ", "TANAKA"])
def test_ways_to_write_one_name_are_counted_as_one(user: User, variant: str) -> None:
    fail(variant, 3)
    fail("tanaka", 2)

    assert sign_in("tanaka").status_code == 429


def test_nobody_learns_which_accounts_exist(user: User) -> None:
    member("inactive", is_active=False)
    Client().get("/admin/login/")

    known, unknown, inactive = ([page_of(name) for _ in range(WRONG + 1)] for name in ("tanaka", "nobody", "inactive"))

    assert known == unknown == inactive
    assert [status for status, _body in known] == [200] * (WRONG - 1) + [429] * 2


def page_of(name: str) -> tuple[int, str]:
    answer = sign_in(name, "wrong")
    token = answer.context["csrf_token"] if answer.context else ""
    return answer.status_code, answer.content.decode().replace(name, "").replace(str(token), "")


def test_forged_addresses_change_nothing_without_a_proxy(user: User) -> None:
    for number in range(WRONG):
        locked = fail("tanaka", 1, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")

    assert locked.status_code == 429
    assert AccessAttempt.objects.values_list("ip_address", flat=True).get() == OFFICE


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.1", OFFICE),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "203.0.113.1, 203.0.113.2", "203.0.113.2"),
        (2, "9.9.9.9, 203.0.113.1, 203.0.113.2", "203.0.113.1"),
        (2, "203.0.113.2", "203.0.113.2"),
        (1, "", OFFICE),
        (1, "unknown", OFFICE),
        (1, "'; drop table", OFFICE),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "fe80::1%eth0", "fe80::"),
    ],
)
def test_network_is_that_which_the_outermost_known_proxy_saw(
    rf: RequestFactory, settings: Any, proxies: int, forwarded: str, expected: str
) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}

    assert network(rf.get("/", REMOTE_ADDR=OFFICE, HTTP_X_FORWARDED_FOR=forwarded)) == expected


def test_request_through_a_socket_has_no_network(rf: RequestFactory) -> None:
    assert network(rf.get("/", REMOTE_ADDR="")) is None


def test_account_without_a_name_is_nobody(rf: RequestFactory) -> None:
    assert account(rf.post("/"), None) == ""


def test_unlocking_one_account_leaves_others_locked(user: User) -> None:
    member("suzuki")
    fail("tanaka")
    fail("suzuki")

    call_command("axes_reset_username", "tanaka", verbosity=0)

    assert (sign_in("tanaka").status_code, sign_in("suzuki").status_code) == (302, 429)


def test_old_rows_of_the_login_can_be_cleared(user: User) -> None:
    sign_in("tanaka")
    AccessLog.objects.update(attempt_time=timezone.now() - timedelta(days=91))
    sign_in("tanaka")

    call_command("axes_reset_logs", age=90)

    assert AccessLog.objects.count() == 1


def browser(user: User) -> Client:
    client = Client()
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert client.get("/admin/").status_code == 200
    return client


def test_own_new_password_ends_the_sessions_elsewhere(user: User) -> None:
    here, elsewhere = browser(user), browser(user)

    changed = here.post(
        "/admin/password_change/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    )

    assert changed.status_code == 302
    assert (here.get("/admin/").status_code, elsewhere.get("/admin/").status_code) == (200, 302)


def test_password_set_by_an_administrator_ends_every_session(user: User) -> None:
    theirs = browser(user)
    administrator = browser(member("root", is_superuser=True))

    path = f"/admin/auth/user/{user.pk}/password/"
    changed = administrator.post(path, {"password1": NEW, "password2": NEW, "usable_password": "true"})

    assert changed.status_code == 302
    assert (theirs.get("/admin/").status_code, administrator.get("/admin/").status_code) == (302, 200)


def test_signing_out_ends_the_session_for_good(user: User) -> None:
    client = browser(user)
    cookie = client.cookies["sessionid"].value

    client.post("/admin/logout/")
    client.cookies["sessionid"] = cookie

    assert client.get("/admin/").status_code == 302


def test_signing_in_changes_the_key_of_the_session(user: User) -> None:
    client = Client()
    client.session.save()
    before = client.cookies["sessionid"].value if "sessionid" in client.cookies else ""

    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})

    assert client.cookies["sessionid"].value != before


def test_session_ends_after_a_working_day(user: User, time_machine: Any) -> None:
    time_machine.move_to("2026-04-01 08:30:00+09:00", tick=False)
    client = browser(user)

    time_machine.shift(timedelta(hours=11, minutes=59))
    assert client.get("/admin/").status_code == 200
    time_machine.shift(timedelta(minutes=2))

    assert client.get("/admin/").status_code == 302


def test_sessions_seen_while_the_key_is_exchanged_outlive_it(user: User, settings: Any) -> None:
    seen, absent = browser(user), browser(user)
    former = settings.SECRET_KEY

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [former]
    assert seen.get("/admin/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []

    assert (seen.get("/admin/").status_code, absent.get("/admin/").status_code) == (200, 302)
