"""Who has the newest answer is told so; everybody else gets it."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practices.models import Theme
from sih_portal.models import DataVersion
from tests.factories.practices import PracticeFactory, archive, publish, staff

pytestmark = pytest.mark.django_db

PUBLIC = (
    *("/ja/", "/en/practices/", "/ja/practices/case/", "/ja/overview.xlsx", "/sitemap.xml"),
    *("/api/v1/", "/api/v1/practices/", "/api/v1/practices/case/", "/api/v1/practices/?format=csv"),
    *("/api/v1/practices/?format=jsonl", "/api/v1/practices/?format=xlsx", "/api/v1/schema/"),
)
KEPT_HEADERS = ("ETag", "Vary", "Cache-Control", "Content-Security-Policy", "X-Frame-Options")


def tag(client: Client, address: str, **headers: str) -> str:
    response: Any = client.get(address, headers=headers)
    list(getattr(response, "streaming_content", ()))
    etag: str = response.headers["ETag"]
    return etag


def again(client: Client, address: str, etag: str, **headers: str) -> int:
    return client.get(address, headers={"if-none-match": etag, **headers}).status_code


@pytest.mark.parametrize("address", PUBLIC)
def test_who_has_the_answer_gets_304_for_one_query(client: Client, address: str) -> None:
    publish(slug="case")
    etag = tag(client, address)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, headers={"if-none-match": etag})

    assert (response.status_code, response.content, len(queries)) == (304, b"", 1)
    assert etag.startswith('W/"')


@pytest.mark.parametrize("address", ["/ja/", "/api/v1/practices/"])
def test_304_says_what_the_whole_answer_says(client: Client, address: str) -> None:
    whole = client.get(address)

    short = client.get(address, headers={"if-none-match": whole.headers["ETag"]})

    assert {name: short.headers.get(name) for name in KEPT_HEADERS} == {
        name: whole.headers.get(name) for name in KEPT_HEADERS
    }
    assert short.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("form", ["{0}", '"x", {0}', '{0} , "x"', "*"])
def test_forms_of_the_question(client: Client, form: str) -> None:
    assert again(client, "/ja/", form.format(tag(client, "/ja/"))) == 304


def test_tags_are_compared_weakly(client: Client) -> None:
    assert again(client, "/ja/", tag(client, "/ja/").removeprefix("W/")) == 304


def test_head_is_answered_like_get(client: Client) -> None:
    etag = client.head("/ja/").headers["ETag"]

    assert etag == tag(client, "/ja/")
    assert client.head("/ja/", headers={"if-none-match": etag}).status_code == 304


@pytest.mark.parametrize("address", ["/ja/", "/api/v1/practices/"])
def test_a_change_of_public_data_makes_a_new_tag(client: Client, address: str) -> None:
    edition = publish(slug="case")
    first = tag(client, address)
    publish()
    second = tag(client, address)
    archive(edition)

    assert len({first, second, tag(client, address)}) == 3
    assert (again(client, address, first), again(client, address, second)) == (200, 200)


def test_an_edit_on_the_desk_changes_no_tag(client: Client) -> None:
    publish()
    before = tag(client, "/ja/")

    PracticeFactory(title_ja="秘密")

    assert tag(client, "/ja/") == before


def test_each_address_query_language_and_form_has_a_tag_of_its_own(client: Client) -> None:
    addresses = ["/ja/", "/en/", "/ja/practices/", "/ja/practices/?sort=title", "/api/v1/practices/"]
    tags = {tag(client, address) for address in addresses}

    tags.add(tag(client, "/api/v1/practices/", accept="text/csv"))

    assert len(tags) == 6


def test_tag_is_good_for_one_day_because_pages_print_the_day(client: Client) -> None:
    with time_machine.travel(datetime(2026, 4, 1, 14, 59, tzinfo=UTC)):
        etag = tag(client, "/ja/")
    with time_machine.travel(datetime(2026, 4, 1, 15, 1, tzinfo=UTC)):  # past midnight in Japan
        assert again(client, "/ja/", etag) == 200


def test_tag_depends_on_what_pages_print_of_the_settings(client: Client, settings: Any) -> None:
    before = tag(client, "/ja/")

    settings.CONTACT_EMAIL = "office@example.ac.jp"

    assert tag(client, "/ja/") != before


def test_staff_get_the_same_tag(client: Client) -> None:
    etag = tag(client, "/ja/")

    client.force_login(staff("curator"))

    assert tag(client, "/ja/") == etag


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/ja/nowhere/", 404),
        ("/ja/practices/gone/", 410),
        ("/ja/practices/?q=%00", 400),
        ("/api/v1/practices/?kind=royal", 400),
        ("/api/v1/practices/gone/", 410),
        ("/", 302),
        ("/healthz", 200),
        ("/admin/login/", 200),
    ],
)
def test_other_answers_have_no_tag(client: Client, address: str, status: int) -> None:
    archive(publish(slug="gone"))

    response = client.get(address, headers={"if-none-match": "*"})

    assert (response.status_code, response.headers.get("ETag")) == (status, None)


def test_archived_case_is_gone_at_once_for_who_has_its_page(client: Client) -> None:
    edition = publish(slug="case")
    etag = tag(client, "/ja/practices/case/")

    archive(edition)

    assert again(client, "/ja/practices/case/", etag) == 410


def test_no_answer_of_the_database_is_the_ordinary_pause(client: Client) -> None:
    def fail(*_arguments: Any) -> None:
        raise OperationalError("the server is gone")

    client.raise_request_exception = False
    with connection.execute_wrapper(fail):
        response = client.get("/ja/", headers={"if-none-match": '"x"'})

    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "ETag" not in response.headers


def test_answers_depend_on_accept_language_only_where_they_do(client: Client) -> None:
    vary = {address: client.get(address).headers.get("Vary", "") for address in ("/ja/", "/api/v1/practices/", "/")}

    assert {address: "Accept-Language" in value for address, value in vary.items()} == {
        "/ja/": False,
        "/api/v1/practices/": False,
        "/": True,
    }


def test_saving_a_record_in_the_admin_makes_a_new_tag(client: Client, loaded_source: None) -> None:
    theme = Theme.objects.get(number=3)
    version = DataVersion.objects.current()
    client.force_login(User.objects.create_superuser("root"))
    page = client.get(f"/admin/practices/theme/{theme.pk}/change/")
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    for formset in page.context["inline_admin_formsets"]:
        management = formset.formset.management_form
        data |= {f"{management.prefix}-{name}": management[name].value() for name in management.fields}

    response = client.post(page.request["PATH_INFO"], data | {"short_ja": "新しい名前"})

    assert response.status_code == 302, response.content.decode()
    assert DataVersion.objects.current() != version
