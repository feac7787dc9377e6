"""Times calls side by side: each round runs every task in turn, so that what disturbs one side disturbs the other."""

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any, Final

ROUNDS: Final = 5
# A round repeats its tasks until it has taken this long, at least once and no more often than is useful.
SECONDS: Final = 6.0
MOST_REPEATS: Final = 40

Times = dict[str, list[float]]


@dataclass(frozen=True)
class Task:
    """One thing done by several sides, by their names; `kind` is its class, `about` is kept with its figures."""

    kind: str
    sides: Mapping[str, Callable[[], object]]
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Pace:
    rounds: int = ROUNDS
    seconds: float = SECONDS
    most_repeats: int = MOST_REPEATS


def compare(tasks: Sequence[Task], pace: Pace = Pace()) -> dict[str, Any]:
    """This will time the sides of all tasks, in milliseconds.

    `kinds` holds for each class, and for `all`, the sides with `p50` and `p95`: a figure for every round, over all
    of its samples. `tasks` holds what is known `about` each task, its kind, and the `p50` of each side over all
    rounds. Garbage is collected between rounds, and as usual within.
    """
    once = sum(sum(_once(task, turn=0).values()) for task in tasks)  # also warms up
    repeats = min(pace.most_repeats, max(1, int(pace.seconds * 1000 / once))) if once else pace.most_repeats
    rounds = [_round(tasks, repeats) for _ in range(pace.rounds)]
    return {
        "repeats": repeats,
        "kinds": {kind: _by_round(found, rounds) for kind, found in _kinds(tasks).items()},
        "tasks": [_of_task(place, task, rounds) for place, task in enumerate(tasks)],
    }


def _round(tasks: Sequence[Task], repeats: int) -> list[Times]:
    """The times of each task in one round."""
    gc.collect()
    gc.freeze()
    try:
        found: list[Times] = [defaultdict(list) for _task in tasks]
        for turn in range(repeats):
            for times, task in zip(found, tasks, strict=True):
                for side, milliseconds in _once(task, turn=turn).items():
                    times[side].append(milliseconds)
        return found
    finally:
        gc.unfreeze()


def _once(task: Task, *, turn: int) -> dict[str, float]:
    """Each side once; which one begins changes with the turn."""
    sides = list(task.sides.items())
    start = turn % len(sides)
    return {name: milliseconds(call) for name, call in (*sides[start:], *sides[:start])}


def milliseconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000


def _kinds(tasks: Sequence[Task]) -> dict[str, list[int]]:
    """The places of the tasks of each class, and of all."""
    found: dict[str, list[int]] = {"all": list(range(len(tasks)))}
    for place, task in enumerate(tasks):
        found.setdefault(task.kind, []).append(place)
    return found


def _by_round(places: Sequence[int], rounds: Sequence[Sequence[Times]]) -> dict[str, dict[str, list[float]]]:
    samples = {side: [list(_samples(places, one, side)) for one in rounds] for side in rounds[0][places[0]]}
    return {
        side: {name: [quantile(one, name) for one in found] for name in ("p50", "p95")}
        for side, found in samples.items()
    }


def _samples(places: Sequence[int], one: Sequence[Times], side: str) -> Iterator[float]:
    return (sample for place in places for sample in one[place][side])


def _of_task(place: int, task: Task, rounds: Sequence[Sequence[Times]]) -> dict[str, Any]:
    p50 = {side: quantile(list(_every(place, rounds, side)), "p50") for side in task.sides}
    return {"kind": task.kind, **task.about, "p50": p50}


def _every(place: int, rounds: Sequence[Sequence[Times]], side: str) -> Iterator[float]:
    return (sample for one in rounds for sample in one[place][side])


def quantile(samples: Sequence[float], name: str) -> float:
    """`p50` or `p95`, between the samples where it falls between two; to a microsecond."""
    if len(samples) == 1:
        return round(samples[0], 3)
    return round(quantiles(samples, n=100, method="inclusive")[int(name[1:]) - 1], 3)
