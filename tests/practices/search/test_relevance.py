"""The order of cases against 168 judged queries in both languages, on every database; floors only rise."""

from collections.abc import Sequence
from typing import Final

import pytest

from practices.models import Edition

from .asking import ask
from .relevance import JUDGED, MEASURED, Judged, Score, judged, scores

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_source")]
# nDCG@10 and recall by language and half. Where a score is a fiftieth above its floor, the floor is raised.
FLOORS: Final = {
    ("en", "test"): (0.96, 0.96),
    ("en", "tune"): (0.97, 0.96),
    ("ja", "test"): (0.95, 0.93),
    ("ja", "tune"): (0.93, 0.93),
    ("mixed", "test"): (0.98, 0.99),
    ("mixed", "tune"): (0.98, 0.99),
}
RAISED: Final = 0.02
WANTED: Final = 0.85


@pytest.fixture
def names() -> dict[int, str]:
    return dict(Edition.objects.values_list("pk", "institution__slug"))


def test_order_answers_judged_queries(names: dict[int, str], request: pytest.FixtureRequest) -> None:
    def search(text: str) -> Sequence[str]:
        return [names[pk] for pk in ask(text).ids]

    found = request.config.stash[MEASURED] = scores(search, judged())

    below = {key: one for key, one in found.items() if any(map(float.__lt__, _of(one), FLOORS[key]))}
    above = {key: one for key, one in found.items() if any(now >= floor + RAISED for now, floor in _pairs(key, one))}
    assert below == {}
    assert above == {}, "raise the floors"
    assert all(one.ndcg >= WANTED for (_language, half), one in found.items() if half == "test")


def _of(one: Score) -> tuple[float, float]:
    return one.ndcg, one.recall


def _pairs(key: tuple[str, str], one: Score) -> list[tuple[float, float]]:
    return list(zip(_of(one), FLOORS[key], strict=True))


def test_judged_cases_are_those_of_the_source(names: dict[int, str]) -> None:
    queries = judged()

    assert {case for one in queries for case in one.grades} == set(names.values())
    assert {grade for one in queries for grade in one.grades.values()} == {1, 2, 3}
    assert len({one.text for one in queries}) == len(queries) >= 120, JUDGED


@pytest.mark.parametrize(
    ("found", "ndcg", "recall"),
    [(["a", "b", "c"], 1, 1), (["x", "a", "b", "c"], 0.6758, 1), (["b"], 0.3194, 0.5), ([], 0, 0)],
)
def test_scores_are_those_of_the_definition(found: list[str], ndcg: float, recall: float) -> None:
    """Gains 7, 3 and 1 at places 1, 2 and 3 make 7 + 1.893 + 0.5."""
    one = Judged("en", "test", "query", {"a": 3, "b": 2, "c": 1})

    assert one.ndcg(found) == pytest.approx(ndcg, abs=0.0005)
    assert one.recall(found) == recall
