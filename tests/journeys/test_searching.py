"""From a word to a case and to a file, by the keyboard alone: with suggestions while typing, and without JavaScript."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.practices import staff

pytestmark = pytest.mark.browser
MOST_TABS = 120


@pytest.fixture
def search_page(live_server: LiveServer, transactional_db: None) -> str:
    staff("curator", "publisher")  # the flush between these tests takes the roles away
    call_command("load_source", "--apply", verbosity=0)
    return f"{live_server.url}/ja/practices/"


def tab_to(page: Page, target: Locator) -> None:
    """Without a mouse: the tabulator key until the target has the focus."""
    for _time in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} is not reached by the keyboard")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def count(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("#count").inner_text().split("件")[0]))


def rows_of_export(page: Page) -> int:
    """The cases in the Excel file of the result, as Excel would read them."""
    press(page, page.get_by_text("ダウンロード（"))
    with page.expect_download() as download:
        press(page, page.get_by_role("link", name="Excel", exact=True))
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    return sum(1 for row in book.worksheets[0].iter_rows(min_row=2, values_only=True) if any(row))


def open_at_action(page: Page) -> None:
    """This will follow the first card's link to an action that has the words; the browser must stand there."""
    link = page.locator(".found-in a[href*='#action-']").first
    place = (link.get_attribute("href") or "").split("#")[1]
    press(page, link)
    expect(page).to_have_url(re.compile(f"/ja/practices/[-a-z0-9]+/#{place}$"))
    expect(page.locator(f"#{place}")).to_be_in_viewport()
    assert page.evaluate("document.querySelector(':target')?.id") == place


def test_from_a_word_to_a_file_by_the_keyboard(search_page: str, page: Page) -> None:
    page.goto(search_page)
    field = page.get_by_role("combobox", name="検索語")

    tab_to(page, field)
    page.keyboard.type("海外")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    taken = page.locator("[role=option][aria-selected=true]").get_attribute("data-text") or ""
    page.keyboard.press("Enter")
    expect(field).to_have_value(taken)
    expect(page).to_have_url(re.compile("[?&]q="))
    expect(page.get_by_role("listbox")).to_be_hidden()
    found = count(page)

    box = page.locator("#facets input[type=checkbox]").first
    press(page, box, "Space")
    expect(page.locator("#applied")).to_have_text("条件 1 つを適用中")
    refined = count(page)
    expect(box).to_be_focused()
    page.go_back()  # a key of the browser, not of the page
    expect(page.locator("#applied")).to_have_text("")
    assert (count(page), "海外" in taken, 0 < refined < found < 20) == (found, True, True)

    assert rows_of_export(page) == found
    open_at_action(page)


def test_from_a_slip_to_a_file_without_scripts(search_page: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False, locale="ja", accept_downloads=True).new_page()
    page.goto(search_page)

    tab_to(page, page.locator("#q"))
    page.keyboard.type("海外 ワークショプ")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="海外 ワークショップ"))
    expect(page.locator("#q")).to_have_value("海外 ワークショップ")
    found = count(page)

    box = page.locator("#facets input[type=checkbox]").first
    press(page, box, "Space")
    press(page, page.get_by_role("button", name="この条件で絞り込む"))
    expect(page.locator("#applied")).to_have_text("条件 1 つを適用中")
    page.go_back()  # a key of the browser, not of the page
    expect(page.locator("#applied")).to_have_text("")
    assert count(page) == found > 0

    assert rows_of_export(page) == found
    open_at_action(page)
    page.context.close()
