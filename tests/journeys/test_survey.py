"""The survey's figures from the home page to a file and to paper: the same everywhere, told apart without colour."""

import base64
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Download, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.practices import staff

pytestmark = pytest.mark.browser
# The greys of a picture's pixels.
GREYS: Final = """async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return Array.from({ length: data.length / 4 }, (_, at) =>
    0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2]);
}"""


class Words(NamedTuple):
    headline: str
    share: str
    other: str
    verdict: str
    inferred: str
    chart: str
    theme: str
    nothing: str


WORDS: Final = {
    "ja": Words(
        headline="全学的な国際化を推進する本部等を設置しているのは、採択機関の100%、採択機関以外の57%",
        share="割合（%）",
        other="採択機関以外",
        verdict="仮定の下で一致",
        inferred="172機関とすると98機関",
        chart="図（SVG）",
        theme="テーマ1 組織体制・ガバナンス",
        nothing="このテーマに関する調査結果の数値はありません。",
    ),
    "en": Words(
        headline="100% of the pilots and 57% of the other institutions have a headquarters for campus-wide "
        "internationalization",
        share="Share (%)",
        other="Other institutions",
        verdict="compatible",
        inferred="k inferred: 98 if the base is 172",
        chart="Chart (SVG)",
        theme="Theme 1 President’s leadership",
        nothing="The survey has no figure for this theme.",
    ),
}


@pytest.fixture
def portal(live_server: LiveServer, transactional_db: None, settings: Any) -> str:
    settings.SITE_URL = live_server.url
    staff("curator", "publisher")
    call_command("load_source", "--apply", verbosity=0)
    return live_server.url


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(accept_downloads=True, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def download(page: Page, link: str) -> Download:
    with page.expect_download() as download_:
        page.get_by_role("link", name=link, exact=True).click()
    return download_.value


def tab_to(page: Page, target: Locator) -> None:
    """Reaches something by the Tab key alone.

    :raises AssertionError: when the key does not get there.
    """
    for _press in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError("the Tab key never got there")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_figure_is_followed_from_the_home_page_to_a_file_and_to_its_theme(
    portal: str, reader: Page, language: str, tmp_path: Path
) -> None:
    words = WORDS[language]
    reader.goto(f"{portal}/{language}/")
    reader.get_by_role("link", name=words.headline).click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text(words.headline)

    numbers, ledger = reader.get_by_role("table").all()
    expect(numbers.get_by_role("row", name=words.share).get_by_role("cell")).to_have_text(["100%", "57%"])
    checked = ledger.get_by_role("row", name=words.other)
    expect(checked).to_contain_text("57%")
    expect(checked).to_contain_text(words.verdict)
    expect(checked).to_contain_text(words.inferred)

    rows = csv.DictReader(io.StringIO(download(reader, "CSV").path().read_text(encoding="utf-8-sig")))
    assert {row["group"]: row["value"] for row in rows} == {"pilot": "100", "other": "57"}
    drawing = tmp_path / "chart.svg"
    download(reader, words.chart).save_as(drawing)
    assert bars_of_file(reader.context.new_page(), drawing) == (words.headline, [100, 57])

    reader.get_by_role("link", name=words.theme).first.click()
    figure = reader.locator(".evidence-figure").filter(has=reader.get_by_role("link", name=words.headline))
    expect(figure.locator(".chart")).to_contain_text("57%")
    expect(figure).to_contain_text(words.verdict)
    reader.goto(f"{portal}/{language}/themes/3/")
    expect(reader.get_by_text(words.nothing)).to_be_visible()


def bars_of_file(page: Page, file: Path) -> tuple[str, list[int]]:
    """The title of a drawing that stands alone and the lengths of its bars, in percent of the longest."""
    page.goto(file.as_uri())
    widths = [piece.evaluate("(bar) => bar.getBoundingClientRect().width") for piece in page.locator(".piece").all()]
    return page.title(), [round(100 * width / max(widths)) for width in widths]


def test_figures_are_reached_and_scrolled_by_keyboard(portal: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{portal}/en/")
    tab_to(page, page.get_by_role("link", name="100% of the pilots and 57%"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/en/survey/sih-fy2008/s1a/"))

    page.goto(f"{portal}/en/survey/sih-fy2008/t4/")
    region = page.get_by_role("region", name="Figures as a table")
    tab_to(page, region)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(region) => region.scrollLeft > 0", arg=region.element_handle())
    held = region.get_by_role("rowheader").first.bounding_box()
    assert held is not None
    assert held["x"] == 16  # what the row is about stays, the numbers move

    tab_to(page, page.get_by_role("link", name="Next"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/en/survey/sih-fy2008/g4/"))
    page.close()


@pytest.mark.parametrize("where", ["page on paper", "file"])
def test_groups_are_told_apart_in_grey(portal: str, page: Page, where: str) -> None:
    """Pilots dark and plain, all together plain and lighter, the others striped."""
    page.set_viewport_size({"width": 800, "height": 1600})
    if where == "file":
        answer = page.request.get(f"{portal}/ja/survey/sih-fy2008/t4/chart.svg")
        page.set_content(answer.text())
    else:
        page.goto(f"{portal}/ja/survey/sih-fy2008/t4/")
        page.emulate_media(media="print")
    found = {group: greys(page, page.locator(f".piece.is-{group}").first) for group in ("pilot", "all", "other")}

    spread = {group: max(tones) - min(tones) for group, tones in found.items()}
    mean = {group: sum(tones) / len(tones) for group, tones in found.items()}
    assert spread["pilot"] < 8
    assert spread["all"] < 8
    assert spread["other"] > 96
    assert mean["pilot"] < 64
    assert mean["all"] - mean["pilot"] > 64


def greys(page: Page, bar: Locator) -> list[float]:
    """What the inside of a bar looks like on a grey printer; its frame is left out."""
    box = bar.bounding_box()
    assert box is not None
    inside: Any = {"x": box["x"] + 4, "y": box["y"] + 4, "width": box["width"] - 8, "height": box["height"] - 8}
    picture = page.screenshot(clip=inside)
    reading = page.context.new_page()
    found: list[float] = reading.evaluate(GREYS, base64.b64encode(picture).decode())
    reading.close()
    return found


@pytest.mark.parametrize("language", ["ja", "en"])
def test_case_with_many_figures_is_printed_on_two_pages(portal: str, reader: Page, language: str) -> None:
    reader.goto(f"{portal}/{language}/practices/hiroshima-action-plan-managed-by-objectives/")
    assert reader.locator(".evidence-figure").count() == 5

    printed = reader.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/MediaBox", printed)) == 2
