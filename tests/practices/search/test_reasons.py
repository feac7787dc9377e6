"""Why a case is found or not, word by word, and its page at the desk."""

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from practices.models import Edition
from practices.search import find, unindex_edition
from practices.search.reasons import Reasons, reasons
from tests.factories.practices import ConceptFactory, PracticeFactory, ThemeFactory, archive, publish, staff
from tests.factories.universities import InstitutionFactory
from tests.practices.search.relevance import judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Edition:
    institution = InstitutionFactory(name_ja="京都大学", name_en="Kyoto University")
    base = ConceptFactory(pref_label_ja="海外拠点", pref_label_en="overseas base", synonyms=["foreign bureau"])
    published = publish(
        slug="kyoto", institution=institution, concepts=[base], theme=ThemeFactory(title_ja="職員の研修"),
        title_en="Staff in Mexico", title_ja="メキシコの事務所", actions=[("Staff went.", ""), ("They met.", "")],
    )  # fmt: skip
    publish(slug="other", title_en="Staff staff staff", summary_en="Staff")
    return Edition.objects.with_parts().get(pk=published.pk)


def told(found: Reasons) -> list[tuple[str, list[str], list[str], list[str]]]:
    return [
        (
            word.text,
            [str(place) for place in word.places],
            [text for text, _places in word.spellings],
            [f"{meant.kind} {meant.row}" for meant in word.meant],
        )
        for word in found.words
    ]


def test_words_are_told_with_their_places_spellings_and_names(case: Edition) -> None:
    found = reasons(case, "staff めきしこ 京都 foreign bureau zebra")

    assert told(found) == [
        ("staff", ["title", "action 1"], [], []),
        ("めきしこ", [], ["メキシコ"], []),
        ("京都", [], [], ["institution 京都大学"]),
        ("foreign bureau", [], [], ["concept 海外拠点"]),
        ("foreign", [], [], []),
        ("bureau", [], [], []),
        ("zebra", [], [], []),
    ]
    assert (found.place, found.total, found.has_all, found.found.relaxed) == (1, 1, False, True)


def test_the_place_among_the_hits_is_told(case: Edition) -> None:
    found = reasons(case, "staff")

    assert (found.place, found.total, found.has_all) == (2, 2, True)


def test_an_excluded_word_takes_the_case_away(case: Edition) -> None:
    found = reasons(case, "staff -mexico")

    assert [(word.text, word.is_had) for word in found.excluded] == [("mexico", True)]
    assert (found.place, found.total, found.has_all) == (None, 1, False)


def test_parts_of_a_long_word_are_told(case: Edition) -> None:
    found = reasons(case, "海外拠点事務所")

    assert [word.pieces for word in found.words] == [
        (("海外", False), ("拠点", False), ("事務", True), ("務所", True))
    ]  # fmt: skip


def test_an_index_that_lags_behind_is_noticed(case: Edition) -> None:
    unindex_edition(case.pk)

    found = reasons(case, "mexico")

    assert (found.place, found.has_all) == (None, True)


@pytest.mark.usefixtures("loaded_source")
def test_reasons_agree_with_the_search_for_every_judged_query() -> None:
    cases = Edition.objects.public().with_parts()
    wrong = []
    for one in judged()[::4]:
        found = find(one.text)
        hits = set() if found.relaxed else set(found.ids[:])
        wrong += [(one.text, case.slug) for case in cases if reasons(case, one.text).has_all != (case.pk in hits)]

    assert wrong == []


def page_of(case: Edition) -> str:
    return f"/admin/practices/goodpractice/{case.draft_id}/why/"


def test_page_explains_a_search(client: Client, case: Edition) -> None:
    client.force_login(staff("translator_en"))

    page = client.get(page_of(case), {"q": "staff めきしこ -京都"})

    assertContains(page, "見つかりません。")
    assertContains(page, "「メキシコ」の表記で")
    assertContains(page, '<a href="/ja/practices/kyoto/#action-1" target="_blank">取組1</a>', html=True)
    assertContains(page, "機関「京都大学」")


def test_page_says_where_the_case_stands(client: Client, case: Edition) -> None:
    client.force_login(staff("curator"))

    assertContains(client.get(page_of(case), {"q": "staff"}), "見つかります：2 件中 2 番目。")
    assertNotContains(client.get(page_of(case)), "desk-verdict")


@pytest.mark.parametrize("q", ["a" * 201, "a " * 21])
def test_page_refuses_what_no_search_takes_and_keeps_it(client: Client, case: Edition, q: str) -> None:
    client.force_login(staff("curator"))

    page = client.get(page_of(case), {"q": q})

    assert page.status_code == 400
    assert f'value="{q.strip()}"' in page.content.decode()


def test_only_public_cases_have_the_page(client: Client, case: Edition) -> None:
    client.force_login(staff("curator"))
    draft = PracticeFactory()
    change = f"/admin/practices/goodpractice/{case.draft_id}/change/"

    assertContains(client.get(change), page_of(case))
    archive(case)
    assertNotContains(client.get(change), page_of(case))
    for pk in (draft.pk, case.draft_id):
        assert client.get(f"/admin/practices/goodpractice/{pk}/why/").status_code == 404
