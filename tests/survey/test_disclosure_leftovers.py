"""Institutions that no cell shows by themselves, and that subtracting would show."""

from collections.abc import Mapping, Sequence

import pytest

from survey.disclosure import (
    Cell,
    Concern,
    Gathered,
    Kind,
    Reason,
    Rules,
    Standing,
    Sum,
    Unit,
    gather,
    plan,
    remaining,
    sparse,
)

# What the members of a group give in the columns x and y, and the cells that count them.
Given = Mapping[str, Sequence[tuple[int, ...]]]


def release(cells: list[Cell], given: Given) -> Gathered:
    rows = [(keys, values) for keys, members in given.items() for values in members]
    return gather(
        cells,
        (
            Unit(institution, column, frozenset(keys.split()), value)
            for institution, (keys, values) in enumerate(rows)
            for column, value in zip("xy", values, strict=False)
        ),
    )


def totals(keys: str, columns: tuple[str, ...] = ("x",)) -> list[Cell]:
    return [Cell(key, Kind.TOTAL, columns) for key in keys.split()]


def test_two_in_no_group_are_found_though_they_are_not_alike() -> None:
    cells = totals("all pilot other north south")
    given = {
        "all pilot north": [(10,)] * 9,
        "all pilot south": [(10,)] * 9,
        "all other north": [(10,)] * 20,
        "all other south": [(10,)] * 20,
        "all north": [(10,)],
        "all south": [(10,)],
    }

    [left] = remaining(release(cells, given), [])

    assert (left.concern, left.institutions, left.reason) == (Concern.STRAY, 2, Reason.FEW)
    assert remaining(release(cells, given), [], rules=Rules(residuals=False)) == []


def test_two_are_found_though_every_row_that_is_solved_is_about_five() -> None:
    """One cell has the first institution and four others, one has the second and the same four."""
    four = totals("w x y z")
    given = {"one": [(10,)], "two": [(10,)], **{f"one two {cell.key}": [(10,)] for cell in four}}

    [left] = remaining(release([*totals("one two"), *four], given), "wxyz")

    assert (left.concern, left.institutions, left.reason) == (Concern.STRAY, 2, Reason.FEW)
    assert {term.cell: abs(term.coefficient) for term in left.terms} == {"one": 1, "two": 1}


def test_where_too_many_sets_could_be_few_every_row_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, profiles_of, sizes = {0: {0: 1, 2: 1}, 1: {1: 1, 2: -1}}, {0: [0], 1: [1], 2: [2]}, {0: 1, 1: 1, 2: 4}

    found = sparse.about_few(rows, profiles_of, sizes, 5)
    monkeypatch.setattr(sparse, "MOST", 1)
    cautious = sparse.about_few(rows, profiles_of, sizes, 5)

    assert (found, cautious) == ([{0: 1, 1: 1}], list(rows.values()))


def test_giant_among_alike_institutions_is_found_over_both_columns() -> None:
    """Neither column of the six is known by itself, only their sum: nearly all of it is one university's."""
    given = {"all other": [(10, 10)] * 20, "all": [(500, 400), *[(10, 10)] * 5]}

    [left] = remaining(release(totals("all other", ("x", "y")), given), [])

    assert (left.concern, left.institutions, left.reason) == (Concern.STRAY, 6, Reason.DOMINANCE)


def test_newcomers_in_no_group_are_not_told_by_the_release_before() -> None:
    """Cells change by 26 institutions without a giant, but the six in no group have one."""
    keys = "all pilot north south"
    cells = [Cell(f"{key}1", Kind.TOTAL, ("x",), Standing.OUT) for key in keys.split()]
    cells += [Cell(f"{key}2", Kind.TOTAL, ("x",), release=2, earlier=(f"{key}1",)) for key in keys.split()]
    given = {
        "all1 all2 pilot1 pilot2 north1 north2": [(100,)] * 9,
        "all1 all2 south1 south2": [(100,)] * 9,
        "all2 pilot2 north2": [(100,)] * 10,
        "all2 pilot2 south2": [(100,)] * 10,
        "all2 north2": [(100,), (1,), (1,)],
        "all2 south2": [(1,)] * 3,
    }
    in_pilots = [Sum("all2", ("pilot2",))]

    [left] = remaining(release(cells, given), [], sums=in_pilots)

    assert (left.concern, left.institutions, left.reason) == (Concern.DIFFERENCE, 6, Reason.DOMINANCE)
    assert {term.cell: term.coefficient for term in left.terms} == {"all1": -1, "pilot1": 1, "all2": 1, "pilot2": -1}
    assert plan(release(cells, given), sums=in_pilots).blocked == ()


def test_columns_of_a_total_protect_each_other() -> None:
    """Staff are withheld for a giant; educators and both together would give them back."""
    cells = [*totals("both", ("x", "y")), *totals("educators"), *totals("staff", ("y",))]
    institutions = [(100, 90), *[(100, 1)] * 8]
    units = [
        Unit(number, column, frozenset({"both", name}), value)
        for number, values in enumerate(institutions)
        for column, name, value in zip("xy", ("educators", "staff"), values, strict=True)
    ]

    made = plan(gather(cells, units), sums=[Sum("both", ("educators", "staff"))])

    assert made.reasons == {"staff": Reason.DOMINANCE}
    assert list(made.marks) == ["educators", "staff"]
