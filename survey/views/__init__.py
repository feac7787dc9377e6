"""The public pages: the survey's results; and the pages of those who answer it."""

from .answer_files import AnswerSheet, AnswerUpload
from .answer_mirror import AnswerMirror, AnswerMirrorSheet
from .answer_prints import AnswerBlank, AnswerPrint
from .answer_review import AnswerReceipt, AnswerReview
from .answer_section import AnswerSection
from .answering import AnswerLeave, AnswerOverview, open_link
from .results import IndicatorChart, IndicatorDetail, RoundDetail, RoundList

__all__ = [
    "AnswerBlank",
    "AnswerLeave",
    "AnswerMirror",
    "AnswerMirrorSheet",
    "AnswerOverview",
    "AnswerPrint",
    "AnswerReceipt",
    "AnswerReview",
    "AnswerSection",
    "AnswerSheet",
    "AnswerUpload",
    "IndicatorChart",
    "IndicatorDetail",
    "RoundDetail",
    "RoundList",
    "open_link",
]
