"""The search index: a table of the database's own kind, which the ORM never touches.

No foreign key to the editions: `flush` empties Django's tables only, and PostgreSQL would refuse.
"""

from django.db import migrations

MAKE = {
    "sqlite": [
        """
        CREATE VIRTUAL TABLE practices_search USING fts5 (
            names, subjects, title, summary, parts, rest, tokenize = "ascii tokenchars '_'"
        )
        """
    ],
    "postgresql": [
        "CREATE TABLE practices_search (edition_id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
        "CREATE INDEX practices_search_tokens ON practices_search USING gin (tokens)",
    ],
}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE practices_search")


class Migration(migrations.Migration):
    dependencies = [("practices", "0002_roles")]

    operations = [migrations.RunPython(make, drop)]
