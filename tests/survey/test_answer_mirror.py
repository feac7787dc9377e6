"""The mirror on the respondents' pages: after a release, one's own and nobody else's, read and never written."""

from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from survey import releasing
from survey.models import Invitation, Response, Round
from tests.factories.answers import a_questionnaire, a_response, a_round
from tests.factories.invitations import InvitationFactory
from tests.factories.staff import StaffFactory
from tests.survey.respondents import TOP, came_in, text_of
from tests.survey.test_engine import compared_round
from tests.survey.test_mirroring import mirror, one_of, published, values
from tests.survey.test_releasing import NOW, closed, groups, indicators, institutions, large_round

pytestmark = pytest.mark.django_db
__all__ = ["groups", "indicators"]
MIRROR = f"{TOP}mirror/"
SHEET = f"{MIRROR}excel/"
SOON = "まだ公表されていません"


def own_sent(response: Response) -> str:
    return values(mirror(response))["t4", "mean", "2005"].own.told


def test_mirror_shows_own_values_beside_those_of_the_groups() -> None:
    survey_round = published(large_round())
    response = one_of(survey_round)

    page = came_in(response.invitation).get(MIRROR)

    text = text_of(page)
    found = values(mirror(response))["t4", "mean", "2005"]
    assert page.status_code == 200
    assert f"<dd>{response.invitation.name_ja}、{response.invitation.get_kind_display()}</dd>" in text
    assert f"<strong>{found.own.told}</strong>" in text
    assert all(f"{one.told} <small" in text for one in found.groups)
    assert text.count("mark is-own") == 1 + sum(value.chart is not None for value in values(mirror(response)).values())
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store, private", "no-referrer")


def test_each_institution_sees_its_own_values_alone() -> None:
    survey_round = published(large_round())
    first, second = Response.objects.filter(invitation__round=survey_round).order_by("pk")[:2]
    assert own_sent(first) != own_sent(second)

    pages = [text_of(came_in(row.invitation).get(MIRROR)) for row in (first, second)]

    own = [f"<strong>{own_sent(row)}</strong>" for row in (first, second)]
    assert [[text in page for text in own] for page in pages] == [[True, False], [False, True]]
    assert second.invitation.name_ja not in pages[0]


def test_excel_is_of_the_institution_whose_link_was_opened() -> None:
    survey_round = published(large_round())
    for response in Response.objects.filter(invitation__round=survey_round).order_by("pk")[:2]:
        answer = came_in(response.invitation).get(SHEET)

        sheet: Any = load_workbook(BytesIO(answer.getvalue())).worksheets[0]
        sent = [row[3] for row in sheet.iter_rows(values_only=True) if row[2] == "2005年度"]
        assert (sheet["B2"].value, sent) == (response.invitation.name_ja, [int(own_sent(response))])
        name = f"{survey_round.code}-{response.invitation.number}-mirror.xlsx"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", [MIRROR, SHEET])
def test_without_a_good_link_there_is_no_mirror(address: str) -> None:
    invitation = one_of(published(large_round())).invitation
    client = came_in(invitation)
    invitation.links.update(revoked_at=timezone.now())

    pages = [client.get(address), Client().get(address)]

    assert [page.status_code for page in pages] == [404, 404]
    assert pages[1].content == Client().get(TOP).content


@pytest.mark.parametrize("language", ["ja", "en"])
def test_before_a_release_the_page_says_when_it_comes(language: str) -> None:
    survey_round = large_round()
    by: User = StaffFactory(roles=["survey_manager"])
    releasing.compute(survey_round, by=by, at=NOW)
    client = came_in(one_of(survey_round).invitation)

    page = client.get(f"/{language}/answer/mirror/")

    assert page.status_code == 200
    assert (SOON if language == "ja" else "not published yet") in text_of(page)
    assert "<table" not in text_of(page)
    assert client.get(SHEET)["Location"] == MIRROR
    assert MIRROR not in text_of(client.get(TOP))


@pytest.mark.parametrize(
    ("has_begun", "told"), [(False, "貴機関の回答は、まだありません。"), (True, "受理された状態にありません。")]
)
def test_page_says_what_is_missing_of_the_institution(has_begun: bool, told: str) -> None:
    invitation = a_response().invitation if has_begun else InvitationFactory(round=a_round())

    text = text_of(came_in(invitation).get(MIRROR))

    assert SOON in text
    assert told in text


def test_page_says_that_answers_did_not_count() -> None:
    survey_round = published(large_round())
    Round.objects.filter(pk=survey_round.pk).update(state="open")
    survey_round.refresh_from_db()
    [late] = institutions(survey_round, 1, is_pilot=False, kind="private")
    late.snapshots.update(at=timezone.now())

    silent = InvitationFactory(round=survey_round)
    for invitation, told in (
        (late.invitation, "貴機関の回答は集計結果に含まれていません"),
        (silent, "ご回答をいただいていない"),
    ):
        text = text_of(came_in(invitation).get(MIRROR))

        assert told in text
        assert "<table" not in text


def test_overview_and_receipt_lead_to_the_mirror() -> None:
    survey_round = published(large_round())
    response = one_of(survey_round)
    accepted = response.snapshots.get()
    response.snapshots.create(revision=1, step="submitted", answers=accepted.answers, sha256=accepted.sha256, at=NOW)
    client = came_in(response.invitation)

    assert [f'href="{MIRROR}"' in text_of(client.get(page)) for page in (TOP, f"{TOP}receipt/")] == [True, True]


@pytest.mark.parametrize("is_published", [False, True])
def test_institution_that_did_not_answer_is_led_to_the_results(is_published: bool) -> None:
    survey_round = published(large_round()) if is_published else large_round()
    invitation = InvitationFactory(round=survey_round)

    text = text_of(came_in(invitation).get(TOP))

    assert (f'<a href="{survey_round.get_absolute_url()}">' in text, MIRROR in text) == (is_published, False)


def test_looking_changes_nothing() -> None:
    survey_round = published(large_round())
    client = came_in(one_of(survey_round).invitation)

    with CaptureQueriesContext(connection) as queries:
        answers = [client.get(MIRROR), client.head(MIRROR), client.get(SHEET), client.head(SHEET)]
        refused = client.post(MIRROR)

    for answer in answers:
        answer.close()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    assert refused.status_code in {403, 405}
    written = [one["sql"] for one in queries if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert written == []


def test_page_costs_the_same_however_many_answered() -> None:
    few, many = cost(published(large_round())), cost(published(twice_as_many()))

    assert few == many < 30


def twice_as_many() -> Round:
    survey_round = compared_round(questionnaire=a_questionnaire())
    institutions(survey_round, 24, is_pilot=True, kind="national")
    institutions(survey_round, 28, is_pilot=False, kind="private")
    return closed(survey_round)


def cost(survey_round: Round) -> int:
    client = came_in(Invitation.objects.filter(round=survey_round).earliest("pk"))
    with CaptureQueriesContext(connection) as queries:
        client.get(MIRROR)
    return len(queries)
