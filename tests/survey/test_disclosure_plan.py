"""What a plan withholds, what would remain without it, and what it tells the publisher."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import pytest

from survey.disclosure import (
    Cell,
    Concern,
    Disclosure,
    Gathered,
    Kind,
    Mark,
    Reason,
    Rules,
    Standing,
    Sum,
    Term,
    Unit,
    gather,
    plan,
    remaining,
)

COLUMN = ("x",)


def total(key: str, standing: Standing = Standing.CANDIDATE, earlier: tuple[str, ...] = ()) -> Cell:
    return Cell(key, Kind.TOTAL, COLUMN, standing, 2 if earlier else 1, earlier)


def units(groups: Mapping[str, int], value: int = 10) -> Iterator[Unit]:
    """Institutions for each set of cells ("all pilot"), all with the same value."""
    institution = 0
    for cells, number in groups.items():
        for _one in range(number):
            institution += 1
            yield Unit(institution, "x", frozenset(cells.split()), value)


def terms(disclosure: Disclosure) -> dict[str, int | Fraction]:
    return {term.cell: term.coefficient for term in disclosure.terms}


def gathered(cells: Iterable[Cell], groups: Mapping[str, int]) -> Gathered:
    return gather(cells, units(groups))


GROUPS = [total("all"), total("pilot"), total("other"), total("third")]
IN_GROUPS = [Sum("all", ("pilot", "other", "third"))]


def test_nothing_is_withheld_without_need() -> None:
    made = plan(gathered(GROUPS, {"all pilot": 5, "all other": 20, "all third": 9}), sums=IN_GROUPS)

    assert (made.marks, made.reasons, made.disclosures, made.blocked) == ({}, {}, (), ())


def test_single_withheld_group_takes_the_next_smallest_along() -> None:
    release = gathered(GROUPS, {"all pilot": 4, "all other": 20, "all third": 9})

    made = plan(release, sums=IN_GROUPS)

    assert made.marks == {"pilot": Mark.PRIMARY, "third": Mark.SECONDARY}
    assert made.reasons == {"pilot": Reason.FEW}
    [disclosure] = made.disclosures
    assert (disclosure.concern, disclosure.about, disclosure.institutions) == (Concern.CELL, ("pilot",), 4)
    assert terms(disclosure) == {"all": 1, "other": -1, "third": -1}
    assert disclosure.withheld == ("third",)
    assert remaining(release, made.marks, sums=IN_GROUPS) == []


def test_withheld_groups_have_to_be_safe_together() -> None:
    """Two and two are four: both together are still a cell that tells too much."""
    release = gathered(GROUPS, {"all pilot": 2, "all third": 2, "all other": 30})

    [left] = remaining(release, ["pilot", "third"], sums=IN_GROUPS)

    assert (left.concern, left.about, left.institutions) == (Concern.HIDDEN, ("pilot", "third"), 4)
    assert plan(release, sums=IN_GROUPS).marks["other"] == Mark.SECONDARY
    assert (
        remaining(release, ["pilot", "third"], sums=IN_GROUPS, rules=Rules(complementary=False, residuals=False)) == []
    )


def test_published_cell_that_breaks_a_rule_reveals_itself() -> None:
    release = gathered(GROUPS, {"all pilot": 4, "all other": 20, "all third": 9})

    [left] = remaining(release, [], sums=IN_GROUPS)

    assert left == Disclosure(Concern.CELL, ("pilot",), (Term("pilot", Fraction(1)),), 4, Reason.FEW)


def test_linked_tables_are_looked_at_together() -> None:
    """Three harmless unions of two give a single group by halves: (ab + ac - bc) / 2."""
    cells = [total("ab"), total("bc"), total("ac")]
    release = gathered(cells, {"ab ac": 3, "ab bc": 20, "bc ac": 30})

    [left] = remaining(release, [])

    assert terms(left) == {"ab": Fraction(1, 2), "bc": Fraction(-1, 2), "ac": Fraction(1, 2)}
    assert (left.concern, left.institutions, left.about) == (Concern.STRAY, 3, ("ab", "ac"))
    assert plan(release).marks == {"ab": Mark.SECONDARY}


def test_share_is_not_told_by_its_other_options() -> None:
    """Option c, the last, is n less a and b: its cells count their units."""
    cells = [Cell(key, Kind.COUNT, ("a", "b") if key[0] == "c" else (key[0],)) for key in ("a", "b", "c")]
    given = [("a", (1, 0))] * 12 + [("b", (0, 1))] * 12 + [("c", (0, 0))] * 2
    answers = [
        Unit(institution, column, frozenset({column, "c"}), value)
        for institution, (_option, values) in enumerate(given)
        for column, value in zip("ab", values, strict=True)
    ]

    made = plan(gather(cells, answers))

    assert made.reasons == {"c": Reason.SHARE}
    assert list(made.marks) == ["a", "c"]


def second_release(groups: Mapping[str, int]) -> Gathered:
    cells = [total("old", Standing.OUT), total("new", earlier=("old",))]
    return gathered(cells, groups)


@pytest.mark.parametrize(("came", "withheld"), [(0, []), (1, ["new"]), (4, ["new"]), (5, [])])
def test_few_newcomers_are_not_told_by_the_release_before(came: int, withheld: list[str]) -> None:
    release = second_release({"old new": 20, "new": came})

    made = plan(release)

    assert list(made.marks) == withheld
    assert [terms(one) for one in made.disclosures] == [{"old": -1, "new": 1}] * len(withheld)
    assert remaining(release, [], rules=Rules(differencing=False)) == []


def test_changed_answer_is_not_told_by_the_release_before() -> None:
    cells = [total("old", Standing.OUT), total("new", earlier=("old",))]
    unchanged = [Unit(institution, "x", frozenset({"old", "new"}), 10) for institution in range(20)]
    changed = [Unit(20, "x", frozenset({"old"}), 10), Unit(20, "x", frozenset({"new"}), 17)]

    [left] = remaining(gather(cells, [*unchanged, *changed]), [])

    assert (left.concern, left.institutions, left.reason) == (Concern.DIFFERENCE, 1, Reason.FEW)


def test_what_was_withheld_before_stays_so() -> None:
    """The pilots were four; their total would follow now that the others stand beside the old sum."""
    cells = [total("old-all", Standing.OUT), total("old-pilot", Standing.KEPT), total("other")]

    made = plan(gathered(cells, {"old-all old-pilot": 4, "old-all other": 20}))

    assert made.marks == {"other": Mark.SECONDARY}
    assert made.disclosures[0].about == ("old-pilot",)


def test_release_is_blocked_where_only_kept_cells_reveal() -> None:
    release = second_release({"old new": 20, "new": 1})

    made = plan(release, keep=["new"])

    assert made.marks == {}
    assert [(terms(one), one.institutions) for one in made.blocked] == [({"old": -1, "new": 1}, 1)]
    assert list(made.blocked) == remaining(release, [])


def test_release_is_blocked_by_what_is_out_already() -> None:
    made = plan(gathered([total("old", Standing.OUT), total("new")], {"old": 3, "new": 20}))

    assert [(terms(one), one.withheld) for one in made.blocked] == [({"old": 1}, ())]


# Table 4 of the printed round (sections 3 and 4 of the survey's design): N, then educators and staff of both years.
T4 = {
    "pilot": (17, (39_368, 953), (43_573, 1_214)),
    "other": (167, (38_807, 793), (39_017, 1_354)),
}
T4_PLACES = ("all", "pilot", "other")
T4_COLUMNS = {"edu": ("edu",), "adm": ("adm",), "total": ("edu", "adm")}
T4_SUMS = [
    *(
        Sum(f"{table} {year} all", (f"{table} {year} pilot", f"{table} {year} other"))
        for table in T4_COLUMNS
        for year in (2005, 2008)
    ),
    *(
        Sum(f"total {year} {place}", (f"edu {year} {place}", f"adm {year} {place}"))
        for year in (2005, 2008)
        for place in T4_PLACES
    ),
]


def t4() -> Gathered:
    cells = [
        Cell(f"{table} {year} {place}", Kind.TOTAL, tuple(f"{column} {year}" for column in columns))
        for year in (2005, 2008)
        for table, columns in T4_COLUMNS.items()
        for place in T4_PLACES
    ]
    return gather(cells, t4_units())


def t4_units() -> Iterator[Unit]:
    """The groups' sums spread evenly; and the one in neither group, that left 2008 blank but for its staff."""
    institution = 0
    for group, (number, *years) in T4.items():
        for place in range(number):
            institution += 1
            for year, sums in zip((2005, 2008), years, strict=True):
                for column, value in zip(("edu", "adm"), sums, strict=True):
                    yield t4_unit(institution, column, year, ("all", group), value // number + (place < value % number))
    for column, year, value in (("edu", 2005, 1_174), ("adm", 2005, 1), ("adm", 2008, 1)):
        yield t4_unit(institution + 1, column, year, ("all",), value)


def t4_unit(institution: int, column: str, year: int, places: tuple[str, ...], value: int) -> Unit:
    cells = frozenset(f"{table} {year} {place}" for table in (column, "total") for place in places)
    return Unit(institution, f"{column} {year}", cells, value)


def test_printed_table_reveals_the_one_in_neither_group() -> None:
    left = {one.about: one for one in remaining(t4(), [], sums=T4_SUMS) if one.concern is Concern.RESIDUAL}

    residual = left["edu 2005 all", "edu 2005 pilot", "edu 2005 other"]
    assert (residual.institutions, residual.reason) == (1, Reason.FEW)
    assert terms(residual) == {"edu 2005 all": 1, "edu 2005 pilot": -1, "edu 2005 other": -1}
    assert [about[0] for about in left] == ["edu 2005 all", "adm 2005 all", "total 2005 all", "adm 2008 all"]


def test_plan_for_the_printed_table_reveals_nobody() -> None:
    made = plan(t4(), sums=T4_SUMS)

    assert set(made.marks.values()) == {Mark.SECONDARY}
    assert "edu 2008 all" not in made.marks
    assert all(one.withheld for one in made.disclosures)
    assert remaining(t4(), made.marks, sums=T4_SUMS) == []
    assert made.blocked == ()


def test_every_cell_of_the_plan_is_needed() -> None:
    made = plan(t4(), sums=T4_SUMS)

    for key in made.marks:
        assert remaining(t4(), set(made.marks) - {key}, sums=T4_SUMS) != []


def test_publisher_may_withhold_the_row_of_all_instead() -> None:
    groups = [cell for cell in t4().cells if not cell.endswith("all")]

    made = plan(t4(), sums=T4_SUMS, keep=groups)

    assert made.blocked == ()
    assert {key.split()[-1] for key in made.marks} == {"all"}
    assert remaining(t4(), made.marks, sums=T4_SUMS) == []
