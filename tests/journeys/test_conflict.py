"""Two curators at one case in the Japanese admin: the second takes one text, keeps one, and the world reads both."""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from practices.models import GoodPractice
from tests.factories.practices import PracticeFactory
from tests.factories.staff import StaffFactory
from tests.practices.desk import change_page

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery staple"
LogIn = Callable[[str, str], Page]


@pytest.fixture
def practice(live_server: LiveServer, transactional_db: None) -> GoodPractice:
    return PracticeFactory(
        title_ja="在外事務所の共同運営", summary_ja="費用を分け合った。", actions=[("It acted.", "協定を結んだ。")]
    )


@pytest.fixture
def log_in(live_server: LiveServer, practice: GoodPractice, browser: Browser) -> LogIn:
    def page_of(name: str, role: str) -> Page:
        StaffFactory(username=name, roles=[role], password=make_password(PASSWORD), last_name=name)
        page = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}).new_page()
        page.goto("/admin/")
        page.get_by_label("ユーザー名").fill(name)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        expect(page.locator("#user-tools")).to_be_visible()
        page.goto(change_page(practice))
        return page

    return page_of


def write(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        page.locator(f"[name={name.replace('__', '-')}]").fill(text)


def take_step(page: Page, label: str, status: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".desk-state .desk-status")).to_have_text(status)


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()


def test_the_second_of_two_takes_one_text_keeps_one_and_it_is_published(practice: GoodPractice, log_in: LogIn) -> None:
    first, second = log_in("山田", "curator"), log_in("鈴木", "curator")
    write(
        first,
        title_ja="海外事務所の共同運営",
        summary_ja="費用を三大学で分け合った。",
        actions__0__text_ja="協定を三年ごとに更新した。",
    )
    write(second, title_ja="在外拠点の共同運営", summary_ja="費用を折半した。")
    save(first)
    expect(first.locator(".messagelist")).to_be_visible()

    save(second)

    conflict = second.locator("#conflict")
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text("山田")
    expect(conflict.locator(".desk-theirs").first).to_have_text("海外事務所の共同運営")
    expect(conflict.locator(".desk-yours").first).to_have_text("在外拠点の共同運営")
    expect(second.locator("[name=actions-0-text_ja]")).to_have_value("協定を三年ごとに更新した。")
    conflict.get_by_label("保存済みの内容を採用する").first.check()
    expect(second.locator("[name=title_ja]")).to_have_value("海外事務所の共同運営")
    take_step(second, "確認を依頼する", "確認中")
    publisher = log_in("佐藤", "publisher")
    publisher.get_by_role("button", name="公開する", exact=True).click()
    expect(publisher.locator(".desk-question")).to_contain_text("初めての公開")
    take_step(publisher, "公開する", "公開中")

    publisher.locator(".messagelist a").click()
    expect(publisher.get_by_role("heading", level=1)).to_have_text("海外事務所の共同運営")
    expect(publisher.locator("main")).to_contain_text("費用を折半した。")
    expect(publisher.locator("main")).to_contain_text("協定を三年ごとに更新した。")
