"""An office prepares a meeting paper: finds cases, compares them, takes them along on paper, and reports a slip."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import docx
import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.practices import staff

pytestmark = pytest.mark.browser


@pytest.fixture
def portal(live_server: LiveServer, transactional_db: None, settings: Any) -> str:
    settings.SITE_URL = live_server.url
    settings.CONTACT_EMAIL = "sih@example.ac.jp"
    staff("curator", "publisher")
    call_command("load_source", "--apply", verbosity=0)
    return live_server.url


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="ja-JP", accept_downloads=True)
    yield context.new_page()
    context.close()


def choose(page: Page, *titles: str) -> None:
    for title in titles:
        page.get_by_role("checkbox", name=f"比較 {title}").check()


def saved(page: Page, link: str, folder: Path) -> Any:
    """The Word document behind a link, read back."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.name, docx.Document(str(path))


KOBE, KYOTO = "国際専門人材の採用、職員のOJTと正規職員への登用", "国内外の大学の国際業務担当職員によるワークショップ"
HITOTSUBASHI = "インターンシップ型職員海外研修の共同実施"


def test_office_compares_cases_and_takes_them_to_a_meeting(portal: str, reader: Page, tmp_path: Path) -> None:
    reader.goto(f"{portal}/ja/practices/")
    reader.get_by_role("combobox").fill("職員研修")
    reader.get_by_role("button", name="検索").click()
    expect(reader).to_have_url(re.compile("q="))
    choose(reader, KOBE, KYOTO, HITOTSUBASHI)
    expect(reader.locator("#compare output")).to_have_text("3件を選択中（4件まで）")

    reader.get_by_role("button", name="選んだ事例を比較").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("事例の比較")
    reader.get_by_role("link", name=f"外す {KYOTO}").click()
    expect(reader.get_by_role("columnheader")).to_have_count(3)

    name, document = saved(reader, "Word形式", tmp_path)
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    foot = [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    assert re.fullmatch(r"compare-(kobe-hitotsubashi|hitotsubashi-kobe)-ja\.docx", name)
    assert sorted(rows[0][1:]) == sorted([KOBE, HITOTSUBASHI])
    assert any("2010年2月（平成22年2月）" in cell for row in rows for cell in row)
    assert foot[0] == reader.url
    assert re.match(r"出力日：20\d\d年\d+月\d+日（令和\d+年", foot[1])


def test_case_comes_as_a_sheet_and_a_slip_is_reported_from_its_passage(
    portal: str, reader: Page, tmp_path: Path
) -> None:
    address = f"{portal}/ja/practices/kobe-specialists-on-the-job-training/"
    reader.goto(address)

    name, document = saved(reader, "Word形式", tmp_path)
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading")]
    assert name == "kobe-specialists-on-the-job-training-ja.docx"
    assert headings[:4] == [KOBE, "概要", "取組", "効果"]
    assert document.sections[0].footer.paragraphs[0].text == address

    letter = urlsplit(reader.locator("#effect-2").get_by_role("link", name="誤りの連絡").get_attribute("href") or "")
    fields = parse_qs(letter.query)
    assert (letter.scheme, letter.path) == ("mailto", "sih@example.ac.jp")
    assert fields["subject"][0].startswith("誤りの連絡：国際専門人材")
    assert f"該当箇所：{address}#effect-2（第1版）" in fields["body"][0]


def test_choice_lives_on_over_pages_and_ends_at_four(portal: str, reader: Page) -> None:
    reader.goto(f"{portal}/ja/practices/?page_size=3")
    boxes, said = reader.locator("input[form=compare]"), reader.locator("#compare output")
    for number in range(3):
        boxes.nth(number).check()
    reader.get_by_role("link", name="次へ").click()
    expect(reader).to_have_url(re.compile("page=2"))
    expect(said).to_have_text("3件を選択中（4件まで）")
    boxes.nth(0).check()

    expect(said).to_have_text("4件を選択中（4件まで）")
    expect(boxes.nth(1)).to_be_disabled()
    reader.get_by_role("button", name="選択を解除").click()
    expect(said).to_have_text("比較する事例を2件から4件選んでください。")
    expect(boxes.nth(0)).not_to_be_checked()


def test_comparison_that_somebody_sent_leaves_the_own_choice_alone(portal: str, reader: Page) -> None:
    said = reader.locator("#compare output")
    reader.goto(f"{portal}/ja/practices/")
    expect(said).to_have_text("比較する事例を2件から4件選んでください。")
    choose(reader, KYOTO)
    expect(said).to_have_text("あと1件以上選んでください。")

    reader.goto(
        f"{portal}/ja/practices/compare/"
        "?p=kobe-specialists-on-the-job-training&p=hitotsubashi-joint-overseas-staff-training"
    )
    expect(reader.get_by_role("columnheader")).to_have_count(3)
    reader.set_viewport_size({"width": 390, "height": 800})
    expect(reader.locator(".compare-whose").nth(1)).to_have_text(re.compile("^B "))
    reader.get_by_role("link", name=f"外す {KOBE}").click()
    reader.goto(f"{portal}/ja/practices/")

    expect(said).to_have_text("あと1件以上選んでください。")
    expect(reader.get_by_role("checkbox", name=f"比較 {KYOTO}")).to_be_checked()


def test_cases_are_compared_without_scripts(portal: str, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 800}, locale="ja")
    page.goto(f"{portal}/ja/practices/?view=table&theme=6")
    choose(page, KOBE)
    page.get_by_role("button", name="選んだ事例を比較").click()
    expect(page.get_by_text("選択中の事例：")).to_be_visible()
    page.get_by_label("比較に加える事例").select_option("hitotsubashi-joint-overseas-staff-training")
    page.get_by_role("button", name="追加").click()

    expect(page.locator(".compare-remove")).to_have_count(2)
    page.close()


@pytest.mark.parametrize("path", ["practices/compare/?p=kobe-specialists-on-the-job-training", ""])
def test_wide_tables_are_printed_lying(portal: str, reader: Page, path: str) -> None:
    reader.goto(f"{portal}/ja/{path}")

    printed = reader.pdf(prefer_css_page_size=True)

    boxes = re.findall(rb"/MediaBox \[0 0 (\d+)[\d.]* (\d+)", printed)
    assert (b"841", b"594") in boxes
