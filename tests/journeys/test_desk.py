"""The first page of the office in Japanese: a translator empties the own work, a curator sees where cases lack."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from practices import translations
from practices.models import GoodPractice
from tests.factories.practices import PracticeFactory, ThemeFactory, publish
from tests.factories.staff import StaffFactory

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery staple"
LogIn = Callable[[str], Page]


@pytest.fixture
def log_in(live_server: LiveServer, transactional_db: None, browser: Browser) -> LogIn:
    """Gives the first page of the office as somebody of a role sees it, without scripts."""

    def page_of(role: str) -> Page:
        StaffFactory(username=role, roles=[role], password=make_password(PASSWORD))
        page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
        page.goto("/admin/")
        page.get_by_label("ユーザー名").fill(role)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        return page

    return page_of


def change(practice: GoodPractice, **texts: str) -> None:
    """What a curator's save does to the case."""
    before = translations.places(practice)
    for name, text in texts.items():
        setattr(practice, name, text)
    practice.save()
    practice.actions.update(text_en="An agreement was signed by all.")
    translations.note(practice, before=before, after=translations.places(practice))


def work(page: Page) -> Any:
    return page.get_by_role("region", name="担当する作業")


def test_a_translator_empties_the_own_work(log_in: LogIn) -> None:
    practice = PracticeFactory(
        title_ja="在外事務所の共同運営", actions=[("An agreement was signed.", "協定を結んだ。")]
    )
    change(practice, summary_en="What was done, in short.")
    page = log_in("translator_ja")

    expect(work(page)).to_contain_text("日本語の確認が必要な事例 1件")
    work(page).get_by_role("link", name="在外事務所の共同運営").click()
    expect(page.get_by_role("heading", name="訳文の確認が必要：2件")).to_be_visible()
    summary = page.locator(".drift").first
    summary.get_by_text("翻訳後に変わった箇所").click()
    expect(summary.locator("ins")).to_contain_text("in short")
    summary.get_by_label("意味は変わらない（訳文の変更不要）").check()
    page.locator("[name=actions-0-text_ja]").fill("全大学が協定を結んだ。")
    page.get_by_role("button", name="保存", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("訳文の変更は不要と確認しました：概要（日本語）")
    page.goto("/admin/")
    expect(work(page)).to_contain_text("確認が必要な訳文はありません")
    expect(page.get_by_role("region", name="対応が必要な事例")).to_contain_text("対応が必要な事例はありません")


def test_a_curator_sees_where_cases_lack(log_in: LogIn) -> None:
    publish(theme=ThemeFactory(number=101, short_ja="海外拠点"), institution__kind="national", title_ja="公開の事例")

    page = log_in("curator")
    row = page.get_by_role("row", name="101 海外拠点")

    expect(row.get_by_role("cell")).to_have_text(["1 件", "なし", "なし", "なし", "1"])
    row.get_by_role("link").click()
    expect(page.locator("#result_list")).to_contain_text("公開の事例")
