from django.db import migrations

POSTGRESQL = [
    "ALTER TABLE search_document ADD COLUMN vector tsvector GENERATED ALWAYS AS "
    "(array_to_tsvector(string_to_array(nullif(tokens, ''), ' '))) STORED",
    "CREATE INDEX search_document_vector ON search_document USING gin (vector) "
    # New documents wait in a list that every search reads whole: keep it short.
    "WITH (gin_pending_list_limit = 256)",
]
POSTGRESQL_BACK = ["ALTER TABLE search_document DROP COLUMN vector"]
# The tokeniser named ascii takes every character beyond ASCII as part of a word, so rare hanzi survive it.
SQLITE = [
    "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='search_document', content_rowid='id', "
    "detail=none, columnsize=0, tokenize=\"ascii tokenchars '-'\")",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
]
SQLITE_BACK = ["DROP TABLE search_index"]


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
