"""Units become parts and profiles: how many institutions, what they contribute, and nothing that grows with them."""

from collections.abc import Iterator

import pytest

from survey.disclosure import Cell, Gathered, Inconsistent, Kind, Standing, Unit, gather
from survey.disclosure.rules import Tally

ALL, STAFF = "edu/all", "staff/all"
CELLS = [Cell(ALL, Kind.TOTAL, ("edu",)), Cell(STAFF, Kind.TOTAL, ("edu", "adm"))]
BOTH = frozenset({ALL, STAFF})


def tally(cells: list[Cell], units: list[Unit], key: str) -> Tally:
    gathered = gather(cells, units)
    return gathered.tally(gathered.vectors[key])


def test_contributions_are_those_of_institutions_over_all_columns() -> None:
    """Two columns of one university are one contributor: alone, 70 + 30 would hide behind 60."""
    staff = frozenset({STAFF})
    units = [Unit(1, "edu", BOTH, 70), Unit(1, "adm", staff, 30), Unit(2, "edu", BOTH, 60), Unit(3, "adm", staff, 9)]

    assert tally(CELLS, units, STAFF) == Tally(3, 169, 100, 60, 0, 3)
    assert tally(CELLS, units, ALL) == Tally(2, 130, 70, 60, 0, 2)


def test_value_merely_repeated_is_the_same_unit() -> None:
    cells = [Cell("1", Kind.TOTAL, ("edu",), Standing.OUT), Cell("2", Kind.TOTAL, ("edu",), release=2, earlier=("1",))]
    units = [
        Unit(1, "edu", frozenset("1"), 7),
        Unit(1, "edu", frozenset("2"), 7),
        Unit(2, "edu", frozenset("1"), 7),
        Unit(2, "edu", frozenset("2"), 8),
    ]

    gathered = gather(cells, units)

    assert sorted(sorted(part.cells) for part in gathered.parts) == [["1"], ["1", "2"], ["2"]]
    change = {number: 1 if "2" in part.cells else -1 for number, part in enumerate(gathered.parts)}
    only_changed = {number: sign for number, sign in change.items() if len(gathered.parts[number].cells) == 1}
    assert gathered.tally(only_changed) == Tally(1, 1, 1, 0, -1, 1)


def test_cell_that_is_counted_twice_is_exact() -> None:
    gathered = gather(CELLS, [Unit(1, "edu", BOTH, 1), Unit(2, "edu", BOTH, 2)])
    doubled = dict.fromkeys(gathered.vectors[ALL], 2)

    assert gathered.tally(doubled) == Tally(2, 6, 4, 2, 0, 4)


def lopsided(*values: tuple[int, int]) -> tuple[Gathered, dict[int, int]]:
    """Institutions with values in two columns, and a sum that counts one of them once and the other twice."""
    units = (
        Unit(at, column, frozenset({"both"}), value[place])
        for at, value in enumerate(values)
        for place, column in enumerate("xy")
    )
    gathered = gather([Cell("both", Kind.TOTAL, ("x", "y"))], units)
    return gathered, {number: 1 + (part.column == "y") for number, part in enumerate(gathered.parts)}


def test_sum_that_no_cell_is_gets_bounds() -> None:
    gathered, vector = lopsided((1, 5), (3, 2))

    assert gathered.tally(vector) == Tally(2, 18, 13, 13, 0, 4, is_exact=False)


def test_contributions_that_went_away_are_negative() -> None:
    gathered = gather(CELLS, [Unit(1, "edu", BOTH, 3), Unit(2, "edu", BOTH, 7)])

    assert gathered.tally(dict.fromkeys(gathered.vectors[ALL], -1)) == Tally(2, -10, -7, -3, -2, 0)


def test_one_bound_makes_bounds_of_all() -> None:
    cells = [Cell("both", Kind.TOTAL, ("x", "y")), Cell("x", Kind.TOTAL, ("x",))]
    units = [
        Unit(1, "x", frozenset({"both"}), 1),
        Unit(1, "y", frozenset({"both"}), 3),
        Unit(2, "x", frozenset({"x"}), 9),
    ]
    gathered = gather(cells, units)
    vector = {n: -1 if "x" in part.cells else 1 + (part.column == "y") for n, part in enumerate(gathered.parts)}

    assert gathered.tally(vector) == Tally(2, -2, 9, 7, -1, 2, is_exact=False)


def test_value_that_no_cell_counts_is_left_out() -> None:
    assert gather(CELLS, [Unit(1, "edu", frozenset(), 5)]).parts == []


def test_parts_do_not_grow_with_institutions() -> None:
    def units(institutions: int) -> Iterator[Unit]:
        for institution in range(institutions):
            is_complete = institution % 3
            yield Unit(institution, "edu", BOTH if is_complete else frozenset({ALL}), institution)
            if is_complete:
                yield Unit(institution, "adm", frozenset({STAFF}), 1)

    few, many = gather(CELLS, units(30)), gather(CELLS, units(3_000))

    assert [(len(one.parts), len(one.profiles)) for one in (few, many)] == [(3, 2), (3, 2)]
    assert many.tally(many.vectors[ALL]) == Tally(3_000, 4_498_500, 2_999, 2_998, 0, 3_000)


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ([Unit(2, "edu", BOTH, 1), Unit(1, "edu", BOTH, 1)], "institution 1 comes after 2"),
        ([Unit(1, "edu", BOTH, 1), Unit(2, "edu", BOTH, 1), Unit(1, "edu", BOTH, 1)], "institution 1 comes after 2"),
        ([Unit(1, "edu", BOTH, -1)], "institution 1 has -1 in edu"),
        ([Unit(1, "edu", BOTH, 1), Unit(1, "edu", BOTH, 2)], "two values in edu"),
        ([Unit(1, "edu", BOTH, 1), Unit(1, "edu", frozenset({ALL}), 2)], "edu/all counts two values"),
        ([Unit(1, "adm", BOTH, 1)], "adm is no column of edu/all"),
        ([Unit(1, "edu", frozenset({"other"}), 1)], "edu is no column of other"),
        ([Unit(1, "grew", frozenset({"grew"}), 2)], "institution 1 has 2 in grew"),
    ],
)
def test_stream_that_does_not_fit_the_cells_is_refused(units: list[Unit], message: str) -> None:
    with pytest.raises(Inconsistent, match=message):
        gather([*CELLS, Cell("grew", Kind.COUNT, ("grew",))], units)


def test_column_is_of_one_kind() -> None:
    with pytest.raises(Inconsistent, match="b is of another kind"):
        gather([Cell("a", Kind.TOTAL, ("edu",)), Cell("b", Kind.COUNT, ("adm", "edu"))], [])
