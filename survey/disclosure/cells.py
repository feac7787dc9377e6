"""What a release would say (cells and sums), and what it is made of (units): the words of the caller.

A column is one number of the questionnaire ("Q4.edu.2005") or one condition ("grew": 1 where it holds, else 0). All
cells of a column are of one kind, as are all columns of a cell.

Options that exclude each other and leave nothing out are given as columns but the last; the last one's cells count the
units of all the others. It is the same knowledge: k of one is n less k of the other, and both are judged alike.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """`TOTAL` is a sum of numbers that are not negative; `COUNT` is k of n institutions, units of 0 and 1."""

    TOTAL = "total"
    COUNT = "count"


class Standing(Enum):
    """Whether a cell can still be withheld.

    `CANDIDATE` cells are those of this release. What an earlier release of the round published is `OUT`; what it
    withheld is `KEPT`, and has to stay so.
    """

    CANDIDATE = "candidate"
    OUT = "out"
    KEPT = "kept"


@dataclass(frozen=True)
class Cell:
    """A number of a release, published together with its n.

    Averages and ratios are no cells: they hang on cells. A ratio that is published without its totals still needs
    both totals here. `release` is the number of its release in the round; `earlier` are the keys of the same number
    in earlier ones.
    """

    key: str
    kind: Kind
    columns: tuple[str, ...]
    standing: Standing = Standing.CANDIDATE
    release: int = 1
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sum:
    """A cell that others share out between them: all = groups (and who is in none of them), total = its columns."""

    whole: str
    parts: tuple[str, ...]


class Unit(NamedTuple):
    """One institution's value in one column, and the keys of all cells, of every release, that count it.

    A value that was changed between two releases is two units, one for each.
    """

    institution: int
    column: str
    cells: frozenset[str]
    value: int
