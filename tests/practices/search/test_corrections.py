"""What is offered for misspelt words, in both languages, and that nothing is offered for words that are had."""

from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from practices.filters import answer, read
from practices.models import Concept, Edition
from practices.search import corrections
from practices.search.nearest import distance, nearest_to
from practices.suggesting import suggestions
from tests.factories.practices import ConceptFactory, archive, publish
from tests.factories.universities import InstitutionFactory
from tests.practices.search.asking import ask
from tests.practices.search.relevance import judged

pytestmark = pytest.mark.django_db
LINES: Final = (Path(__file__).parent / "misspelt.txt").read_text(encoding="utf-8").splitlines()
MISSPELT: Final = [tuple(map(str.strip, line.split("|"))) for line in LINES if line and not line.startswith("#")]


def suggested(query: str) -> list[str]:
    asked = read(QueryDict(query))
    return suggestions(asked, answer(asked, "en"), "en")


@pytest.mark.usefixtures("loaded_source")
def test_misspelt_words_are_offered_as_they_were_meant() -> None:
    assert {typed: suggested(f"q={typed}")[:1] for _language, typed, _meant in MISSPELT} == {
        typed: [meant] for _language, typed, meant in MISSPELT
    }


@pytest.mark.usefixtures("loaded_source")
def test_nothing_is_offered_for_words_that_are_had() -> None:
    asked = {one.text: (ask(one.text), suggested(f"q={one.text}")) for one in judged()}

    assert {text for text, (found, offered) in asked.items() if offered and not found.missing and found.ids} == set()


@pytest.mark.usefixtures("loaded_source")
@pytest.mark.parametrize(
    "q", ["寿司", "奨学金", "研究費", "入試", "sushi", "visa fee", "tuition", "アニメ", "スポーツ", "xyzzy"]
)
def test_nothing_is_offered_where_nothing_is_near(q: str) -> None:
    assert suggested(f"q={q}") == []


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [
        ("staff", "staff", 0),
        ("satff", "staff", 1),
        ("staf", "staff", 1),
        ("staaff", "staff", 1),
        ("ca", "abc", 3),
        ("consortium", "concordium", 2),
        ("mexico", "jakarta", 3),
        ("", "ab", 2),
    ],
)
def test_distance_is_that_of_the_definition(one: str, other: str, mistakes: int) -> None:
    assert (distance(one, other, 2), distance(other, one, 2)) == (mistakes, mistakes)


def test_short_words_allow_one_mistake_and_begin_alike() -> None:
    publish(title_en="Bases degrees", title_ja="学長 研究者", summary_ja="アジア")

    near = {
        word: nearest_to(word) for word in ("basse", "basks", "cases", "baess", "drgeees", "アジヤ", "アヂヤ", "学校")
    }

    assert near == {
        "basse": ["bases"],
        "basks": ["bases"],
        "cases": [],
        "baess": ["bases"],
        "drgeees": ["degrees"],
        "アジヤ": ["アジア"],
        "アヂヤ": ["アジア"],
        "学校": [],
    }


def test_the_nearest_come_before_those_of_more_cases() -> None:
    for _ in range(3):
        publish(title_en="contexts")
    publish(title_en="contents")
    publish(title_en="contend")

    assert [nearest_to("contenss"), nearest_to("conteats")] == [["contents"], ["contexts", "contents"]]


def test_only_words_of_public_cases_are_offered() -> None:
    gone = publish(title_en="Consortium", institution=InstitutionFactory(name_en="Tsukuba"), concepts=[])
    Concept.objects.create(slug="c", pref_label_en="scholarship")
    archive(gone)
    publish(title_en="Another")

    assert [suggested(f"q={q}") for q in ("concortium", "tsukuva", "scolarship")] == [[], [], []]


def test_names_and_labels_are_offered_too() -> None:
    concept = ConceptFactory(pref_label_en="scholarship", synonyms=["奨学制度"])
    publish(institution=InstitutionFactory(name_en="Tsukuba University", name_ja="筑波大学"), concepts=[concept])

    assert [suggested(f"q={q}") for q in ("tsukuva", "筑羽大学", "scolarship", "将学制度")] == [
        ["tsukuba"], ["筑波大学"], ["scholarship"], ["奨学制度"],
    ]  # fmt: skip


def test_the_rest_of_the_query_stays() -> None:
    publish(title_en="Double degree consortium abroad", title_ja="コンソーシアムの形成")

    assert suggested('q=-mexico "double degree" Concortium') == ['"double degree" consortium -mexico']
    assert suggested("q=コンソシアムの形成") == ["コンソーシアムの形成"]
    assert suggested("q=abroadコンソシアム") == ["abroad コンソーシアム"]


def test_words_that_find_nothing_with_the_filters_are_not_offered() -> None:
    publish(title_en="Consortium", institution=InstitutionFactory(kind="private"))
    publish(title_en="Other", institution=InstitutionFactory(kind="national"))

    assert [suggested(f"q=concortium&kind={kind}") for kind in ("private", "national")] == [["consortium"], []]


def test_a_relaxed_answer_offers_only_what_makes_it_better() -> None:
    publish(title_en="Staff consortium")

    assert [suggested(f"q={q}") for q in ("staff concortium", "staff zebra", "staff consortium")] == [
        ["staff consortium"], [], [],
    ]  # fmt: skip


def test_page_offers_a_link_that_keeps_the_filters(client: Client) -> None:
    publish(title_en="Consortium", title_ja="コンソーシアム", institution=InstitutionFactory(kind="private"))

    japanese = client.get("/ja/practices/", {"q": "コンソシアム", "kind": "private", "sort": "title"})
    english = client.get("/en/practices/?q=concortium")

    link = f"?{urlencode({'kind': 'private', 'sort': 'title', 'q': 'コンソーシアム'})}"
    assertContains(japanese, f'もしかして：<a href="{escape(link)}">コンソーシアム</a>')
    assertContains(english, 'Did you mean: <a href="?q=consortium">consortium</a>')
    assertNotContains(client.get("/en/practices/?q=consortium"), "Did you mean")


def test_api_names_them_beside_an_empty_or_relaxed_answer_only(client: Client) -> None:
    publish(title_en="Consortium")

    misspelt, found, neither = (
        client.get(f"/api/v1/practices/?q={q}").json() for q in ("concortium", "consortium", "zebra")
    )

    assert (misspelt["count"], misspelt["suggestions"]) == (0, ["consortium"])
    assert ["suggestions" in answered for answered in (found, neither)] == [False, False]


def test_costs_do_not_grow_with_the_cases() -> None:
    costs = []
    for count in (1, 29):
        for number in range(count):
            publish(title_en=f"Consortium {'abcdefghij'[number % 10] * 4}{'klm'[number // 10] * 3}")
        with CaptureQueriesContext(connection) as queries:
            assert list(corrections(ask("concortium"))) == ["consortium"]
        costs.append(len(queries))

    assert Edition.objects.public().count() == 30
    assert costs[0] == costs[1]
