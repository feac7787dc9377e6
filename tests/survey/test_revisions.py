"""What differs between two states of a response, and the page that shows it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from survey import answering, workflow
from survey.answering import Reply, Said, Sheet, sheet_of
from survey.models import Response, Snapshot
from survey.revisions import Revision, differences, revision_of, reworded
from survey.workflow import Actor, Asked
from tests.factories.answers import COMPLETE, a_response, answered, changes, the_form
from tests.factories.staff import StaffFactory
from tests.survey.desk import address, logged_in, text_of
from tests.survey.handed_in import JUMP

pytestmark = pytest.mark.django_db
HANAKO = "国際 花子"
JIRO = "国際 次郎"
START = timezone.now() - timedelta(days=3)


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def sheet(response: Response) -> Sheet:
    response.refresh_from_db()
    return sheet_of(response, the_form(response), is_pilot=response.invitation.is_pilot)


def submit(response: Response, at: datetime) -> Snapshot:
    now = sheet(response)
    return workflow.submit(
        response, form=now.form, seen=now.fingerprint, revision=response.revision, actor=Actor(HANAKO), at=at
    )


def write(response: Response, said: dict[str, str], *, by: str, at: datetime) -> None:
    form = the_form(response)
    seen = {code: sheet(response).entry(code).lock for code in said}
    saved = answering.save(response, changes(form, said, seen), form=form, by=by, at=at)
    assert saved.conflicts == []


def returned_and_changed() -> Response:
    """Submitted by one person, returned, changed by another, and not yet submitted again."""
    response = a_response()
    answered(response, COMPLETE, by=HANAKO, at=START)
    submit(response, START + timedelta(hours=1))
    workflow.return_with_questions(
        response,
        form=the_form(response),
        questions=[Asked("単位は人ですか。")],
        until=None,
        by=StaffFactory(roles=["survey_manager"]),
        at=START + timedelta(hours=2),
    )
    write(
        response,
        {"Q4.edu.2008": "20", "Q1.head": "該当なし", "Q9.words": "追記"},
        by=JIRO,
        at=START + timedelta(hours=3),
    )
    return response


def told(response: Response, old: Revision, new: Revision) -> list[tuple[str, str, str, str]]:
    found = differences(old, new, sheet(response))
    return [(row.place.cell.code, row.old, row.new, row.entry.by if row.entry else "") for row in found]


def test_differences_are_told_in_words_with_who_wrote_them() -> None:
    response = returned_and_changed()
    first, _second = response.snapshots.order_by("pk")
    present = sheet(response)

    found = told(response, revision_of(first, present), Revision(present))

    assert found == [
        ("Q1.head", "副学長", "該当なし", JIRO),
        ("Q4.edu.2008", "12", "20", JIRO),
        ("Q9.words", "", "追記", JIRO),
    ]


def test_who_wrote_an_answer_is_told_only_while_it_stands() -> None:
    response = returned_and_changed()
    second = submit(response, START + timedelta(hours=4))
    workflow.take_back(response, form=the_form(response), actor=Actor(JIRO), at=START + timedelta(hours=5))
    write(response, {"Q4.edu.2008": "30"}, by=HANAKO, at=START + timedelta(hours=6))
    first = response.snapshots.order_by("pk").first()
    assert first
    present = sheet(response)

    found = told(response, revision_of(first, present), revision_of(second, present))

    assert ("Q4.edu.2008", "12", "20", "") in found
    assert ("Q9.words", "", "追記", JIRO) in found


def test_value_that_was_written_again_later_is_not_told_of_the_earlier_state() -> None:
    response = a_response()
    answered(response, COMPLETE, by=HANAKO, at=START)
    first = submit(response, START + timedelta(hours=1))
    for step, said in ((2, "9"), (3, "3")):
        workflow.take_back(response, form=the_form(response), actor=Actor(JIRO), at=START + timedelta(hours=step))
        write(response, {"Q6.count": said}, by=JIRO, at=START + timedelta(hours=step))
        submit(response, START + timedelta(hours=step, minutes=30))
    empty = Sheet(the_form(response), {}, {}, is_pilot=False)

    found = told(response, Revision(empty), revision_of(first, sheet(response)))

    assert ("Q6.count", "", "3", "") in found
    assert ("Q1.hq", "", "設置している", HANAKO) in found


def test_same_answers_differ_in_nothing() -> None:
    response = a_response()
    answered(response, COMPLETE)
    present = sheet(response)

    assert told(response, revision_of(submit(response, START), present), Revision(sheet(response))) == []


def explained(response: Response, text: str) -> None:
    (finding,) = sheet(response).findings
    said = Said(finding.check.row, finding.values, text, finding.digest)
    assert answering.explain(response, [said], by=HANAKO, at=START) == {}


def explained_anew() -> tuple[Response, Snapshot]:
    """Submitted with an explanation, taken back, and explained in other words."""
    response = a_response()
    answered(response, JUMP, by=HANAKO, at=START)
    explained(response, "新学部の設置")
    first = submit(response, START + timedelta(hours=1))
    workflow.take_back(response, form=the_form(response), actor=Actor(JIRO), at=START + timedelta(hours=2))
    explained(response, "組織改編")
    return response, first


def test_explanations_differ_between_states() -> None:
    response, first = explained_anew()
    present = sheet(response)

    (one,) = reworded(revision_of(first, present), Revision(present))

    assert (one.check.code, one.old and one.old.text, one.new and one.new.text) == (
        "edu-jump",
        "新学部の設置",
        "組織改編",
    )
    assert list(reworded(Revision(present), Revision(present))) == []


def test_what_a_snapshot_kept_of_an_explanation_settles_its_finding() -> None:
    response, first = explained_anew()

    kept = revision_of(first, sheet(response)).sheet

    assert [(one.is_settled, one.explanation and one.explanation.text) for one in kept.findings] == [
        (True, "新学部の設置")
    ]


# The page


def test_page_shows_both_explanations(manager: Client) -> None:
    response, _first = explained_anew()

    page = text_of(manager.get(address("response_revisions", response.pk)))

    assert [text for text in ("新学部の設置", "組織改編", "1 explanation differs") if text not in page] == []


def test_pages_show_replies_to_what_jsps_asked(manager: Client) -> None:
    response = returned_and_changed()
    (remark,) = answering.open_remarks(response)
    answering.reply(response, [Reply(remark.pk, "人数です。", "")], by=HANAKO, at=timezone.now())
    submit(response, START + timedelta(hours=4))

    pages = [manager.get(address(name, response.pk)) for name in ("response_revisions", "response_change")]

    assert [text for page in pages for text in ("単位は人ですか。", "人数です。") if text not in text_of(page)] == []


def shown(client: Client, response: Response, **query: Any) -> list[tuple[str, str, str]]:
    page = client.get(address("response_revisions", response.pk), query)
    return [(row.place.cell.code, row.old, row.new) for row in page.context["differences"]]


def test_page_lists_the_steps_and_compares_the_last_submission_with_now(manager: Client) -> None:
    response = returned_and_changed()

    page = manager.get(address("response_revisions", response.pk))

    assert [row.step for row in page.context["found"].snapshots] == ["returned", "submitted"]
    assert "単位は人ですか。" in text_of(page)
    assert [row.place.cell.code for row in page.context["differences"]] == ["Q1.head", "Q4.edu.2008", "Q9.words"]


def test_page_compares_the_last_two_submissions(manager: Client) -> None:
    response = returned_and_changed()
    submit(response, START + timedelta(hours=4))

    assert shown(manager, response) == [
        ("Q1.head", "Vice president", "not applicable"),
        ("Q4.edu.2008", "12", "20"),
        ("Q9.words", "", "追記"),
    ]


def test_any_two_states_are_compared_in_their_order_in_time(manager: Client) -> None:
    response = returned_and_changed()
    first, second = (row.pk for row in response.snapshots.order_by("pk"))

    assert shown(manager, response, old=first, new=second) == []
    assert shown(manager, response, old=0, new=first) == shown(manager, response, old=first, new=0)
    assert len(shown(manager, response, old=second, new=0)) == 3
    assert shown(manager, response, old=0, new=0) == []


@pytest.mark.parametrize("key", ["-1", "x", "999999", "1" * 30, "１"])
def test_state_of_no_such_response_is_not_found(key: str, manager: Client) -> None:
    response = returned_and_changed()

    assert manager.get(address("response_revisions", response.pk), {"old": key}).status_code == 404


def test_state_of_another_response_is_not_found(manager: Client) -> None:
    response, other = returned_and_changed(), returned_and_changed()
    key = other.snapshots.order_by("pk").values_list("pk", flat=True)[0]

    assert manager.get(address("response_revisions", response.pk), {"old": key}).status_code == 404


def test_response_without_a_step_has_one_state(manager: Client) -> None:
    page = manager.get(address("response_revisions", a_response().pk))

    assert "No step was taken yet" in text_of(page)
