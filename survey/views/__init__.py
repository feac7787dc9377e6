"""The public pages: the survey's results."""

from .results import IndicatorChart, IndicatorDetail, RoundDetail, RoundList

__all__ = ["IndicatorChart", "IndicatorDetail", "RoundDetail", "RoundList"]
