"""The letter that reports an error: prefilled in the page's language, and readable by any mail program."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import translation

from sih_portal.reporting import report_address
from tests.factories.practices import RecommendationFactory, publish

ADDRESS = "https://sih.example.ac.jp/ja/practices/a/#action-1"


@pytest.fixture(autouse=True)
def contact(settings: Any) -> None:
    settings.CONTACT_EMAIL = "sih+errors@example.ac.jp"
    settings.SITE_URL = "https://sih.example.ac.jp"


def letter(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    fields = parse_qs(parts.query, strict_parsing=True)
    return parts.path, fields["subject"][0], fields["body"][0]


def test_letter_in_japanese() -> None:
    with translation.override("ja"):
        to, subject, body = letter(report_address(ADDRESS, "専門人材の採用", 3))

    assert (to, subject) == ("sih%2Berrors@example.ac.jp", "誤りの連絡：専門人材の採用")
    assert body.split("\r\n\r\n") == [
        f"該当箇所：{ADDRESS}（第3版）",
        "誤りの内容：",
        "正しい内容とその根拠：",
        "",
    ]


def test_letter_in_english() -> None:
    with translation.override("en"):
        _to, subject, body = letter(report_address(ADDRESS, "Costs & fees? 100% + more"))

    assert subject == "Report an error: Costs & fees? 100% + more"
    assert body.startswith(f"Place: {ADDRESS}\r\n")


def test_letter_fits_into_what_windows_hands_over() -> None:
    with translation.override("ja"):
        assert len(report_address(ADDRESS + "x" * 150, "事" * 200, 123)) < 2000


def test_no_letter_without_an_address(settings: Any) -> None:
    settings.CONTACT_EMAIL = ""

    assert report_address(ADDRESS, "a") == ""


@pytest.mark.django_db
def test_each_passage_and_page_carries_its_own_address(client: Client) -> None:
    edition = publish(slug="a")
    RecommendationFactory(theme=edition.theme)
    pages = {
        path: client.get(path).content.decode()
        for path in (
            "/en/practices/a/",
            f"/en/themes/{edition.theme.number}/",
            f"/en/recommendations/{edition.theme.number}/",
            f"/en/institutions/{edition.institution.slug}/",
        )
    }

    for path, page in pages.items():
        assert f"%2F%2Fsih.example.ac.jp{path.replace('/', '%2F')}" in page
    for anchor in ("action-1", "effect-1"):
        assert f"%2Fen%2Fpractices%2Fa%2F%23{anchor}%20%28version%201%29" in pages["/en/practices/a/"]


@pytest.mark.django_db
def test_foot_of_a_page_always_leads_to_the_editors(client: Client, settings: Any) -> None:
    with_letter = client.get("/en/practices/").content.decode()
    settings.CONTACT_EMAIL = ""
    without = client.get("/en/practices/").content.decode()

    assert "%2F%2Fsih.example.ac.jp%2Fen%2Fpractices%2F%0D%0A" in with_letter
    assert "mailto:" not in without
    assert '<a href="/en/about/#contact">Report an error</a>' in without


@pytest.mark.django_db
def test_about_page_names_jsps_where_no_address_is_set(client: Client, settings: Any) -> None:
    settings.CONTACT_EMAIL = ""

    assert "https://www.jsps.go.jp/" in client.get("/en/about/").content.decode()
