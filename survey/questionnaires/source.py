"""A questionnaire's file into a record for the loader: places, the cells of tables, the checks of each row."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sih_portal import loading
from sih_portal.loading import Content, Record, SourceError
from universities.importing import bilingual, renamed

from .content import QUESTIONNAIRES


def record_of(path: Path) -> Record:
    """The questionnaire that the file describes.

    :raises SourceError: when the file is not as it should be.
    """
    raw = loading.read_one(path)
    labels = dict(_labels(raw))
    content = {
        **raw["questionnaire"],
        "sections": _in_place([_section(section) for section in raw["section"]]),
        "definitions": _in_place(raw["definition"]),
        "checks": _in_place([check for one in raw["check"] for check in _checks(one, labels, path.name)]),
    }
    return loading.record(QUESTIONNAIRES, path.name, content)


def _in_place(rows: list[Content]) -> list[Content]:
    return [{**row, "position": place} for place, row in enumerate(rows, 1)]


def _section(raw: Content) -> Content:
    questions = [_question(question) for question in raw["question"]]
    return {**renamed(raw, question="questions"), "questions": _in_place(questions)}


def _question(raw: Content) -> Content:
    rest = {name: value for name, value in raw.items() if name not in {"rows", "years"}}
    return {**rest, "cells": _in_place(list(_table(raw)) or raw["cells"])}


def _table(raw: Content) -> Iterator[Content]:
    for row in raw.get("rows", []):
        for year in raw["years"]:
            minimum = {} if row.get("is_total") else {"minimum": 0}
            yield {**row, "code": f"{row['code']}.{year}", "fiscal_year": year, **minimum}


def _labels(raw: Content) -> Iterator[tuple[str, Content]]:
    """The rows of all tables by their codes."""
    for section in raw["section"]:
        for question in section["question"]:
            for row in question.get("rows", []):
                yield row["code"], row


def _checks(raw: Content, labels: Mapping[str, Content], origin: str) -> Iterator[Content]:
    if "rows" not in raw:
        yield raw
        return
    for row in raw["rows"]:
        if row not in labels:
            raise SourceError(f"{origin}, check {raw['code']}: no table has the row {row!r}")
        yield {
            "severity": raw["severity"],
            "code": _filled(raw["code"], row),
            "rule": _filled(raw["rule"], row),
            **{name: _filled(raw[name], row, labels[row][f"label_{name[-2:]}"]) for name in bilingual("message")},
        }


def _filled(text: str, row: str, label: str = "") -> str:
    slug = row.lower().replace(".", "-")
    return text.replace("{row}", row).replace("{slug}", slug).replace("{label}", label)
