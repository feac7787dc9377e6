"""What a questionnaire asks, as plain content: by it a file is loaded, and a frozen version has its hash."""

from typing import Final

from sih_portal.loading import Shape, content_hash, content_of
from survey.models import Cell, Definition, EditCheck, Option, Question, Questionnaire, Section
from universities.importing import bilingual

IN_PLACE: Final = ("position", "code")

CELLS: Final = Shape(
    Cell,
    ("code",),
    ("code", "position", *bilingual("label"), "fiscal_year", "minimum", "maximum", "is_total"),
    order=IN_PLACE,
)
OPTIONS: Final = Shape(Option, ("code",), ("code", *bilingual("label"), "takes_text"), order=("code",))
QUESTIONS: Final = Shape(
    Question,
    ("code",),
    ("code", "position", "kind", "sensitivity", "is_required", "universe", *bilingual("text", "help", "unit")),
    children={"options": OPTIONS, "cells": CELLS},
    order=IN_PLACE,
)
SECTIONS: Final = Shape(
    Section,
    ("code",),
    ("code", "position", *bilingual("title", "help")),
    children={"questions": QUESTIONS},
    order=IN_PLACE,
)
DEFINITIONS: Final = Shape(
    Definition,
    ("code",),
    ("code", "position", *bilingual("term", "text")),
    siblings={"section": "code"},
    order=IN_PLACE,
)
CHECKS: Final = Shape(
    EditCheck,
    ("code",),
    ("code", "position", "severity", "rule", *bilingual("message")),
    order=IN_PLACE,
)
QUESTIONNAIRES: Final = Shape(
    Questionnaire,
    ("code", "version"),
    ("code", "version", *bilingual("title", "introduction")),
    children={"sections": SECTIONS, "definitions": DEFINITIONS, "checks": CHECKS},
)


def fingerprint(questionnaire: Questionnaire) -> str:
    """The hash of everything the questionnaire asks, as stored now. Two queries for each question and a few more."""
    return content_hash(QUESTIONNAIRES, content_of(QUESTIONNAIRES, questionnaire))
