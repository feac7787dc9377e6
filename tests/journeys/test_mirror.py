"""The private mirror of the whole survey in a real browser: read on a phone, printed on one sheet of A4."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from survey import mailing, releasing, twin
from survey.models import Invitation, Round
from tests.factories.practices import staff
from tests.factories.staff import StaffFactory

pytestmark = pytest.mark.browser
CODE = "fy2008"


@pytest.fixture
def survey_round(transactional_db: None, live_server: LiveServer, settings: Any) -> Round:
    """The made-up answers of 192 institutions, published as if they were given."""
    settings.SITE_URL = live_server.url
    staff("curator", "publisher")
    call_command("load_source", "--apply", verbosity=0)
    now, manager = timezone.now(), StaffFactory(roles=["survey_manager"])
    made = twin.make_round(CODE, twin.make(), at=now)
    Round.objects.filter(pk=made.pk).update(is_synthetic=False)
    made.refresh_from_db()
    release = releasing.compute(made, by=manager, at=now)
    releasing.withhold(release, by=manager)
    releasing.publish(release, by=manager, at=now)
    return made


@pytest.fixture
def reader(live_server: LiveServer, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 800})
    yield context.new_page()
    context.close()


def printed_text(page: Page, folder: Path) -> str:
    """What stands on the paper; the page ends where the form feed stands."""
    file = folder / "mirror.pdf"
    file.write_bytes(page.pdf(prefer_css_page_size=True))
    told = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True)
    return told.stdout


def test_mirror_of_all_indicators_is_read_on_a_phone_and_printed_on_one_sheet(
    survey_round: Round, reader: Page, tmp_path: Path
) -> None:
    answered = Invitation.objects.filter(round=survey_round, response__state="accepted").order_by("number")
    for invitation in (answered.filter(is_pilot=True)[0], answered.filter(is_pilot=False, kind="private")[0]):
        reader.goto(f"/ja/answer/open/{mailing.issue(invitation, at=timezone.now())}/")
        reader.get_by_role("link", name="貴機関の値との比較").click()
        for language in ("ja", "en"):
            reader.goto(f"/{language}/answer/mirror/")
            expect(reader.locator(".mirror .mirror-title")).to_have_count(17)
            assert reader.evaluate("document.documentElement.scrollWidth") == 390
            of_2008 = reader.locator(".mirror tr").filter(
                has=reader.locator(".mirror-what", has_text=re.compile("2008"))
            )
            own = of_2008.first.locator(".mirror-own strong").inner_text()

            text = printed_text(reader, tmp_path)

            assert text.count("\f") == 1
            assert (invitation.name_ja if language == "ja" else invitation.name_en) in text
            assert re.search(rf"2008\S*\s+{re.escape(own)}\s", text)
            assert re.fullmatch(r"[\d,]+", own)
            assert re.search(r"\b(institutio|universiti)\b|^\s*(ns|es)\b", text, re.MULTILINE) is None


def test_marks_are_told_apart_by_shape_and_told_in_words(survey_round: Round, reader: Page) -> None:
    [invitation] = Invitation.objects.filter(round=survey_round, response__state="accepted", is_pilot=True)[:1]
    reader.goto(f"/ja/answer/open/{mailing.issue(invitation, at=timezone.now())}/")
    reader.goto("/ja/answer/mirror/")

    line = reader.get_by_role("img", name="全学的な国際化を推進する本部等の設置")

    shapes = [mark.get_attribute("class") for mark in line.locator(".mark").all()]
    assert shapes == ["mark is-zero", "mark is-own", "mark is-circle", "mark is-triangle", "mark is-square"]
    expect(line.locator("desc")).to_have_text(re.compile("^貴機関 該当する; 全体 61%; 採択機関 100%; "))
