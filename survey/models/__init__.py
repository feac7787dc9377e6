from .figure import Confidentiality, Figure, Measure, Origin, Release, Verdict
from .indicator import Caveat, Indicator, IndicatorItem, Sensitivity, Unit
from .round import Group, GroupScheme, Round

__all__ = [
    "Caveat",
    "Confidentiality",
    "Figure",
    "Group",
    "GroupScheme",
    "Indicator",
    "IndicatorItem",
    "Measure",
    "Origin",
    "Release",
    "Round",
    "Sensitivity",
    "Unit",
    "Verdict",
]
