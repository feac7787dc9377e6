"""A case from the first word to the archive, in the Japanese admin: written, sent back, mended, published, found."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.practices import ConceptFactory
from tests.factories.staff import StaffFactory
from tests.factories.universities import InstitutionFactory

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery staple"
SLUG = "kakuu-overseas-office-run-together"
CASE = f"practices/{SLUG}/"
TEXTS = {
    "title_ja": "複数大学による在外事務所の共同運営",
    "title_en": "An overseas office run by several universities",
    "summary_ja": "費用を分け合い、駐在員を交代で派遣した。",
    "summary_en": "Costs were shared and staff sent in turn.",
    "actions-0-text_ja": "協定を結んだ。",
    "actions-0-text_en": "An agreement was signed.",
    "effects-0-text_ja": "維持費が半減した。",
    "effects-0-text_en": "Running costs were halved.",
}
LogIn = Callable[[str], Page]


@pytest.fixture
def log_in(live_server: LiveServer, transactional_db: None, browser: Browser) -> LogIn:
    """The loaded portal with an institution that has no case yet; gives a page of somebody of a role."""
    for role in ("curator", "publisher"):
        StaffFactory(username=role, roles=[role], password=make_password(PASSWORD))
    call_command("load_source", "--apply", verbosity=0)
    InstitutionFactory(slug="kakuu", name_ja="架空大学", name_en="Kakuu University")
    ConceptFactory(slug="rotating-staff", pref_label_ja="駐在員の交代派遣", pref_label_en="rotating staff")

    def page_of(role: str) -> Page:
        page = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}).new_page()
        page.goto("/admin/")
        page.get_by_label("ユーザー名").fill(role)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        expect(page.locator("#user-tools")).to_be_visible()
        return page

    return page_of


def choose(page: Page, field: str, typed: str, label: str) -> None:
    """Picks an entry as people do: open the list, type, click."""
    box = page.locator(f".fieldBox.field-{field}, .form-row.field-{field}").last
    box.locator(".select2-selection").click()
    page.locator(".select2-search__field:focus").fill(typed)
    page.locator(".select2-results__option", has_text=label).first.click()


def write(page: Page) -> None:
    """Fills the form of a new case in both languages and submits it."""
    page.goto("/admin/practices/goodpractice/add/")
    choose(page, "institution", "架空", "架空大学")
    choose(page, "theme", "9", "9 ")
    choose(page, "concepts", "駐在員", "駐在員の交代派遣")
    page.locator("[name=slug]").fill(SLUG)
    for name, text in TEXTS.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="取組を追加").click()
    page.locator("[name=actions-1-text_ja]").fill("駐在員を派遣した。")
    page.locator("[name=actions-1-text_en]").fill("Staff were sent.")
    take_step(page, "確認を依頼する", "確認中")


def take_step(page: Page, label: str, status: str, *, note: str = "") -> None:
    page.locator("[name=note]").fill(note)
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text(status)
    expect(page.locator(".desk-state .desk-status")).to_have_text(status)


def take_asked_step(page: Page, label: str, status: str, *, question: str, note: str = "") -> None:
    """A step that asks first: what it will do is read, the note is still there, then it is taken."""
    page.locator("[name=note]").fill(note)
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".desk-question")).to_contain_text(question)
    take_step(page, label, status, note=page.locator("[name=note]").input_value())
    expect(page.locator(".desk-timeline li").first).to_contain_text(note)


def open_case(page: Page) -> None:
    page.goto("/admin/practices/goodpractice/?q=" + quote("在外事務所"))
    page.get_by_role("link", name=TEXTS["title_ja"]).click()


def statuses(page: Page) -> dict[str, int]:
    """What the world's addresses of the case answer."""
    addresses = ("/ja/" + CASE, "/en/" + CASE, "/api/v1/" + CASE)
    return {address: page.request.get(address).status for address in addresses}


def places_that_name_it(page: Page) -> set[str]:
    """Of the places that list cases, those that list this one."""
    places = {
        "search": ("/ja/practices/?q=" + quote("在外"), SLUG),
        "facets": ("/ja/practices/", 'value="kakuu"'),
        "concepts": ("/ja/practices/", 'value="rotating-staff"'),
        "api": ("/api/v1/practices/?institution=kakuu", SLUG),
        "sitemap": ("/sitemap.xml", SLUG),
    }
    return {name for name, (address, text) in places.items() if text in page.request.get(address).text()}


def test_a_case_is_written_sent_back_mended_published_found_and_archived(log_in: LogIn) -> None:
    curator, publisher = log_in("curator"), log_in("publisher")

    write(curator)
    open_case(publisher)
    take_step(publisher, "差し戻す", "差戻し", note="効果の根拠を補ってください。")
    open_case(curator)
    expect(curator.locator(".desk-timeline")).to_contain_text("効果の根拠を補ってください。")
    curator.locator("[name=effects-0-text_ja]").fill("維持費が三年で半減した。")
    take_step(curator, "確認を依頼する", "確認中")
    assert set(statuses(publisher).values()) == {404}
    open_case(publisher)
    take_asked_step(publisher, "公開する", "公開中", question="入力した内容は保存しました。")

    publisher.locator(".messagelist a").click()
    expect(publisher.get_by_role("heading", level=1)).to_have_text(TEXTS["title_ja"])
    expect(publisher.locator("main")).to_contain_text("維持費が三年で半減した。")
    assert set(statuses(publisher).values()) == {200}
    assert places_that_name_it(publisher) == {"search", "facets", "concepts", "api", "sitemap"}

    open_case(publisher)
    reason = "新しい事例に置き換えるため。"
    take_asked_step(publisher, "公開を終了する", "公開終了", question=f"/ja/{CASE}", note=reason)
    assert set(statuses(publisher).values()) == {410}
    assert places_that_name_it(publisher) == set()
