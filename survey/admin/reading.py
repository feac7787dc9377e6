"""The answers of a response as the desk reads them: section by section, with who wrote what and when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from survey.answering import Finding, Sheet
from survey.entering import Block, Place, SectionPage, place_of, section_page, told


@dataclass(frozen=True)
class Writer:
    """Who wrote into a question, and when. `labels` are the cells, where it was not all of them."""

    by: str
    at: datetime
    labels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ReadBlock:
    block: Block
    writers: list[Writer]


@dataclass(frozen=True)
class ReadSection:
    page: SectionPage
    blocks: list[ReadBlock]


@dataclass(frozen=True)
class Spoken:
    """A check that does not hold, with the cells it is about and what stands in each, in words."""

    finding: Finding
    cells: list[tuple[Place, str]]


def spoken(sheet: Sheet, findings: Iterable[Finding]) -> list[Spoken]:
    """No query."""
    return [
        Spoken(finding, [(place_of(sheet.form, code), _said(sheet, code)) for code in finding.cells])
        for finding in findings
    ]


def _said(sheet: Sheet, code: str) -> str:
    if code in sheet.totals:
        total = sheet.totals[code]
        return "" if total is None else f"{total:,}"
    return told(sheet.value(code), sheet.form.questions[code])


def read(sheet: Sheet) -> Iterator[ReadSection]:
    """Every section of the form. No query."""
    for section in sheet.form.sections:
        page = section_page(sheet, section)
        yield ReadSection(page, [ReadBlock(block, writers(block)) for block in page.blocks])


def writers(block: Block) -> list[Writer]:
    """Those who wrote what stands in a question now, to the minute, in the order of its cells."""
    found: dict[tuple[str, datetime], list[str]] = {}
    for one in block.fields:
        if one.entry.at:
            minute = one.entry.at.replace(second=0, microsecond=0)
            found.setdefault((one.entry.by, minute), []).append(one.label)
    is_one = len(found) == 1
    return [Writer(by, at, [] if is_one else list(filter(None, labels))) for (by, at), labels in found.items()]
