"""What a guard of the portal is, for the tables in `tests/gates.py` and `tests/guards.py`."""

from dataclasses import dataclass
from typing import Final

LEAKS: Final = "tests/test_access.py"
QUICKEST_LEAKS: Final = f"{LEAKS}::test_nothing_unpublished_shows_on_a_public_address[anonymous]"


@dataclass(frozen=True)
class Guard:
    """`line` stands once in the file `path`; `tests` are what pytest is called with."""

    name: str
    path: str
    line: str
    without: str
    tests: str
