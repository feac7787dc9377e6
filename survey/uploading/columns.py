"""The columns of a questionnaire in Excel, and the mark that tells which questionnaire and whose a file is."""

import re
from dataclasses import dataclass
from typing import Final, Self

from sih_portal.spreadsheets import Heading
from survey.models import Questionnaire

# What stands in hidden columns begins so; it is ours, not what somebody says.
HIDDEN: Final = "sih:"
MARK: Final = re.compile(r"sih:([-a-zA-Z0-9_]{1,40}):(\d{1,5}):([0-9a-f]{0,12}):([0-9a-f]{0,16})", re.ASCII)
SHORT: Final = 12  # characters of the hash: two versions never share so many

# Each heading in Japanese, then in English, as the form has it; then what else people write.
COLUMNS: Final = (
    Heading("code", ("記号", "Code")),
    Heading("question", ("設問", "Question")),
    Heading("item", ("項目", "Item")),
    Heading("year", ("年度", "Fiscal year")),
    Heading("said", ("回答", "Answer")),
    Heading("unit", ("単位", "Unit")),
    Heading("reason", ("回答できない場合の理由", "Reason for no answer", "理由")),
    Heading("note", ("補足", "In words")),
    Heading("lock", (f"{HIDDEN}lock",)),
    Heading("digest", (f"{HIDDEN}seen",)),
)


@dataclass(frozen=True)
class Mark:
    """Which questionnaire a file is of, and whose: `response` is empty in a blank one, which is everybody's."""

    code: str
    version: int
    sha256: str
    response: str = ""

    @classmethod
    def of(cls, questionnaire: Questionnaire, response: str = "") -> Self:
        return cls(questionnaire.code, questionnaire.version, questionnaire.sha256[:SHORT], response)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The mark that a cell holds; None for any other text."""
        found = MARK.fullmatch(text.strip()) if text.startswith(HIDDEN) else None
        return cls(found[1], int(found[2]), found[3], found[4]) if found else None

    def __str__(self) -> str:
        return f"{HIDDEN}{self.code}:{self.version}:{self.sha256}:{self.response}"
