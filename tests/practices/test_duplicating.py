"""A case duplicated: the same content under a slug of its own, nothing of its history, files that stand alone."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from practices.copying import shared_columns, shared_relations
from practices.duplicating import LONGEST_SLUG, duplicate, words_of
from practices.forms import SLUG_WORDS
from practices.models import Action, Attachment, Edition, GoodPractice, Link, PracticeStatus, TextPair
from practices.workflow import InvalidTransition, Steps, take
from tests.canaries import fill
from tests.factories.practices import (
    A_MOMENT,
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    ThemeFactory,
    archive,
    publish,
    staff,
)
from tests.practices.desk import LIST, change_page, filled, opened

pytestmark = pytest.mark.django_db
ROLES = ("curator", "publisher", "translator_en", "translator_ja", "survey_manager")


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(staff("curator"))
    return client


def page(practice: GoodPractice) -> str:
    return reverse("admin:practices_goodpractice_duplicate", args=[practice.pk])


def full_case() -> GoodPractice:
    """A case with something in every column of content."""
    practice: GoodPractice = PracticeFactory(
        with_headquarters=True, publication=PublicationFactory(), themes=[ThemeFactory()], concepts=[ConceptFactory()],
        first_fiscal_year=2005, last_fiscal_year=2009, confirmed_on="2020-01-01",
    )  # fmt: skip
    fill(practice, (f"canary{number}" for number in range(100)), [])
    return practice


def with_file(practice: GoodPractice) -> Attachment:
    return Attachment.objects.create(
        practice=practice, number=1, position=1, title_ja="資料", file=ContentFile(b"%PDF-1.7", name="a.pdf")
    )


def test_a_copy_says_what_the_case_says() -> None:
    practice = full_case()

    copy = duplicate(practice, by=staff("curator"))

    names = set(shared_columns(GoodPractice, Edition)) - {"slug", "title_en", "title_ja", "confirmed_on"}
    assert {name: getattr(copy, name) for name in names} == {name: getattr(practice, name) for name in names}
    for name in shared_relations(GoodPractice, Edition):
        assert set(getattr(copy, name).all()) == set(getattr(practice, name).all()) != set()


def test_a_copy_is_a_draft_of_its_own() -> None:
    practice = publish(PracticeFactory(confirmed_on="2020-01-01")).draft
    person = staff("curator")

    copy = duplicate(practice, by=person)

    assert (copy.status, copy.edits, copy.owner, copy.confirmed_on) == (PracticeStatus.DRAFT, 0, person, None)
    assert (copy.transitions.count(), copy.editions.count()) == (0, 0)
    assert Edition.objects.public().count() == 1


@pytest.mark.parametrize(
    ("title_en", "title_ja", "expected"),
    [
        ("Case", "事例", ("Case (copy)", "事例（複製）")),
        ("", "事例（複製）", ("", "事例（複製）")),
        ("x" * 200, "", ("x" * 193 + " (copy)", "")),
    ],
)
def test_titles_are_marked(title_en: str, title_ja: str, expected: tuple[str, str]) -> None:
    copy = duplicate(PracticeFactory(title_en=title_en, title_ja=title_ja), by=staff("curator"))

    assert (copy.title_en, copy.title_ja) == expected


def test_parts_are_numbered_from_1_in_their_order() -> None:
    practice = PracticeFactory(actions=[("one", ""), ("two", ""), ("three", "")])
    Action.objects.filter(practice=practice, number=1).update(position=9)
    Action.objects.filter(practice=practice, number=2).delete()
    Link.objects.create(practice=practice, number=7, position=3, url="https://example.org/", label_en="Site")

    copy = duplicate(practice, by=staff("curator"))

    parts = copy.actions.order_by("number").values_list("number", "position", "text_en")
    assert list(parts) == [(1, 1, "three"), (2, 2, "one")]
    assert list(copy.links.values_list("number", "url")) == [(1, "https://example.org/")]


def test_a_translation_that_drifted_has_drifted_in_the_copy() -> None:
    practice = PracticeFactory(actions=[("one", "一"), ("two", "二")])
    Action.objects.filter(practice=practice, number=1).delete()
    for place in ("summary", "title", "actions-1-text", "actions-2-text"):
        TextPair.objects.create(practice=practice, place=place, text_en="then", text_ja="当時")

    copy = duplicate(practice, by=staff("curator"))

    assert set(copy.text_pairs.values_list("place", "text_en")) == {
        ("summary", "then"),
        ("title", "then (copy)"),
        ("actions-1-text", "then"),
    }


def test_a_file_is_copied_and_not_shared() -> None:
    first = with_file(PracticeFactory())

    second = duplicate(first.practice, by=staff("curator")).attachments.get()
    first.file.delete()

    assert second.file.read() == b"%PDF-1.7"
    second.file.close()


def test_a_lost_file_is_left_out() -> None:
    lost = with_file(PracticeFactory())
    lost.file.storage.delete(str(lost.file))

    copy = duplicate(lost.practice, by=staff("curator"))

    assert copy.attachments.count() == 0


def test_slugs_are_free_and_follow_the_rule() -> None:
    practice = PracticeFactory(institution__slug="kyoto", slug="kyoto-staff-abroad-together")
    person = staff("curator")

    slugs = [duplicate(practice, by=person).slug for _time in range(3)]

    assert slugs == [f"kyoto-staff-abroad-together-{last}" for last in ("copy", "copy2", "copy3")]


@pytest.mark.parametrize(
    "slug",
    ["case", "kyoto", "kyoto-a", "kyoto-a-b-c-d-e", "kyoto-" + "-".join(["x" * 22] * 4), "Other_Words-9", "x" * 99],
)
@pytest.mark.parametrize("institution", ["kyoto", "k" * 40])
def test_slugs_of_odd_cases_follow_the_rule(slug: str, institution: str) -> None:
    practice = PracticeFactory(institution__slug=institution, slug=slug)

    copy = duplicate(practice, by=staff("curator"))

    assert SLUG_WORDS.fullmatch(copy.slug.removeprefix(f"{institution}-"))
    assert len(copy.slug) <= LONGEST_SLUG
    assert len(words_of(slug, institution)) <= 4


def test_the_copy_opens_and_can_be_given_another_slug(curator: Client) -> None:
    practice = publish(institution__slug="kyoto", slug="kyoto-staff-abroad-together").draft

    response = curator.post(page(practice))
    copy = GoodPractice.objects.exclude(pk=practice.pk).get()
    saved = curator.post(change_page(copy), opened(curator, copy, slug="kyoto-staff-at-home"))

    assert (response["Location"], saved.status_code) == (change_page(copy), 302)
    copy.refresh_from_db()
    assert copy.slug == "kyoto-staff-at-home"


def test_the_proposal_passes_the_form_as_it_is(curator: Client) -> None:
    practice = PracticeFactory(slug="case")
    curator.post(page(practice))
    copy = GoodPractice.objects.exclude(pk=practice.pk).get()

    form = filled(curator.get(change_page(copy))) | {"title_ja": "新しい題"}

    assert curator.post(change_page(copy), form).status_code == 302


@pytest.mark.parametrize("status", PracticeStatus.values)
def test_a_case_is_duplicated_in_any_status(curator: Client, status: str) -> None:
    edition = publish()
    if status == PracticeStatus.ARCHIVED:
        archive(edition)
    GoodPractice.objects.filter(pk=edition.draft_id).update(status=status)

    button = page(edition.draft) in curator.get(change_page(edition.draft)).content.decode()
    curator.post(page(edition.draft))

    assert (button, GoodPractice.objects.count()) == (True, 2)
    assert GoodPractice.objects.get(pk=edition.draft_id).status == status


def test_duplicating_is_logged(curator: Client) -> None:
    practice = PracticeFactory(slug="first-case")

    curator.post(page(practice))

    entry = LogEntry.objects.get()
    assert entry.object_id != str(practice.pk)
    assert "first-case" in entry.get_change_message()


@pytest.mark.parametrize("role", ROLES)
def test_only_curators_duplicate(client: Client, role: str) -> None:
    client.force_login(staff(role))
    practice = PracticeFactory()
    is_curator = Steps.SUBMIT.value.permission(staff(role), practice)

    status = client.post(page(practice)).status_code
    button = page(practice) in client.get(change_page(practice)).content.decode()

    assert (status, button) == ((302, True) if is_curator else (403, False))
    assert GoodPractice.objects.count() == 1 + is_curator


@pytest.mark.parametrize(("method", "pk", "status"), [("get", 1, 405), ("post", 0, 404), ("post", 9**20, 404)])
def test_odd_requests_duplicate_nothing(curator: Client, method: str, pk: int, status: int) -> None:
    assert getattr(curator, method)(f"{LIST}{pk}/duplicate/").status_code == status


def test_a_copy_is_made_of_the_case_as_it_stands(curator: Client) -> None:
    practice = PracticeFactory(title_en="Then")
    GoodPractice.objects.update(title_en="Now")

    assert duplicate(practice, by=staff("curator")).title_en == "Now (copy)"


@pytest.mark.parametrize(
    "left",
    [
        {"title_ja": "題名（複製）"},
        {"title_en": "A title (copy)"},
        {"slug": "kobe-a-title-copy"},
        {"slug": "kobe-a-title-copy2"},
    ],
)
@pytest.mark.parametrize(("step", "status"), [(Steps.SUBMIT, "draft"), (Steps.PUBLISH, "in_review")])
def test_a_copy_goes_nowhere_under_the_name_it_was_given(left: dict[str, str], step: Steps, status: str) -> None:
    practice = PracticeFactory(status=status, **left)

    with pytest.raises(InvalidTransition, match="スラッグ"):
        take(step, practice=practice, by=staff("curator", "publisher"), at=A_MOMENT)


def test_a_slug_that_is_published_is_no_copys() -> None:
    practice = publish().draft
    GoodPractice.objects.update(slug="kobe-digital-hard-copy")
    for step in (Steps.REVISE, Steps.SUBMIT, Steps.PUBLISH):
        practice = take(step, practice=practice, by=staff("curator", "publisher"), at=A_MOMENT)

    assert practice.status == PracticeStatus.PUBLISHED
