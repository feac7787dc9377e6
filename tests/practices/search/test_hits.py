"""What is answered when no case has all the words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practices.models import ConceptLabel, Edition
from practices.search import find
from tests.factories.practices import ConceptFactory, ThemeFactory, archive, publish
from tests.practices.search.asking import ask

pytestmark = pytest.mark.django_db


def relaxed(q: str) -> list[str]:
    found = ask(q)
    names = dict(Edition.objects.values_list("pk", "slug"))
    assert found.relaxed == bool(found.ids)
    return [names[pk] for pk in found.ids]


@pytest.fixture
def three_cases() -> None:
    theme = ThemeFactory()
    publish(slug="a", theme=theme, summary_ja="国際交流の催し。協定の締結。", summary_en="alumni network office")
    publish(slug="b", theme=theme, summary_ja="国際的な催し。交流の場。", summary_en="alumni network")
    publish(slug="c", theme=theme, summary_ja="協定の締結。", summary_en="alumni")


@pytest.mark.usefixtures("three_cases")
def test_most_words_come_first_and_half_are_needed() -> None:
    assert relaxed("alumni network office mexico") == ["a", "b"]
    assert sorted(relaxed("alumni scholarship")) == ["a", "b", "c"]
    assert relaxed("alumni mexico scholarship") == []


@pytest.mark.usefixtures("three_cases")
def test_words_that_no_case_has_are_named() -> None:
    apart = ask("office 交流の場")

    assert ask("alumni scholarship").missing == ("scholarship",)
    assert (apart.relaxed, apart.missing) == (True, ())


@pytest.mark.usefixtures("three_cases")
def test_long_japanese_words_are_cut_and_more_than_half_needed() -> None:
    assert relaxed("国際交流協定") == ["a", "b"]
    assert relaxed("協定大学") == []
    assert relaxed("交流・協定") == ["a"]


@pytest.mark.usefixtures("three_cases")
def test_full_answers_are_not_relaxed() -> None:
    assert not ask("国際 交流").relaxed
    assert len(ask("国際 交流").ids) == 2


def test_neighbours_share_characters_or_stems_rare_ones_first() -> None:
    funding = ConceptFactory(slug="funding", pref_label_ja="外部資金", pref_label_en="external funds")
    for slug in ("学長", "学部", "大学院"):
        publish(concepts=[ConceptFactory(slug=f"c{ord(slug[0])}-{ord(slug[1])}-{len(slug)}", pref_label_ja=slug)])
    ConceptLabel.objects.create(concept=funding, language="en", relation="related", label="fellowship")
    publish(concepts=[funding])

    assert ask("奨学金").neighbours.concepts[0] == funding
    assert len(ask("奨学金").neighbours.concepts) == 4
    assert ask("fellowships").neighbours == ((funding,), True)


def test_neighbours_without_likeness_are_the_broadest_in_use() -> None:
    broad, narrow, idle = ConceptFactory.create_batch(3)
    publish(concepts=[broad, narrow])
    publish(concepts=[broad])
    archive(publish(concepts=[idle, narrow]))

    found = ask("寿司")

    assert (found.total, found.neighbours) == (0, ((broad, narrow), False))


def test_queries_without_tokens_find_nothing() -> None:
    publish(summary_ja="100%の達成_率")

    assert ask("% _ 😀").total == 0


def test_find_costs_the_same_for_one_and_thirty_cases() -> None:
    concept = ConceptFactory(synonyms=["通訳"])
    costs = []
    for count in (1, 29):
        for _ in range(count):
            publish(concepts=[concept], summary_ja="留学")

        with CaptureQueriesContext(connection) as queries:
            found = find("留学")
        costs.append(len(queries))

    assert len(found.ids) == 30
    assert costs[0] == costs[1]
