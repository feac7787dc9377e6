"""Small random rounds of two releases: who answered what, what each release would say, and what is then public."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from survey.disclosure import Cell, Kind, Standing, Sum, Unit

from .attacker import Equation

SCHEMES: Final = {"pilot": ("pilot", "other"), "kind": ("a", "b", "c"), "region": ("n", "e", "s", "w")}
TABLES: Final = {"edu": ("edu",), "adm": ("adm",), "staff": ("edu", "adm"), "grew": ("grew",)}
COLUMNS: Final = ("edu", "adm", "grew")
# institution, column, release in which the value was first given
Value = tuple[int, str, int]


@dataclass(frozen=True)
class RandomRound:
    """`values[release]` has who gave which value: `{(institution, column): (first given in, value)}`.

    `is_loose`: the row of all institutions sums whoever answered a column, groups only those who answered both.
    """

    groups: Mapping[int, Mapping[str, str | None]]
    values: Mapping[int, Mapping[tuple[int, str], tuple[int, int]]]
    is_loose: bool

    def truth(self, value: Value) -> int:
        institution, column, first = value
        return self.values[first][institution, column][1]

    def keys(self, release: int) -> list[str]:
        return [f"{release}/{table}/{place}" for table in TABLES for place in self.places()]

    def places(self) -> list[str]:
        return ["all", *(f"{scheme}={group}" for scheme, among in SCHEMES.items() for group in among)]

    def members(self, key: str) -> list[Value]:
        """The values that a cell sums."""
        release, table, place = key.split("/")
        given = self.values[int(release)]
        return [
            (institution, column, first)
            for (institution, column), (first, _value) in given.items()
            if column in TABLES[table] and self._counts(given, institution, column, place)
        ]

    def _counts(self, given: Mapping[tuple[int, str], object], institution: int, column: str, place: str) -> bool:
        scheme, _equals, group = place.partition("=")
        if group and self.groups[institution][scheme] != group:
            return False
        is_complete = (institution, "edu") in given and (institution, "adm") in given
        return column == "grew" or is_complete or (self.is_loose and not group)

    def cells(self, release: int, withheld_before: Collection[str] = ()) -> list[Cell]:
        """The candidates of a release, and the cells of the one before it."""
        cells = [self._cell(key, Standing.CANDIDATE) for key in self.keys(release)]
        if release == 2:
            standing = {True: Standing.KEPT, False: Standing.OUT}
            cells += [self._cell(key, standing[key in withheld_before]) for key in self.keys(1)]
        return cells

    def _cell(self, key: str, standing: Standing) -> Cell:
        release, table, place = key.split("/")
        earlier = (f"1/{table}/{place}",) if release == "2" else ()
        kind = Kind.COUNT if table == "grew" else Kind.TOTAL
        return Cell(key, kind, TABLES[table], standing, int(release), earlier)

    def sums(self, release: int) -> list[Sum]:
        groups = [
            Sum(f"{release}/{table}/all", tuple(f"{release}/{table}/{scheme}={group}" for group in among))
            for table in TABLES
            for scheme, among in SCHEMES.items()
        ]
        columns = [
            Sum(f"{release}/staff/{place}", (f"{release}/edu/{place}", f"{release}/adm/{place}"))
            for place in self.places()
        ]
        return [*groups, *columns]

    def units(self, release: int) -> Iterator[Unit]:
        counting: dict[Value, set[str]] = {}
        for one in range(1, release + 1):
            for key in self.keys(one):
                for value in self.members(key):
                    counting.setdefault(value, set()).add(key)
        for value in sorted(counting):
            yield Unit(value[0], value[1], frozenset(counting[value]), self.truth(value))

    def total(self, key: str) -> int:
        return sum(map(self.truth, self.members(key)))

    def public(self, release: int, withheld: Collection[str]) -> list[Equation]:
        """What everybody reads in a release."""
        shown = [key for key in self.keys(release) if key not in withheld]
        return [Equation(dict.fromkeys(self.members(key), 1), self.total(key)) for key in shown]


def random_round(seed: int) -> RandomRound:
    """Some 12 to 45 institutions, a few pilots, now and then somebody in no group, a few changes in between."""
    random = Random(seed)
    institutions = range(random.randint(12, 45))
    groups = {institution: _groups(random) for institution in institutions}
    first = {
        at: (1, _number(random, at[1]))
        for at in ((institution, column) for institution in institutions for column in COLUMNS)
        if random.random() > 0.06
    }
    late = set(random.sample(institutions, random.choice((0, 1, 6))))
    changes = {at: (2, _number(random, at[1])) for at in first if random.random() < random.choice((0.02, 0.2))}
    values = {
        1: {at: given for at, given in first.items() if at[0] not in late},
        2: {at: (2, given[1]) if at[0] in late else given for at, given in first.items()},
    }
    # The same number given once more is no other value: nobody could tell.
    values[2] |= {at: new for at, new in changes.items() if at[0] not in late and new[1] != first[at][1]}
    return RandomRound(groups, values, is_loose=random.random() < 0.5)


def _groups(random: Random) -> dict[str, str | None]:
    return {
        "pilot": random.choices(("pilot", "other", None), (20, 77, 3))[0],
        "kind": random.choices(("a", "b", "c", None), (45, 40, 14, 1))[0],
        "region": random.choice(SCHEMES["region"]),
    }


def _number(random: Random, column: str) -> int:
    return random.randrange(2) if column == "grew" else int(random.lognormvariate(3, 1))
