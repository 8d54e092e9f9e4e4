from django.db import migrations

# Of a word that it takes for common, PostgreSQL would read the documents one after the other until it has enough.
POSTGRESQL = """
    CREATE FUNCTION search_gathered(wanted tsquery, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SET enable_seqscan = off
    AS 'SELECT key FROM search_document WHERE vector @@ wanted LIMIT most'
"""
POSTGRESQL_BACK = "DROP FUNCTION search_gathered(tsquery, integer)"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
