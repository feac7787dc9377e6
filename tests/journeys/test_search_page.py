"""The search page in a real browser: what htmx improves, and that nothing needs it."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.practices import staff

pytestmark = pytest.mark.browser


@pytest.fixture
def search_page(live_server: LiveServer, transactional_db: None) -> str:
    staff("curator", "publisher")  # the flush between these tests takes the roles away
    call_command("load_source", "--apply", verbosity=0)
    return f"{live_server.url}/ja/practices/"


def test_filtering_keeps_focus_counts_and_goes_back(search_page: str, page: Page) -> None:
    page.goto(search_page)

    page.check("#facet-theme-6")
    expect(page.locator("#count")).to_have_text("事例 3 件")
    focused = page.evaluate("document.activeElement.id")
    switch = page.get_by_role("link", name="English").get_attribute("href")
    page.go_back()

    assert [focused, switch] == ["facet-theme-6", "/en/practices/?q=&theme=6"]
    expect(page.locator("#count")).to_have_text("事例 20 件")
    expect(page.locator("#facet-theme-6")).not_to_be_checked()


def test_removing_a_chip_moves_the_focus_to_the_count(search_page: str, page: Page) -> None:
    page.goto(f"{search_page}?theme=6&view=table")

    page.get_by_role("link", name="解除：").click()

    expect(page.locator("#count")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?view=table$"))


def test_filters_on_a_phone_without_scripts(search_page: str, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 800}, locale="ja")
    page.goto(search_page)

    page.locator("#filters summary").first.click()
    page.check("#facet-theme-6")
    page.get_by_role("button", name="この条件で絞り込む").click()

    expect(page.locator("#count")).to_have_text("事例 3 件")
    expect(page.locator("#applied")).to_have_text("条件 1 つを適用中")
    page.close()
