"""Every public page in a real browser: accessible, narrow, without scripts, without a complaint from the CSP."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from practices.models import Edition
from practices.workflow import Steps, take
from tests.factories.practices import staff
from tests.journeys.refusals import REFUSALS

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.journeys.refusals")]
PATHS = (
    *("", "about/", "practices/", "practices/?q=%E8%81%B7%E5%93%A1&kind=national", "practices/?view=table"),
    *("practices/?q=%E5%A5%A8%E5%AD%A6%E9%87%91", "practices/?kind=secret&foo=1", "practices/?q=a%00b"),
    *(
        "practices/kobe-specialists-on-the-job-training/",
        "practices/kobe-specialists-on-the-job-training/versions/1/",
        "practices/nowhere/",
        "practices/{archived}/",
    ),
    *("words/", "practices/?q=%E3%82%B3%E3%83%B3%E3%82%BD%E3%82%B7%E3%82%A2%E3%83%A0"),
    *("practices/compare/", "practices/compare/?p=kobe-specialists-on-the-job-training&p=nowhere"),
    "practices/compare/?p=kobe-specialists-on-the-job-training&p=hitotsubashi-joint-overseas-staff-training",
    *("themes/", "themes/6/", "themes/8/", "themes/10/", "recommendations/", "recommendations/6/"),
    *("recommendations/7/", "survey/", "survey/sih-fy2008/", "survey/sih-fy2008/nowhere/"),
    *(f"survey/sih-fy2008/{indicator}/" for indicator in ("r0", "s1a", "t4", "q4", "c7")),
    *("institutions/", "institutions/tottori/", "institutions/osaka/"),
    *("publications/", "publications/final-report/", "publications/final-report-summary/", "events/"),
    *(f"refused/{status}/" for status in REFUSALS),
)
# Controls that nothing would happen with, were there no scripts.
DEAD = """() => [
  ...[...document.querySelectorAll("button, input, select, textarea")].filter((control) => !control.form),
  ...[...document.querySelectorAll("button")].filter((button) => button.type !== "submit"),
  ...[...document.forms].filter((form) => ![...form.elements].some((control) => control.type === "submit")),
  ...[...document.querySelectorAll("a")].filter((link) => !link.getAttribute("href")),
  ...[...document.querySelectorAll("a[href^='#']")].filter((link) => !document.getElementById(link.hash.slice(1))),
].map((control) => control.outerHTML.slice(0, 120))"""


@pytest.fixture
def addresses(live_server: LiveServer, transactional_db: None) -> list[str]:
    """All public pages of the loaded portal in both languages, one case archived."""
    publisher = staff("curator", "publisher")
    call_command("load_source", "--apply", verbosity=0)
    edition = Edition.objects.get(institution__slug="waseda")
    take(Steps.ARCHIVE, practice=edition.draft, by=publisher, at=edition.published_at, note="Replaced.")
    return [f"{live_server.url}/{lang}/{path.format(archived=edition.slug)}" for lang in ("ja", "en") for path in PATHS]


@pytest.fixture(params=["light", "dark"])
def page_in_colours(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_pages_break_no_rule_of_accessibility(addresses: list[str], page_in_colours: Page) -> None:
    broken = {}
    for address in addresses:
        page_in_colours.goto(address)
        found = Axe().run(page_in_colours).response["violations"]
        if found:
            broken[address] = [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found]

    assert broken == {}


def test_pages_do_not_scroll_sideways_at_320_pixels(addresses: list[str], browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    wide = {}
    for address in addresses:
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[address] = width

    assert wide == {}
    page.close()


def test_pages_load_without_a_complaint(addresses: list[str], live_server: LiveServer, page: Page) -> None:
    """Nothing refused by the Content-Security-Policy, no script error, no asset missing or from outside."""
    complaints: list[Any] = []
    page.on(
        "console",
        lambda message: complaints.append((message.text, message.location)) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    for address in [*addresses, f"{live_server.url}/admin/", f"{live_server.url}/api/v1/docs/"]:
        before = len(complaints)
        response = page.goto(address, wait_until="networkidle")
        if response is None or response.status != 200:
            page.wait_for_timeout(200)  # Chromium reports a 404 as an error of the console, a moment later at times
            del complaints[before:]
    page.wait_for_selector(".opblock")  # it comes for the schema once its scripts run

    assert complaints == []


def test_refusals_are_what_they_are_called(live_server: LiveServer, page: Page) -> None:
    answers: list[Response | None] = [page.goto(f"{live_server.url}/ja/refused/{status}/") for status in REFUSALS]

    assert [answer and answer.status for answer in answers] == list(REFUSALS)


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    yield context.new_page()
    context.close()


def test_pages_say_the_same_without_scripts(addresses: list[str], without_scripts: Page, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    said = {}
    for address in addresses:
        for reader in (page, without_scripts):
            reader.goto(address)
        expect(without_scripts.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
        said[address] = [reader.get_by_role("main").inner_text() for reader in (page, without_scripts)]

    assert {address for address, (scripted, plain) in said.items() if scripted != plain} == set()
    page.close()


def test_no_control_is_dead_without_scripts(addresses: list[str], without_scripts: Page) -> None:
    dead = {}
    folded = without_scripts.locator("details:not([open]) > summary")
    for address in addresses:
        without_scripts.goto(address)
        for _details in range(folded.count()):
            folded.first.click()
        dead[address] = [*without_scripts.evaluate(DEAD), *folded.all_inner_texts()]

    assert {address: controls for address, controls in dead.items() if controls} == {}


def test_search_works_without_scripts(addresses: list[str], browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto(f"{live_server.url}/")
    page.get_by_role("combobox").fill("職員")
    page.get_by_role("button", name="検索").click()
    page.get_by_label("近畿").check()
    page.get_by_role("button", name="絞り込む").click()

    # Expectations wait for the page that the click asked for.
    expect(page).to_have_url(re.compile(r"/ja/practices/\?.*region=kinki"))
    expect(page.locator("#results h2, #results h3")).to_have_count(2)
    page.get_by_role("link", name="English", exact=True).click()
    expect(page).to_have_url(re.compile(r"/en/practices/\?.*region=kinki"))
    context.close()
