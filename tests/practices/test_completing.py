"""What is suggested while somebody types, and the answer that carries it."""

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from practices.completing import MOST, completions, frequent
from practices.models import ConceptLabel
from sih_portal.models import DataVersion
from tests.factories.practices import ConceptFactory, PracticeFactory, ThemeFactory, archive, publish
from tests.factories.universities import AliasFactory, InstitutionFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/ja/words/suggestions/"


@pytest.fixture
def cases() -> None:
    kyoto = InstitutionFactory(name_ja="京都大学", name_en="Kyoto University", name_kana="きょうとだいがく")
    AliasFactory(institution=kyoto, label="京大")
    base = ConceptFactory(pref_label_ja="海外拠点", pref_label_en="overseas base", synonyms=["海外事務所"])
    theme = ThemeFactory(short_ja="拠点の運営", short_en="Running bases")
    for number in range(2):
        title = f"コンソーシアム{number}"
        publish(institution=kyoto, concepts=[base], theme=theme, title_ja=title, title_en="Overseas staff")
    publish(theme=theme, title_en="Overtime training", summary_ja="海外派遣")


def shown(typed: str) -> list[tuple[str, str, int | None]]:
    return [(one.text, one.kind, one.cases) for one in completions(typed)]


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("over", [("overseas base", "concept", 2), ("overseas", "word", 2), ("overtime", "word", 1)]),
        ("BASE", [("Running bases", "theme", 3), ("overseas base", "concept", 2)]),
        ("拠点", [("拠点の運営", "theme", 3), ("海外拠点", "concept", 2)]),
        ("海外", [("海外拠点", "concept", 2), ("海外派遣", "word", 1)]),
        ("海外事", [("海外事務所", "concept", 2)]),
        ("こんそー", [("コンソーシアム", "word", 2)]),
        ("ｺﾝｿ", [("コンソーシアム", "word", 2)]),
        ("きょう", [("京都大学", "institution", 2)]),
        ("京大", [("京都大学", "institution", 2)]),
        ("kyo", [("Kyoto University", "institution", 2)]),
        ("staff tr", [("staff training", "word", None)]),
        ("staff -tr", [("staff -training", "word", None)]),
        ("o", []),
        ("", []),
        ("  ", []),
        ("staff ", [("staff", "word", 2)]),
        ("%", []),
        ("ver", []),
    ],
)  # fmt: skip
def test_completions_begin_with_or_hold_what_is_typed(typed: str, expected: list[tuple[str, str, int | None]]) -> None:
    assert shown(typed) == expected


def test_only_public_cases_lend_their_words() -> None:
    hidden = ConceptFactory(pref_label_en="hidden keyword")
    PracticeFactory(title_en="Hidden draft", concepts=[hidden])
    archive(publish(title_en="Hidden case", institution=InstitutionFactory(name_en="Hidden University")))
    shown_concept = ConceptFactory(pref_label_en="shown")
    ConceptLabel.objects.create(concept=shown_concept, language="en", label="hidden relative", relation="related")
    publish(concepts=[shown_concept])

    assert [shown("hid"), shown("hidden k")] == [[], []]


def test_at_most_eight_with_places_for_words() -> None:
    concepts = [ConceptFactory(pref_label_en=f"office {number}") for number in range(20)]
    publish(concepts=concepts, title_en="offices official offices")

    found = completions("offic")

    assert len(found) == MOST
    assert [one.text for one in found if one.kind == "word"] == ["offices", "official"]


def test_the_list_for_browsers_holds_keywords_in_the_language_of_the_page(client: Client) -> None:
    publish(concepts=[ConceptFactory(pref_label_ja="海外拠点", pref_label_en="overseas base")])

    assert frequent() == ["海外拠点"]
    for page in ("/en/", "/en/practices/"):
        assertContains(
            client.get(page), '<datalist id="words"><option value="overseas base"></option></datalist>', html=True
        )


@pytest.mark.usefixtures("cases")
def test_answer_is_a_list_of_options(client: Client) -> None:
    response = client.get(ADDRESS, {"q": "over"})

    assertContains(response, 'data-text="overseas base"')
    assertContains(response, "候補が 3 件あります")
    assertContains(response, "キーワード · 2件")


def test_answer_escapes_what_it_holds(client: Client) -> None:
    publish(concepts=[ConceptFactory(pref_label_en='"><script>alert(1)</script>')])

    response = client.get(ADDRESS, {"q": "script"})

    assert b"<script" not in response.content
    assertContains(response, 'data-text="&quot;&gt;&lt;script&gt;')


@pytest.mark.parametrize("q", ["a" * 201, "a " * 21, "\x00", "%ED%A0%80", "%ff"])
def test_what_no_search_takes_is_refused(client: Client, q: str) -> None:
    response = client.get(f"{ADDRESS}?q={q}")

    assert response.status_code == 400


@pytest.mark.parametrize(
    "q", ["(", "[a", "*", "\\", "'", '"', "a.b|c", "%25", "😀", "か゛", "e" + "\u0301" * 60, "--", '-"x']
)
def test_odd_input_finds_something_or_nothing(client: Client, q: str) -> None:
    publish()

    assert client.get(ADDRESS, {"q": q}).status_code == 200


@pytest.mark.usefixtures("cases")
def test_answer_is_told_anew_only_when_public_data_change(client: Client) -> None:
    first = client.get(ADDRESS, {"q": "over"})
    again = client.get(ADDRESS, {"q": "over"}, headers={"If-None-Match": first["ETag"]})
    DataVersion.objects.bump()
    changed = client.get(ADDRESS, {"q": "over"}, headers={"If-None-Match": first["ETag"]})

    assert [again.status_code, changed.status_code] == [304, 200]
