"""A round of the survey from the list of recipients to accepted answers, in Japanese: desk, mail, pages, Excel."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer

from survey.models import Answer, Delivery, Response, Round, Snapshot
from tests.factories.answers import a_questionnaire, a_round
from tests.factories.staff import StaffFactory

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery staple"
Come = Callable[..., Page]


@pytest.fixture
def survey_round(transactional_db: None, live_server: LiveServer, settings: Any) -> Round:
    """A round in preparation, and the manager who carries it out."""
    settings.SITE_URL = live_server.url
    StaffFactory(username="manager", roles=["survey_manager"], password=make_password(PASSWORD))
    return a_round(state="draft", opens_at=None, closes_at=None, questionnaire=a_questionnaire(is_frozen=False))


@pytest.fixture
def come(live_server: LiveServer, browser: Browser) -> Iterator[Come]:
    """Gives pages, each of a browser of its own."""
    contexts: list[BrowserContext] = []

    def page(*, has_scripts: bool = True) -> Page:
        size: Any = {"width": 1280, "height": 900}
        contexts.append(
            browser.new_context(
                base_url=live_server.url, viewport=size, java_script_enabled=has_scripts, locale="ja-JP"
            )
        )
        return contexts[-1].new_page()

    yield page
    for context in contexts:
        context.close()


def sign_in(page: Page) -> Page:
    page.goto("/admin/")
    page.get_by_label("ユーザー名").fill("manager")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    expect(page.locator("#user-tools")).to_be_visible()
    return page


def import_recipients(desk: Page, survey_round: Round, folder: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["番号", "機関名", "設置形態", "部署", "担当者", "メールアドレス"])
    sheet.append([1, "架空大学", "国立大学", "国際課", "国際 花子", "kokusai@kakuu.example.ac.jp"])
    sheet.append([2, "仮想大学", "私立大学", "国際部", "", "office@kasou.example.ac.jp"])
    book.save(folder / "recipients.xlsx")
    desk.goto(f"/admin/survey/round/{survey_round.pk}/change/")
    desk.get_by_role("link", name="送付先一覧を取り込む").click()
    desk.locator("[name=file]").set_input_files(folder / "recipients.xlsx")
    desk.get_by_role("button", name="内容を確認する").click()
    expect(desk.locator("main, #content").first).to_contain_text("架空大学")
    desk.get_by_role("button", name="この内容を一覧に反映する").click()
    expect(desk.locator(".messagelist")).to_be_visible()


def open_and_send(desk: Page, survey_round: Round) -> None:
    desk.goto(f"/admin/survey/round/{survey_round.pk}/open/")
    in_a_month = timezone.localtime() + timedelta(days=30)
    desk.locator("[name=closes_at]").fill(in_a_month.strftime("%Y-%m-%dT17:00"))
    desk.locator(".submit-row button").click()
    expect(desk.locator(".messagelist")).to_be_visible()
    desk.goto(f"/admin/survey/round/{survey_round.pk}/mail/invitation/")
    desk.get_by_role("button", name="依頼を送信する").click()
    expect(desk.locator(".messagelist")).to_contain_text("2")


def sent_out(desk: Page, survey_round: Round, folder: Path) -> Page:
    """The desk after it uploaded the list, opened the round and sent the requests."""
    sign_in(desk)
    import_recipients(desk, survey_round, folder)
    open_and_send(desk, survey_round)
    return desk


def link_of(address: str) -> str:
    """What the newest mail to an address leads to."""
    call_command("send_mail", verbosity=0)
    letter = next(letter for letter in reversed(mail.outbox) if letter.to == [address])
    found = re.search(r"https?://\S+/ja/answer/open/\S+", str(letter.body))
    assert found
    return found[0]


def begin(page: Page, link: str, name: str) -> None:
    page.goto(link)
    assert page.url.endswith("/ja/answer/")
    page.locator("#answer-name").fill(name)
    page.locator("#begin button").click()
    expect(page.locator(".answer-sections")).to_be_visible()


def choose(page: Page, code: str, value: str) -> None:
    page.locator(f'[name="v.{code}"][value="{value}"]').check()


def type_in(page: Page, code: str, text: str) -> None:
    page.locator(f'[name="v.{code}"]').fill(text)


def wait_until_saved(page: Page) -> None:
    expect(page.locator("#answer-status")).to_contain_text("保存", timeout=15_000)
    expect(page.locator("#answer-status")).not_to_contain_text("保存しています", timeout=15_000)


def answer_half(page: Page) -> None:
    """Without pressing a button: the page saves by itself."""
    page.goto("/ja/answer/F/")
    type_in(page, "F4.name", "国際 太郎")
    page.keyboard.press("Tab")
    wait_until_saved(page)
    page.goto("/ja/answer/A/")
    choose(page, "Q1.hq", "1")
    choose(page, "Q1.head", "2")
    page.keyboard.press("Tab")
    wait_until_saved(page)


def filled_form(page: Page, numbers: dict[str, int]) -> bytes:
    """The Excel form as a department sends it back: downloaded, some numbers written into it."""
    with page.expect_download() as download:
        page.get_by_role("link", name="回答入りの Excel 調査票").click()
    book = load_workbook(BytesIO(download.value.path().read_bytes()))
    for sheet in book:
        for row in sheet.iter_rows():
            answer = next((cell for cell in row if cell.value in numbers), None)
            if answer is not None:
                cell_to_fill(sheet, row).value = numbers[str(answer.value)]
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def cell_to_fill(sheet: Any, row: Any) -> Any:
    """The cell of a row that stands below the heading 回答."""
    heading = next(cell for line in sheet.iter_rows() for cell in line if cell.value == "回答")
    return row[heading.column - 1]


def upload(page: Page, content: bytes) -> None:
    page.goto("/ja/answer/upload/")
    page.locator("#file").set_input_files(
        {"name": "調査票.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="内容を確認する").click()


def bring_a_filled_form(page: Page) -> None:
    """Uploads a section that was filled in Excel, while one of its cells was changed on the page."""
    page.goto("/ja/answer/")
    numbers = {"Q4.edu.2005": 11, "Q4.edu.2008": 60, "Q4.adm.2005": 1, "Q4.adm.2008": 2, "Q6.count": 3}
    content = filled_form(page, numbers)
    page.goto("/ja/answer/D/")
    type_in(page, "Q4.edu.2005", "12")
    page.get_by_role("button", name="保存", exact=True).click()
    upload(page, content)
    page.locator('[name="take.Q4.edu.2005"]').last.check()
    page.get_by_role("button", name="この内容を書き込む").click()
    expect(page.locator(".answer-saved")).to_be_visible()


def reply_and_correct(page: Page, question: str) -> None:
    expect(page.locator("main")).to_contain_text(question)
    page.locator('[name^="reply."]').first.fill("1名の計上漏れがありました。")
    page.get_by_role("button", name="返信を保存").click()
    expect(page.locator(".answer-remarks .answer-done")).to_be_visible()
    page.goto("/ja/answer/D/")
    type_in(page, "Q4.edu.2008", "61")
    page.get_by_role("button", name="保存", exact=True).click()


def explain_and_submit(page: Page, text: str) -> None:
    page.goto("/ja/answer/review/")
    page.locator('[name^="text."]').fill(text)
    page.get_by_role("button", name="このとおりで間違いない").click()
    expect(page.locator("#submit")).to_be_visible()
    page.locator("[name=sign_off]").check()
    page.get_by_role("button", name="提出する").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("回答を受け付けました")


def give_back(desk: Page, response: Response, question: str) -> None:
    desk.goto(f"/admin/survey/response/{response.pk}/change/")
    desk.get_by_role("link", name="照会を付けて差し戻す").click()
    desk.locator("[name=general]").fill(question)
    desk.locator(".submit-row button").first.click()
    expect(desk.locator("#content")).to_contain_text(question)
    desk.locator(".submit-row button.default").click()
    expect(desk.locator(".messagelist")).to_be_visible()


def accept(desk: Page, response: Response) -> None:
    desk.goto(f"/admin/survey/response/{response.pk}/change/")
    desk.get_by_role("link", name="受理する").click()
    desk.locator(".submit-row button").click()
    expect(desk.locator(".messagelist")).to_be_visible()


def test_a_round_from_the_list_of_recipients_to_accepted_answers(
    survey_round: Round, come: Come, tmp_path: Path
) -> None:
    desk = sent_out(come(), survey_round, tmp_path)
    link = link_of("kokusai@kakuu.example.ac.jp")

    first = come()
    begin(first, link, "佐藤")
    answer_half(first)
    crash(first).context.close()

    second = come()
    second.goto(link)
    second.goto("/ja/answer/A/")
    expect(second.locator('[name="v.Q1.hq"][value="1"]')).to_be_checked()
    choose(second, "Q1.aims.people", "1")
    second.get_by_role("button", name="保存して次へ").click()
    type_in(second, "Q4.edu.2005", "10")
    second.get_by_role("button", name="保存", exact=True).click()

    bring_a_filled_form(second)
    explain_and_submit(second, "新しい派遣事業を始めたため。")
    response = Response.objects.get()
    assert Snapshot.objects.filter(step="submitted").count() == 1

    give_back(desk, response, "2008年度の数を御確認ください。")
    third = come()
    third.goto(link_of("kokusai@kakuu.example.ac.jp"))
    reply_and_correct(third, "2008年度の数を御確認ください。")
    explain_and_submit(third, "間違いありません。")
    accept(desk, response)

    response.refresh_from_db()
    numbers_now = dict(response.answers.filter(number__isnull=False).values_list("cell__code", "number"))
    assert (response.state, response.revision) == ("accepted", 2)
    assert numbers_now["Q4.edu.2005"] == 11
    assert numbers_now["Q4.edu.2008"] == 61
    call_command("send_mail", verbosity=0)
    kinds = sorted(Delivery.objects.filter(state="sent", email__startswith="kokusai").values_list("kind", flat=True))
    assert kinds == ["invitation", "receipt", "receipt", "returned"]


def test_answers_are_given_without_javascript(survey_round: Round, come: Come, tmp_path: Path) -> None:
    sent_out(come(), survey_round, tmp_path)
    page = come(has_scripts=False)

    begin(page, link_of("office@kasou.example.ac.jp"), "鈴木")
    page.get_by_role("link", name="フェイスシート").click()
    type_in(page, "F4.name", "仮想 一郎")
    page.get_by_role("button", name="保存して次へ").click()
    choose(page, "Q1.hq", "2")
    page.locator('[name="none.A5"]').check()
    page.get_by_role("button", name="保存して次へ").click()
    for code, text in {"Q4.edu.2005": "百", "Q4.edu.2008": "60", "Q4.adm.2005": "1", "Q4.adm.2008": "2"}.items():
        type_in(page, code, text)
    page.locator('[name="s.Q6.count"]').select_option("nc")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator('[name="v.Q4.edu.2005"]')).to_have_value("百")
    type_in(page, "Q4.edu.2005", "１０")
    page.get_by_role("button", name="保存", exact=True).click()
    explain_and_submit(page, "新しい派遣事業を始めたため。")

    response = Response.objects.get()
    codes = dict(response.answers.values_list("cell__code", "status"))
    assert (response.state, codes["Q6.count"]) == ("submitted", "nc")
    assert Snapshot.objects.filter(step="submitted").count() == 1


def test_what_was_typed_without_a_line_is_sent_when_it_is_back_and_only_for_its_institution(
    survey_round: Round, come: Come, tmp_path: Path
) -> None:
    sent_out(come(), survey_round, tmp_path)
    own, other = (link_of(to) for to in ("kokusai@kakuu.example.ac.jp", "office@kasou.example.ac.jp"))
    page = come()
    begin(page, own, "佐藤")
    page.goto("/ja/answer/D/")

    page.context.set_offline(True)
    type_in(page, "Q9.words", "回線が切れている間に書いた文")
    page.keyboard.press("Tab")
    expect(page.locator("#answer-status")).to_contain_text("保存できていません", timeout=15_000)
    page = crash(page)
    page.context.set_offline(False)
    begin(page, other, "鈴木")
    page.goto("/ja/answer/D/")
    expect(page.locator('[name="v.Q9.words"]')).to_have_value("")
    page.goto(own)
    page.goto("/ja/answer/D/")
    expect(page.locator('[name="v.Q9.words"]')).to_have_value("回線が切れている間に書いた文")
    wait_until_saved(page)
    page.reload()

    expect(page.locator('[name="v.Q9.words"]')).to_have_value("回線が切れている間に書いた文")
    (answer,) = Answer.objects.order_by("pk").select_related("response__invitation")
    assert (answer.text, answer.response.invitation.number) == ("回線が切れている間に書いた文", 1)


def test_own_answer_whose_acknowledgement_got_lost_is_no_conflict(
    survey_round: Round, come: Come, tmp_path: Path
) -> None:
    sent_out(come(), survey_round, tmp_path)
    page = come()
    begin(page, link_of("kokusai@kakuu.example.ac.jp"), "佐藤")
    page.goto("/ja/answer/D/")
    lost: list[str] = []

    def lose(route: Route) -> None:
        """The server takes the first save; its answer never arrives."""
        if route.request.method != "POST" or lost:
            return route.fallback()
        lost.append(str(route.fetch().status))
        return route.abort()

    page.route("**/ja/answer/D/", lose)
    type_in(page, "Q9.words", "はじめの文")
    page.keyboard.press("Tab")
    expect(page.locator("#answer-status")).to_contain_text("保存できていません", timeout=15_000)
    type_in(page, "Q9.words", "はじめの文とその続き")
    page.keyboard.press("Tab")
    expect(page.locator("#answer-status")).not_to_contain_text("保存できていません", timeout=30_000)
    page.goto("/ja/answer/")
    page.goto("/ja/answer/D/")
    expect(page.locator('[name="v.Q9.words"]')).to_have_value("はじめの文とその続き")
    wait_until_saved(page)

    expect(page.locator(".answer-conflict")).to_have_count(0)
    answer = Answer.objects.get()
    assert (lost, answer.text, answer.lock) == (["200"], "はじめの文とその続き", 2)


def crash(page: Page) -> Page:
    """The browser's process of the page ends at once, as when it is killed; gives a new page of the same browser."""
    with suppress(PlaywrightError):
        page.goto("chrome://crash", timeout=3_000)
    fresh = page.context.new_page()
    page.close()
    return fresh
