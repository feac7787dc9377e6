"""The database itself refuses every change of a frozen questionnaire, by whatever way it comes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from survey import freezing
from survey.freezing import REFUSAL, freeze, guarded, thaw, trigger
from survey.models import Cell, Definition, EditCheck, Option, Question, Questionnaire, Section
from survey.questionnaires.content import fingerprint
from tests.factories.answers import a_questionnaire

pytestmark = pytest.mark.django_db
PARTS: list[Any] = [Section, Definition, Question, Option, Cell, EditCheck]
ALL: list[Any] = [Questionnaire, *PARTS]
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="words of SQLite")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="words of PostgreSQL")


@contextmanager
def taken() -> Iterator[None]:
    """The change goes through; it is not kept, since what was deleted past Django leaves orphans."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        yield


def of(questionnaire: Questionnaire, model: Any) -> Any:
    """A part of the questionnaire; with everything else it has, other parts depend on it."""
    paths = {
        Questionnaire: "pk",
        Question: "section__questionnaire",
        **dict.fromkeys((Option, Cell), "question__section__questionnaire"),
    }
    return model.objects.filter(**{paths.get(model, "questionnaire"): questionnaire.pk}).order_by("pk").first()


def columns(model: Any) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if not field.primary_key]


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def inserted(row: models.Model) -> None:
    """Another part of the same parent, written past Django."""
    names = columns(row)
    code = "code + 50" if isinstance(row, Option) else "code || '.x'"
    values = ", ".join(code if name == "code" else name for name in names)
    run(
        f"INSERT INTO {row._meta.db_table} ({', '.join(names)}) "
        f"SELECT {values} FROM {row._meta.db_table} WHERE id = %s",
        row.pk,
    )


def updated(row: models.Model) -> None:
    run(f"UPDATE {row._meta.db_table} SET code = code WHERE id = %s", row.pk)


def deleted(row: models.Model) -> None:
    run(f"DELETE FROM {row._meta.db_table} WHERE id = %s", row.pk)


def saved(row: models.Model) -> None:
    row.save()


def saved_in_bulk(row: Any) -> None:
    type(row).objects.bulk_update([row], ["code"])


def changed_by_query(row: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(code=50)


def deleted_by_query(row: Any) -> None:
    type(row).objects.filter(pk=row.pk).delete()


def deleted_with_its_parts(row: models.Model) -> None:
    row.delete()


def added(row: Any) -> None:
    row.pk, row.code = None, 51
    row.save(force_insert=True)


def added_in_bulk(row: Any) -> None:
    row.pk, row.code = None, 52
    type(row).objects.bulk_create([row])


def added_unless_it_is_there(row: Any) -> None:
    row.pk = None
    type(row).objects.bulk_create([row], ignore_conflicts=True)


def added_over_what_is_there(row: Any) -> None:
    unique = ["code", "version"] if isinstance(row, Questionnaire) else None
    parent = next(field.name for field in row._meta.concrete_fields if field.is_relation) if not unique else ""
    row.pk = None
    type(row).objects.bulk_create(
        [row], update_conflicts=True, unique_fields=unique or [parent, "code"], update_fields=["code"]
    )


WAYS: list[Callable[[Any], None]] = [
    *(updated, deleted, saved, saved_in_bulk, changed_by_query, deleted_by_query, deleted_with_its_parts),
    added_over_what_is_there,
]
WAYS_IN: list[Callable[[Any], None]] = [inserted, added, added_in_bulk, added_unless_it_is_there]


@pytest.fixture
def frozen() -> Questionnaire:
    row = a_questionnaire(is_frozen=False)
    Definition.objects.create(questionnaire=row, section=of(row, Section), code="centre")
    Questionnaire.objects.filter(pk=row.pk).update(frozen_at=timezone.now(), sha256="0" * 64)
    return Questionnaire.objects.get(pk=row.pk)


@pytest.fixture
def without_triggers() -> Iterator[None]:
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        thaw(None, editor)
        yield
        freeze(None, editor)


@pytest.mark.parametrize(
    ("model", "way"),
    [*((model, way) for model in ALL for way in WAYS), *((model, way) for model in PARTS for way in WAYS_IN)],
)
def test_frozen_questionnaire_is_never_changed(frozen: Questionnaire, model: Any, way: Callable[[Any], None]) -> None:
    asked = fingerprint(frozen)

    with refused():
        way(of(frozen, model))

    assert fingerprint(Questionnaire.objects.get(pk=frozen.pk)) == asked


@pytest.mark.parametrize("model", PARTS)
def test_nothing_moves_into_a_frozen_questionnaire_or_out_of_it(frozen: Questionnaire, model: Any) -> None:
    draft = a_questionnaire(is_frozen=False)
    inside, outside = of(frozen, model), of(draft, model)
    parent = next(field.attname for field in model._meta.concrete_fields if field.is_relation)
    two = (getattr(inside, parent), getattr(outside, parent))

    for row, target in ((outside, two[0]), (inside, two[1])):
        with refused():
            model.objects.filter(pk=row.pk).update(**{parent: target, "code": 53})


def test_frozen_questionnaire_is_not_thawed(frozen: Questionnaire) -> None:
    with refused():
        Questionnaire.objects.filter(pk=frozen.pk).update(frozen_at=None, sha256="")


@pytest.mark.parametrize("model", ALL)
@pytest.mark.parametrize("way", [*WAYS, *WAYS_IN])
def test_draft_changes_beside_a_frozen_questionnaire(
    frozen: Questionnaire, model: Any, way: Callable[[Any], None]
) -> None:
    with taken():
        way(of(a_questionnaire(is_frozen=False), model))

    with refused():
        updated(frozen)


# Negative control


@pytest.mark.parametrize(
    ("model", "way"),
    [*((model, way) for model in ALL for way in WAYS), *((model, way) for model in PARTS for way in WAYS_IN)],
)
@pytest.mark.usefixtures("without_triggers")
def test_without_its_triggers_the_database_would_take_it(
    frozen: Questionnaire, model: Any, way: Callable[[Any], None]
) -> None:
    with taken():
        way(of(frozen, model))


def test_every_table_has_its_triggers_after_all_migrations() -> None:
    tables = {model._meta.db_table for model in ALL}

    assert set(freezing.TABLES) == tables
    whole = {trigger(table, "TRUNCATE") for table in tables} if connection.vendor == "postgresql" else set()
    assert triggers() == {trigger(table, event) for table, event in guarded(connection.vendor)} | whole
    assert len(triggers()) == 3 * len(tables) + (len(tables) - 1 if whole else 0)


def triggers() -> set[str]:
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'survey%%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'survey%%' AND tgenabled = 'O'",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


# SQLite's own words: what is replaced is deleted there without a trigger of its own


@on_sqlite
@pytest.mark.parametrize("model", ALL)
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE INTO", "REPLACE INTO", "INSERT OR IGNORE INTO"])
def test_frozen_row_is_not_replaced(frozen: Questionnaire, model: Any, verb: str) -> None:
    draft = a_questionnaire(is_frozen=False)
    inside, outside = of(frozen, model), of(draft, model)
    names = columns(model)
    asked = fingerprint(frozen)
    values = ", ".join(f"'{draft.code}-x'" if name == "code" and model is Questionnaire else name for name in names)

    with refused():
        run(
            f"{verb} {model._meta.db_table} (id, {', '.join(names)}) "
            f"SELECT %s, {values} FROM {model._meta.db_table} WHERE id = %s",
            inside.pk,
            outside.pk,
        )

    assert fingerprint(Questionnaire.objects.get(pk=frozen.pk)) == asked


@on_sqlite
@pytest.mark.parametrize("model", ALL)
def test_frozen_row_is_not_overwritten_by_another(frozen: Questionnaire, model: Any) -> None:
    outside = of(a_questionnaire(is_frozen=False), model)

    with refused():
        run(f"UPDATE OR REPLACE {model._meta.db_table} SET id = %s WHERE id = %s", of(frozen, model).pk, outside.pk)


@on_sqlite
def test_frozen_version_is_not_replaced_by_another_of_its_number(frozen: Questionnaire) -> None:
    draft = a_questionnaire(is_frozen=False)

    columns_, values = ", ".join(columns(Questionnaire)), ", ".join(columns(Questionnaire)).replace("code", "%s", 1)
    for sql in (
        "UPDATE OR REPLACE survey_questionnaire SET code = %s WHERE id = %s",
        f"REPLACE INTO survey_questionnaire ({columns_}) SELECT {values} FROM survey_questionnaire WHERE id = %s",
    ):
        with refused():
            run(sql, frozen.code, draft.pk)


# PostgreSQL's own words: tables are emptied past the triggers of their rows


def emptied(model: Any) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")  # no table is emptied while checks of its rows wait
    run(f"TRUNCATE {model._meta.db_table} CASCADE")


@on_postgresql
@pytest.mark.parametrize("model", ALL)
def test_table_of_a_frozen_questionnaire_is_not_emptied(frozen: Questionnaire, model: Any) -> None:
    asked = fingerprint(frozen)

    with refused():
        emptied(model)

    assert fingerprint(Questionnaire.objects.get(pk=frozen.pk)) == asked


@on_postgresql
@pytest.mark.parametrize("model", ALL)
def test_table_of_drafts_is_emptied(model: Any) -> None:
    a_questionnaire(is_frozen=False)

    with taken():
        emptied(model)


# Migrations


@pytest.mark.django_db(transaction=True)
def test_migrations_take_the_triggers_away_and_bring_them_back() -> None:
    before, row = triggers(), a_questionnaire()
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("survey")

    MigrationExecutor(connection).migrate([("survey", "0002_questionnaires_invitations_and_responses")])
    during = triggers()
    with taken():
        updated(row)
    MigrationExecutor(connection).migrate(latest)

    assert (before != set(), during, triggers()) == (True, set(), before)
    with refused():
        updated(row)
