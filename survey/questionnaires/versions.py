"""The life of a questionnaire's version: built, frozen when its round opens, copied into the next one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from survey.models import Cell, Definition, EditCheck, Option, Question, Questionnaire, Section

from .content import fingerprint
from .judging import mistakes

Row = TypeVar("Row", bound=models.Model)


class NotReady(Exception):
    """The questionnaire can't be sent out yet; `mistakes` say what has to be put right."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("\n".join(found))
        self.mistakes = found


@transaction.atomic
def freeze(questionnaire: Questionnaire, *, at: datetime) -> Questionnaire:
    """This will end all changes of the version, and keep the hash of what it asks. Nothing if that was done before.

    :raises NotReady: when something has to be put right first.
    """
    row = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if row.is_frozen:
        return row
    if found := mistakes(row):
        raise NotReady(found)
    row.frozen_at, row.sha256 = at, fingerprint(row)
    row.save(update_fields=["frozen_at", "sha256"])
    return row


def next_number(questionnaire: Questionnaire) -> int:
    """The number that the next version will have."""
    versions = Questionnaire.objects.filter(code=questionnaire.code)
    last: int = versions.aggregate(last=models.Max("version"))["last"]
    return last + 1


@transaction.atomic
def next_version(questionnaire: Questionnaire, *, number: int | None = None) -> Questionnaire:
    """This will copy everything into a version that can be changed, each question continuing the one it was.

    Sent twice with the number it is to have, it does so once.
    """
    of_code = Questionnaire.objects.filter(code=questionnaire.code).order_by("version")
    list(of_code.select_for_update())  # who waited here reads what the other one made only in a query of its own
    versions = list(of_code)
    if number and (made := next((row for row in versions if row.version == number), None)):
        return made
    source = next(row for row in versions if row.pk == questionnaire.pk)
    copy = _like(source, version=versions[-1].version + 1, follows=source, frozen_at=None, sha256="", loaded_hash="")
    copy.save(force_insert=True)
    sections = _copied(Section, source.sections.order_by("pk"), questionnaire={source.pk: copy})
    questions = {
        row.pk: _like(row, section=sections[row.section_id], follows=row, breaks_series=False)
        for row in Question.objects.filter(section__questionnaire=source).order_by("pk")
    }
    Question.objects.bulk_create(questions.values())
    for part in (Option, Cell):
        of_source = part._default_manager.filter(question__section__questionnaire=source).order_by("pk")
        _copied(part, of_source, question=questions)
    _copied(Definition, source.definitions.order_by("pk"), questionnaire={source.pk: copy}, section=sections)
    _copied(EditCheck, source.checks.order_by("pk"), questionnaire={source.pk: copy})
    return copy


def _copied(model: type[Row], rows: Iterable[Row], **parents: Mapping[int, models.Model]) -> dict[int, Row]:
    """Copies of the rows under the copies of their parents, by the keys of the rows."""
    copies = {row.pk: _like(row, **_copied_parents(row, parents)) for row in rows}
    model._default_manager.bulk_create(copies.values())
    return copies


def _copied_parents(row: models.Model, parents: Mapping[str, Mapping[int, models.Model]]) -> dict[str, Any]:
    keys = {name: getattr(row, f"{name}_id") for name in parents}
    return {name: None if key is None else parents[name][key] for name, key in keys.items()}


def _like(row: Row, **changes: Any) -> Row:
    """A row that is not stored yet and says the same, but for the changes."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key and field.name not in changes]
    return type(row)(**{field.attname: getattr(row, field.attname) for field in fields}, **changes)
