"""Figures of a round at the desk: computed, refused while they reveal somebody, withheld, published."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from survey import releasing
from survey.models import Figure, Release, Response, Round
from tests.factories.staff import StaffFactory
from tests.faults.member import fields_of
from tests.survey.crowds import crowd, crowded_round
from tests.survey.desk import address, logged_in, text_of
from tests.survey.test_releasing import (
    accepted,
    closed,
    corrected,
    groups,
    indicators,
    institutions,
    large_round,
    public,
    revealing_round,
)

pytestmark = pytest.mark.django_db
__all__ = ["groups", "indicators"]


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def page_of(survey_round: Round) -> str:
    return address("round_figures", survey_round.pk)


def press(client: Client, survey_round: Round, button: str, **more: str) -> Any:
    form = "compute" if button == "compute" and not Release.objects.filter(published_at=None).exists() else "release"
    fields = fields_of(text_of(client.get(page_of(survey_round))), form)
    return client.post(page_of(survey_round), {**fields, button: "1", **more}, follow=True)


def test_figures_are_computed_withheld_and_published(manager: Client) -> None:
    survey_round = revealing_round()

    press(manager, survey_round, "compute")
    shown = text_of(manager.get(page_of(survey_round)))
    refused = press(manager, survey_round, "publish", sure="1")
    withheld = press(manager, survey_round, "withhold")
    published = press(manager, survey_round, "publish", sure="1")

    assert "to be withheld" in shown
    assert "What 3 institutions answered together" in shown
    assert (refused.status_code, public(survey_round)["t4:pilot:total:2005"]) == (409, "x")
    assert "would reveal answers" in text_of(refused)
    assert "to be withheld" not in text_of(withheld)
    assert "Release 1 is public." in text_of(published)


def told_in_sums(page: str) -> list[tuple[str, str]]:
    """The signs of the first sum's figures, and what stands beside each."""
    first = page.partition('<ol class="desk-sums">')[2].partition("</ul>")[0]
    lines = re.findall(r'<li><span class="desk-sign">(.*?)</span> <span>(.*?)</span></li>', first)
    return [(sign, re.sub("<[^>]*>", "", told)) for sign, told in lines]


def test_sum_that_tells_too_much_is_written_a_figure_a_line(manager: Client) -> None:
    survey_round = revealing_round()
    press(manager, survey_round, "compute")

    before = text_of(manager.get(page_of(survey_round)))
    after = text_of(press(manager, survey_round, "withhold"))

    figure = "A headquarters, total number, FY2005"
    assert told_in_sums(before) == [("+", f"all {figure}"), ("−", f"other {figure} to be withheld")]
    assert told_in_sums(after) == [("+", f"all {figure}"), ("−", f"other {figure} withheld")]
    assert re.search(r"<summary>\d+ sums of figures would tell answers of single institutions\.<", before)
    assert re.search(r"<summary>\d+ sums of figures would [^<]* if nothing were withheld\.<", after)


def test_public_release_counts_what_is_withheld_and_leads_to_its_pages(manager: Client, settings: Any) -> None:
    survey_round = revealing_round()
    press(manager, survey_round, "compute")
    withheld = text_of(press(manager, survey_round, "withhold"))

    page = text_of(press(manager, survey_round, "publish", sure="1"))

    count = Figure.objects.exclude(confidentiality="F").count()
    assert f"{count} figures are withheld and will be shown as x." in withheld
    assert f"{Figure.objects.count()} figures, {count} of them withheld" in " ".join(page.split())
    for language in ("ja", "en"):
        address_ = f"{settings.SITE_URL}/{language}/survey/{survey_round.code}/"
        assert (f'href="{address_}"' in page, f'href="{address_}"' in withheld) == (True, False)


def test_nothing_is_published_before_somebody_confirms(manager: Client) -> None:
    survey_round = large_round()
    press(manager, survey_round, "compute")

    page = press(manager, survey_round, "publish")

    assert (page.status_code, public(survey_round)) == (409, {})


def test_draft_that_was_computed_again_is_not_published_unseen(manager: Client) -> None:
    survey_round = large_round()
    press(manager, survey_round, "compute")
    fields = fields_of(text_of(manager.get(page_of(survey_round))), "release")
    releasing.compute(survey_round, by=StaffFactory(roles=["survey_manager"]), at=timezone.now())

    page = manager.post(page_of(survey_round), {**fields, "publish": "1", "sure": "1"})

    assert (page.status_code, public(survey_round)) == (409, {})


def test_answers_accepted_meanwhile_are_told(manager: Client) -> None:
    survey_round = large_round()
    press(manager, survey_round, "compute")
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    institutions(survey_round, 1, is_pilot=False, kind="private")
    closed(survey_round)

    page = press(manager, survey_round, "publish", sure="1")

    assert page.status_code == 409
    assert "Compute them again" in text_of(page)


def test_second_release_after_few_changes_says_why_it_waits(manager: Client) -> None:
    survey_round = large_round()
    by, now = StaffFactory(roles=["survey_manager"]), timezone.now()
    releasing.publish(releasing.compute(survey_round, by=by, at=now), by=by, at=now)
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    for response in Response.objects.filter(invitation__kind="private").order_by("pk")[:2]:
        corrected(response, {"Q4.edu.2005": "61"}, at=timezone.now())
    closed(survey_round)

    press(manager, survey_round, "compute")
    page = press(manager, survey_round, "publish", sure="1")

    assert page.status_code == 409
    assert "Only a few answers or groups changed" in text_of(page)


def test_more_answers_than_a_page_can_wait_for_are_read_by_commands(manager: Client) -> None:
    survey_round = crowded_round(60)
    press(manager, survey_round, "compute")
    draft = Release.objects.get()
    fields = {"release": releasing.mark_of(draft), "sure": "1"}
    crowd(survey_round, 1_941)

    page = text_of(manager.get(page_of(survey_round)))
    refused = [manager.post(page_of(survey_round), {**fields, button: "1"}) for button in ("compute", "publish")]

    who = f"{survey_round.code} --by {refused[0].wsgi_request.user.get_username()}"
    assert f"manage.py compute_figures {who}<" in page
    assert f"manage.py publish_figures {who} --release {releasing.mark_of(draft)}<" in page
    assert ('name="compute"' in page, 'name="publish"' in page, 'name="sure"' in page) == (False, False, False)
    assert [(answer.status_code, "use the command" in text_of(answer)) for answer in refused] == [(409, True)] * 2
    assert (Release.objects.get(), public(survey_round)) == (draft, {})


def test_command_stands_in_the_place_of_the_first_button(manager: Client) -> None:
    survey_round = crowded_round(2_001)

    page = text_of(manager.get(page_of(survey_round)))

    assert "manage.py compute_figures" in page
    assert ("manage.py publish_figures" in page, 'name="compute"' in page) == (False, False)


def test_what_has_to_be_withheld_of_a_large_round_is_withheld_at_the_desk(manager: Client) -> None:
    survey_round = revealing_round()
    press(manager, survey_round, "compute")
    crowd(survey_round, 1_980)

    shown = text_of(manager.get(page_of(survey_round)))
    withheld = press(manager, survey_round, "withhold")

    assert "manage.py publish_figures" not in shown
    assert ("are withheld" in text_of(withheld), "manage.py publish_figures" in text_of(withheld)) == (True, True)


@pytest.mark.parametrize("state", ["draft", "open"])
def test_round_that_still_takes_answers_says_what_to_do(manager: Client, state: str) -> None:
    survey_round = large_round()
    Round.objects.filter(pk=survey_round.pk).update(state=state)

    page = text_of(manager.get(page_of(survey_round)))

    assert "Close the round first" in page
    assert 'name="compute"' not in page


def test_drafts_are_shown_to_managers_alone(manager: Client) -> None:
    survey_round = large_round()
    press(manager, survey_round, "compute")
    figures, releases = (address(f"{name}_changelist") for name in ("figure", "release"))

    curator = logged_in("curator")

    assert [manager.get(page).context["cl"].result_count > 0 for page in (figures, releases)] == [True, True]
    assert [curator.get(page).context["cl"].result_count for page in (figures, releases)] == [0, 0]
    draft = Figure.objects.earliest("pk")
    assert curator.get(address("figure_change", draft.pk)).status_code == 302


def test_round_leads_to_its_figures_once_it_is_closed(manager: Client) -> None:
    survey_round = large_round()

    assert page_of(survey_round) in text_of(manager.get(address("round_change", survey_round.pk)))
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    assert page_of(survey_round) not in text_of(manager.get(address("round_change", survey_round.pk)))


def test_number_of_queries_of_the_page_does_not_depend_on_the_answers(
    manager: Client, django_assert_max_num_queries: Any
) -> None:
    survey_round = large_round()
    press(manager, survey_round, "compute")
    with django_assert_max_num_queries(40) as few:
        manager.get(page_of(survey_round))
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    for response in institutions(survey_round, 6, is_pilot=True, kind="national"):
        accepted(response)
    closed(survey_round)

    with django_assert_max_num_queries(len(few)):
        manager.get(page_of(survey_round))
