"""How well an order of cases answers judged queries: nDCG@10 and recall, by language and half."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import fmean
from typing import Final, NamedTuple

import pytest

JUDGED: Final = Path(__file__).parent / "judged.txt"
AT: Final = 10
# From this grade on a case answers the query; below it only touches it.
ANSWERS: Final = 2
HALVES: Final = ("tune", "test")


@dataclass(frozen=True)
class Judged:
    """A query, and the grade of every case that has to do with it (1 to 3) by its institution's slug."""

    language: str
    half: str
    text: str
    grades: Mapping[str, int]

    def ndcg(self, found: Sequence[str]) -> float:
        """Discounted cumulative gain of the first ten, of the best that there could be; from 0 to 1."""
        gained = _discounted(self.grades.get(case, 0) for case in found[:AT])
        return gained / _discounted(sorted(self.grades.values(), reverse=True)[:AT])

    def recall(self, found: Iterable[str]) -> float:
        """Which part of the cases that answer it are found at all."""
        answers = {case for case, grade in self.grades.items() if grade >= ANSWERS}
        return len(answers.intersection(found)) / len(answers)


class Score(NamedTuple):
    queries: int
    ndcg: float
    recall: float


# Where a run of the tests keeps what it measured, for its last lines.
MEASURED: Final = pytest.StashKey[dict[tuple[str, str], Score]]()


def _discounted(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, 1))


def judged() -> list[Judged]:
    """In the order of the file; the lines of a language belong to one half and the other by turns."""
    lines = [line for line in JUDGED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    seen: dict[str, int] = defaultdict(int)
    found = []
    for line in lines:
        language, text, cases = (part.strip() for part in line.split("|"))
        grades = {case: int(grade) for case, _equals, grade in (one.partition("=") for one in cases.split())}
        found.append(Judged(language, HALVES[seen[language] % 2], text, grades))
        seen[language] += 1
    return found


def scores(search: Callable[[str], Sequence[str]], queries: Iterable[Judged]) -> dict[tuple[str, str], Score]:
    """By language and half; `search` gives the institutions of the cases it finds, best first."""
    rows: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for one in queries:
        found = search(one.text)
        rows[one.language, one.half].append((one.ndcg(found), one.recall(found)))
    return {
        key: Score(len(values), fmean(ndcg for ndcg, _recall in values), fmean(recall for _ndcg, recall in values))
        for key, values in sorted(rows.items())
    }
