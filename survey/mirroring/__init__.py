"""The private mirror: one institution's values beside what a public release tells of its groups, for its eyes alone."""

from .mirror import Beside, Mirror, Part, Value, mirror_of, public_release
from .own import Own
from .sheet import mirror_sheet

__all__ = ["Beside", "Mirror", "Own", "Part", "Value", "mirror_of", "mirror_sheet", "public_release"]
