"""The columns of the files, in their order, and what each of them means."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from sih_portal.tabular import Column, Columns, listed, text_columns
from survey.models import Option, QuestionKind, Status
from survey.questionnaires import Form, FormQuestion

from .rows import FormCell

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOTE: Final = ".note"
NUMBER: Final = Column("number", lambda row: row.filled.response.invitation.number)


def wide(form: Form) -> Columns:
    """A line for each response, a column for each cell; one more where an option asks for words."""
    return [*RESPONSES, *(column for code in form.cells for column in _of_cell(form.questions[code], code))]


def _of_cell(question: FormQuestion, code: str) -> Columns:
    columns = [Column(code, lambda filled: filled.worth(code))]
    if takes_words(question):
        columns.append(Column(f"{code}{NOTE}", lambda filled: filled.note(code)))
    return columns


def takes_words(question: FormQuestion) -> bool:
    return any(option.takes_text for option in question.options)


RESPONSES: Final[Columns] = [
    Column("number", lambda filled: filled.response.invitation.number),
    *text_columns("name", lambda filled: filled.response.invitation),
    Column("kind", lambda filled: filled.response.invitation.kind),
    Column("is_pilot", lambda filled: filled.response.invitation.is_pilot),
    Column("prefecture", lambda filled: filled.response.invitation.prefecture),
    Column("state", lambda filled: filled.response.state),
    Column("revision", lambda filled: filled.response.revision),
    Column("is_on_paper", lambda filled: filled.response.is_on_paper),
    Column("submitted_at", lambda filled: filled.response.submitted_at),
]

LONG: Final[Columns] = [
    NUMBER,
    Column("cell", lambda row: row.cell.code),
    Column("status", lambda row: row.filled.status(row.cell.code)),
    Column("value", lambda row: row.filled.value(row.cell.code)),
    Column("note", lambda row: row.filled.note(row.cell.code)),
    Column("entered_at", lambda row: row.entry.at),
    Column("is_asked", lambda row: row.filled.is_asked(row.cell.code)),
]

EXPLANATIONS: Final[Columns] = [
    NUMBER,
    Column("check", lambda row: row.check.code),
    Column("severity", lambda row: row.check.row.severity),
    *text_columns("message", lambda row: row.check.row),
    Column("cells", lambda row: listed(row.check.rule.cells)),
    Column("values", lambda row: row.values),
    Column("holds", lambda row: row.finding is None),
    Column("is_explained", lambda row: row.is_explained),
    Column("explanation", lambda row: row.explanation.text if row.explanation else ""),
    Column("explained_at", lambda row: row.explanation.entered_at if row.explanation else None),
]


CHOSEN: Final = {"en": "1 = applies; 0 = does not apply", "ja": "1 = 該当する; 0 = 該当しない"}


def _labelled(language: str) -> Column:
    """The options with their numbers, as a cell of the codebook; of several answers those of each cell, 1 and 0."""

    def options(row: FormCell) -> str:
        if row.question.kind == QuestionKind.MULTI:
            return CHOSEN[language]
        return listed(_option(option, language) for option in row.question.options)

    return Column(f"options_{language}", options)


def _absences(language: str) -> Column:
    """The codes that stand for want of an answer. A file that is streamed has no language of its own."""

    def absences(_row: FormCell) -> str:
        with translation.override(language):
            return listed(f"{status.value} = {status.label}" for status in Status if status != Status.OK)

    return Column(f"absences_{language}", absences)


def _option(option: Option, language: str) -> str:
    return f"{option.code} = {getattr(option, f'label_{language}')}"


CODEBOOK: Final[Columns] = [
    Column("cell", lambda row: row.cell.code),
    Column("section", lambda row: row.section.code),
    *text_columns("title", lambda row: row.section.row, name="section_title"),
    Column("question", lambda row: row.question.code),
    *text_columns("text", lambda row: row.question.row, name="question_text"),
    *text_columns("label", lambda row: row.cell),
    Column("fiscal_year", lambda row: row.cell.fiscal_year),
    Column("kind", lambda row: row.question.kind),
    *(_labelled(language) for language in ("en", "ja")),
    *text_columns("unit", lambda row: row.question.row),
    Column("minimum", lambda row: row.cell.minimum),
    Column("maximum", lambda row: row.cell.maximum),
    Column("is_total", lambda row: row.cell.is_total),
    Column("note_column", lambda row: f"{row.cell.code}{NOTE}" if takes_words(row.question) else ""),
    Column("universe", lambda row: row.question.row.universe),
    Column("is_required", lambda row: row.question.row.is_required),
    Column("sensitivity", lambda row: row.question.row.sensitivity),
    *(_absences(language) for language in ("en", "ja")),
    Column("questionnaire", lambda row: row.form.row.code),
    Column("version", lambda row: row.form.row.version),
    Column("sha256", lambda row: row.form.row.sha256),
]

MEANINGS: Final[Mapping[str, "StrOrPromise"]] = {
    "number": _("number of the institution on the list of the round"),
    "name_en": _("name of the institution in English, as on the list"),
    "name_ja": _("name of the institution in Japanese, as on the list"),
    "kind": _("kind of institution; in the codebook: kind of answer"),
    "is_pilot": _("whether it is a pilot of the programme"),
    "prefecture": _("prefecture by its number (JIS X 0401); empty where it is not known"),
    "state": _("state of the response: draft, submitted, returned or accepted"),
    "revision": _("how often it was submitted"),
    "is_on_paper": _("whether the answers came on paper and were typed in by staff"),
    "submitted_at": _("moment of the last submission"),
    "cell": _("code of the cell"),
    "status": _("ok: answered; else the code of the reason why there is no answer"),
    "value": _("number, number of the option, or words; empty where there is no answer"),
    "note": _("the words that the chosen option asks for"),
    "entered_at": _("moment at which the answer was last changed"),
    "is_asked": _("whether the question is asked of this institution; empty where that depends on a missing answer"),
    "check": _("code of the check"),
    "severity": _("hard: has to hold; soft: is confirmed or explained where it does not hold"),
    "message_en": _("what the check asks, in English"),
    "message_ja": _("what the check asks, in Japanese"),
    "cells": _("codes of the cells that the check is about"),
    "values": _("the answers that the check is about"),
    "holds": _("whether the check holds now"),
    "is_explained": _("whether somebody confirmed or explained exactly these answers"),
    "explanation": _("explanation of the institution; empty where it only confirmed the answers"),
    "explained_at": _("moment at which they were confirmed or explained"),
    "options_": _("the numbers of the options and what they stand for"),
    "is_total": _("whether the cell is the sum of the numbers in its column, whatever else is missing there"),
    "note_column": _("column of the sheet “wide” with the words that an option asks for"),
    "universe": _("rule that says who is asked; empty: everybody"),
    "is_required": _("whether the question has to be answered, be it with a reason for no answer"),
    "sensitivity": _("P: public fact; A: published in aggregates only; C: never published"),
    "absences_": _("the codes that stand where there is no answer"),
    "questionnaire": _("code of the questionnaire"),
    "version": _("version of the questionnaire"),
    "sha256": _("hash of everything the questionnaire asks"),
}
