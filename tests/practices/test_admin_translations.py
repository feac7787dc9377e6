"""Drifted translations in the form: what each role is told, and who may say that a translation is good as it is."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from practices import translations
from practices.models import TextPair
from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, publish, staff
from tests.practices.desk import ADD, LIST, change_page, filled, opened

pytestmark = pytest.mark.django_db
BESIDE = "英語が変わっています。訳文を確認してください。"


def client_of(*roles: str) -> Client:
    client = Client()
    client.force_login(staff(*roles))
    return client


@pytest.fixture
def curator() -> Client:
    return client_of("curator")


def drifted(practice: Any) -> dict[str, str]:
    return {drift.place: drift.language for drift in translations.drifted(practice)}


def a_drifted_case(curator: Client, **changes: str) -> Any:
    """The English of two texts was changed, unless `changes` say otherwise."""
    practice = PracticeFactory(actions=[("One.", "一"), ("Two.", "二")])
    changes = changes or {"summary_en": "What was really done.", "actions__1__text_en": "Two, changed."}
    assert curator.post(change_page(practice), opened(curator, practice, **changes)).status_code == 302
    practice.refresh_from_db()
    return practice


def test_a_save_of_one_language_leaves_the_other_to_be_checked(curator: Client) -> None:
    practice = a_drifted_case(curator)

    page = curator.get(change_page(practice)).content.decode()

    assert drifted(practice) == {"summary": "ja", "actions-2-text": "ja"}
    assert page.count(BESIDE) == 2
    assert 'href="#id_actions-1-text_ja">取組2：本文（日本語）</a>' in page
    assert "What was <ins>really </ins>done." in page


def test_a_save_of_both_languages_leaves_nothing_to_be_checked(curator: Client) -> None:
    practice = a_drifted_case(curator, summary_en="What was really done.", summary_ja="本当に行ったこと。")

    assert drifted(practice) == {}
    assert BESIDE not in curator.get(change_page(practice)).content.decode()


def test_a_refused_save_leaves_no_drift(curator: Client) -> None:
    practice = PracticeFactory()

    response = curator.post(change_page(practice), opened(curator, practice, summary_en="New.", slug="no"))

    assert (response.status_code, drifted(practice)) == (200, {})


def test_translations_of_a_new_case_know_what_they_were_made_from(curator: Client) -> None:
    donor = PracticeFactory()
    form = filled(curator.get(ADD)) | {
        "institution": donor.institution.pk,
        "theme": donor.theme.pk,
        "slug": f"{donor.institution.slug}-three-english-words",
        "title_ja": "題名",
        "title_en": "Title",
    }
    assert curator.post(ADD, form).status_code == 302

    from_form = TextPair.objects.exclude(practice=donor).get()

    assert (from_form.place, from_form.text_en, from_form.text_ja, from_form.drifted) == ("title", "Title", "題名", "")


def test_a_tick_settles_one_text_and_is_logged(curator: Client) -> None:
    practice = a_drifted_case(curator)
    translator = client_of("translator_ja")

    response = translator.post(change_page(practice), opened(translator, practice, unchanged="summary"))

    practice.refresh_from_db()
    logged = list(LogEntry.objects.filter(object_id=practice.pk).values_list("change_message", flat=True))
    assert (response.status_code, drifted(practice), practice.edits) == (302, {"actions-2-text": "ja"}, 2)
    assert "訳文の変更は不要と確認しました：概要（日本語）" in logged


def test_a_tick_and_a_new_translation_go_in_one_save(curator: Client) -> None:
    practice = a_drifted_case(curator)
    translator = client_of("translator_ja")

    form = opened(translator, practice, unchanged="summary", actions__1__text_ja="二を改めた。")
    translator.post(change_page(practice), form)

    assert drifted(practice) == {}


def test_one_tick_settles_all_own_texts(curator: Client) -> None:
    practice = a_drifted_case(
        curator, summary_en="Changed.", actions__0__text_ja="変えた。", actions__1__text_en="New."
    )

    translator = client_of("translator_ja")
    translator.post(change_page(practice), opened(translator, practice, unchanged="all"))
    assert drifted(practice) == {"actions-1-text": "en"}

    curator.post(change_page(practice), opened(curator, practice, unchanged="all"))
    assert drifted(practice) == {}


def test_a_translator_is_offered_no_tick_for_the_other_language(curator: Client) -> None:
    practice = a_drifted_case(curator)

    page = client_of("translator_en").get(change_page(practice)).content.decode()

    assert BESIDE not in page
    assert 'value="summary"' not in page
    assert "概要（日本語）" in page


def test_a_forged_tick_for_the_other_language_is_refused_and_saves_nothing(curator: Client) -> None:
    practice = a_drifted_case(curator)
    translator = client_of("translator_en")

    form = opened(translator, practice, unchanged="summary", title_en="Not to be saved")
    response = translator.post(change_page(practice), form)

    edits = practice.edits
    practice.refresh_from_db()
    assert (response.status_code, practice.edits) == (403, edits)
    assert practice.title_en != "Not to be saved"
    assert drifted(practice) == {"summary": "ja", "actions-2-text": "ja"}


@pytest.mark.parametrize("place", ["", "x", "title", "actions-99-text", "summary_ja", "一" * 500])
def test_a_tick_for_what_has_not_drifted_changes_nothing(curator: Client, place: str) -> None:
    practice = a_drifted_case(curator)

    response = curator.post(change_page(practice), opened(curator, practice, unchanged=place))

    assert (response.status_code, len(drifted(practice))) == (302, 2)


def test_an_outdated_tick_is_a_conflict_and_stays_ticked(curator: Client) -> None:
    practice = a_drifted_case(curator)
    mine = opened(curator, practice, unchanged="summary")
    curator.post(change_page(practice), opened(curator, practice, summary_en="Changed once more."))

    response = curator.post(change_page(practice), mine)

    assert response.status_code == 409
    assert 'value="summary" checked' in response.content.decode()
    assert drifted(practice) == {"summary": "ja", "actions-2-text": "ja"}


def test_a_publisher_settles_what_is_in_review(curator: Client) -> None:
    practice = a_drifted_case(curator)
    take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT)
    publisher = client_of("publisher")

    assert curator.get(change_page(practice)).content.decode().count('name="unchanged"') == 0
    publisher.post(change_page(practice), opened(publisher, practice, unchanged="summary"))

    assert drifted(practice) == {"actions-2-text": "ja"}


def test_a_closed_case_tells_what_drifted(curator: Client) -> None:
    practice = a_drifted_case(curator)
    publish(practice)

    page = curator.get(change_page(practice)).content.decode()

    assert ("訳文の確認が必要：2件" in page, BESIDE in page) == (True, False)


def test_readers_are_not_told(curator: Client) -> None:
    practice = a_drifted_case(curator)
    page = publish(practice).get_absolute_url()

    assert "訳文" not in Client().get(page).content.decode()


@pytest.mark.parametrize(("query", "found"), [("ja", ["a-ja"]), ("en", ["b-en"]), ("x", ["a-ja", "b-en", "c-none"])])
def test_the_list_finds_what_drifted(curator: Client, query: str, found: list[str]) -> None:
    for slug, changes in {"a-ja": {"title_en": "New"}, "b-en": {"title_ja": "新"}, "c-none": {}}.items():
        practice = PracticeFactory(slug=slug)
        curator.post(change_page(practice), opened(curator, practice, **changes))

    rows = curator.get(LIST, {"drifted": query}).context["cl"].result_list

    assert sorted(row.slug for row in rows) == found


def test_discarding_a_revision_ends_its_drift(curator: Client) -> None:
    practice = PracticeFactory()
    publish(practice)
    take(Steps.REVISE, practice=practice, by=staff("curator"), at=A_MOMENT)
    curator.post(change_page(practice), opened(curator, practice, summary_en="Changed."))
    practice.refresh_from_db()
    assert drifted(practice) == {"summary": "ja"}

    take(Steps.DISCARD, practice=practice, by=staff("curator"), at=A_MOMENT)

    practice.refresh_from_db()
    assert drifted(practice) == {}
