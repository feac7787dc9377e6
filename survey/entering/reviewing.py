"""What a page says before somebody submits: what is missing where, and who answers for the institution."""

from dataclasses import dataclass
from typing import Final

from survey.answering import Sheet
from survey.questionnaires import FormQuestion

from .page import Place, place_of
from .told import told

# By the codes of the first questionnaire: a cell of the cover sheet that names the person responsible.
RESPONSIBLE: Final = "F4."


@dataclass(frozen=True)
class Missing:
    """What still has to be said in one question."""

    question: FormQuestion
    places: list[Place]

    @property
    def is_in_part(self) -> bool:
        """Whether the question has several fields, and these are the ones to name."""
        return len(self.question.filled) > 1


def missing(sheet: Sheet) -> list[Missing]:
    """The questions in which something is missing, in the order of the form. No query."""
    found: dict[str, Missing] = {}
    for place in (place_of(sheet.form, code) for code in sheet.missing):
        found.setdefault(place.question.code, Missing(place.question, [])).places.append(place)
    return list(found.values())


def responsible(sheet: Sheet) -> str:
    """Who answers for the institution, as the cover sheet says; empty while it does not."""
    codes = [code for code in sheet.form.cells if code.startswith(RESPONSIBLE)]
    words = (told(sheet.value(code), sheet.form.questions[code]) for code in codes if not sheet.value(code).reason)
    return " ".join(filter(None, words))
