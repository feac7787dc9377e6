"""Health, robots, sitemap, about, and what is shown when something is refused or broken."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, RequestFactory

from practices.models import Chapter
from sih_portal import views
from tests.factories.practices import A_MOMENT, PracticeFactory, PublicationFactory, archive, publish
from tests.factories.survey import FigureFactory, IndicatorFactory
from tests.factories.universities import ProgrammeFactory
from tests.survey.hidden import HIDDEN, hidden_beside, hidden_figure, public_figure

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])


class Broken:
    """A database in which every statement fails in one way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, *_statement: Any) -> Any:
        raise self.error


def get_while(error: Exception, path: str) -> Any:
    with connection.execute_wrapper(Broken(error)):
        return Client(raise_request_exception=False).get(path)


def language_of(response: Any) -> str:
    text: str = response.content.decode()
    return text.partition('<html lang="')[2][:2]


def test_healthz_answers_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_ready_with_a_migrated_database(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_not_ready_without_a_migration(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="practices").latest("pk").delete()

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"migrations are missing\n")


@pytest.mark.django_db
def test_readyz_is_not_ready_without_a_database() -> None:
    response = get_while(OperationalError("gone"), "/readyz")

    assert (response.status_code, response.content) == (503, b"the database does not answer\n")
    assert response["Retry-After"] == "30"


def test_robots_names_the_sitemap_of_the_public_host(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://sih.example.ac.jp"

    lines = client.get("/robots.txt").content.decode().splitlines()

    assert {"Disallow: /admin/", "Disallow: /*/answer/"} <= set(lines)
    assert lines[-1] == "Sitemap: https://sih.example.ac.jp/sitemap.xml"


def sitemap(client: Client) -> dict[str, ET.Element]:
    response = client.get("/sitemap.xml")
    return {url.findtext("s:loc", "", SITEMAP): url for url in ET.fromstring(response.content)}


@pytest.mark.django_db
def test_sitemap_gives_each_page_in_both_languages(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://sih.example.ac.jp"
    edition = publish()

    url = sitemap(client)[f"https://sih.example.ac.jp/en/practices/{edition.slug}/"]

    assert {link.get("hreflang"): link.get("href") for link in url.findall("x:link", SITEMAP)} == {
        "ja": f"https://sih.example.ac.jp/ja/practices/{edition.slug}/",
        "en": f"https://sih.example.ac.jp/en/practices/{edition.slug}/",
        "x-default": f"https://sih.example.ac.jp/ja/practices/{edition.slug}/",
    }
    assert url.findtext("s:lastmod", "", SITEMAP) == A_MOMENT.date().isoformat()


@pytest.mark.django_db
def test_sitemap_holds_public_pages_only(client: Client, settings: Any) -> None:
    settings.SITE_URL = "http://portal"
    report = PublicationFactory(slug="report")
    theme = publish(slug="public", theme__number=101, institution__slug="kobe", publication=report).theme
    PracticeFactory(slug="draft", theme=theme, institution__slug="nara")
    archive(publish(slug="archived", theme=theme, institution__slug="kyoto"))

    pages = {address.removeprefix("http://portal/en/") for address in sitemap(client) if "/en/" in address}

    lists = {"", "about/", "practices/", "themes/", "recommendations/", "institutions/"}
    lists |= {"publications/", "events/", "survey/", "words/"}
    institutions = {"institutions/kobe/", "institutions/nara/", "institutions/kyoto/"}
    assert pages == {*lists, *institutions, "practices/public/", "themes/101/", "publications/report/"}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", HIDDEN)
def test_sitemap_names_each_indicator_of_a_public_round(client: Client, settings: Any, kind: str) -> None:
    settings.SITE_URL = "http://portal"
    figure = public_figure("sih-fy2008", indicator__code="s1a")
    FigureFactory(release=figure.release, indicator=figure.indicator, period="2008")
    public_figure("sih-fy2012", indicator=figure.indicator)
    hidden_beside(figure, indicator=IndicatorFactory(code="s7"))
    hidden_figure(kind)

    pages = {address for address in sitemap(client) if "/survey/" in address}

    told = {"", "sih-fy2008/", "sih-fy2008/s1a/", "sih-fy2012/", "sih-fy2012/s1a/"}
    assert pages == {f"http://portal/{language}/survey/{path}" for language in ("ja", "en") for path in told}


@pytest.mark.django_db
def test_about_shows_money_and_chapters(client: Client) -> None:
    ProgrammeFactory(grant_min_jpy=10_000_000, grant_max_jpy=40_000_000)
    report: Any = PublicationFactory(slug="final-report")
    Chapter.objects.create(publication=report, number=4, title_en="How they did it")

    shown = client.get("/en/about/").content.decode()

    assert "about 10 million yen to 40 million yen a year for each institution" in shown
    assert '<li value="4">How they did it</li>' in shown


@pytest.mark.django_db
@LANGUAGES
def test_about_stands_before_anything_is_loaded(client: Client, language: str) -> None:
    assert client.get(f"/{language}/about/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("licence", ["", "CC BY 4.0"])
def test_about_names_the_licence_where_one_is_set(client: Client, settings: Any, licence: str) -> None:
    settings.CONTENT_LICENCE = licence

    assert ("Licence of the texts: CC BY 4.0." in client.get("/en/about/").content.decode()) == bool(licence)


@pytest.mark.django_db
@LANGUAGES
@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("practices/", "practices/"),
        ("practices/?page=1&q=a&kind=private&foo=1&sort=relevance", "practices/?q=a&kind=private"),
        ("institutions/?kind=private", "institutions/"),
        ("themes/?page=2", "themes/"),
    ],
)
def test_canonical_address_is_among_its_translations(
    client: Client, settings: Any, language: str, asked: str, kept: str
) -> None:
    settings.SITE_URL = "https://sih.example.ac.jp"

    shown = client.get(f"/{language}/{asked}").content.decode()

    links = re.findall(r'<link rel="(canonical|alternate)"(?: hreflang="([-a-z]+)")? href="([^"]+)"', shown)
    address = {code: f"https://sih.example.ac.jp/{code}/{kept}".replace("&", "&amp;") for code in ("ja", "en")}
    assert links == [
        ("canonical", "", address[language]),
        ("alternate", "ja", address["ja"]),
        ("alternate", "en", address["en"]),
        ("alternate", "x-default", address["ja"]),
    ]


@LANGUAGES
@pytest.mark.django_db
def test_unknown_address_is_a_404_in_its_language_with_a_search_box(client: Client, language: str) -> None:
    response = client.get(f"/{language}/nothing/")

    assert (response.status_code, language_of(response)) == (404, language)
    assert f'action="/{language}/practices/"' in response.content.decode()


@LANGUAGES
def test_unknown_address_without_language_speaks_the_browsers(client: Client, language: str) -> None:
    response = client.get("/nothing", headers={"Accept-Language": language})

    assert (response.status_code, language_of(response)) == (404, language)


@LANGUAGES
@pytest.mark.django_db
def test_unreadable_query_is_a_400_that_says_why(client: Client, language: str) -> None:
    response = client.get(f"/{language}/about/", QUERY_STRING="q=%ff")

    assert (response.status_code, language_of(response)) == (400, language)
    assert response.context["reason"]


def test_foreign_host_is_a_400(client: Client) -> None:
    assert client.get("/en/about/", headers={"Host": "evil.example"}).status_code == 400


def test_text_of_other_errors_stays_unsaid(rf: RequestFactory) -> None:
    pages = [
        views.bad_request(rf.get("/en/"), SuspiciousOperation("inner thing")),
        views.forbidden(rf.get("/en/"), PermissionDenied("inner thing")),
    ]

    assert [page.status_code for page in pages] == [400, 403]
    assert [b"inner thing" in page.content for page in pages] == [False, False]


@pytest.mark.django_db
def test_form_without_its_token_is_a_403() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "someone", "password": "secret"})

    assert (response.status_code, language_of(response)) == (403, "ja")


@pytest.mark.django_db
def test_locked_account_is_a_429(client: Client, settings: Any) -> None:
    settings.AXES_ENABLED = True

    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post("/admin/login/", {"username": "someone", "password": "wrong"})

    assert (response.status_code, language_of(response)) == (429, "ja")


@pytest.mark.django_db
@LANGUAGES
def test_archived_practice_is_a_410_that_tells_nothing_of_it(client: Client, language: str) -> None:
    edition = publish(title_en="What was said", title_ja="言ったこと")
    archive(edition)

    response = client.get(f"/{language}/practices/{edition.slug}/")

    assert (response.status_code, language_of(response)) == (410, language)
    assert not any(title in response.content.decode() for title in (edition.title_en, edition.title_ja))


@pytest.mark.django_db
@LANGUAGES
def test_fault_is_a_500_that_needs_no_database(language: str) -> None:
    response = get_while(RuntimeError("inner thing"), f"/{language}/themes/")

    assert (response.status_code, language_of(response)) == (500, language)
    assert b"inner thing" not in response.content


@pytest.mark.django_db
@LANGUAGES
def test_silent_database_is_a_503_to_try_again(language: str) -> None:
    response = get_while(OperationalError("inner thing"), f"/{language}/themes/")

    assert (response.status_code, language_of(response), response["Retry-After"]) == (503, language, "30")


@pytest.mark.django_db
def test_api_says_404_in_json(client: Client) -> None:
    missing = client.get("/api/nothing/", headers={"Accept-Language": "ja"})

    assert (missing.status_code, missing.json()) == (404, {"detail": "There is no page at this address."})


def test_api_says_400_of_a_foreign_host_in_json(client: Client) -> None:
    refused = client.get("/api/v1/", headers={"Host": "evil.example"})

    assert (refused.status_code, refused.json()) == (
        400,
        {"detail": "The request could not be understood.", "errors": []},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), [(RuntimeError("inner"), 500), (OperationalError("inner"), 503)])
def test_api_says_500_and_503_in_json(error: Exception, status: int) -> None:
    response = get_while(error, "/api/v1/themes/?lang=ja")

    assert (response.status_code, list(response.json())) == (status, ["detail"])
    assert response["Content-Language"] == "ja"
    assert response.json()["detail"] in response.content.decode()


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("en-GB,ja;q=0.5", "/en/"), ("fr,en;q=0.3", "/en/"), ("fr", "/ja/"), ("", "/ja/"), (";;q=x", "/ja/")],
)
def test_the_bare_address_leads_to_the_browsers_language(client: Client, accepted: str, expected: str) -> None:
    client.cookies["django_language"] = "en" if expected == "/ja/" else "ja"

    response = client.get("/", headers={"accept-language": accepted})

    assert [response.status_code, response.headers["Location"]] == [302, expected]
    assert response.headers["Vary"] == "Accept-Language"
