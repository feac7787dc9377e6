"""The public pages, a file for each kind."""

from .compare import PracticeCompare
from .feed import PracticeFeed
from .overview import OverviewSheet
from .practice import PracticeAttachment, PracticeDetail
from .publications import EventList, PublicationDetail, PublicationList
from .search import PracticeList
from .themes import RecommendationDetail, RecommendationList, ThemeDetail, ThemeList
from .versions import PracticeVersion
from .words import Completions, WordList

__all__ = [
    "Completions",
    "EventList",
    "OverviewSheet",
    "PracticeAttachment",
    "PracticeCompare",
    "PracticeDetail",
    "PracticeFeed",
    "PracticeList",
    "PracticeVersion",
    "PublicationDetail",
    "PublicationList",
    "RecommendationDetail",
    "RecommendationList",
    "ThemeDetail",
    "ThemeList",
    "WordList",
]
