"""The documentation of the API in a real browser: it works under the portal's strict policy."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from sih_portal.api import ENDPOINTS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WATCH = "addEventListener('securitypolicyviolation', event => console.error('refused', event.violatedDirective))"


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains about while the test runs."""
    found: list[str] = []
    page.add_init_script(WATCH)
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_viewer_shows_every_endpoint_and_tries_one(page: Page, live_server: LiveServer, complaints: list[str]) -> None:
    page.goto(f"{live_server.url}/api/v1/docs/")
    expect(page.locator(".opblock")).to_have_count(1 + 2 * len(ENDPOINTS))

    page.locator("#operations-events-events_list .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()

    expect(page.locator(".live-responses-table .response .response-col_status")).to_have_text("200")
    expect(page.locator(".live-responses-table .microlight").first).to_contain_text('"count": 0')
    assert complaints == []


def test_viewer_without_javascript_leads_to_the_document(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_page(java_script_enabled=False)

    page.goto(f"{live_server.url}/api/v1/docs/")

    expect(page.get_by_role("link", name="OpenAPI (JSON)")).to_have_attribute("href", "/api/v1/schema/")
    page.close()
