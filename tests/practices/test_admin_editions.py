"""Versions at the desk: what changed since the public one, discarding it, seeing and restoring old ones."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from practices.models import Edition, GoodPractice
from practices.workflow import Steps, restore, take
from sih_portal.roles import SOURCE_ACCOUNT
from tests.factories.practices import A_MOMENT, PracticeFactory, archive, publish, staff
from tests.practices.desk import change_page, looked_at, opened, step_page
from tests.practices.test_admin_steps import buttons, logged_in

pytestmark = pytest.mark.django_db
LATER = A_MOMENT + timedelta(days=1)


def revised(**texts: Any) -> GoodPractice:
    """A draft of the second version whose texts differ from the first."""
    edition = publish(title_ja="元の題名", title_en="The first title")
    draft = take(Steps.REVISE, practice=edition.draft, by=staff("curator"), at=LATER)
    GoodPractice.objects.filter(pk=draft.pk).update(**texts)
    return GoodPractice.objects.get(pk=draft.pk)


def page_of(practice: GoodPractice, version: int, name: str = "version") -> str:
    return reverse(f"admin:practices_goodpractice_{name}", args=[practice.pk, version])


def places(context: Any) -> list[str]:
    return [row.place for row in context["changes"].found]


def test_a_published_case_is_revised_with_a_button() -> None:
    curator, edition = logged_in("curator"), publish(title_ja="元の題名")

    assert buttons(curator, edition.draft) == ["revise"]
    response = curator.post(step_page(edition.draft, "revise"), looked_at(edition.draft), follow=True)

    assert response.context["is_open"]
    assert buttons(curator, edition.draft) == ["submit", "discard"]
    assert response.context["changes"].found == []


@pytest.mark.parametrize("role", ["curator", "publisher", "translator_ja"])
@pytest.mark.parametrize("status", ["draft", "changes_requested", "in_review"])
def test_the_page_shows_what_changed_against_the_public_version(role: str, status: str) -> None:
    draft = revised(title_ja="新しい題名", status=status)

    response = logged_in(role).get(change_page(draft))

    assert places(response.context) == ["title"]
    assert "<del>" in response.content.decode()


def test_what_changed_is_told_of_what_is_saved() -> None:
    curator, draft = logged_in("curator"), revised(title_ja="新しい題名")
    form = opened(curator, draft, summary_ja="まだ保存されていない", slug="", title_en="", seen="99")

    response = curator.post(change_page(draft), form)

    assert (response.status_code, places(response.context)) == (409, ["title"])


@pytest.mark.parametrize("status", ["published", "archived", "draft"])
def test_without_a_public_version_or_a_draft_there_is_nothing_to_compare(status: str) -> None:
    practice = PracticeFactory() if status == "draft" else publish().draft
    GoodPractice.objects.update(status=status)

    assert logged_in("curator").get(change_page(practice)).context["changes"] is None


def test_discard_asks_first_and_shows_what_gets_lost() -> None:
    curator, draft = logged_in("curator"), revised(title_ja="新しい題名")

    response = curator.post(step_page(draft, "discard"), opened(curator, draft))

    draft.refresh_from_db()
    assert (response.status_code, places(response.context), draft.status) == (200, ["title"], "draft")
    assert f'name="confirmed" value="{draft.edits}"' in response.content.decode()


def test_discard_when_confirmed_brings_the_public_text_back() -> None:
    curator, draft = logged_in("curator"), revised(title_ja="新しい題名")

    response = curator.post(step_page(draft, "discard"), {"note": "取りやめ", "confirmed": draft.edits})

    draft.refresh_from_db()
    assert (response.status_code, draft.title_ja, draft.status) == (302, "元の題名", "published")
    assert draft.transitions.get(step="discard").note == "取りやめ"


def test_discard_of_what_somebody_saved_meanwhile_is_asked_again() -> None:
    curator, draft = logged_in("curator"), revised(title_ja="新しい題名")
    GoodPractice.objects.update(edits=draft.edits + 1, summary_ja="同僚の文")

    response = curator.post(step_page(draft, "discard"), {"note": "残る理由", "confirmed": draft.edits})

    draft.refresh_from_db()
    assert (response.status_code, draft.summary_ja) == (409, "同僚の文")
    assert places(response.context) == ["title", "summary"]
    assert "残る理由" in response.content.decode()


@pytest.mark.parametrize("confirmed", ["", "x", "９", "9" * 5000, "-1"])
def test_discard_is_not_confirmed_by_nonsense(confirmed: str) -> None:
    curator, draft = logged_in("curator"), revised()

    response = curator.post(step_page(draft, "discard"), {"note": "", "confirmed": confirmed})

    draft.refresh_from_db()
    assert (response.status_code, draft.status) == (200, "draft")


def test_the_page_lists_the_versions_newest_first() -> None:
    draft = revised(title_ja="新しい題名")
    publish(draft, at=LATER)

    response = logged_in("publisher").get(change_page(draft))

    assert [edition.version for edition in response.context["editions"]] == [2, 1]
    assert page_of(draft, 1) in response.content.decode()
    assert page_of(draft, 1, "restore") not in response.content.decode()


@pytest.mark.parametrize(("query", "title"), [("?lang=ja", "元の題名"), ("?lang=en", "The first title")])
def test_a_version_is_previewed_even_of_an_archived_case(query: str, title: str) -> None:
    draft = revised(title_ja="新しい題名")
    archive(publish(draft, at=LATER), at=LATER)

    response = logged_in("translator_en").get(page_of(draft, 1) + query)

    assert f"<h1>{title}</h1>" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_restore_shows_first_what_changes() -> None:
    curator, draft = logged_in("curator"), revised(title_ja="新しい題名")

    response = curator.get(page_of(draft, 1, "restore"))

    assert [(row.old, row.new) for row in response.context["found"]] == [("新しい題名", "元の題名")]
    draft.refresh_from_db()
    assert draft.title_ja == "新しい題名"


def test_restore_brings_the_version_into_the_draft() -> None:
    curator, draft = logged_in("curator"), revised(title_ja="新しい題名")

    response = curator.post(page_of(draft, 1, "restore"), {"seen": draft.edits}, follow=True)

    draft.refresh_from_db()
    assert (draft.title_ja, draft.status) == ("元の題名", "draft")
    assert str(response.context["timeline"][0][1]) == "Restore"
    assert Edition.objects.public().get().version == 1


@pytest.mark.parametrize("seen", ["", "x", "0", "9" * 5000])
def test_restore_over_what_was_saved_meanwhile_is_refused(seen: str) -> None:
    curator, draft = logged_in("curator"), revised(title_ja="新しい題名")

    response = curator.post(page_of(draft, 1, "restore"), {"seen": seen})

    draft.refresh_from_db()
    assert (response.status_code, draft.title_ja) == (409, "新しい題名")
    assert response.context["refusal"]


def test_restore_into_a_published_case_says_how() -> None:
    curator, edition = logged_in("curator"), publish()

    asked = curator.get(page_of(edition.draft, 1, "restore"))
    posted = curator.post(page_of(edition.draft, 1, "restore"), {"seen": edition.draft.edits})

    assert (asked.context["is_open"], posted.status_code) == (False, 409)


@pytest.mark.parametrize("role", ["publisher", "translator_ja", "survey_manager"])
def test_restore_is_for_curators(role: str) -> None:
    draft = revised()

    client = logged_in(role)

    assert client.get(page_of(draft, 1, "restore")).status_code == 403
    assert client.post(page_of(draft, 1, "restore"), {"seen": draft.edits}).status_code == 403


@pytest.mark.parametrize("name", ["version", "restore"])
def test_versions_of_nothing_are_not_found(name: str) -> None:
    curator, draft = logged_in("curator"), revised()
    other = publish().draft

    nowhere = [page_of(draft, 2, name), page_of(draft, 10**30, name), page_of(PracticeFactory(), 1, name)]
    nowhere.append(page_of(type("Row", (), {"pk": 10**30})(), 1, name))

    assert {curator.get(address).status_code for address in nowhere} == {404}
    assert curator.get(page_of(other, 1, name)).status_code == 200


def test_the_desk_names_the_restored_version_and_the_load_in_words() -> None:
    edition = publish()
    take(Steps.REVISE, practice=edition.draft, by=staff("curator"), at=A_MOMENT)
    edition.draft.refresh_from_db()
    by = User.objects.create(username=SOURCE_ACCOUNT)
    by.groups.set(staff("curator").groups.all())
    restore(edition.draft, edition, by=by, at=A_MOMENT, seen=edition.draft.edits)
    by.groups.clear()
    curator = logged_in("curator")
    curator.cookies["django_language"] = "ja"

    pages = [curator.get(address).content.decode() for address in (change_page(edition.draft), "/admin/")]

    for page in pages:
        assert "第1版" in page
        assert "出典資料の取込" in page
        assert SOURCE_ACCOUNT not in page
    assert "公開中の第1版は、次の版を公開するまでそのまま表示されます。" in pages[0]
    assert "事務局デスク" in pages[1]
