"""Bulk steps: asked first, taken case by case, and reported for every one of them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practices.admin.bulk import MOST_CASES
from practices.models import Edition, GoodPractice, PracticeStatus, Transition
from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, archive, publish, staff
from tests.practices.desk import LIST

pytestmark = pytest.mark.django_db
ROLES = ("curator", "publisher", "translator_en", "translator_ja", "survey_manager")
IN_BULK = [step for step in Steps if not step.value.needs_confirmation]


@pytest.fixture
def publisher(client: Client) -> Client:
    client.force_login(staff("publisher"))
    return client


def in_review(**fields: Any) -> GoodPractice:
    practice: GoodPractice = PracticeFactory(**fields)
    return take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT)


def ask(client: Client, step: Steps, *cases: GoodPractice, query: str = "", **more: str) -> Any:
    """What the list answers when the action is chosen for the cases."""
    selected = {"action": step.value.name, "index": "0", "_selected_action": [str(case.pk) for case in cases]}
    return client.post(LIST + query, selected | more)


def confirm(client: Client, asked: Any, **more: str) -> Any:
    """Posts the form of the page that asked, as a browser would."""
    rows = asked.context["rows"]
    form: dict[str, Any] = {"action": asked.context["step"].name, "confirmed": "1", "note": ""}
    form |= {"_selected_action": [str(row.key) for row in rows]} | {f"seen_{row.key}": row.seen for row in rows}
    return client.post(asked.wsgi_request.get_full_path(), form | more)


def outcome(response: Any) -> dict[str, str]:
    return {row.practice.slug: row.reason for row in response.context["rows"]}


def status_of(practice: GoodPractice) -> str:
    return GoodPractice.objects.get(pk=practice.pk).status


@pytest.mark.parametrize("role", ROLES)
def test_the_list_offers_the_steps_of_the_role(client: Client, role: str) -> None:
    user = staff(role)
    client.force_login(user)
    expected = [step.value.name for step in IN_BULK if step.value.permission(user, PracticeFactory())]

    form = client.get(LIST).context["action_form"]

    assert [name for name, _label in form.fields["action"].choices if name] == expected if expected else form is None


@pytest.mark.parametrize("step", IN_BULK)
def test_every_step_asks_first_and_moves_nothing(client: Client, step: Steps) -> None:
    client.force_login(staff("curator", "publisher"))
    case = PracticeFactory()

    response = ask(client, step, case)

    assert response.status_code == 200
    assert (status_of(case), Transition.objects.count()) == (PracticeStatus.DRAFT, 0)


def test_cases_are_published_and_others_told_why_not(publisher: Client) -> None:
    ready, draft = in_review(slug="ready"), PracticeFactory(slug="draft")

    asked = ask(publisher, Steps.PUBLISH, ready, draft)
    response = confirm(publisher, asked)

    assert {slug: bool(reason) for slug, reason in outcome(asked).items()} == {"ready": False, "draft": True}
    assert {slug: bool(reason) for slug, reason in outcome(response).items()} == {"ready": False, "draft": True}
    assert [edition.slug for edition in Edition.objects.public()] == ["ready"]


def test_a_case_somebody_edited_is_left_and_reported(publisher: Client) -> None:
    edited, other = in_review(slug="edited"), in_review(slug="other")
    asked = ask(publisher, Steps.PUBLISH, edited, other)
    GoodPractice.objects.filter(pk=edited.pk).update(edits=edited.edits + 1)

    response = confirm(publisher, asked)

    assert {slug: bool(reason) for slug, reason in outcome(response).items()} == {"edited": True, "other": False}
    assert (status_of(edited), status_of(other)) == (PracticeStatus.IN_REVIEW, PracticeStatus.PUBLISHED)
    assert f"/{edited.pk}/change/" in response.content.decode()


def test_a_case_that_left_the_filter_meanwhile_is_reported(publisher: Client) -> None:
    withdrawn = in_review(slug="withdrawn")
    asked = ask(publisher, Steps.PUBLISH, withdrawn, query="?status__exact=in_review")
    take(Steps.WITHDRAW, practice=withdrawn, by=staff("curator"), at=A_MOMENT)

    response = confirm(publisher, asked)

    assert list(outcome(response)) == ["withdrawn"]
    assert status_of(withdrawn) == PracticeStatus.DRAFT


def test_a_case_deleted_meanwhile_is_reported(client: Client) -> None:
    client.force_login(staff("curator"))
    case = PracticeFactory()
    asked = ask(client, Steps.SUBMIT, case)
    GoodPractice.objects.all().delete()

    response = confirm(client, asked)

    assert response.context["done"] == 0
    assert "削除された事例" in response.content.decode()


def test_a_failure_stops_no_other_case(publisher: Client) -> None:
    """The first one's address is taken by an edition of another case, which only the database knows."""
    taken = publish(slug="taken")
    GoodPractice.objects.filter(pk=taken.draft_id).update(slug="elsewhere")
    failing, fine = in_review(slug="taken"), in_review(slug="fine")

    response = confirm(publisher, ask(publisher, Steps.PUBLISH, failing, fine))

    assert {slug: bool(reason) for slug, reason in outcome(response).items()} == {"taken": True, "fine": False}
    assert (status_of(failing), status_of(fine)) == (PracticeStatus.IN_REVIEW, PracticeStatus.PUBLISHED)
    assert Transition.objects.filter(practice=failing, step="publish").count() == 0


def test_a_missing_note_asks_again_and_keeps_the_first_look(publisher: Client) -> None:
    edition = publish(slug="public")
    practice = edition.draft
    asked = ask(publisher, Steps.ARCHIVE, practice)
    GoodPractice.objects.update(edits=50)

    response = confirm(publisher, asked)

    assert response.status_code == 400
    assert response.context["note_form"].errors["note"]
    assert outcome(response)["public"]
    assert status_of(practice) == PracticeStatus.PUBLISHED


def test_the_note_is_kept_with_every_case(publisher: Client) -> None:
    cases = [publish().draft for _case in range(2)]

    confirm(publisher, ask(publisher, Steps.ARCHIVE, *cases), note="統合のため")

    notes = Transition.objects.filter(step="archive").values_list("note", flat=True).order_by("pk")
    assert list(notes) == ["統合のため"] * 2


def test_a_case_that_never_was_public_is_not_archived(publisher: Client) -> None:
    asked = ask(publisher, Steps.ARCHIVE, PracticeFactory(slug="never"))

    assert outcome(asked)["never"]
    assert asked.context["count"] == 0


def test_archived_cases_are_reopened(publisher: Client) -> None:
    edition = publish()
    archive(edition)

    confirm(publisher, ask(publisher, Steps.REOPEN, edition.draft))

    assert status_of(edition.draft) == PracticeStatus.DRAFT


def test_all_pages_can_be_selected(publisher: Client) -> None:
    cases = [in_review() for _case in range(3)]

    asked = ask(publisher, Steps.PUBLISH, cases[0], select_across="1", query="?status__exact=in_review")

    assert asked.context["count"] == 3


def test_too_many_cases_are_refused_in_words(publisher: Client) -> None:
    one = PracticeFactory()
    fields = {"institution": one.institution, "theme": one.theme, "title_en": "Case"}
    GoodPractice.objects.bulk_create(GoodPractice(slug=f"many-{n}", **fields) for n in range(MOST_CASES))

    response = ask(publisher, Steps.PUBLISH, one, select_across="1")

    assert (response.status_code, response["Location"]) == (302, LIST)


@pytest.mark.parametrize("role", ["curator", "translator_en", "survey_manager"])
def test_a_forged_step_is_not_taken(client: Client, role: str) -> None:
    client.force_login(staff(role))
    case = in_review()
    form = {"action": "publish", "confirmed": "1", "_selected_action": [case.pk], f"seen_{case.pk}": case.edits}

    client.post(LIST, form)

    assert status_of(case) == PracticeStatus.IN_REVIEW


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"_selected_action": "x"}, 400),
        ({"_selected_action": "9" * 30}, 400),
        ({"_selected_action": ""}, 400),
        ({"_selected_action": ["0"]}, 200),
        ({"seen_0": "x", "_selected_action": ["0", "0"]}, 200),
        ({"action": "nonsense"}, 302),
        ({"action": "delete_selected"}, 302),
        ({"index": "x"}, 200),
        ({"note": "x" * 2001}, 400),
    ],
)
def test_odd_answers_are_no_server_error(publisher: Client, change: dict[str, Any], status: int) -> None:
    case = in_review()
    form = {"action": "publish", "confirmed": "1", "_selected_action": [case.pk], f"seen_{case.pk}": case.edits}

    assert publisher.post(LIST, form | change).status_code == status


def test_what_destroys_text_is_no_action_of_the_list(client: Client) -> None:
    client.force_login(staff("curator"))
    edition = publish()
    take(Steps.REVISE, practice=edition.draft, by=staff("curator"), at=A_MOMENT)
    GoodPractice.objects.update(summary_ja="まだ誰も見ていない文", edits=7)
    key = edition.draft_id

    client.post(LIST, {"action": "discard", "confirmed": "1", "_selected_action": [key], f"seen_{key}": 7})

    assert GoodPractice.objects.get().summary_ja == "まだ誰も見ていない文"


def test_asking_costs_the_same_for_1_and_30_cases(publisher: Client) -> None:
    counts = []
    for cases in ([publish().draft], [publish().draft for _case in range(30)]):
        ask(publisher, Steps.ARCHIVE, *cases)
        with CaptureQueriesContext(connection) as queries:
            ask(publisher, Steps.ARCHIVE, *cases)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_cases_ruled_out_are_in_the_form_and_in_the_report(publisher: Client) -> None:
    ready, draft = in_review(), PracticeFactory()

    asked = ask(publisher, Steps.PUBLISH, ready, draft)
    report = confirm(publisher, asked)

    assert f'name="_selected_action" value="{draft.pk}"' in asked.content.decode()
    assert (report.context["done"], report.context["all"], status_of(draft)) == (1, 2, PracticeStatus.DRAFT)
