"""What the database of an earlier version had, and how to make it again."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

EARLIER = Path(__file__).parent / "0.2.0.json.xz"


def migrate_to(*targets: tuple[str, str]) -> None:
    """Make the tables of these migrations, without the guards that only `manage.py migrate` makes."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))


def read(path: Path) -> dict[str, Any]:
    """What `write_state.py` wrote."""
    found: dict[str, Any] = json.loads(lzma.decompress(path.read_bytes()))
    return found


def fill(tables: dict[str, Any]) -> None:
    """Write the rows in any order: both databases look at foreign keys when the transaction ends."""
    with transaction.atomic():
        for name, table in tables.items():
            insert(name, table["columns"], table["rows"])
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite" and "search_document" in tables:
                cursor.execute("INSERT INTO search_index (rowid, tokens) SELECT id, tokens FROM search_document")
            for name in tables if connection.vendor == "postgresql" else ():
                for sequence in connection.introspection.get_sequences(cursor, name):
                    highest = f'SELECT max("{sequence["column"]}") FROM "{name}"'
                    cursor.execute(f"SELECT setval(%s, ({highest}))", [sequence["name"]])


def insert(name: str, columns: list[str], rows: list[list[Any]]) -> None:
    """Rows as SQLite keeps them; PostgreSQL reads from each text what its column needs."""
    named = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{name}" ({named}) VALUES ({marks})', [_adapted(row) for row in rows])


def _adapted(row: list[Any]) -> list[Any]:
    if connection.vendor == "sqlite":
        return row
    return [value if value is None else str(value) for value in row]
