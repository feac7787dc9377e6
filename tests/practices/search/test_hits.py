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
def test_any_part_of_the_hits_is_that_part_of_all_of_them() -> None:
    for q in ("alumni scholarship", "alumni network office mexico", "alumni", "-office", "mexico"):
        hits = ask(q).ids
        whole = list(hits)

        assert len(hits) == len(whole) == len(set(whole))
        assert [hits[place] for place in range(len(hits))] == whole
        for start in range(4):
            for stop in range(5):
                assert hits[start:stop] == whole[start:stop]


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


def test_neighbours_share_what_few_concepts_have() -> None:
    """奨学金 has 学 in common with three concepts and 金 with one; in 学習 alone, 学 says nothing."""
    funding = ConceptFactory(slug="funding", pref_label_ja="外部資金", pref_label_en="external funds")
    for place, label in enumerate(("学長", "学部", "大学院")):
        publish(concepts=[ConceptFactory(slug=f"other-{place}", pref_label_ja=label)])
    ConceptLabel.objects.create(concept=funding, language="en", relation="related", label="fellowship")
    publish(concepts=[funding])

    assert ask("奨学金").neighbours == ((funding,), True)
    assert not ask("学習").neighbours.are_near
    assert ask("fellowships").neighbours == ((funding,), True)


def test_a_word_that_many_concepts_have_makes_no_neighbour() -> None:
    strategies = [ConceptFactory(pref_label_ja=f"国際{other}", pref_label_en="") for other in "戦略本部化拠点校外交流"]
    rare = ConceptFactory(pref_label_ja="寿司職人", pref_label_en="")
    publish(concepts=[*strategies, rare])

    assert ask("国際料理").neighbours.are_near is False
    assert ask("国際寿司").neighbours.concepts[0] == rare


def test_one_character_of_four_makes_no_neighbour() -> None:
    publish(concepts=[ConceptFactory(pref_label_ja="家族支援")])

    assert (ask("国家試験").neighbours.are_near, ask("家庭").neighbours.are_near) == (False, True)


def test_neighbours_of_a_misspelt_word_are_those_of_the_word_that_is_meant() -> None:
    consortium = ConceptFactory(pref_label_ja="国際コンソーシアム", pref_label_en="international consortium")
    publish(concepts=[consortium, ConceptFactory(), ConceptFactory()], title_ja="コンソーシアム", title_en="Consortium")

    assert [ask(q).neighbours for q in ("concortium", "コンソシアム")] == [((consortium,), True)] * 2


def test_what_belongs_to_a_neighbour_comes_after_it() -> None:
    broad, narrow, beside, unseen = (ConceptFactory(slug=slug) for slug in ("broad", "narrow", "beside", "unseen"))
    support = ConceptFactory(slug="support", pref_label_ja="生活支援", broader=broad)
    narrow.broader = support
    narrow.save()
    support.related.add(beside, unseen)
    publish(concepts=[support, broad, narrow, beside, ConceptFactory()])

    assert ask("生活相談").neighbours == ((support, broad, narrow, beside), True)


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
