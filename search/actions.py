"""Writes the index, in the transaction of whoever changes the record."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from search import tokens
from search.models import Document


@transaction.atomic
def index(kind: str, key: int, *, title: str, text: str, at: datetime, is_new: bool = False) -> None:
    """Make the record findable by `title` and `text` from now on, and by nothing else.

    Words of the title weigh more in suggestions; `at` (aware) decides between equals, newer first. What `is_new` has
    no earlier words to forget, which saves a statement.
    """
    title_tokens = tokens.index_tokens(title)
    found = title_tokens | tokens.index_tokens(text) | {tokens.kind_token(kind)}
    document = Document(
        kind=kind,
        key=key,
        tokens=" ".join(sorted(found)),
        title_tokens=" ".join(sorted(title_tokens)),
        at=at,
    )
    if not is_new:
        _forget(kind, key)
    Document.objects.bulk_create(
        [document],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["tokens", "title_tokens", "at"],
    )
    if connection.vendor == "sqlite":
        _write_sqlite("INSERT INTO search_index (rowid, tokens)", kind, key)


@transaction.atomic
def remove(kind: str, key: int) -> None:
    """The record is no longer found; nothing happens if it was not."""
    _forget(kind, key)
    Document.objects.filter(kind=kind, key=key).delete()


def _forget(kind: str, key: int) -> None:
    """Take the stored tokens out of SQLite's index, which must be told them; PostgreSQL follows the row by itself."""
    if connection.vendor == "sqlite":
        _write_sqlite("INSERT INTO search_index (search_index, rowid, tokens)", kind, key, command="'delete', ")


def _write_sqlite(insert: str, kind: str, key: int, command: str = "") -> None:
    with connection.cursor() as cursor:
        row = f"SELECT {command}id, tokens FROM search_document WHERE kind = %s AND key = %s"  # noqa: S608 constants
        cursor.execute(f"{insert} {row}", [kind, key])
