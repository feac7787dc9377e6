"""Steps as buttons, with and without a form to save first; history, preview and files of the desk."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from practices.models import Attachment, PracticeStatus, Transition
from practices.permissions import Role
from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, archive, publish, staff
from tests.practices.desk import ADD, change_page, confirmed, errors, looked_at, opened, step_page

pytestmark = pytest.mark.django_db


def logged_in(*roles: str) -> Client:
    client = Client()
    client.force_login(staff(*roles))
    client.cookies["django_language"] = "en"
    return client


def in_review(**fields: Any) -> Any:
    practice = PracticeFactory(**fields)
    return take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT)


def preview(practice: Any, query: str = "") -> str:
    return reverse("admin:practices_goodpractice_preview", args=[practice.pk]) + query


def buttons(client: Client, practice: Any) -> list[str]:
    return [step.name for step, _consequence in client.get(change_page(practice)).context["steps"]]


def test_submit_saves_first() -> None:
    curator, practice = logged_in("curator"), PracticeFactory()
    form = opened(curator, practice, title_ja="新しい題名", _step="submit", note="お願いします。")

    response = curator.post(change_page(practice), form)

    practice.refresh_from_db()
    assert (response.status_code, practice.title_ja, practice.status) == (302, "新しい題名", "in_review")
    assert list(Transition.objects.values_list("step", "note")) == [("submit", "お願いします。")]


def test_a_new_case_can_be_submitted_at_once() -> None:
    curator = logged_in("curator")

    assert [step.name for step, _text in curator.get(ADD).context["steps"]] == ["submit"]


def test_with_errors_in_the_form_no_step_is_taken() -> None:
    curator, practice = logged_in("curator"), PracticeFactory()
    form = opened(curator, practice, title_ja="", title_en="", summary_ja="残る文", _step="submit")

    response = curator.post(change_page(practice), form)

    assert list(errors(response)) == ["title_ja"]
    assert "残る文" in response.content.decode()
    assert not Transition.objects.exists()


def test_request_changes_needs_a_note_and_keeps_the_text() -> None:
    publisher, practice = logged_in("publisher"), in_review()
    form = opened(publisher, practice, title_ja="直した題名", _step="request_changes", note="  ")

    response = publisher.post(change_page(practice), form)

    practice.refresh_from_db()
    assert (list(errors(response)), practice.status) == (["note"], "in_review")
    assert "直した題名" in response.content.decode()


def test_publish_says_so_and_links_to_the_public_page() -> None:
    publisher, practice = logged_in("publisher"), in_review(slug="keio-office-in-london")
    form = opened(publisher, practice, _step="publish")

    asked = publisher.post(change_page(practice), form)
    response = publisher.post(step_page(practice, "publish"), confirmed(asked), follow=True)

    assert practice.editions.public().get().version == 1
    messages = [str(message) for message in response.context["messages"]]
    assert ['href="/en/practices/keio-office-in-london/"' in message for message in messages] == [True]


def test_a_forged_step_saves_and_refuses() -> None:
    curator, practice = logged_in("curator"), PracticeFactory()
    form = opened(curator, practice, title_ja="新しい題名", _step="publish")

    response = curator.post(change_page(practice), form, follow=True)

    practice.refresh_from_db()
    assert (practice.status, practice.title_ja) == ("draft", "新しい題名")
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


@pytest.mark.parametrize("step", ["discard", "nonsense", ""])
def test_an_unknown_step_saves_nothing(step: str) -> None:
    curator, practice = logged_in("curator"), PracticeFactory()

    response = curator.post(change_page(practice), opened(curator, practice, title_ja="新しい題名", _step=step))

    practice.refresh_from_db()
    assert (response.status_code, practice.edits) == (404, 0)


def test_a_curator_withdraws_what_is_closed_to_curators() -> None:
    curator, practice = logged_in("curator"), in_review()

    response = curator.post(step_page(practice, "withdraw"), looked_at(practice))

    practice.refresh_from_db()
    assert (response["Location"], practice.status) == (change_page(practice), "draft")


def test_archive_asks_for_the_reason() -> None:
    publisher, edition = logged_in("publisher"), publish()

    response = publisher.post(step_page(edition.draft, "archive"), looked_at(edition.draft))

    assert (response.status_code, list(response.context["note_form"].errors)) == (400, ["note"])
    assert edition.draft.editions.public().exists()


def test_a_refused_step_keeps_the_note() -> None:
    publisher, practice = logged_in("publisher"), PracticeFactory()

    response = publisher.post(step_page(practice, "publish"), looked_at(practice, note="失いたくない"))

    assert response.status_code == 409
    assert "失いたくない" in response.content.decode()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", [step.value.name for step in Steps])
def test_steps_of_other_roles_are_forbidden(role: Role, step: str) -> None:
    practice = PracticeFactory()
    permitted = Steps[step.upper()].value.permission(staff(role), practice)

    response = logged_in(role).post(step_page(practice, step), looked_at(practice, note="x"))

    assert (response.status_code == 403) == (not permitted)


def test_an_unknown_step_has_no_address() -> None:
    assert logged_in("curator", "publisher").post(step_page(publish().draft, "nonsense")).status_code == 404


def test_a_step_is_not_taken_by_a_link() -> None:
    practice = in_review()

    assert logged_in("publisher").get(step_page(practice, "publish")).status_code == 405


def test_a_step_needs_the_token_of_the_form() -> None:
    publisher = Client(enforce_csrf_checks=True)
    publisher.force_login(staff("publisher"))

    assert publisher.post(step_page(in_review(), "publish")).status_code == 403


@pytest.mark.parametrize(
    ("role", "status", "expected"),
    [
        ("curator", "draft", ["submit"]),
        ("curator", "in_review", ["withdraw"]),
        ("publisher", "in_review", ["request_changes", "publish"]),
        ("curator", "published", ["revise"]),
        ("publisher", "published", ["archive"]),
        ("publisher", "archived", ["reopen"]),
        ("translator_ja", "draft", []),
    ],
)
def test_the_page_offers_the_steps_of_role_and_status(role: str, status: str, expected: list[str]) -> None:
    if status in {"published", "archived"}:
        edition = publish()
        practice = edition.draft
        if status == "archived":
            archive(edition)
    else:
        practice = in_review() if status == "in_review" else PracticeFactory()

    assert buttons(logged_in(role), practice) == expected


@pytest.mark.parametrize("status", PracticeStatus)
@pytest.mark.parametrize("role", Role)
def test_a_closed_page_says_why(role: Role, status: PracticeStatus) -> None:
    practice = PracticeFactory(status=status)

    context = logged_in(role).get(change_page(practice)).context

    assert bool(context["closed"]) == (not context["has_change_permission"])


def test_the_history_names_who_when_and_why_newest_first() -> None:
    edition = publish()
    archive(edition, reason="古くなった")

    page = logged_in("curator").get(change_page(edition.draft))

    shown = [(str(label), row.note) for row, label in page.context["timeline"]]
    assert shown == [("Archive", "古くなった"), ("Publish", ""), ("Submit for review", "")]


def test_the_log_names_changed_fields_in_the_readers_language() -> None:
    practice, curator = PracticeFactory(), logged_in("curator")
    curator.post(change_page(practice), opened(curator, practice, title_ja="新しい題名", note="控え"))

    with translation.override("ja"):
        told = LogEntry.objects.latest("pk").get_change_message()

    assert "題名（日本語）" in told
    assert not any(name in told for name in ("seen", "made_from", "note", "Title"))


def test_a_step_alone_is_no_change_in_the_log() -> None:
    practice, curator = PracticeFactory(), logged_in("curator")

    curator.post(change_page(practice), opened(curator, practice, _step="submit", note="お願いします。"))

    assert (Transition.objects.count(), LogEntry.objects.count()) == (1, 0)


def test_a_case_that_was_sent_back_says_why() -> None:
    practice = in_review()
    for step, note in ((Steps.REQUEST_CHANGES, "出典を加えてください。"), (Steps.SUBMIT, ""), (Steps.WITHDRAW, "")):
        take(step, practice=practice, by=staff("curator", "publisher"), at=A_MOMENT, note=note)
    other = in_review()
    publisher = staff("publisher")
    take(Steps.REQUEST_CHANGES, practice=other, by=publisher, at=A_MOMENT, note="効果を書いてください。")
    curator = logged_in("curator")
    curator.cookies["django_language"] = "ja"

    pages = [" ".join(curator.get(change_page(row)).content.decode().split()) for row in (practice, other)]

    reason = "<strong>差戻しの理由：</strong> 効果を書いてください。"
    assert [reason in page for page in pages] == [False, True]
    assert f"（{publisher.username}、4月1日 12:00）" in pages[1]
    assert "差戻しの理由" not in pages[0]


def test_what_is_still_empty_is_named_beside_the_steps() -> None:
    practice = PracticeFactory(title_en="", summary_ja="")
    practice.effects.all().delete()

    context = logged_in("curator").get(change_page(practice)).context

    assert context["empty"] == ["effect", "title (English)", "summary (Japanese)", "source publication"]


def test_a_closed_case_is_told_nothing_of_what_is_empty() -> None:
    assert logged_in("publisher").get(change_page(publish().draft)).context["empty"] == []


@pytest.mark.parametrize(("query", "title"), [("?lang=ja", "題名"), ("?lang=en", "A title"), ("?lang=x", "A title")])
def test_preview_shows_the_draft_in_a_language(query: str, title: str) -> None:
    practice = PracticeFactory(title_ja="題名", title_en="A title")

    response = logged_in("survey_manager").get(preview(practice, query))

    assert f"<h1>{title}</h1>" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_preview_of_nothing_is_not_found() -> None:
    client = logged_in("curator")

    assert [client.get(preview(type("Row", (), {"pk": pk}))).status_code for pk in (0, 10**30)] == [404, 404]


def test_a_draft_has_no_link_to_a_public_page() -> None:
    curator = logged_in("curator")

    assert curator.get(change_page(PracticeFactory())).context["public_address"] is None
    assert curator.get(change_page(publish(slug="a-case").draft)).context["public_address"] == "/en/practices/a-case/"


def test_a_file_of_the_desk_is_for_staff(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    practice = PracticeFactory()
    row = Attachment.objects.create(
        practice=practice, number=1, title_ja="様式", file=ContentFile(b"%PDF-1.4", name="form.pdf")
    )
    address = reverse("admin:practices_goodpractice_attachment", args=[practice.pk, row.pk])

    response: Any = logged_in("curator").get(address)

    assert b"".join(response.streaming_content) == b"%PDF-1.4"
    assert Client().get(address).status_code == 302
    assert logged_in().get(address).status_code == 403
    assert logged_in("curator").get(address.replace(f"/{row.pk}/", "/0/")).status_code == 404


def test_an_account_without_a_role_sees_nothing() -> None:
    nobody, practice = logged_in(), publish().draft
    addresses = [change_page(practice), preview(practice), ADD, "/admin/practices/goodpractice/"]

    assert {nobody.get(address).status_code for address in addresses} == {403}
    assert nobody.post(step_page(practice, "archive"), looked_at(practice, note="x")).status_code == 403


@pytest.mark.parametrize("seen", ["", "abc", "9x", "12345678901"])
def test_a_step_from_a_page_of_nobody_knows_when_is_not_taken(seen: str) -> None:
    practice = in_review()

    response = logged_in("publisher").post(step_page(practice, "publish"), {"note": "", "seen": seen})

    practice.refresh_from_db()
    assert (response.status_code, practice.status) == (409, "in_review")
