"""Text as search software without Japanese can index it: every run of Japanese as its overlapping pairs."""

import re
import unicodedata
from itertools import pairwise
from typing import Final

RUN: Final = re.compile("[々〆〇\u3041-\u30ff\u3400-\u9fff]+")


def segmented(text: str) -> str:
    """In small letters and usual widths: 国際化 becomes 国際 際化. A query so cut is a phrase."""
    return " ".join(RUN.sub(_pairs, unicodedata.normalize("NFKC", text).lower()).split())


def _pairs(run: re.Match[str]) -> str:
    return f" {' '.join(map(''.join, pairwise(run[0]))) or run[0]} "
