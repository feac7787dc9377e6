"""A published case is revised in the Japanese admin: compared, published as version 2, restored, thrown back."""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from practices.models import Edition
from tests.factories.practices import ConceptFactory, RecommendationFactory, publish
from tests.factories.staff import StaffFactory

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery staple"
CASE = "/ja/practices/a-case/"
OLD, NEW = "在外事務所の共同運営", "在外事務所の三大学共同運営"
LogIn = Callable[[str], Page]


@pytest.fixture
def edition(transactional_db: None) -> Edition:
    theme = RecommendationFactory(theme__number=6).theme
    return publish(
        slug="a-case", theme=theme, title_ja=OLD, title_en="A shared office", concepts=[ConceptFactory()],
        actions=[("Two signed.", "二大学が協定を結んだ。"), ("Staff were sent.", "職員を派遣した。")],
    )  # fmt: skip


@pytest.fixture
def log_in(live_server: LiveServer, edition: Edition, browser: Browser) -> LogIn:
    def page_of(role: str) -> Page:
        StaffFactory(username=role, roles=[role], password=make_password(PASSWORD), first_name=role, last_name="")
        page = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}).new_page()
        page.goto("/admin/")
        page.get_by_label("ユーザー名").fill(role)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        expect(page.locator("#user-tools")).to_be_visible()
        page.goto(f"/admin/practices/goodpractice/{edition.draft_id}/change/")
        return page

    return page_of


def press(page: Page, label: str, status: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".desk-state .desk-status")).to_have_text(status)


def heading(page: Page, path: str) -> str:
    return page.request.get(path).text().partition("<h1>")[2].partition("</h1>")[0].strip()


def test_a_case_is_revised_published_restored_and_discarded(log_in: LogIn) -> None:
    curator, publisher = log_in("curator"), log_in("publisher")

    press(curator, "改訂する", "下書き")
    curator.locator("[name=title_ja]").fill(NEW)
    curator.locator("[name=actions-0-text_ja]").fill("三大学が協定を結んだ。")
    press(curator, "確認を依頼する", "確認中")
    assert heading(publisher, CASE) == OLD

    publisher.reload()
    changes = publisher.locator(".desk-changes")
    expect(changes.locator("summary")).to_have_text("公開中の第1版からの変更：2か所")
    expect(changes.locator("ins").first).to_contain_text("三大学")
    publisher.get_by_role("button", name="公開する", exact=True).click()
    expect(publisher.get_by_role("heading", name="公開中の第1版からの変更：2か所")).to_be_visible()
    expect(publisher.locator(".desk-question ins").first).to_contain_text("三大学")
    assert heading(publisher, CASE) == OLD
    press(publisher, "公開する", "公開中")
    assert [heading(publisher, path) for path in (CASE, f"{CASE}versions/1/")] == [NEW, OLD]

    publisher.goto(CASE)
    publisher.get_by_role("link", name="第2版", exact=True).click()
    expect(publisher.locator(".version-banner")).to_contain_text("現行の版（第2版")
    expect(publisher.locator(".changes dt")).to_contain_text(["題名（日本語）", "取組1：本文（日本語）"])
    publisher.get_by_role("link", name="第1版", exact=True).click()
    expect(publisher.get_by_role("heading", level=1)).to_have_text(OLD)
    publisher.get_by_role("link", name="現行の第2版").click()
    expect(publisher.get_by_role("heading", level=1)).to_have_text(NEW)

    curator.reload()
    press(curator, "改訂する", "下書き")
    curator.get_by_role("link", name="下書きに復元する").last.click()
    curator.get_by_role("button", name="下書きに復元する").click()
    expect(curator.locator(".messagelist")).to_contain_text("第1版の内容に戻しました")
    expect(curator.locator("[name=title_ja]")).to_have_value(OLD)

    curator.get_by_role("button", name="改訂を取りやめる").click()
    expect(curator.locator(".difference del").first).to_be_visible()
    press(curator, "改訂を取りやめる", "公開中")
    assert heading(curator, CASE) == NEW
