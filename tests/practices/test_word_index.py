"""The index of words: what stands in it, under which initial, and where it leads."""

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from practices.word_index import concepts, institutions, themes
from tests.factories.practices import ConceptFactory, PracticeFactory, ThemeFactory, publish
from tests.factories.universities import InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases() -> None:
    keywords = [
        ("コンソーシアム", "consortium"),
        ("ダブル・ディグリー", "double degree"),
        ("URA", "URA"),
        ("海外拠点", ""),
        ("内なる国際化", ""),
    ]
    linked = [ConceptFactory(slug=f"k{at}", pref_label_ja=ja, pref_label_en=en) for at, (ja, en) in enumerate(keywords)]
    theme = ThemeFactory(number=120, short_ja="拠点", short_en="Bases")
    for name, reading in (
        ("早稲田大学", "わせだだいがく"),
        ("一橋大学", "ひとつばしだいがく"),
        ("広島大学", "ひろしまだいがく"),
    ):
        publish(
            institution=InstitutionFactory(name_ja=name, name_en=name[:1] * 2, name_kana=reading),
            concepts=linked,
            theme=theme,
        )
    PracticeFactory(concepts=[ConceptFactory(pref_label_ja="未公開")])


@pytest.mark.usefixtures("cases")
def test_japanese_index_goes_by_the_syllabary_and_institutions_by_their_reading() -> None:
    assert [(group.initial, [str(entry.name) for entry in group.entries]) for group in concepts()] == [
        ("か", ["コンソーシアム"]),
        ("た", ["ダブル・ディグリー"]),
        ("A–Z", ["URA"]),
        ("漢字・その他", ["内なる国際化", "海外拠点"]),
    ]
    assert [(group.initial, [str(entry.name) for entry in group.entries]) for group in institutions()] == [
        ("は", ["一橋大学", "広島大学"]),
        ("わ", ["早稲田大学"]),
    ]
    assert [(str(entry.name), entry.value, entry.cases) for entry in themes()] == [("拠点", "120", 3)]


@pytest.mark.usefixtures("cases")
def test_page_leads_to_the_cases_with_their_number(client: Client) -> None:
    english, japanese = client.get("/en/words/"), client.get("/ja/words/")

    assertContains(
        english,
        '<li><a href="/en/practices/?concept=k1">double degree</a> <span class="quiet">3</span></li>',
        html=True,
    )
    assertContains(english, '<a href="/en/practices/?concept=k3"><span lang="ja">海外拠点</span></a>', html=True)
    assert [group.initial for group in english.context["concepts"]] == ["C", "D", "U", "Kanji and others"]
    assertContains(japanese, '<a href="/ja/practices/?theme=120">120 拠点</a>', html=True)
    assertNotContains(japanese, "未公開")


def test_an_empty_portal_says_so(client: Client) -> None:
    assertContains(client.get("/ja/words/"), "公開中の事例はまだありません。", 3)


@pytest.mark.usefixtures("cases")
def test_search_field_leads_to_the_index(client: Client) -> None:
    for page in ("/ja/", "/ja/practices/", "/ja/nowhere/"):
        assert b'href="/ja/words/"' in client.get(page).content
