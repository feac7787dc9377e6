"""The list of those who are asked, and its steps: everything asked first, everything reported."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from survey import mailing
from survey.admin.deeds import MOST_ROWS
from survey.models import Delivery, Invitation, InvitationStatus
from tests.factories.invitations import (
    DeliveryFactory,
    InvitationFactory,
    LetterFactory,
    OpenRoundFactory,
    ResponseFactory,
)
from tests.practices.desk import errors, filled
from tests.survey.desk import LIST, act, address, carried, confirmed, logged_in, reasons, status_of, text_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
JAPAN = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def test_list_tells_how_far_each_has_come(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    InvitationFactory(round=survey_round)
    InvitationFactory(round=survey_round, was_asked=True)
    drafts: list[dict[str, Any]] = [{}, {"saved_at": NOW}]
    states = ("submitted", "returned", "accepted")
    for fields in (*drafts, *({"state": state, "revision": 1, "submitted_at": NOW} for state in states)):
        ResponseFactory(invitation=InvitationFactory(round=survey_round, was_asked=True), **fields)
    for outcome in ("declined", "ineligible"):
        InvitationFactory(round=survey_round, was_asked=True, outcome=outcome)

    rows = manager.get(LIST).context["cl"].result_list

    assert [row.status for row in rows] == InvitationStatus.values


@pytest.mark.parametrize("status", InvitationStatus.values)
def test_list_is_filtered_by_status(status: str, manager: Client) -> None:
    ResponseFactory(is_submitted=True)
    InvitationFactory(outcome="declined")
    InvitationFactory()

    rows = manager.get(f"{LIST}?status={status}").context["cl"].result_list

    assert {row.status for row in rows} <= {status}
    assert len(rows) == (1 if status in {"submitted", "declined", "prepared"} else 0)


@pytest.mark.parametrize(
    "place",
    [
        *("invitation/", "invitation/?status=invited&q=%E5%A4%A7%E5%AD%A6", "delivery/", "letter/"),
        *("round/{pk}/mail/invitation/", "round/{pk}/mail/reminder/", "round/{pk}/recipients/", "round/{pk}/letters/"),
        *("round/{pk}/recipients/list.xlsx", "round/{pk}/request-letters/"),
    ],
)
def test_lists_and_pages_of_a_round_cost_the_same_for_any_number(place: str, manager: Client) -> None:
    survey_round = OpenRoundFactory()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert status_of(manager, f"/admin/survey/{place.format(pk=survey_round.pk)}") == 200
        return len(queries)

    def add_rows(count: int) -> None:
        for was_asked in (True, False) * count:
            DeliveryFactory(invitation=InvitationFactory(round=survey_round, was_asked=was_asked), state="failed")

    add_rows(1)
    few = cost()
    add_rows(10)
    LetterFactory.create_batch(3)

    assert cost() == few


def test_invitation_that_was_asked_stays(manager: Client) -> None:
    asked, fresh = InvitationFactory(was_asked=True), InvitationFactory()

    answers = [
        manager.post(address("invitation_delete", row.pk), {"post": "yes"}).status_code for row in (asked, fresh)
    ]

    assert answers == [403, 302]
    assert Invitation.objects.get() == asked


def test_moments_and_outcomes_are_not_typed(manager: Client) -> None:
    row = InvitationFactory()
    form = filled(manager.get(address("invitation_change", row.pk)))

    typed = {"sent_at_0": "2026-01-01", "sent_at_1": "00:00", "outcome": "declined", "reminders": "9", "round": "0"}
    manager.post(address("invitation_change", row.pk), form | typed | {"department": "総務課"})

    stored = Invitation.objects.get()
    assert (stored.department, stored.sent_at, stored.outcome, stored.reminders) == ("総務課", None, "", 0)
    assert stored.round == row.round


@pytest.mark.parametrize("field", ["name_ja", "name_en", "department", "contact_name", "email"])
def test_form_refuses_line_breaks(field: str, manager: Client) -> None:
    row = InvitationFactory()
    form = filled(manager.get(address("invitation_change", row.pk)))

    answer = manager.post(address("invitation_change", row.pk), form | {field: "a\r\nBcc: evil@example.org"})

    assert list(errors(answer)) == [field]


def test_second_request_asks_first_and_shows_the_mail(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    asked, fresh = InvitationFactory(round=survey_round, was_asked=True), InvitationFactory(round=survey_round)

    question = act(manager, "remind", asked, fresh)

    assert reasons(question) == ["", "The first request was not sent yet."]
    assert [mail.written.to for mail in question.context["mails"]] == [asked.email]
    assert "/ja/answer/open/…/" in text_of(question)
    assert Delivery.objects.count() == 0


def test_second_request_is_queued_and_reported_by_institution(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    asked, fresh = InvitationFactory(round=survey_round, was_asked=True), InvitationFactory(round=survey_round)

    report = confirmed(manager, "remind", asked, fresh)

    assert reasons(report) == [""]
    assert "Done for 1 of 1 institutions." in text_of(report)
    (delivery,) = Delivery.objects.all()
    assert (delivery.invitation, delivery.kind, delivery.queued_by_id) == (
        asked,
        "reminder",
        report.wsgi_request.user.pk,
    )


def test_confirmation_that_comes_twice_queues_once(manager: Client) -> None:
    asked = InvitationFactory(was_asked=True)
    form = carried(act(manager, "remind", asked))

    for _ in range(2):
        answer = manager.post(LIST, form)
        assert reasons(answer) == [""]

    assert Delivery.objects.count() == 1


def test_second_tab_sends_no_second_request_after_the_first(manager: Client) -> None:
    asked = InvitationFactory(was_asked=True)
    tabs = [carried(act(manager, "remind", asked)) for _ in range(2)]

    reports = []
    for form in tabs:
        reports.append(manager.post(LIST, form))
        mailing.deliver_next(at=timezone.now())

    assert [reasons(report) for report in reports] == [
        [""],
        ["Somebody wrote to it since you opened the page. Please look again."],
    ]
    assert Invitation.objects.get().reminders == 1


def test_date_of_the_last_second_request_is_shown(manager: Client) -> None:
    moment = datetime(2026, 11, 24, 17, 0, tzinfo=JAPAN)
    asked = InvitationFactory(was_asked=True, reminders=1, reminded_at=moment)

    pages = [act(manager, "remind", asked), manager.get(address("round_mail", asked.round_id, "reminder"))]

    assert ["24 November 2026, 17:00 (JST)" in text_of(page) for page in pages] == [True, True]
    assert "Nov. 24, 2026, 5 p.m." in text_of(manager.get(LIST))


def test_those_who_stay_out_are_not_brought_back_by_the_page_that_asks(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    asked, fresh = InvitationFactory(round=survey_round, was_asked=True), InvitationFactory(round=survey_round)

    form = carried(act(manager, "remind", asked, fresh))

    assert form["_selected_action"] == [str(asked.pk)]


def test_new_link_shows_each_letter_that_goes_out(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    asked, silent = InvitationFactory.create_batch(2, round=survey_round, was_asked=True)
    returned = ResponseFactory(
        invitation=InvitationFactory(round=survey_round, was_asked=True),
        state="returned",
        revision=1,
        submitted_at=NOW,
    ).invitation

    question = act(manager, "reissue", asked, silent, returned)
    manager.post(LIST, carried(question))

    mails = question.context["mails"]
    assert [(mail.label, mail.count, mail.written.to) for mail in mails] == [
        ("request to answer", 2, asked.email),
        ("questions about an answer", 1, returned.email),
    ]
    assert "（照会）" in mails[1].written.subject
    assert list(Delivery.objects.order_by("pk").values_list("invitation", "kind")) == [
        (asked.pk, "invitation"),
        (silent.pk, "invitation"),
        (returned.pk, "returned"),
    ]


@pytest.mark.parametrize("deed", ["remind", "reissue", "remove", "decline"])
def test_page_that_asks_costs_the_same_for_any_number(deed: str, manager: Client) -> None:
    survey_round = OpenRoundFactory()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            act(manager, deed, *Invitation.objects.order_by("pk"))
        return len(queries)

    InvitationFactory(round=survey_round, was_asked=True)
    few = cost()
    InvitationFactory.create_batch(10, round=survey_round, was_asked=True)

    assert cost() == few


def test_page_that_asks_has_room_for_all_that_it_may_bring_back(manager: Client, settings: Any) -> None:
    survey_round = OpenRoundFactory()
    Invitation.objects.bulk_create(InvitationFactory.build_batch(MOST_ROWS, round=survey_round))
    first = Invitation.objects.earliest("number")

    form = carried(act(manager, "decline", first, select_across="1"))

    assert len(form["_selected_action"]) == MOST_ROWS
    assert sum(map(len, form.values())) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_wrong_list_is_deleted_but_for_those_who_were_asked(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    wrong, other = InvitationFactory.create_batch(2, round=survey_round)
    asked = InvitationFactory(round=survey_round, was_asked=True)

    question = act(manager, "remove", wrong, other, asked)
    before = Invitation.objects.count()
    report = manager.post(LIST, carried(question))

    assert (reasons(question), before) == (["", "", "The request was sent before."], 3)
    assert "Done for 2 of 2 institutions." in text_of(report)
    assert wrong.name_ja in text_of(report)
    assert Invitation.objects.get() == asked
    entries = LogEntry.objects.filter(action_flag=DELETION).order_by("object_repr")
    assert list(entries.values_list("object_repr", "user")) == [
        (str(row), report.wsgi_request.user.pk) for row in (wrong, other)
    ]


def test_institution_that_is_asked_meanwhile_stays_on_the_list(manager: Client) -> None:
    row = InvitationFactory()
    form = carried(act(manager, "remove", row))
    DeliveryFactory(invitation=row)

    report = manager.post(LIST, form)

    assert reasons(report) == ["A mail to it waits to be sent, or was tried."]
    assert (Invitation.objects.get(), LogEntry.objects.count()) == (row, 0)


def test_deadline_is_extended_to_day_and_hour(manager: Client) -> None:
    row = InvitationFactory()
    until = timezone.localtime(row.round.closes_at + timedelta(days=7)).replace(second=0, microsecond=0)

    report = confirmed(manager, "extend", row, until=until.strftime("%Y-%m-%dT%H:%M"))

    assert reasons(report) == [""]
    assert Invitation.objects.get().due_at == until


@pytest.mark.parametrize("until", ["", "soon", "2026-13-45T99:99"])
def test_moment_that_is_none_is_asked_for_again(until: str, manager: Client) -> None:
    row = InvitationFactory()

    answer = confirmed(manager, "extend", row, until=until)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["until"]
    assert Invitation.objects.get().due_at is None


@pytest.mark.parametrize(
    ("deed", "outcome"), [("decline", "declined"), ("ineligible", "ineligible"), ("revoke", ""), ("await", "")]
)
def test_steps_change_what_they_say(deed: str, outcome: str, manager: Client) -> None:
    row = InvitationFactory(outcome="declined" if deed == "await" else "")
    token = mailing.issue(row, at=NOW)

    report = confirmed(manager, deed, row)

    assert reasons(report) == [""]
    assert Invitation.objects.get().outcome == outcome
    assert (mailing.find_link(token) is None) == (deed == "revoke")


def test_new_link_closes_the_old_one_and_waits_to_be_sent(manager: Client) -> None:
    row = InvitationFactory(was_asked=True)
    token = mailing.issue(row, at=NOW)

    report = confirmed(manager, "reissue", row)

    assert reasons(report) == [""]
    assert mailing.find_link(token) is None
    assert Delivery.objects.get().kind == "invitation"


def test_request_that_went_by_post_counts_from_its_day(manager: Client) -> None:
    row = InvitationFactory(email="")

    report = confirmed(manager, "post", row, on="2026-10-01")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    assert reasons(report) == [""]
    assert timezone.localtime(Invitation.objects.get().sent_at).isoformat() == "2026-10-01T00:00:00+09:00"
    assert confirmed(manager, "post", row, on=tomorrow).status_code == 400


@pytest.mark.parametrize("batch", ["", "no-uuid"])
def test_answer_to_no_question_is_refused(batch: str, manager: Client) -> None:
    row = InvitationFactory(was_asked=True)

    assert act(manager, "remind", row, confirmed=batch).status_code == 400
    assert Delivery.objects.count() == 0


def test_institution_that_was_deleted_meanwhile_is_told(manager: Client) -> None:
    row = InvitationFactory()
    batch = act(manager, "decline", row).context["batch"]
    key = row.pk
    row.delete()

    answer = manager.post(LIST, {"action": "decline", "_selected_action": [key], "confirmed": batch})

    assert reasons(answer) == ["Deleted since you looked."]
