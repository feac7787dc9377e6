"""Texts are folded further (高橋 for 髙橋, cafe for café): `migrate` ends by making the emptied index anew."""

from django.db import migrations

EVERYWHERE = ["DELETE FROM practices_search", "DELETE FROM practices_search_stored"]
EMPTY = {"sqlite": [*EVERYWHERE, "DELETE FROM practices_search_order"], "postgresql": EVERYWHERE}


def empty(apps, schema_editor):
    for statement in EMPTY[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("practices", "0009_count_fruitless_queries")]

    operations = [migrations.RunPython(empty, empty)]
