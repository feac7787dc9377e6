"""A day at the Japanese desk: many cases at once, a copy, a kept filter, and text that a reload does not lose."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from practices.models import Edition, GoodPractice
from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, staff
from tests.factories.staff import StaffFactory
from tests.practices.desk import LIST, change_page

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery staple"
# The admin's own scripts keep the theme there, and do not expect a refusal.
NO_ROOM = """
const setItem = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  if (key.startsWith("desk-typed:")) throw new DOMException("full", "QuotaExceededError");
  setItem.call(this, key, value);
};
"""
LogIn = Callable[[str], Page]


@pytest.fixture
def log_in(live_server: LiveServer, transactional_db: None, browser: Browser) -> Iterator[LogIn]:
    """Gives a page of somebody of a role; at the end no script may have failed."""
    failures: list[str] = []
    for role in ("curator", "publisher"):
        StaffFactory(username=role, roles=[role], password=make_password(PASSWORD))

    def page_of(role: str) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="ja", timezone_id="Asia/Tokyo"
        )
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        enter(page, role)
        return page

    yield page_of
    assert failures == []


def enter(page: Page, role: str) -> None:
    page.goto("/admin/login/?next=/admin/password_change/")
    page.get_by_label("ユーザー名").fill(role)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    expect(page.locator("#user-tools")).to_be_visible()


def in_review(number: int) -> GoodPractice:
    practice: GoodPractice = PracticeFactory(slug=f"kakuu-case-number-{number}", title_ja=f"架空の事例{number}")
    return take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT)


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()


def kept(page: Page) -> int:
    count: int = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('desk-typed:')).length")
    return count


def type_and_wait(page: Page, name: str, text: str) -> None:
    page.locator(f"[name={name}]").fill(text)
    wait_until_kept(page, text)


def wait_until_kept(page: Page, text: str) -> None:
    page.wait_for_function("(text) => JSON.stringify(localStorage).includes(text)", arg=text)


def leave(page: Page) -> list[str]:
    """Loads the page again; the kinds of questions that the browser asked."""
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", agree)
    page.reload()
    return asked


def test_three_cases_are_published_at_once_but_for_the_one_edited_meanwhile(log_in: LogIn) -> None:
    cases = [in_review(number) for number in (1, 2, 3)]
    page, other = log_in("publisher"), log_in("publisher")

    page.goto(f"{LIST}?status__exact=in_review")
    page.locator("#action-toggle").check()
    page.get_by_label("操作").select_option(label="公開する")
    page.get_by_role("button", name="実行").click()
    expect(page.locator(".desk-bulk caption")).to_contain_text("3件")
    other.goto(change_page(cases[1]))
    other.locator("[name=summary_ja]").fill("公開直前に直した要約。")
    save(other)
    page.get_by_role("button", name="公開する").click()

    expect(page.get_by_role("status")).to_contain_text("3件のうち2件")
    expect(page.get_by_role("row", name="架空の事例2")).to_contain_text("変更されたため、そのままにしました")
    answers = [page.request.get(f"/ja/practices/{case.slug}/").status for case in cases]
    assert answers == [200, 404, 200]
    page.get_by_role("row", name="架空の事例3").get_by_role("link", name="公開ページを開く").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("架空の事例3")


def test_a_case_is_duplicated_and_the_copy_edited(log_in: LogIn) -> None:
    practice = PracticeFactory(institution__slug="kakuu", slug="kakuu-staff-abroad-together", title_ja="もとの事例")
    page = log_in("curator")

    page.goto(change_page(practice))
    page.get_by_role("button", name="複製").click()
    expect(page.locator("[name=title_ja]")).to_have_value("もとの事例（複製）")
    page.locator("[name=title_ja]").fill("別の事例")
    page.locator("[name=slug]").fill("kakuu-another-good-case")
    save(page)

    page.goto(f"{LIST}?status__exact=draft")
    expect(page.get_by_role("row", name="別の事例")).to_contain_text("下書き")
    expect(page.get_by_role("row", name="もとの事例")).to_be_visible()
    assert Edition.objects.count() == 0


def test_a_filter_is_kept_used_and_deleted(log_in: LogIn) -> None:
    in_review(1)
    PracticeFactory(title_ja="書きかけ")
    page = log_in("curator")

    page.goto(f"{LIST}?status__exact=in_review")
    page.get_by_label("絞り込みの名前").fill("確認を待つ事例")
    page.get_by_role("button", name="この条件を保存").click()
    expect(page.locator(".messagelist")).to_contain_text("確認を待つ事例")
    page.goto(LIST)
    page.get_by_role("link", name="確認を待つ事例").click()

    expect(page.get_by_role("link", name="確認を待つ事例")).to_have_attribute("aria-current", "page")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.get_by_role("link", name="名前の変更・削除").click()
    page.get_by_role("link", name="削除", exact=True).click()
    page.get_by_role("button", name="削除").click()
    expect(page.locator("#content")).to_contain_text("保存した絞り込みはまだありません")


def test_text_that_was_not_saved_is_offered_again(log_in: LogIn) -> None:
    practice = PracticeFactory()
    page = log_in("curator")
    page.goto(change_page(practice))
    page.locator("#actions-group .add-row a").click()
    type_and_wait(page, "summary_ja", "打ちかけの要約")
    type_and_wait(page, "actions-2-text_ja", "打ちかけの取組")
    page.locator(".submit-row").scroll_into_view_if_needed()

    assert leave(page) == ["beforeunload"]
    expect(page.locator("#desk-kept")).to_be_focused()
    expect(page.locator("#desk-kept")).to_be_in_viewport()
    expect(page.locator("[name=summary_ja]")).to_have_value("行ったこと。")
    expect(page.locator("#desk-kept-changed")).to_be_hidden()
    page.get_by_role("button", name="入力内容を復元").click()

    expect(page.locator("[name=summary_ja]")).to_have_value("打ちかけの要約")
    expect(page.locator("[name=actions-2-text_ja]")).to_have_value("打ちかけの取組")
    expect(page.locator("#desk-kept-told")).to_contain_text("まだ保存されていません")
    save(page)
    assert kept(page) == 0
    practice.refresh_from_db()
    assert practice.summary_ja == "打ちかけの要約"
    assert practice.actions.filter(text_ja="打ちかけの取組").count() == 1
    assert leave(page) == []


def test_kept_text_tells_of_a_change_and_can_be_thrown_away(log_in: LogIn) -> None:
    practice = PracticeFactory()
    page = log_in("curator")
    page.goto(change_page(practice))
    type_and_wait(page, "summary_ja", "打ちかけの要約")
    GoodPractice.objects.filter(pk=practice.pk).update(edits=5, title_ja="直された題")

    leave(page)
    expect(page.locator("#desk-kept-changed")).to_be_visible()
    page.get_by_role("button", name="破棄").click()

    expect(page.locator("#desk-kept")).to_be_hidden()
    assert kept(page) == 0
    expect(page.locator("[name=title_ja]")).to_have_value("直された題")


def test_text_of_a_deleted_part_comes_back_as_a_new_one(log_in: LogIn) -> None:
    practice = PracticeFactory(actions=[("one", "一"), ("two", "二")])
    page = log_in("curator")
    page.goto(change_page(practice))
    type_and_wait(page, "actions-1-text_ja", "直した二")
    practice.actions.get(number=2).delete()

    leave(page)
    page.get_by_role("button", name="入力内容を復元").click()

    expect(page.locator("[name=actions-1-text_ja]")).to_have_value("直した二")
    expect(page.locator("[name=actions-1-id]")).to_have_value("")


def test_a_picked_entry_is_kept_too(log_in: LogIn) -> None:
    practice = PracticeFactory()
    other = PracticeFactory(institution__name_ja="架空大学").institution
    page = log_in("curator")
    page.goto(change_page(practice))
    page.locator(".fieldBox.field-institution .select2-selection").click()
    page.locator(".select2-search__field:focus").fill("架空")
    page.locator(".select2-results__option", has_text="架空大学").click()
    wait_until_kept(page, "架空大学")

    leave(page)
    page.get_by_role("button", name="入力内容を復元").click()

    expect(page.locator(".fieldBox.field-institution .select2-selection__rendered")).to_contain_text("架空大学")
    expect(page.locator("[name=institution]")).to_have_value(str(other.pk))


def test_kept_text_is_for_its_account_and_goes_at_logout(log_in: LogIn) -> None:
    practice = PracticeFactory()
    page = log_in("curator")
    page.goto(change_page(practice))
    type_and_wait(page, "summary_ja", "打ちかけの要約")
    page.context.clear_cookies()
    take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT)
    page.once("dialog", lambda dialog: dialog.accept())
    enter(page, "publisher")

    page.goto(change_page(practice))
    expect(page.locator("#desk-typing")).to_be_visible()
    expect(page.locator("#desk-kept")).to_be_hidden()
    assert kept(page) == 1
    page.context.clear_cookies()
    enter(page, "curator")
    page.get_by_role("button", name="ログアウト").click()

    expect(page.locator("#user-tools")).to_have_count(0)
    assert kept(page) == 0


def test_a_refused_save_keeps_the_text_and_goes_to_the_error(log_in: LogIn) -> None:
    practice = PracticeFactory()
    page = log_in("curator")
    page.goto(change_page(practice))
    page.locator("[name=first_fiscal_year]").fill("2009")
    page.locator("[name=last_fiscal_year]").fill("2005")
    page.keyboard.press("Control+s")

    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator("[name=last_fiscal_year]")).to_be_focused()
    assert leave(page) == ["beforeunload"]
    page.goto(change_page(practice))
    expect(page.locator("#desk-kept")).to_be_visible()


def test_only_its_own_save_takes_kept_text_away(log_in: LogIn) -> None:
    practice = PracticeFactory()
    page = log_in("curator")
    page.goto(change_page(practice))
    save(page)
    type_and_wait(page, "summary_ja", "打ちかけの要約")
    page.route(
        f"**{change_page(practice)}",
        lambda route: route.fulfill(status=503, body="503") if route.request.method == "POST" else route.continue_(),
    )
    page.keyboard.press("Control+s")
    expect(page.locator("body")).to_have_text("503")
    page.unroute(f"**{change_page(practice)}")
    page.request.post(
        f"{LIST}{practice.pk}/duplicate/",
        headers={"X-CSRFToken": cookie(page, "csrftoken"), "Referer": page.url},
        max_redirects=0,
    )

    page.goto(LIST)
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert kept(page) == 1
    page.goto(change_page(practice))
    page.get_by_role("button", name="入力内容を復元").click()
    save(page)
    assert kept(page) == 0


def cookie(page: Page, name: str) -> str:
    return next(one["value"] for one in page.context.cookies() if one["name"] == name)


def test_parts_are_moved_by_keyboard(log_in: LogIn) -> None:
    practice = PracticeFactory(actions=[("one", "一"), ("two", "二"), ("three", "三")])
    page = log_in("curator")
    page.goto(change_page(practice))

    page.get_by_role("button", name="上へ移動: 取組3").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-moved").first).to_have_text("取組3を2番目に移動しました")
    page.locator("[name=actions-0-text_ja]").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[name=actions-0-text_ja]")).to_be_focused()
    save(page)

    texts = practice.actions.order_by("position").values_list("text_ja", flat=True)
    assert list(texts) == ["三", "一", "二"]


def test_without_room_to_keep_text_the_form_works(log_in: LogIn) -> None:
    practice = PracticeFactory()
    page = log_in("curator")
    page.add_init_script(NO_ROOM)
    page.goto(change_page(practice))

    page.locator("[name=summary_ja]").fill("保存できる要約")
    save(page)

    practice.refresh_from_db()
    assert practice.summary_ja == "保存できる要約"
