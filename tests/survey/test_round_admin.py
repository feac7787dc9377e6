"""A round at the desk: its mails to all, its letters, and what of it is fixed."""

from io import BytesIO

import docx
import pytest
from django.test import Client
from django.utils import timezone

from survey import mailing
from survey.admin.invitations import MOST_LETTERS
from survey.models import Delivery, Invitation, Letter
from tests.factories.invitations import InvitationFactory, OpenRoundFactory
from tests.practices.desk import errors, filled
from tests.survey.desk import LIST, address, carried, logged_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def test_request_to_all_is_shown_before_it_is_queued(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    first = InvitationFactory(round=survey_round)
    InvitationFactory(round=survey_round, email="")
    place = address("round_mail", survey_round.pk, "invitation")

    question = manager.get(place)
    form = {name: question.context[name] for name in ("batch", "seen")}
    answer = manager.post(place, {"confirmed": form["batch"], "seen": form["seen"]}, follow=True)

    assert (question.context["chosen"], [row.reason for row in question.context["skipped"]]) == (
        [first],
        ["There is no mail address."],
    )
    assert Delivery.objects.get().invitation == first
    assert "1 mail waits to be sent." in text_of(answer)


def test_request_is_not_queued_for_others_than_those_who_were_shown(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    InvitationFactory(round=survey_round)
    place = address("round_mail", survey_round.pk, "invitation")
    shown = manager.get(place).context
    InvitationFactory(round=survey_round)

    answer = manager.post(place, {"confirmed": shown["batch"], "seen": shown["seen"]})

    assert answer.status_code == 409
    assert len(answer.context["chosen"]) == 2
    assert Delivery.objects.count() == 0


def test_second_tab_reminds_nobody_after_the_first(manager: Client) -> None:
    row = InvitationFactory(was_asked=True)
    place = address("round_mail", row.round_id, "reminder")
    tabs = [carried(manager.get(place)) for _ in range(2)]

    statuses = []
    for form in tabs:
        statuses.append(manager.post(place, form).status_code)
        mailing.deliver_next(at=timezone.now())

    row.refresh_from_db()
    assert (statuses, row.reminders) == ([302, 409], 1)


@pytest.mark.parametrize("kind", ["receipt", "official", "nothing"])
def test_only_requests_go_to_all(kind: str, manager: Client) -> None:
    assert manager.get(address("round_mail", OpenRoundFactory().pk, kind)).status_code == 404


def test_letter_is_made_when_it_is_opened_and_changed_there(manager: Client) -> None:
    survey_round = OpenRoundFactory()

    manager.get(address("round_letters", survey_round.pk))
    before = Letter.objects.count()
    opened = manager.post(address("round_letter", survey_round.pk, "reminder"), follow=True)
    form = filled(opened) | {"body_ja": "再度のお願い {link}"}
    answer = manager.post(opened.request["PATH_INFO"], form)

    assert (before, answer.status_code) == (0, 302)
    assert mailing.letter_of(survey_round, "reminder").body_ja == "再度のお願い {link}"


def test_letter_is_made_nowhere_else(manager: Client) -> None:
    assert manager.get(address("letter_add")).status_code == 403


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("body_ja", "{link} {{x}}", "In braces only these are filled in here: {institution} {department}"),
        ("body_en", "{link} {x.__class__}", "In braces only these are filled in here: {institution} {department}"),
        ("body_ja", "{{link}}", "In braces only these"),
        ("body_en", "no way in", "The text needs {link}."),
        ("subject_ja", "{link}", "In braces only these"),
        ("subject_en", "a\r\nBcc: evil@example.org", "Write it on one line."),
    ],
)
def test_letter_that_would_harm_is_refused(field: str, text: str, reason: str, manager: Client) -> None:
    letter = mailing.keep_letter(OpenRoundFactory(), "invitation")
    place = address("letter_change", letter.pk)

    answer = manager.post(place, filled(manager.get(place)) | {field: text})

    assert list(errors(answer)) == [field]
    assert errors(answer)[field][0]["message"].startswith(reason)
    assert getattr(Letter.objects.get(), field) == getattr(letter, field)


def test_letters_on_paper_are_one_file_with_a_page_for_each(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    first, second = InvitationFactory.create_batch(2, round=survey_round, email="")
    InvitationFactory(round=survey_round, outcome="ineligible")

    everybody = manager.get(address("round_request_letters", survey_round.pk))
    one = manager.get(address("invitation_request_letter", second.pk))
    texts = [[each.text for each in docx.Document(BytesIO(answer.content)).paragraphs] for answer in (everybody, one)]

    assert [f"{row.name_ja}長　殿" for row in (first, second)] == [text for text in texts[0] if text.endswith("殿")]
    assert f"{second.name_ja}長　殿" in texts[1]
    assert "「大学の国際化に関する調査」への御協力について（依頼）" in texts[1]
    assert [text for text in texts[1] if "answer/open" in text] == []
    assert one["Content-Disposition"] == f'attachment; filename="request-{survey_round.code}-2.docx"'


def test_letters_on_paper_are_refused_where_one_file_does_not_hold_them(manager: Client) -> None:
    survey_round = OpenRoundFactory()
    Invitation.objects.bulk_create(InvitationFactory.build_batch(MOST_LETTERS + 1, round=survey_round))
    first = Invitation.objects.earliest("number")

    answers = [
        manager.get(address("round_request_letters", survey_round.pk), follow=True),
        manager.post(
            LIST, {"action": "request_letters", "_selected_action": [first.pk], "select_across": "1"}, follow=True
        ),
    ]

    told = "No letter was made: one file takes at most 1000, and these are 1001."
    assert [told in text_of(answer) for answer in answers] == [True, True]
    assert answers[0].redirect_chain == [(f"{LIST}?round__id__exact={survey_round.pk}", 302)]


def test_round_page_leads_to_everything(manager: Client) -> None:
    survey_round = OpenRoundFactory()

    text = text_of(manager.get(address("round_change", survey_round.pk)))

    for name in ("recipients", "letters", "request_letters"):
        assert f'href="{address(f"round_{name}", survey_round.pk)}"' in text


@pytest.mark.parametrize(
    ("moment", "reason"),
    [("", "An open round needs a deadline."), ("2020-01-01", "The deadline lies before the opening.")],
)
def test_open_round_keeps_a_deadline_that_can_be(moment: str, reason: str, manager: Client) -> None:
    survey_round = OpenRoundFactory()
    place = address("round_change", survey_round.pk)
    form = filled(manager.get(place)) | {"closes_at_0": moment, "closes_at_1": "00:00" if moment else ""}

    answer = manager.post(place, form)

    assert errors(answer)["closes_at"][0]["message"] == reason


def test_questionnaire_of_an_open_round_is_fixed(manager: Client) -> None:
    drafted, opened = OpenRoundFactory(state="draft"), OpenRoundFactory()

    fields = [
        manager.get(address("round_change", row.pk)).context["adminform"].form.fields for row in (drafted, opened)
    ]

    assert ["questionnaire" in each for each in fields] == [True, False]
