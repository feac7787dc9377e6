"""Finding a case with the help of the search, in a real browser: by keyboard alone, and once without JavaScript."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.practices import staff

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_server: LiveServer, transactional_db: None) -> str:
    staff("curator", "publisher")  # the flush between these tests takes the roles away
    call_command("load_source", "--apply", verbosity=0)
    return live_server.url


def compose(page: Page, text: str) -> None:
    """As an input method does while its text is still open."""
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def test_from_typing_to_the_matched_action_by_keyboard(site: str, page: Page) -> None:
    page.goto(f"{site}/ja/")
    field = page.get_by_role("combobox", name="検索語")
    field.focus()
    page.keyboard.insert_text("海外拠")

    options = page.get_by_role("option")
    expect(options.first).to_contain_text("海外拠点")
    expect(page.get_by_role("status")).to_contain_text("候補が")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-1")
    page.keyboard.press("Enter")

    expect(page.locator("#count")).to_contain_text("「海外拠点」の事例")
    before = page.locator("#count").inner_text()
    page.locator("#facets input:not(:disabled)").first.press("Space")
    expect(page.locator("#count")).not_to_have_text(before)
    page.go_back()
    expect(page.locator("#count")).to_have_text(before)
    link = page.locator(".found-in a[href*='#action-']").first
    anchor = str(link.get_attribute("href")).partition("#")[2]
    link.press("Enter")
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()


def test_escape_closes_and_keeps_what_was_typed(site: str, page: Page) -> None:
    page.goto(f"{site}/en/practices/")
    field = page.get_by_role("combobox", name="Search words")
    field.press_sequentially("over")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", re.compile(r"suggestion-\d"))

    page.keyboard.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("over")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_keys_of_an_input_method_are_its_own(site: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "suggestions" in request.url else None)
    page.goto(f"{site}/ja/")
    page.locator("#q").focus()

    compose(page, "こんそ")
    page.wait_for_timeout(500)
    while_composing = list(asked)
    page.keyboard.insert_text("コンソ")

    expect(page.get_by_role("option").first).to_contain_text("コンソーシアム")
    assert while_composing == []


def test_a_failing_answer_leaves_the_search_as_it_is(site: str, page: Page) -> None:
    asked: list[str] = []

    def fail(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503) if len(asked) == 1 else route.abort()

    page.route("**/words/suggestions/**", fail)
    page.goto(f"{site}/ja/")
    for text in ("海外", "海外拠点"):
        page.locator("#q").fill(text)
        page.wait_for_timeout(500)
    page.keyboard.press("Enter")

    expect(page.locator("#count")).to_contain_text("「海外拠点」の事例")
    assert len(asked) == 2


def test_a_misspelt_word_and_the_index_of_words_without_scripts(site: str, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 800}, locale="ja")
    page.goto(f"{site}/ja/")
    page.locator("#q").fill("コンソシアム")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="コンソーシアム", exact=True).press("Enter")
    expect(page.locator("#count")).to_contain_text("「コンソーシアム」の事例")

    page.get_by_role("link", name="用語索引から選ぶ").press("Enter")
    page.get_by_role("link", name="海外拠点", exact=True).press("Enter")

    expect(page.locator("#count")).to_have_text("事例 5 件")
    page.close()
