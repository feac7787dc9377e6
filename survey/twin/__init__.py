"""A round of made-up answers that gives every printed total exactly: for tests and development, never evidence.

Its institutions are called “Synthetic 001” and so on, and none of them is one of the portal's.
"""

from .comparing import Compared, compared
from .making import SEED, Unit, make
from .round import NotMade, make_round, take_over, wide_csv

__all__ = ["SEED", "Compared", "NotMade", "Unit", "compared", "make", "make_round", "take_over", "wide_csv"]
