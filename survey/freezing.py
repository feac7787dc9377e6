"""The database's own refusal to change a frozen questionnaire: triggers on its tables, for migrations to set up.

On SQLite a migration that rebuilds one of these tables drops its triggers, and one that rebuilds a table they name
fails: put `Thaw()` before such operations and `Freeze()` after them.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.db import migrations

# Each table, and how the questionnaire of one of its rows is found.
TABLES: Final = {
    "survey_questionnaire": "SELECT {row}.id",
    "survey_section": "SELECT {row}.questionnaire_id",
    "survey_definition": "SELECT {row}.questionnaire_id",
    "survey_editcheck": "SELECT {row}.questionnaire_id",
    "survey_question": "SELECT s.questionnaire_id FROM survey_section s WHERE s.id = {row}.section_id",
    **dict.fromkeys(
        ("survey_option", "survey_cell"),
        "SELECT s.questionnaire_id FROM survey_section s JOIN survey_question q ON q.section_id = s.id "
        "WHERE q.id = {row}.question_id",
    ),
}
# What a change takes from a questionnaire and what it puts into one.
ROWS: Final = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
FROZEN: Final = "EXISTS (SELECT 1 FROM survey_questionnaire WHERE frozen_at IS NOT NULL AND ({owners}))"
# What PostgreSQL runs before a table is emptied at once, past the triggers of its rows.
EMPTIED: Final = "survey_frozen_truncate"
ANY_FROZEN: Final = "EXISTS (SELECT 1 FROM survey_questionnaire WHERE frozen_at IS NOT NULL)"
REFUSAL: Final = "a frozen questionnaire is never changed"
# What SQLite's REPLACE deletes to make room for a new row, and no trigger hears of.
REPLACED_VERSION: Final = (
    "EXISTS (SELECT 1 FROM survey_questionnaire gone WHERE gone.frozen_at IS NOT NULL "
    "AND (gone.id = NEW.id OR gone.code = NEW.code AND gone.version = NEW.version))"
)
REPLACED_PART: Final = "id IN (SELECT ({owner}) FROM {table} gone WHERE gone.id = NEW.id)"


def trigger(table: str, event: str) -> str:
    return f"{table}_frozen_{event.lower()}"


def owners(table: str, event: str) -> str:
    """Which questionnaires a change touches."""
    return " OR ".join(f"id IN ({TABLES[table].format(row=row)})" for row in ROWS[event])


def condition(table: str, event: str) -> str:
    """Whether a change touches a frozen questionnaire. A questionnaire itself may become frozen, once."""
    if table == "survey_questionnaire":
        return "OLD.frozen_at IS NOT NULL"
    return FROZEN.format(owners=owners(table, event))


def sqlite_condition(table: str, event: str) -> str:
    """The same, and whether the new row would take the place of a frozen one."""
    if event == "DELETE":
        return condition(table, event)
    if table == "survey_questionnaire":
        return REPLACED_VERSION if event == "INSERT" else f"{condition(table, event)} OR {REPLACED_VERSION}"
    replaced = REPLACED_PART.format(owner=TABLES[table].format(row="gone"), table=table)
    return FROZEN.format(owners=f"{owners(table, event)} OR {replaced}")


def guarded(vendor: str) -> Iterator[tuple[str, str]]:
    """The tables and events with a trigger. Only on SQLite a new questionnaire may take another one's place."""
    for table in TABLES:
        for event in ROWS:
            if vendor == "sqlite" or (table, event) != ("survey_questionnaire", "INSERT"):
                yield table, event


def sqlite_statements() -> Iterator[str]:
    for table, event in guarded("sqlite"):
        yield (
            f"CREATE TRIGGER {trigger(table, event)} BEFORE {event} ON {table} "
            f"WHEN {sqlite_condition(table, event)} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def postgresql_statements() -> Iterator[str]:
    """One function for each condition: a WHEN clause may not hold a subquery. 23514 is a check violation.

    The lock makes a change wait for somebody who is just freezing the questionnaire, and that one for the change.
    """
    for table, event in guarded("postgresql"):
        name = trigger(table, event)
        is_part = table != "survey_questionnaire"
        lock = f"PERFORM 1 FROM survey_questionnaire WHERE {owners(table, event)} FOR SHARE; " if is_part else ""
        result = "OLD" if event == "DELETE" else "NEW"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {lock}"
            f"IF {condition(table, event)} THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = '23514'; END IF; "
            f"RETURN {result}; END $$"
        )
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    yield (
        f"CREATE FUNCTION {EMPTIED}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {ANY_FROZEN} THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = '23514'; END IF; RETURN NULL; END $$"
    )
    for table in TABLES:
        yield f"CREATE TRIGGER {trigger(table, 'TRUNCATE')} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {EMPTIED}()"


def freeze(_apps: Any, schema_editor: Any) -> None:
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}
    for statement in statements[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def thaw(_apps: Any, schema_editor: Any) -> None:
    for table, event in guarded(schema_editor.connection.vendor):
        name = trigger(table, event)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {EMPTIED}() CASCADE")


def Freeze() -> migrations.RunPython:  # noqa: N802  (an operation, named like one)
    return migrations.RunPython(freeze, thaw)


def Thaw() -> migrations.RunPython:  # noqa: N802
    return migrations.RunPython(thaw, freeze)
