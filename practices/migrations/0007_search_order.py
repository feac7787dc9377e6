"""The index tells actions, effects and context apart, orders cases of equal score, and keeps what a list shows.

The tables are made anew, empty: `migrate` ends by filling an index that does not hold what is public.
"""

from django.db import migrations

FTS = """
    CREATE VIRTUAL TABLE practices_search USING fts5 (
        {columns}, tokenize = "ascii tokenchars '_'"
    )
"""
STORED = "CREATE TABLE practices_search_stored (edition_id {key} PRIMARY KEY, stored text NOT NULL)"
NOW = "names, subjects, title, summary, actions, effects, context, rest"
BEFORE = "names, subjects, title, summary, parts, rest"
MAKE = {
    "sqlite": [
        "DROP TABLE practices_search",
        FTS.format(columns=NOW),
        "CREATE TABLE practices_search_order (edition_id integer PRIMARY KEY, tie text NOT NULL)",
        STORED.format(key="integer"),
    ],
    "postgresql": [
        "DELETE FROM practices_search",
        'ALTER TABLE practices_search ADD COLUMN tie text COLLATE "C" NOT NULL',
        STORED.format(key="bigint"),
    ],
}
DROP = {
    "sqlite": ["DROP TABLE practices_search_stored", "DROP TABLE practices_search_order", "DROP TABLE practices_search", FTS.format(columns=BEFORE)],
    "postgresql": ["DROP TABLE practices_search_stored", "DELETE FROM practices_search", "ALTER TABLE practices_search DROP COLUMN tie"],
}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("practices", "0006_keep_which_translation_drifted")]

    operations = [migrations.RunPython(make, drop)]
