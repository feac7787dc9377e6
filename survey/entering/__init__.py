"""Sections of a form on pages: what a browser posts of them, and what it is shown."""

from .fields import Block, Choice, Field, Row, Total
from .page import NOTHING_LEFT, Place, SectionPage, Told, homeless, place_of, section_page, tell
from .past import sheet_of_snapshot
from .posting import COUNT, Mark, Posted, posted
from .reviewing import Missing, missing, responsible
from .ticks import Ticks
from .told import label_of, moment, told
from .wording import Left, not_written, posted_replies, posted_words

__all__ = [
    "COUNT",
    "NOTHING_LEFT",
    "Block",
    "Choice",
    "Field",
    "Left",
    "Mark",
    "Missing",
    "Place",
    "Posted",
    "Row",
    "SectionPage",
    "Ticks",
    "Told",
    "Total",
    "homeless",
    "label_of",
    "missing",
    "moment",
    "not_written",
    "place_of",
    "posted",
    "posted_replies",
    "posted_words",
    "responsible",
    "section_page",
    "sheet_of_snapshot",
    "tell",
    "told",
]
