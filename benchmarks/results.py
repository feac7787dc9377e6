"""What was measured, kept by database and size: a run replaces what it measured anew and leaves the rest."""

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

Comparison = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """One corpus in one database. `facts` is what `benchmarks.portal` wrote, with the peers' figures."""

    vendor: str
    size: int
    facts: dict[str, Any]

    @property
    def database(self) -> str:
        return str(self.facts["database"])

    def comparison(self, name: str) -> Comparison:
        """As `timing.compare` gives it; empty when it was not measured."""
        found: Comparison = self.facts["comparisons"].get(name, {})
        return found

    def figures(self, name: str, side: str, quantile: str, kind: str = "all") -> list[float]:
        """Milliseconds, one for each round; empty when it was not measured."""
        kinds = self.comparison(name).get("kinds", {})
        found: list[float] = kinds.get(kind, {}).get(side, {}).get(quantile, [])
        return found

    def figure(self, name: str, side: str, quantile: str, kind: str = "all") -> float:
        """The median of the rounds.

        :raises KeyError: when it was not measured.
        """
        found = self.figures(name, side, quantile, kind)
        if not found:
            raise KeyError(f"{name}: {side}")
        return median(found)

    def ratio(self, name: str, sides: tuple[str, str], quantile: str, kind: str = "all") -> float:
        """The first side over the second: the median of the rounds' quotients.

        :raises KeyError: when one of them was not measured.
        """
        pairs = zip(*(self.figures(name, side, quantile, kind) for side in sides), strict=False)
        found = [one / other for one, other in pairs]
        if not found:
            raise KeyError(f"{name}: {sides}")
        return float(median(found))

    def of_query(self, name: str, query: str, side: str) -> float:
        """The median of one query.

        :raises KeyError: when it was not measured.
        """
        for task in self.comparison(name).get("tasks", []):
            if task.get("query") == query and side in task["p50"]:
                return float(task["p50"][side])
        raise KeyError(f"{name}: {query}: {side}")


def read(file: Path) -> list[Run]:
    """All runs, those of SQLite first, from the smallest to the largest."""
    if not file.exists():
        return []
    kept = json.loads(file.read_text(encoding="utf-8"))
    runs = [Run(*_key(key), facts) for key, facts in kept.items()]
    return sorted(runs, key=lambda run: (run.vendor != "sqlite", run.vendor, run.size))


def keep(run: Run, file: Path) -> None:
    """This will write a run into the file, in place of the last one of the same database and size."""
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    kept[f"{run.vendor}/{run.size}"] = run.facts
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _key(key: str) -> tuple[str, int]:
    vendor, _slash, size = key.partition("/")
    return vendor, int(size)
