"""The form of a case: who may change what, and what a save does."""

from typing import Any

import pytest
from django.test import Client

from practices.models import Action, Effect, GoodPractice, PracticeStatus
from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, ProgrammeActionFactory, ThemeFactory, publish, staff
from tests.factories.universities import HeadquartersFactory, InstitutionFactory
from tests.practices.desk import ADD, LIST, change_page, errors, filled, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(staff("curator"))
    return client


@pytest.fixture
def translator() -> Client:
    client = Client()
    client.force_login(staff("translator_en"))
    return client


def new_case(client: Client, **changes: Any) -> dict[str, Any]:
    form = filled(client.get(ADD))
    institution = InstitutionFactory(slug="keio")
    texts = {"title_ja": "海外拠点の運営", "title_en": "Running an office", "slug": "keio-office-in-london"}
    return form | texts | {"institution": institution.pk, "theme": ThemeFactory().pk} | changes


def test_add_writes_a_draft_with_its_parts(curator: Client) -> None:
    parts = {"actions-0-text_ja": "開設した。", "effects-0-text_en": "Contacts grew."}

    response = curator.post(ADD, new_case(curator, **parts))

    practice = GoodPractice.objects.get(slug="keio-office-in-london")
    assert response.status_code == 302
    assert (practice.status, practice.edits) == (PracticeStatus.DRAFT, 0)
    assert list(practice.actions.values_list("number", "position", "text_ja")) == [(1, 1, "開設した。")]
    assert list(practice.effects.values_list("number", "position", "text_en")) == [(1, 1, "Contacts grew.")]


def test_several_new_parts_get_numbers_in_a_row(curator: Client, django_assert_max_num_queries: Any) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, actions__TOTAL_FORMS=6)
    form |= {f"actions-{index}-text_ja": f"第{index}" for index in range(1, 6)}

    with django_assert_max_num_queries(70):
        curator.post(change_page(practice), form)

    rows = practice.actions.order_by("position").values_list("number", "position")
    assert list(rows) == [(number, number) for number in range(1, 7)]


def test_a_published_number_never_returns(curator: Client) -> None:
    edition = publish(actions=[("One.", "一"), ("Two.", "二")])
    practice = edition.draft
    for step in (Steps.ARCHIVE, Steps.REOPEN):
        take(step, practice=practice, by=staff("publisher"), at=A_MOMENT, note="x")
    form = opened(curator, practice, actions__1__DELETE="on", actions__2__text_ja="三")

    curator.post(change_page(practice), form)

    assert list(practice.actions.order_by("number").values_list("number", "text_ja")) == [(1, "一"), (3, "三")]


def test_an_empty_part_is_refused(curator: Client) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, actions__0__text_ja="", actions__0__text_en="")

    response = curator.post(change_page(practice), form)

    assert response.status_code == 200
    assert practice.actions.get().text_en == "It acted."


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("feed", "“feed” is an address"),
        ("compare", "“compare” is an address"),
        ("office-in-london", "Begin with “keio-”"),
        ("keio-office", "Begin with “keio-”"),
        ("keio-one-two-three-four-five-six", "Begin with “keio-”"),
        ("keio-Office-in-london", "Begin with “keio-”"),
        ("慶應 ロンドン", "Begin with “keio-”"),
    ],
)
def test_a_slug_is_refused_with_what_to_do(curator: Client, slug: str, said: str) -> None:
    curator.cookies["django_language"] = "en"

    response = curator.post(ADD, new_case(curator, slug=slug))

    assert [error["message"].startswith(said) for error in errors(response)["slug"]] == [True]
    assert not GoodPractice.objects.exists()


def test_without_an_institution_a_slug_is_refused_in_our_words(curator: Client) -> None:
    response = curator.post(ADD, new_case(curator, slug="慶應", institution=""))

    said = [error["message"] for error in errors(response)["slug"]]
    assert said == ["英小文字の英単語をハイフンでつないで入力してください。"]


def test_the_slug_is_frozen_after_publication(curator: Client) -> None:
    practice = publish(slug="keio-office-in-london").draft
    for step in (Steps.ARCHIVE, Steps.REOPEN):
        take(step, practice=practice, by=staff("publisher"), at=A_MOMENT, note="x")
    form = opened(curator, practice, slug="keio-another-name-entirely", title_ja="新しい題名")

    curator.post(change_page(practice), form)

    practice.refresh_from_db()
    assert (practice.slug, practice.title_ja) == ("keio-office-in-london", "新しい題名")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_ja": "", "title_en": ""}, "title_ja"),
        ({"first_fiscal_year": 2009, "last_fiscal_year": 2005}, "last_fiscal_year"),
        ({"first_fiscal_year": 10**30}, "first_fiscal_year"),
        ({"institution": "x"}, "institution"),
        ({"institution": 10**30}, "institution"),
        ({"concepts": ["x"]}, "concepts"),
        ({"themes": [10**30]}, "themes"),
        ({"title_ja": "a\x00b"}, "title_ja"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(curator: Client, changes: dict[str, Any], field: str) -> None:
    practice = PracticeFactory()

    response = curator.post(change_page(practice), opened(curator, practice, **changes))

    assert list(errors(response)) == [field]


def test_headquarters_of_another_institution_are_refused(curator: Client) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, headquarters=HeadquartersFactory().pk)

    response = curator.post(change_page(practice), form)

    assert list(errors(response)) == ["headquarters"]


def test_a_translator_changes_texts_of_the_own_language(translator: Client) -> None:
    practice = PracticeFactory()
    form = opened(translator, practice, title_en="New title", actions__0__text_en="New text.")

    translator.post(change_page(practice), form)

    practice.refresh_from_db()
    assert (practice.title_en, practice.actions.get().text_en, practice.edits) == ("New title", "New text.", 1)


def test_what_a_translator_forges_is_ignored(translator: Client) -> None:
    practice = PracticeFactory(title_ja="題名", slug="keio-office-in-london")
    before = GoodPractice.objects.values().get()
    forged = {"title_ja": "偽", "slug": "keio-forged-slug-here", "theme": ThemeFactory().pk, "status": "published"}
    forged |= {"actions-0-text_ja": "偽", "actions-0-position": 9, "actions-0-DELETE": "on", "actions-0-number": 7}
    forged |= {"actions-TOTAL_FORMS": 2, "actions-1-text_en": "Forged.", "actions-1-practice": practice.pk}

    response = translator.post(change_page(practice), opened(translator, practice) | forged)

    assert response.status_code == 302
    assert GoodPractice.objects.values().get() == before | {"edits": 1}
    assert list(Action.objects.values_list("number", "position", "text_ja", "text_en")) == [
        (1, 1, "行動した。", "It acted.")
    ]


def test_a_translator_can_not_empty_the_only_title(translator: Client) -> None:
    practice = PracticeFactory(title_ja="", effects=[("It helped.", "")])
    form = opened(translator, practice, title_en="", effects__0__text_en="")

    response = translator.post(change_page(practice), form)

    assert list(errors(response)) == ["title_en"]
    assert Effect.objects.get().text_en == "It helped."


@pytest.mark.parametrize("field", ["status", "edits", "loaded_hash"])
def test_a_forged_column_is_ignored(curator: Client, field: str) -> None:
    practice = PracticeFactory()

    curator.post(change_page(practice), opened(curator, practice, **{field: "1"}))

    practice.refresh_from_db()
    assert (practice.status, practice.edits, practice.loaded_hash) == ("draft", 1, "")


def test_an_untouched_draft_can_be_deleted_a_published_case_never(curator: Client) -> None:
    draft, published = PracticeFactory(), publish().draft

    statuses = [curator.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code for row in (draft, published)]

    assert statuses == [302, 403]
    assert list(GoodPractice.objects.all()) == [published]


def test_owners_are_curators_and_publishers(curator: Client) -> None:
    publisher, former = staff("publisher"), staff("curator")
    staff("translator_ja")
    type(former).objects.filter(pk=former.pk).update(is_active=False)
    practice = PracticeFactory(owner=former)

    form = curator.get(change_page(practice)).context["adminform"].form

    myself = int(curator.session["_auth_user_id"])
    assert {user.pk for user in form.fields["owner"].queryset} == {publisher.pk, former.pk, myself}


def test_only_who_may_reorder_gets_handles(curator: Client, translator: Client) -> None:
    practice = PracticeFactory()

    pages = [client.get(change_page(practice)).context["inline_admin_formsets"] for client in (curator, translator)]

    assert [["sortable" in inline.classes for inline in page] for page in pages] == [[True] * 4, [False] * 4]


def test_the_owner_is_no_link_where_it_is_read_only(translator: Client) -> None:
    practice = PracticeFactory(owner=staff("curator"))

    page = translator.get(change_page(practice)).content.decode()

    assert (practice.owner.username in page, "/admin/auth/user/" in page) == (True, False)


@pytest.mark.parametrize("field", ["theme", "themes"])
def test_a_theme_of_the_programme_itself_takes_no_cases(curator: Client, field: str) -> None:
    practice, closed = PracticeFactory(), ProgrammeActionFactory(theme__number=10).theme
    changes = {field: [closed.pk] if field == "themes" else closed.pk}

    response = curator.post(change_page(practice), opened(curator, practice, **changes))

    said = "テーマ10には事例を登録できません。事業自身の取組だけを掲載するテーマです。ほかのテーマを選んでください。"
    assert [error["message"] for error in errors(response)[field]] == [said]


def test_too_long_a_title_comes_back_whole(curator: Client) -> None:
    practice, title = PracticeFactory(), "題" * 250

    response = curator.post(change_page(practice), opened(curator, practice, title_ja=title))

    assert list(errors(response)) == ["title_ja"]
    assert filled(response)["title_ja"] == title


def test_no_field_cuts_what_is_pasted(curator: Client) -> None:
    practice = PracticeFactory()

    form = curator.get(change_page(practice)).content.decode()

    assert form.count("maxlength") == 0
