"""Sections of a form on pages: what a browser posts of them, and what it is shown."""

from .fields import Block, Choice, Field, Row, Total
from .page import Place, SectionPage, Told, place_of, section_page, tell
from .past import sheet_of_snapshot
from .posting import COUNT, Mark, Posted, posted
from .reviewing import Missing, missing, responsible
from .ticks import Ticks
from .told import label_of, moment, told

__all__ = [
    "COUNT",
    "Block",
    "Choice",
    "Field",
    "Mark",
    "Missing",
    "Place",
    "Posted",
    "Row",
    "SectionPage",
    "Ticks",
    "Told",
    "Total",
    "label_of",
    "missing",
    "moment",
    "place_of",
    "posted",
    "responsible",
    "section_page",
    "sheet_of_snapshot",
    "tell",
    "told",
]
