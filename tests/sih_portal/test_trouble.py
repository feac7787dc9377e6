"""A database that is away for a while: a 503 that keeps what was typed, never a 500."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, Error, IntegrityError, InterfaceError, InternalError, OperationalError, connection
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from practices.models import GoodPractice
from sih_portal.trouble import FirstPiece, held_form, passes
from tests.factories.practices import PracticeFactory, staff
from tests.faults.member import fields_of
from tests.sih_portal.test_views import Broken

AWAY = OperationalError("server closed the connection unexpectedly")
TEXT = "行ったことを\r\n二行で書く <b>“&”</b>"


@contextmanager
def away() -> Iterator[None]:
    with connection.execute_wrapper(Broken(AWAY)):
        yield


@pytest.fixture
def curator(db: None) -> Client:
    """Someone who is signed in, as a real browser would be: with cookies, and without exemption from the token."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(staff("curator"))
    return client


def change_form(client: Client, **texts: str) -> tuple[str, dict[str, Any]]:
    """Address and fields of the form of a draft, with some of its texts typed anew."""
    address = reverse("admin:practices_goodpractice_change", args=[PracticeFactory().pk])
    fields = fields_of(client.get(address).content.decode(), "goodpractice_form")
    return address, {**fields, **{name: [text] for name, text in texts.items()}}


def held(response: Any) -> dict[str, list[str]]:
    return fields_of(response.content.decode(), "held-form")


def chain(error: Error, cause: BaseException) -> Error:
    error.__cause__ = cause
    return error


def with_code(error: Exception, **codes: object) -> Exception:
    vars(error).update(codes)
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (AWAY, True),
        (InterfaceError("connection already closed"), True),
        (chain(TransactionManagementError(), AWAY), True),
        (chain(InternalError("current transaction is aborted"), AWAY), True),
        (chain(OperationalError("full"), with_code(Exception(), sqlite_errorcode=13)), True),
        (chain(OperationalError("shutdown"), with_code(Exception(), pgcode="57P01")), True),
        (chain(OperationalError("no such column"), with_code(Exception(), sqlite_errorcode=1)), False),
        (chain(OperationalError("too complex"), with_code(Exception(), pgcode="54001")), False),
        (InternalError("current transaction is aborted"), False),
        (DatabaseError("database disk image is malformed"), False),
        (IntegrityError("duplicate"), False),
        (RuntimeError(), False),
        (None, False),
    ],
)
def test_fault_that_another_try_may_mend_is_told_from_others(error: BaseException | None, expected: bool) -> None:
    assert passes(error) is expected


def test_form_that_meets_trouble_is_held_with_every_field(curator: Client) -> None:
    address, fields = change_form(curator, summary_ja=TEXT, **{"actions-0-text_en": "It acted twice."})

    with away():
        response = curator.post(address, fields)

    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "30", "no-store")
    assert held(response) == fields


def test_held_texts_are_shown_under_the_names_of_the_form(curator: Client) -> None:
    address, fields = change_form(curator, summary_ja="行ったこと", **{"actions-0-text_en": "It acted."})

    with away():
        page = curator.post(address, fields).content.decode()

    shown = page.partition("<h2>")[2]
    assert "行ったこと</textarea>" in shown
    assert "It acted.</textarea>" in shown
    assert '<label for="held-1">題名（日本語）</label>' in shown
    assert "取組1：本文（英語）</label>" in shown
    assert fields["csrfmiddlewaretoken"][0] not in shown


def test_held_form_is_saved_when_it_is_sent_again(curator: Client) -> None:
    address, fields = change_form(curator, summary_en="Typed in a bad moment.")
    with away():
        response = curator.post(address, fields)

    answer = curator.post(address, held(response))

    assert answer.status_code == 302
    assert "Typed in a bad moment." in curator.get(address).content.decode()


@pytest.mark.parametrize(("cookie", "language"), [("", "ja"), ("en", "en")])
def test_staff_read_the_page_in_their_language(curator: Client, cookie: str, language: str) -> None:
    curator.cookies["django_language"] = cookie

    with away():
        response = curator.get("/admin/")

    assert (response.status_code, f'<html lang="{language}">' in response.content.decode()) == (503, True)


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_change/", "/admin/auth/user/add/"])
def test_password_is_never_held(path: str, db: None) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(staff("curator"))

    with away():
        response = client.post(path, {"username": "someone", "password": "geheimnis", "new_password1": "geheimnis"})

    assert response.status_code == 503
    assert not any(text in response.content for text in (b"geheimnis", b"someone"))


def test_form_without_its_token_is_not_held(curator: Client) -> None:
    with away():
        response = curator.post("/admin/practices/goodpractice/add/", {"title_en": "Sent by a stranger"})

    assert response.status_code in {403, 503}
    assert b"Sent by a stranger" not in response.content


def test_form_of_a_request_that_nobody_checked_yet_is_not_held(rf: RequestFactory) -> None:
    unchecked, checked = rf.post("/admin/", {"name": "typed"}), rf.post("/admin/", {"name": "typed"})
    checked.csrf_processing_done = True  # type: ignore[attr-defined]

    assert held_form(unchecked) is None
    assert held_form(checked) is not None


def test_files_must_be_chosen_again(curator: Client) -> None:
    address, fields = change_form(curator)
    upload = SimpleUploadedFile("figures.pdf", b"content")

    with away():
        page = curator.post(address, {**fields, "attachments-0-file": upload}).content.decode()

    assert 'enctype="multipart/form-data"' in page
    assert "<strong>" in page


def test_page_that_was_only_asked_for_offers_another_try(db: None) -> None:
    with away():
        page = Client(raise_request_exception=False).get("/en/themes/?a=1&b=<").content.decode()

    assert 'href="/en/themes/?a=1&amp;b=%3C"' in page
    assert "held-form" not in page


def pieces(*made: bytes | Error) -> Iterator[bytes]:
    for piece in made:
        if isinstance(piece, Error):
            raise piece
        yield piece


def test_stream_that_can_not_start_fails_before_its_status(rf: RequestFactory) -> None:
    def view(_request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(pieces(AWAY))

    with pytest.raises(OperationalError):
        FirstPiece(view)(rf.get("/"))


def test_stream_that_starts_is_whole(rf: RequestFactory) -> None:
    def view(_request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(pieces(b"a", b"b", b"c"))

    response: Any = FirstPiece(view)(rf.get("/"))

    assert b"".join(response.streaming_content) == b"abc"


needs_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a fault of SQLite")
needs_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="a fault of PostgreSQL")


@needs_sqlite
@pytest.mark.django_db(transaction=True)
def test_locked_sqlite_is_a_pause_that_keeps_the_text(curator: Client) -> None:
    address, fields = change_form(curator, summary_en="Typed while locked.")
    pragma("busy_timeout=20")

    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        response = curator.post(address, fields)
        other.execute("ROLLBACK")

    assert (response.status_code, held(response)) == (503, fields)
    assert curator.post(address, held(response)).status_code == 302


@needs_sqlite
@pytest.mark.django_db(transaction=True)
def test_full_disk_is_a_pause_and_reading_goes_on(curator: Client) -> None:
    address, fields = change_form(curator, context_en="x" * 100_000)
    pragma(f"max_page_count={pragma('page_count')}")

    response = curator.post(address, fields)
    reading = curator.get(address)
    pragma("max_page_count=1000000")

    assert (response.status_code, reading.status_code) == (503, 200)
    assert curator.post(address, held(response)).status_code == 302


def pragma(statement: str) -> Any:
    with connection.cursor() as cursor:
        return (cursor.execute(f"PRAGMA {statement}").fetchone() or [None])[0]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_ended_connection_is_a_pause_that_keeps_the_text(curator: Client) -> None:
    address, fields = change_form(curator, summary_en="Typed while restarting.")
    with connection.copy().cursor() as other, connection.cursor() as own:
        own.execute("SELECT pg_backend_pid()")
        other.execute("SELECT pg_terminate_backend(%s)", own.fetchone())
        other.connection.close()

    response = curator.post(address, fields)
    connection.close()  # as happens between requests

    assert (response.status_code, held(response)) == (503, fields)
    assert curator.post(address, held(response)).status_code == 302


def test_form_that_was_stored_but_not_acknowledged_can_be_sent_again(curator: Client) -> None:
    address, fields = change_form(curator, summary_en="Stored, but nobody said so.")
    curator.post(address, fields)

    again = curator.post(address, fields)

    assert again.status_code == 409
    assert "あなたの入力は、保存済みの内容と同じです。" in again.content.decode()


def test_new_case_that_was_stored_but_not_acknowledged_is_not_stored_twice(curator: Client) -> None:
    address = reverse("admin:practices_goodpractice_add")
    fields = fields_of(curator.get(address).content.decode(), "goodpractice_form")
    known = PracticeFactory(slug="stored-once")
    fields |= {"institution": [str(known.institution_id)], "theme": [str(known.theme_id)]}
    slug = f"{known.institution.slug}-form-sent-twice"
    fields |= {"slug": [slug], "title_ja": ["二度送った事例"], "title_en": ["Sent twice"]}
    first = curator.post(address, fields)

    again = curator.post(address, fields)

    assert (first.status_code, again.status_code) == (302, 200)
    assert GoodPractice.objects.filter(slug=slug).count() == 1
    assert "二度送った事例" in again.content.decode()
