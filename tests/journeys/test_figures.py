"""From submitted answers to public figures: accepted, computed, refused, withheld, published, read, and mirrored."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from survey import mailing, twin
from survey.models import Invitation, Response, Round, Snapshot
from tests.factories.practices import staff
from tests.factories.staff import StaffFactory
from tests.journeys.test_answering import PASSWORD, sign_in

pytestmark = pytest.mark.browser
WAITING: Final = 3
HEADLINES: Final = {
    "ja": "全学的な国際化を推進する本部等を設置しているのは、採択機関の100%、採択機関以外の57%",
    "en": (
        "100% of the pilots and 57% of the other institutions have a headquarters for campus-wide internationalization"
    ),
}
COMPUTED: Final = {"ja": "回答からの集計値", "en": "computed from answers"}


@pytest.fixture
def survey_round(transactional_db: None, live_server: LiveServer, settings: Any) -> Round:
    """A closed round of 192 answers, newer than the printed one; three of them wait to be accepted."""
    settings.SITE_URL = live_server.url
    staff("curator", "publisher")
    call_command("load_source", "--apply", verbosity=0)
    StaffFactory(username="manager", roles=["survey_manager"], password=make_password(PASSWORD))
    made = twin.make_round("second", twin.make(), at=timezone.now())
    Round.objects.filter(pk=made.pk).update(is_synthetic=False, title_ja="第2回調査", title_en="The second survey")
    waiting = Response.objects.filter(invitation__round=made, invitation__is_pilot=True).order_by("pk")[:WAITING]
    Snapshot.objects.filter(response__in=list(waiting), step="accepted").delete()
    Response.objects.filter(pk__in=[row.pk for row in waiting]).update(state="submitted")
    return made


@pytest.fixture
def page(live_server: LiveServer, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="ja-JP")
    yield context.new_page()
    context.close()


def accept_all(desk: Page, survey_round: Round) -> None:
    desk.goto(f"/admin/survey/response/?invitation__round__id__exact={survey_round.pk}&state__exact=submitted")
    boxes = desk.locator("#result_list .action-select")
    expect(boxes).to_have_count(WAITING)
    desk.locator("#action-toggle").check()
    desk.locator("[name=action]").select_option("accept")
    desk.get_by_role("button", name="実行").click()
    desk.locator(".submit-row button").click()
    expect(desk.get_by_text("処理済み")).to_have_count(WAITING)


def compute_and_publish(desk: Page, survey_round: Round) -> None:
    desk.goto(f"/admin/survey/round/{survey_round.pk}/figures/")
    desk.get_by_role("button", name="数値を算出する").click()
    expect(desk.get_by_role("button", name="表示された数値を秘匿する")).to_be_visible()
    desk.get_by_role("button", name="数値を公表する").click()
    expect(desk.locator(".errornote").first).to_be_visible()
    assert not Round.objects.public().filter(pk=survey_round.pk).exists()
    desk.get_by_role("button", name="表示された数値を秘匿する").click()
    desk.get_by_label("数値を確認しました").check()
    desk.get_by_role("button", name="数値を公表する").click()
    expect(desk.locator(".messagelist")).to_be_visible()
    assert Round.objects.public().filter(pk=survey_round.pk).exists()


def read_on_the_theme_page(page: Page, language: str) -> None:
    page.goto(f"/{language}/themes/1/")
    figure = page.locator(".evidence-figure", has=page.get_by_role("link", name=HEADLINES[language]))
    expect(figure.locator(".result-facts")).to_contain_text(COMPUTED[language])
    figure.get_by_role("link", name=HEADLINES[language]).click()
    assert f"/{language}/survey/second/s1a/" in page.url
    expect(page.locator("#pilot-share")).to_have_text(re.compile(r"100%\s+20/20"))
    expect(page.locator(".series .break")).to_be_visible()


def test_answers_become_figures_that_everybody_reads_and_a_mirror_for_each(survey_round: Round, page: Page) -> None:
    sign_in(page)
    accept_all(page, survey_round)
    compute_and_publish(page, survey_round)
    page.context.clear_cookies()

    for language in ("ja", "en"):
        read_on_the_theme_page(page, language)

    invitation = Invitation.objects.filter(round=survey_round, is_pilot=True).order_by("number")[0]
    page.goto(f"/ja/answer/open/{mailing.issue(invitation, at=timezone.now())}/")
    page.get_by_role("link", name="貴機関の値との比較").click()
    expect(page.locator(".mirror")).to_contain_text("全学的な国際化を推進する本部等の設置")
